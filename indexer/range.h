/* range.h - the statements that one thread builds, those of frameworks that follow each other.
 *
 * New statements are counted and become postings; the others are copied, or only renumbered. Postings are written as
 * databases, one for each sks_limits_of_index.piece_bytes of them (pieces), which build.c joins. */
#ifndef SKS_RANGE_H
#define SKS_RANGE_H

#include "core/index/builder.h"
#include "core/index/vectors.h"
#include "dictionary.h"
#include "progress.h"
#include "shard_build.h"
#include "stream.h"

#include <limits.h>

/* The table of position weights ends at the longest statement. */
#define SKS_RANGE_POSITIONS (SKS_MAX_STATEMENT_BYTES + 2)

/* A generation that is being built; each thread writes only its own rows. */
typedef struct sks_building {
    const sks_plan *plan;
    const sks_reuse *reuse;       /* NULL: build all postings */
    const sks_sharding *sharding; /* NULL: build postings */
    sks_progress *progress;       /* may be NULL */
    sks_dictionary *dictionary;
    const sks_vectors *vectors; /* NULL: statements get no vectors */
    unsigned threads;
    bool alone;        /* there is one range, and what it adds to postings that are kept may be one piece */
    uint32_t *first;   /* per framework: its first statement */
    uint32_t *offsets; /* within the range, until joined */
    uint16_t *positions;
    uint8_t *lengths;
    uint32_t *words; /* per framework: words of its statements */
    float *weights;  /* by position */
} sks_building;

/* A word of the statement that is being taken. */
typedef struct sks_range_word {
    uint32_t stem, form;
    float weight;
} sks_range_word;

typedef struct sks_range_form {
    uint32_t statements, last; /* number of statements that contain it; the last of them, + 1 */
} sks_range_form;

typedef struct sks_range_stem {
    uint32_t statements, slot; /* number of statements that contain it; slot + 1 in `found`, 0 between statements */
} sks_range_stem;

typedef struct sks_range {
    sks_building *building;
    size_t first, end; /* frameworks */
    const char *folder;
    sks_builder *builder; /* of the last piece; NULL: none is open */
    unsigned number, pieces;
    sks_stream tokens;
    uint32_t step; /* added to the counts of a statement's words: 1, 0 if they have it already, -1 if it is gone */
    sks_range_form *forms;
    sks_range_stem *stems;
    sks_range_word found[SKS_RANGE_POSITIONS];
    sks_term terms[SKS_RANGE_POSITIONS];
    sks_error *err;
} sks_range;

/* Take the statements of a range (the argument), whose members before `builder`, and its number, are set; the others
 * are 0. The first range also lowers the counts of words by those of statements that are gone. For sks_threads_work.
 * Free the range even after a failure. */
int sks_range_take (void *argument, sks_error *err);
void sks_range_free (sks_range *range);

/* The folder of a piece of a range; pieces are numbered from 0. */
void sks_range_piece (char path[PATH_MAX], const sks_range *range, unsigned piece);

#endif
