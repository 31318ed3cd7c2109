/* answers.h - what the operations beside search and get answer with.
 *
 * The engine fills these, the wire writes them. Every part comes from one arena
 * or is borrowed from the generation; nothing here is freed singly. */
#ifndef SKS_ANSWERS_H
#define SKS_ANSWERS_H

#include <skillsearch.h>

/* ---------------------------------------------------------------- compare
 * The four levels of one occupation side by side. A row is one duty as far as
 * it goes through the levels: the statements of different levels that are most
 * alike. */
typedef struct sks_compare_cell {
    const sks_hit *hit;        /* NULL: nothing at this level answers the row */
    const char *const *gained; /* words that the level before did not have */
    const char *const *lost;   /* words of the level before that are gone */
    size_t gained_count, lost_count;
    double likeness; /* 0..1 to the row's statement before it, 0 for the first */
} sks_compare_cell;

typedef struct sks_compare_row {
    const char *duty; /* of its first statement; NULL for plain ones */
    sks_compare_cell cells[SKS_LEVELS];
} sks_compare_row;

typedef struct sks_comparison {
    const char *soc, *occupation;
    const sks_compare_row *rows; /* in the order of the first level's list */
    size_t row_count;
    int partial; /* statements of very many words were compared by the heaviest of them */
} sks_comparison;

/* -------------------------------------------------------------- crosswalk
 * Two occupations: statements that answer each other, and what is left. */
typedef struct sks_crosswalk_pair {
    const sks_hit *left, *right;
    double likeness;         /* 0..1 */
    const sks_share *shares; /* words in common; they add up to likeness */
    size_t share_count;
} sks_crosswalk_pair;

typedef struct sks_crosswalk {
    const char *left_soc, *left_title, *right_soc, *right_title;
    const sks_crosswalk_pair *pairs; /* the most alike first */
    size_t pair_count;
    const sks_hit *left_only, *right_only; /* by level, then place in the level */
    size_t left_count, right_count;
    int partial; /* as above */
} sks_crosswalk;

/* -------------------------------------------------------------------- map
 * Sentences of a text and the statements that answer them. */
typedef struct sks_map_match {
    const sks_hit *hit;       /* its spans are in the statement's text */
    const sks_span *evidence; /* bytes of the whole text that matched */
    size_t evidence_count;
    double share; /* 0..1 of the sentence's weight (sum of idf) */
} sks_map_match;

typedef struct sks_map_sentence {
    uint32_t start, end;          /* bytes of the text */
    const sks_map_match *matches; /* best first */
    size_t match_count;
    double coverage; /* 0..1 of its weight that its matches hold together */
} sks_map_sentence;

typedef struct sks_mapping {
    const sks_map_sentence *sentences;
    size_t sentence_count;
    double coverage;             /* 0..1 of the text's weight */
    uint64_t levels[SKS_LEVELS]; /* sentences whose best match is at this level */
} sks_mapping;

/* ---------------------------------------------------------------- suggest
 * What may be meant by the beginning of a text. */
typedef struct sks_completion {
    const char *text;  /* the word, duty or title */
    const char *value; /* an occupation's SOC code; else NULL */
    uint64_t count;    /* statements that hold it */
} sks_completion;

typedef struct sks_completions {
    const sks_completion *words, *duties, *occupations; /* the most frequent first */
    size_t word_count, duty_count, occupation_count;
} sks_completions;

/* ---------------------------------------------------------------- analyze
 * How a text is read. */
typedef struct sks_read_word {
    uint32_t start, end;           /* bytes of the text */
    const char *form, *stem;       /* stem NULL for a stop word and for a prefix */
    int stop, known;               /* known: occurs in some statement */
    uint64_t count;                /* statements that hold it */
    const char *const *expansions; /* words that a prefix stands for */
    size_t expansion_count;
} sks_read_word;

typedef struct sks_reading_node {
    const char *kind;    /* "word", "phrase", "near", "value", "bag", "and", "or", "not", "all" */
    const char *field;   /* NULL: the text */
    const char *value;   /* a field's value; NULL */
    uint32_t start, end; /* bytes of the text */
    uint32_t distance;   /* near */
    int exact;
    const uint32_t *words; /* indexes into the words */
    size_t word_count;
    const struct sks_reading_node *children;
    size_t child_count;
} sks_reading_node;

typedef struct sks_analysis {
    const char *read_as;
    const sks_read_word *words;
    size_t word_count;
    sks_reading_node tree;
    const sks_note *notes;
    size_t note_count;
} sks_analysis;

#endif
