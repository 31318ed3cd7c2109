/* glass_tree.h - writes a database of libxapian ("glass") with nothing but posting lists.
 *
 * Entries come in the order of their keys, so blocks are filled one after the other, and each level of the tree has one
 * block in memory. glass.c describes the blocks, and checks the file that libxapian makes of such databases. The
 * format is that of libxapian 1.4, of 2016-03-14; a libxapian of another format refuses to join the database by
 * name. */
#ifndef SKS_GLASS_TREE_H
#define SKS_GLASS_TREE_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKS_GLASS_TREE_KEY_BYTES 252
#define SKS_GLASS_TREE_VALUE_BYTES 1700 /* four items with the longest key fit into a block, as libxapian expects */

typedef struct sks_glass_tree sks_glass_tree;

/* What the header says about the documents. */
typedef struct sks_glass_tree_totals {
    uint32_t documents;
    uint32_t shortest, longest; /* lengths of documents, those of 0 not counted in `shortest` */
    uint32_t most;              /* the largest count of a posting */
    uint64_t length;            /* of all documents */
} sks_glass_tree_totals;

/* Create the database at `path`, which must not exist: a file, which is synced at the end, or a folder, which libxapian
 * can join with others, and which is not synced. *out: caller owns it; free with sks_glass_tree_close. */
int sks_glass_tree_open (sks_glass_tree **out, const char *path, bool is_file, sks_error *err);

/* Add an entry; its key is above all before. The value is given in two parts, and has at most
 * SKS_GLASS_TREE_VALUE_BYTES. Errors are kept until sks_glass_tree_finish. */
void sks_glass_tree_add (sks_glass_tree *tree, const void *key, size_t key_size, const void *head, size_t head_size,
                         const void *body, size_t body_size);

/* Write what is left, and the header. Returns 0, SKS_EIO or SKS_ENOMEM. */
int sks_glass_tree_finish (sks_glass_tree *tree, const sks_glass_tree_totals *totals, sks_error *err);

/* Close the files. Sets *tree_p to NULL. */
void sks_glass_tree_close (sks_glass_tree **tree_p);

#endif
