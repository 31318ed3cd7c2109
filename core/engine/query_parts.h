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

/* Fold the word at `span`, of any kind; it counts as one of the query. */
int sks_parser_word (sks_parser *p, const sks_word *span, sks_query_word *out);

/* Make the leaf of a compound that stands alone: a word, its joined form, with the
 * pieces side by side as its other reading. Only the pieces where it is exact, or has no
 * joined form. *out is as it was when all is left out as stop words. */
int sks_parser_compound (sks_parser *p, const sks_compound *compound, bool exact, int field, sks_node **out);

/* Give a phrase, of the words in bytes [from, to), the reading in which its compounds
 * are their joined forms, if there are any. */
int sks_parser_joined (sks_parser *p, size_t from, size_t to, sks_node *phrase);

/* Keep a word that is left out, to be listed. */
int sks_parser_ignore (sks_parser *p, const sks_query_word *word);

/* Take the "*" that stands here, if one does, as the end of a word. */
int sks_parser_prefix (sks_parser *p, sks_query_word *word, bool exact);

/* Read the leaf that stands here: a word, a phrase, a field's value, a SOC code.
 * *out is as it was for a stop word that is left out. */
int sks_parser_leaf (sks_parser *p, sks_node **out);

#endif
