/* asker.c - the compounds of a dictionary. */
#include "asker.h"

#include <stdlib.h>

static int
by_form (const void *left, const void *right)
{
    const struct sks_asker_compound *a = left, *b = right;
    if (a->form != b->form)
        return a->form < b->form ? -1 : 1;
    return (a->span > b->span) - (a->span < b->span);
}

int
sks_asker_make (sks_asker *asker, const sks_store *store, sks_error *err)
{
    size_t found = 0, kept = 0;
    for (uint32_t i = 0; i < store->entries; i++)
        found += (store->entry[i].word & SKS_ENTRY_JOINED) != 0;
    struct sks_asker_compound *list = asker->compounds = calloc (found + 1, sizeof *list);
    if (!list)
        return sks_fail_memory (err);
    found = 0;
    for (uint32_t i = 0; i < store->entries; i++)
        if (store->entry[i].word & SKS_ENTRY_JOINED)
            list[found++] = (struct sks_asker_compound) { store->entry[i].text, store->entry[i].word & SKS_ENTRY_WORD };
    if (found)
        qsort (list, found, sizeof *list, by_form);
    for (size_t i = 0; i < found; i++)
        if (!kept || by_form (&list[kept - 1], &list[i]) != 0)
            list[kept++] = list[i];
    asker->compound_count = kept;
    return 0;
}

void
sks_asker_free (sks_asker *asker)
{
    free (asker->compounds);
}
