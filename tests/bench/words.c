/* words.c - writes the most common form of each stem of an index, one per line.
 *
 * usage: words INDEX
 *
 * A search for all of them decodes every posting list (tests/bench/bench_memory.py). */
#include "core/index/store.h"

#include <stdio.h>

int
main (int argc, char **argv)
{
    char folder[4096];
    sks_store *store;
    sks_error err;
    if (argc != 2) {
        fputs ("usage: words INDEX\n", stderr);
        return 2;
    }
    snprintf (folder, sizeof folder, "%s/%s", argv[1], SKS_CURRENT_LINK);
    if (sks_store_open (&store, folder, &err)) {
        fprintf (stderr, "words: %s\n", err.text);
        return 1;
    }
    for (uint32_t i = 0; i < store->stems; i++) {
        const sks_form *form = &store->form[store->stem_forms[store->stem[i].forms]];
        printf ("%.*s\n", form->size, sks_store_string (store, form->text));
    }
    sks_store_close (&store);
    return fflush (stdout) ? 1 : 0;
}
