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
#include "near_words.h"

#define SKS_MAX_NEAR_FILES 8       /* tables of one daemon, the project's own included */
#define SKS_MAX_NEAR_BYTES 4194304 /* one table */
#define SKS_MAX_NEAR_LINE 512      /* bytes of one line */
#define SKS_MAX_NEAR_ROWS 200000   /* of all tables; a row of both directions is two */
#define SKS_MAX_NEAR_OF_STEM 256   /* rows whose first word has the same stem */
#define SKS_MAX_NEAR_SOURCE_BYTES 32
#define SKS_NEAR_WEIGHT 0.8f    /* of a row without a weight */
#define SKS_NEAR_LEARNED "onet" /* the source of rows that were learned from pairs of texts */

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
