/* lexicon.c - a table of forms with open addressing. */
#include "lexicon.h"

#include "core/base/hash.h"

#include <stdlib.h>
#include <string.h>

/* The fewest slots per form, so that most look-ups end at the first slot. */
#define SLOTS_PER_FORM 2

int
sks_lexicon_open (sks_lexicon *out, const sks_store *store, sks_error *err)
{
    size_t count = 1;
    while (count < SLOTS_PER_FORM * ((size_t) store->forms + 1))
        count *= 2;
    out->mask = (uint32_t) (count - 1);
    if (!(out->slots = malloc (count * sizeof *out->slots)))
        return sks_fail_memory (err);
    memset (out->slots, 0xFF, count * sizeof *out->slots);
    for (uint32_t i = 0; i < store->forms; i++) {
        const sks_form *form = &store->form[i];
        uint32_t at = (uint32_t) sks_hash_key (store->strings + form->text, form->size) & out->mask;
        while (out->slots[at] != SKS_NONE)
            at = (at + 1) & out->mask;
        if (form->joined != SKS_FORM_ABSENT)
            out->slots[at] = i;
    }
    return 0;
}

void
sks_lexicon_close (sks_lexicon *lexicon)
{
    free (lexicon->slots);
}

uint32_t
sks_lexicon_find (const sks_lexicon *lexicon, const sks_store *store, const char *bytes, size_t size)
{
    uint32_t at = (uint32_t) sks_hash_key (bytes, size) & lexicon->mask, i;
    for (; (i = lexicon->slots[at]) != SKS_NONE; at = (at + 1) & lexicon->mask) {
        const sks_form *form = &store->form[i];
        if (form->size == size && memcmp (store->strings + form->text, bytes, size) == 0)
            return i;
    }
    return SKS_NONE;
}
