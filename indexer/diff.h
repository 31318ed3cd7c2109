/* diff.h - what changed between two generations, statement by statement.
 *
 * Occupations are paired by SOC code, statements within one occupation:
 *
 *   moved      the same text at another level
 *   reworded   the same level, and a likeness (overlap.h) of at least SKS_OVERLAP_REWORDED; the most similar pairs
 *              first
 *   removed    the remaining statements of the earlier one
 *   added      the remaining statements of the later one
 *   edited     not a statement: a property of an occupation that both have (property.h)
 *
 * Each statement is in at most one change. The result depends only on the two stores. This only reads; diff_print.h
 * prints. */
#ifndef SKS_DIFF_H
#define SKS_DIFF_H

#include "core/index/store.h"

enum sks_change_kind {
    SKS_CHANGE_ADDED,
    SKS_CHANGE_REMOVED,
    SKS_CHANGE_REWORDED,
    SKS_CHANGE_MOVED,
    SKS_CHANGE_EDITED,
    SKS_CHANGES
};

/* The name of a kind in JSON and TSV ("added"). */
const char *sks_diff_change_name (int kind);

typedef struct sks_change {
    int kind;          /* enum sks_change_kind */
    uint32_t before;   /* statement of the earlier store; SKS_NONE if added; the occupation if edited */
    uint32_t after;    /* statement of the later store; SKS_NONE if removed; the occupation if edited */
    unsigned likeness; /* per cent; 100 if moved, 0 if added, removed or edited */
    int property;      /* enum sks_property if edited */
} sks_change;

typedef struct sks_diff {
    const sks_store *before, *after; /* borrowed */
    sks_change *changes;             /* by occupation, then kind, then descending likeness, then statement */
    size_t count;
    size_t counts[SKS_CHANGES];
    size_t comparisons; /* pairs compared; at most SKS_PARTNER_CANDIDATES per statement */
} sks_diff;

/* Compare two stores.
 *   *out   caller owns it; free with sks_diff_destroy. NULL on failure.
 * It borrows both stores: valid until they are closed. Returns 0 or SKS_ENOMEM. */
int sks_diff_make (sks_diff **out, const sks_store *before, const sks_store *after, sks_error *err);
void sks_diff_destroy (sks_diff **diff_p);

#endif
