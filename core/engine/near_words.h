/* near_words.h - the tables of near words in memory, as thesaurus.h reads them. */
#ifndef SKS_NEAR_WORDS_H
#define SKS_NEAR_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKS_MAX_NEAR_PARTS 4 /* words of one entry */

/* One distinct word of the tables. Texts end in NUL. Only words with which queries are compared have a stem here: the
 * others are stemmed when a query needs them. */
typedef struct sks_near_part {
    const char *form; /* folded */
    const char *base; /* the part that its inflections share (inflection.h); NULL: no row needs it */
    uint32_t size;    /* of form */
    uint32_t stem;    /* number of its stem; SKS_NONE if no query is compared with it */
    bool stop;        /* a stop word */
} sks_near_part;

/* Adjacent words, as indexes of sks_near_part. */
typedef struct sks_near_side {
    uint32_t words[SKS_MAX_NEAR_PARTS];
    uint32_t count;
} sks_near_side;

typedef struct sks_near_row {
    sks_near_side word, near;
    float weight;
    bool learned;
    const char *near_text; /* the near words, with blanks between them; near_size bytes */
    size_t near_size;
    const char *source;
} sks_near_row;

typedef struct sks_near_words {
    const sks_near_part *words;
    size_t word_count;
    const char *const *stems; /* by number of a stem */
    size_t stem_count;
    uint32_t *stem_slots; /* by hash of a stem: its number + 1; 0: free */
    size_t stem_slot_count;
    const sks_near_row *rows;  /* by the stem of their first word, the longest word first */
    const uint32_t *first_row; /* by stem, and one more at the end: where its rows start */
    size_t row_count;
    void *memory; /* owns all of the above */
} sks_near_words;

#endif
