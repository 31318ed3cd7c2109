/* opening.h - reads the files of a generation into memory and checks them. */
#ifndef SKS_OPENING_H
#define SKS_OPENING_H

#include "rows.h"

enum sks_opening {
    SKS_OPENING_TEXTS = 1, /* also read the texts of an index in shards */
    SKS_OPENING_LISTS =
        2,                /* keep the Xapian files, and check that libxapian can read them; else only check checksums */
    SKS_OPENING_FIXED = 4 /* no other process changes the folder: map its files */
};

/* Fill an empty store from FOLDER/statements and the Xapian files beside it, in two threads unless they are small. `how` is a sum of the
 * above. Returns as sks_store_open. The store must be closed even after a failure. */
int sks_opening_read (sks_store *store, const char *folder, unsigned how, sks_error *err);

/* The number of the generation whose statements file is in a folder, whatever the folder is called; 0 if its header
 * cannot be read. */
uint64_t sks_opening_number (const char *folder);

#endif
