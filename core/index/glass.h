/* glass.h - checks whether libxapian can read a database file safely.
 *
 * libxapian 1.4 trusts the block numbers, item offsets and key lengths in the file: a wrong one makes it read outside
 * the block. It checks the inside of an item itself. So the blocks of a file are checked here before libxapian opens
 * it. glass_tree.c writes this format ("glass"); no other code knows it. */
#ifndef SKS_GLASS_H
#define SKS_GLASS_H

#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Check a single-file database that has only posting lists: its header, and that its blocks form one tree in which
 * each item is inside its block.
 *   path   names the file in errors.
 * Returns 0, SKS_EINDEX or SKS_ENOMEM. */
int sks_glass_check (const void *bytes, size_t size, const char *path, sks_error *err);

/* The same for a file whose bytes come in pieces, from its beginning.
 *   sks_glass_begin   of a file of this size; NULL when out of memory
 *   sks_glass_add     each piece but the last must have a multiple of SKS_GLASS_BLOCK bytes
 *   sks_glass_end     frees it, and accepts NULL. All bytes must have been added, else the file counts as damaged */
#define SKS_GLASS_BLOCK 65536
typedef struct sks_glass sks_glass;
sks_glass *sks_glass_begin (uint64_t size);
void sks_glass_add (sks_glass *glass, const void *piece, size_t size);
int sks_glass_end (sks_glass *glass, const char *path, sks_error *err);

#endif
