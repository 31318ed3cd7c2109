/* label.h - finds the code of a sector, group or occupation by its label or a part of the label.
 *
 * "finance" is sector 52, "office clerks" occupation 43-9061.00. Words are compared in their folded form and
 * without the "s" of a plural; "and", "of", "or" and "the" do not count. A label with the same words in the same
 * order wins. Otherwise the labels that contain all the words match; if there are none, labels in which each given
 * word begins a word. */
#ifndef SKS_LABEL_H
#define SKS_LABEL_H

#include "core/base/arena.h"
#include "core/base/budget.h"
#include "facet_table.h"
#include "notes.h"

/* Where labels come from. */
typedef struct sks_labels {
    const sks_facet_table *facets; /* NULL: the tables of schema.h alone, and no occupations */
    sks_budget *budget;            /* NULL: no time limit */
} sks_labels;

typedef struct sks_label {
    const char *code;  /* the facet's value; of the arena, or borrowed from the store */
    const char *label; /* NULL when the text was a code */
    bool whole;        /* the text is the whole label */
} sks_label;

/* The bytes of a folded word without the "s" of a plural. */
size_t sks_label_singular (const char *form, size_t size);

/* Read a value of a facet (enum sks_facet) as people write it: as a code, even one that the index does not have; as
 * a text that contains a complete SOC code; or as a label.
 * Returns 0, SKS_ENOTFOUND (the text has suggestions by spelling), SKS_EBADREQUEST
 * (several match; the text lists as many as fit), the failure of the budget, or
 * SKS_ENOMEM. */
int sks_label_find (const sks_labels *labels, int facet, const char *text, sks_arena *arena, sks_label *out,
                    sks_error *err);

/* Add notes: how a label was read, and whether no statement has the value. */
int sks_label_note (const sks_labels *labels, int facet, const char *text, const sks_label *label, size_t at,
                    sks_notes *notes, sks_arena *arena, sks_error *err);

#endif
