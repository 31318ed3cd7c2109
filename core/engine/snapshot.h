/* snapshot.h - a published generation in memory: its statements file, and tables computed from it on opening.
 *
 * It is immutable while open, except for stem_of_near and near_of_form, to which every thread would write the same
 * numbers; so threads share it without a lock. */
#ifndef SKS_SNAPSHOT_H
#define SKS_SNAPSHOT_H

#include "core/base/error.h"
#include "core/index/store.h"
#include "facet_table.h"
#include "lexicon.h"
#include "rank.h"
#include "semantics.h"
#include "sense.h"
#include "thesaurus.h"
#include "title_stems.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Kinds of entries, one bit each. */
#define SKS_ENTRY_HAS_WORD 1u
#define SKS_ENTRY_ENDS_DUTY 2u

/* The numbers of stop words begin at 1, the most frequent one's. */
#define SKS_NO_STOP 0
#define SKS_MAX_STOP 63

typedef struct sks_snapshot {
    sks_store *store;
    char folder[PATH_MAX]; /* of the generation */
    sks_rank rank;
    sks_facet_table facets;
    sks_lexicon lexicon;
    sks_title_stems titles;
    bool has_duties;         /* whether any statement may have a duty */
    uint64_t *group_words;   /* by group row: words of its statements, stop words not counted */
    uint32_t *stem_of_entry; /* by entry: the stem of its word; SKS_NONE for stop words and entries without a word */
    uint32_t *form_of_entry; /* by entry: its form; the number of forms if it has no word, as joined forms have none */
    uint8_t *kind_of_entry;  /* by entry: its kinds. One byte, so that the table fits in the first-level cache */
    uint32_t *entry_of_form; /* by form: its last entry; see sks_snapshot_next_entry */
    uint32_t *next_entry;    /* by entry: another entry of its form, or SKS_NONE */
    uint8_t *stop_of_form;   /* by form, plus one row: the number of a stop word, else SKS_NO_STOP */
    float *idf_of_stem;      /* by stem: sks_rank_idf of its statements */
    bool *joined_of_stem;    /* by stem: whether some statement contains it as the joined form of a compound */
    sks_near_words *thesaurus;      /* near words; NULL: none are used */
    _Atomic uint32_t *stem_of_near; /* by word of the thesaurus: 0 before its first use, then the stem of the index + 2;
                                     * 1: no statement has it */
    _Atomic uint32_t
        *near_of_form;        /* by form: 0 before its first use, then the number of its stem in the thesaurus + 2;
                                     * 1: it has none */
    sks_semantics *semantics; /* NULL: word vectors are not used */
    sks_sense *sense;         /* NULL: no sentence encoder is used */
} sks_snapshot;

/* Read the generation in this folder.
 *   *out   must be all zero before; close it even after a failure
 * Returns 0, SKS_EINDEX, SKS_EIO or SKS_ENOMEM. */
int sks_snapshot_open (sks_snapshot *out, const char *folder, sks_error *err);
void sks_snapshot_close (sks_snapshot *snapshot);

/* Use these near words. Call it at most once, before the snapshot is shared with other threads. Takes ownership;
 * sets *thesaurus_p to NULL, even after a failure (SKS_ENOMEM). */
int sks_snapshot_relate (sks_snapshot *snapshot, sks_near_words **thesaurus_p, sks_error *err);

/* Use word vectors. Call it at most once, before the snapshot is shared with other threads. Takes ownership; sets
 * *vectors_p to NULL, even after a failure; answers then do not use vectors.
 * Returns 0; SKS_EINVALID: the statements have no vectors, or those of another file; SKS_ENOMEM. */
int sks_snapshot_use_vectors (sks_snapshot *snapshot, sks_vectors **vectors_p, sks_error *err);

/* Use a sentence encoder. Call it at most once, before the snapshot is shared with other threads. Takes ownership; sets
 * *encoder_p to NULL, even after a failure; answers then do not use it. Returns as sks_sense_make. */
int sks_snapshot_use_encoder (sks_snapshot *snapshot, sks_encoder **encoder_p, sks_error *err);

/* The form of these bytes; SKS_NONE if no statement, title, group or description has it. */
static inline uint32_t
sks_snapshot_form (const sks_snapshot *snapshot, const char *bytes, size_t size)
{
    return sks_lexicon_find (&snapshot->lexicon, snapshot->store, bytes, size);
}

/* The next entry of a form after `entry`; its first entry if that is SKS_NONE. SKS_NONE after the last one. */
static inline uint32_t
sks_snapshot_next_entry (const sks_snapshot *snapshot, uint32_t form, uint32_t entry)
{
    return entry == SKS_NONE ? snapshot->entry_of_form[form] : snapshot->next_entry[entry];
}

#endif
