/* parser.h - the state of a query parser: its position, what it has counted and left out so far, and functions
 * shared by all parsing files. query.h has the grammar. */
#ifndef SKS_PARSER_H
#define SKS_PARSER_H

#include "label.h"
#include "query_tree.h"
#include "scanner.h"

/* Which words are left out of bags and of operands. */
enum sks_left_out {
    SKS_LEFT_OUT_NONE,
    SKS_LEFT_OUT_STOP_WORDS,
    SKS_LEFT_OUT_FILLERS /* stop words and fillers */
};

typedef struct sks_parser {
    sks_arena *arena;
    sks_error *err;
    const sks_labels *labels;
    sks_scanner in;
    sks_notes notes;
    int left_out;                           /* enum sks_left_out */
    unsigned asking;                        /* words and phrases read so far, not counting fields */
    unsigned depth, words, prefixes, nears; /* so far; depth is of parentheses and NOT */
    sks_query_word ignored[SKS_MAX_QUERY_WORDS];
    size_t ignored_count;
} sks_parser;

/* Fail with SKS_EQUERYSYNTAX, or with SKS_ETOOCOMPLEX; `at` is a byte of the text. */
int sks_parser_refuse (sks_parser *p, size_t at, const char *what);
int sks_parser_limit (sks_parser *p, size_t at, const char *what, unsigned max);

/* Add a note on byte `at`. */
int sks_parser_note (sks_parser *p, int kind, size_t at);

/* A node for these bytes, from the arena; NULL when out of memory. */
sks_node *sks_parser_node (sks_parser *p, int kind, size_t at, size_t end);

/* Fold the word at `span`, of any kind; it counts as one of the query. */
int sks_parser_word (sks_parser *p, const sks_word *span, sks_query_word *out);

/* Record a word that is left out, for the list of ignored words. */
int sks_parser_ignore (sks_parser *p, const sks_query_word *word);

/* If there is a "*" here, read it as the end of a word. */
int sks_parser_prefix (sks_parser *p, sks_query_word *word, bool exact);

#endif
