/* query_parts.h - what query.c and query_leaf.c share: a query on its way from
 * text to tree. */
#ifndef SKS_QUERY_PARTS_H
#define SKS_QUERY_PARTS_H

#include "query.h"
#include "scanner.h"

/* Which words are left out of bags and of operands. */
enum sks_left_out {
    SKS_LEFT_OUT_NONE,
    SKS_LEFT_OUT_STOP_WORDS,
    SKS_LEFT_OUT_FILLERS /* these as well */
};

typedef struct sks_parser {
    sks_arena *arena;
    sks_error *err;
    sks_scanner in;
    sks_notes notes;
    int left_out;                           /* enum sks_left_out */
    unsigned asking;                        /* words and phrases of the text that were read */
    unsigned depth, words, prefixes, nears; /* how many so far, of parentheses how deep */
    sks_query_word ignored[SKS_MAX_QUERY_WORDS];
    size_t ignored_count;
} sks_parser;

/* Fail with SKS_EQUERYSYNTAX, with SKS_ETOOCOMPLEX; `at` is a byte of the text. */
int sks_parser_refuse (sks_parser *p, size_t at, const char *what);
int sks_parser_limit (sks_parser *p, size_t at, const char *what, unsigned most);

/* Add a note on byte `at`. */
int sks_parser_note (sks_parser *p, int kind, size_t at);

/* A node over these bytes, of the arena; NULL when memory is out. */
sks_node *sks_parser_node (sks_parser *p, int kind, size_t at, size_t end);

/* Read the leaf that stands here: a word, a phrase, a field's value, a SOC code.
 * *out is as it was for a stop word that is left out. */
int sks_parser_leaf (sks_parser *p, sks_node **out);

#endif
