/* title_stems.c - one pass over the contexts to count, one to copy. */
#include "title_stems.h"

#include <stdlib.h>

int
sks_title_stems_open (sks_title_stems *out, const sks_store *store, sks_error *err)
{
    size_t count = 0;
    for (uint32_t i = 0; i < store->contexts; i++)
        count += store->context[i].title != 0;
    out->starts = malloc ((store->stems + (size_t) 1) * sizeof *out->starts);
    out->occupations = malloc ((count + 1) * sizeof *out->occupations);
    if (!out->starts || !out->occupations)
        return sks_fail_memory (err);
    uint32_t found = 0;
    for (uint32_t stem = 0, i = 0; stem < store->stems; stem++) {
        out->starts[stem] = found;
        for (; i < store->stem[stem + 1].contexts; i++)
            if (store->context[i].title)
                out->occupations[found++] = store->context[i].occupation;
    }
    out->starts[store->stems] = found;
    return 0;
}

void
sks_title_stems_close (sks_title_stems *titles)
{
    free (titles->starts);
    free (titles->occupations);
}
