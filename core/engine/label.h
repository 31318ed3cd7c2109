/* label.h - names as input: the code of a sector, group or occupation that is
 * written as its label or as a part of it.
 *
 * "finance" is sector 52, "office clerks" occupation 43-9061.00. Words are compared in
 * their folded form and without the "s" of a plural; "and", "of", "or" and "the" do not
 * count. A label with the same words in the same order is taken. Otherwise labels
 * match that have all the words, and only if none has, labels in which each word is the
 * beginning of one. */
#ifndef SKS_LABEL_H
#define SKS_LABEL_H

#include "core/base/arena.h"
#include "core/base/budget.h"
#include "facet_table.h"
#include "notes.h"

/* Where labels come from. */
typedef struct sks_labels {
    const sks_facet_table *facets; /* NULL: the tables of schema.h alone, and no occupations */
    sks_budget *budget;            /* NULL: work has no end */
} sks_labels;

typedef struct sks_label {
    const char *code;  /* the facet's value; of the arena, or borrowed from the store */
    const char *label; /* NULL when the text was a code */
    bool whole;        /* the text is the whole label */
} sks_label;

/* Read a value of a facet (enum sks_facet) as people write it: as a code, also of
 * nothing that the index has; as a text with a whole SOC code in it; or as a label.
 * Returns 0, SKS_ENOTFOUND (the text has suggestions by spelling), SKS_EBADREQUEST
 * (several match; the text lists as many as fit), the failure of the budget, or
 * SKS_ENOMEM. */
int sks_label_find (const sks_labels *labels, int facet, const char *text, sks_arena *arena, sks_label *out,
                    sks_error *err);

/* Add to notes what a text was read as, if it is a label, and that no statement has
 * the value, if none has. */
int sks_label_note (const sks_labels *labels, int facet, const char *text, const sks_label *label, size_t at,
                    sks_notes *notes, sks_arena *arena, sks_error *err);

#endif
