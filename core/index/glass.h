/* glass.h - whether libxapian can read a database file.
 *
 * libxapian 1.4 follows the numbers of blocks, offsets of items and lengths of keys
 * as they stand in the file: a wrong one makes it read outside of the block. What
 * is inside an item it checks itself. So the blocks of a file are checked here
 * before it is given one, and this is all that we know of its format ("glass"). */
#ifndef SKS_GLASS_H
#define SKS_GLASS_H

#include "core/base/error.h"

#include <stddef.h>

/* Check a single-file database that has nothing but posting lists: its header, and
 * that its blocks are one tree in which each item is inside of its block.
 *   path   names the file in errors.
 * Returns 0, SKS_EINDEX or SKS_ENOMEM. */
int sks_glass_check (const void *bytes, size_t size, const char *path, sks_error *err);

#endif
