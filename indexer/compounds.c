/* compounds.c - which forms occur only as joined forms, in a dictionary that grows. */
#include "compounds.h"

#include "mentions.h"

#include <stdlib.h>

/* Mark the forms of the last generation that may have lost their last text with them as a word, but still occur as
 * joined forms; returns whether there are any. */
static bool
find_doubtful (const sks_making *m, bool *doubtful)
{
    const sks_dictionary *d = m->dictionary;
    const sks_store *last = m->last;
    bool any = false, *joined = calloc (d->forms + (size_t) 1, sizeof *joined);
    for (uint32_t i = 0; joined && i < d->entries; i++)
        if (d->entry[i].word & SKS_ENTRY_JOINED)
            joined[d->entry[i].text] = true;
    for (uint32_t i = 0; i < last->occupations; i++)
        if (m->reuse->occupation[i] == SKS_NONE)
            sks_mentions_mark (last, i, doubtful);
    for (uint32_t f = 0; f < last->forms; f++) {
        bool lost = doubtful[f] || !last->form[f].statements;
        doubtful[f] = lost && !last->form[f].joined && !m->sure[f] && (!joined || joined[m->moved_forms[f]]);
        any |= doubtful[f];
    }
    free (joined);
    return any;
}

int
sks_compounds_find (sks_making *m, sks_error *err)
{
    const sks_store *last = m->last;
    bool *doubtful = calloc (last->forms + (size_t) 1, sizeof *doubtful);
    bool *held = calloc (last->forms + (size_t) 1, sizeof *held);
    bool ready = doubtful && held, any = ready && find_doubtful (m, doubtful);
    for (uint32_t i = 0; any && i < last->occupations; i++)
        if (m->reuse->occupation[i] != SKS_NONE)
            sks_mentions_mark (last, i, held);
    for (uint32_t f = 0; any && f < last->forms; f++)
        m->dictionary->form[m->moved_forms[f]].joined |= doubtful[f] && !held[f];
    free (doubtful);
    free (held);
    return ready ? 0 : sks_fail_memory (err);
}
