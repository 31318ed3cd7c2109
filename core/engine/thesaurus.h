/* thesaurus.h - near words: tables of words with nearly the same meaning.
 *
 * A table is a text of lines in UTF-8, with columns between tabs:
 *
 *     word    near word    weight    source    direction
 *
 * A statement that contains the near word counts nearly as if it contained the word. Both may be up to
 * SKS_MAX_NEAR_PARTS adjacent words. The weight is above 0 and at most 1 (default: SKS_NEAR_WEIGHT); the source is
 * any name, shown by "analyze" and "explain" (default: the file's name); the direction is "one" (the default) or
 * "both". Empty lines and lines that start with "#" are ignored.
 *
 * The words of source SKS_NEAR_LEARNED stand for all words of their stem and count at any coverage (nearness.h);
 * all others stand only for their inflections: "customer" does not stand for "custom".
 *
 * Immutable after reading; any thread may use it. */
#ifndef SKS_THESAURUS_H
#define SKS_THESAURUS_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKS_MAX_NEAR_FILES 8       /* tables of one daemon, the project's own included */
#define SKS_MAX_NEAR_BYTES 4194304 /* one table */
#define SKS_MAX_NEAR_LINE 512      /* bytes of one line */
#define SKS_MAX_NEAR_ROWS 200000   /* of all tables; a row of both directions is two */
#define SKS_MAX_NEAR_PARTS 4       /* words of one entry */
#define SKS_MAX_NEAR_OF_STEM 256   /* rows whose first word has the same stem */
#define SKS_MAX_NEAR_SOURCE_BYTES 32
#define SKS_NEAR_WEIGHT 0.8f    /* of a row without a weight */
#define SKS_NEAR_LEARNED "onet" /* the source of rows that were learned from pairs of texts */

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

/* Read tables; a later one adds to the earlier ones, and for equal rows the later weight counts.
 *   paths  files; borrowed for the call.
 *   *out   caller owns it; free with sks_thesaurus_free. NULL on failure.
 * Returns 0, SKS_EINVALID (the text names file and line), SKS_ELIMIT (likewise),
 * SKS_EIO or SKS_ENOMEM. */
int sks_thesaurus_read (sks_near_words **out, const char *const *paths, size_t count, sks_error *err);

/* The same for one text in memory; `name` replaces the name of the file. */
int sks_thesaurus_parse (sks_near_words **out, const char *name, const char *text, size_t size, sks_error *err);

void sks_thesaurus_free (sks_near_words **thesaurus_p);

/* The number of a stem, SKS_NONE if no table has it. */
uint32_t sks_thesaurus_stem (const sks_near_words *thesaurus, const char *stem, size_t size);

#endif
