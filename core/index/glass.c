/* glass.c - checks the header, then the tree from its root on.
 *
 * The header is 32 bytes and packed numbers: the revision, and for each of six tables
 * root block, flags and level, entries, size of blocks / 2048, least size to compress,
 * and a string with the free list. The table of posting lists is the first one; the
 * others have no block.
 *
 * A block begins with the revision (4 bytes), its level (1), free bytes (2 and 2) and
 * the end of its directory (2). The directory has the offset of each item (2). All
 * these numbers have their high byte first. */
#include "glass.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define HEADER_BYTES 256 /* that libxapian reads; the rest of the first block is empty */
#define HEADER_START 32
#define TABLES 6
#define MAX_LEVEL 9 /* libxapian allows ten levels */
#define MIN_BLOCK 2048
#define MAX_BLOCK 65536

#define LEVEL 4
#define DIRECTORY_END 9
#define DIRECTORY 11
#define OFFSET_BYTES 2
#define CHILD_BYTES 4     /* an item of a branch begins with the number of a block */
#define COMPONENT_BYTES 2 /* a number after the key; the first leaf item of a key has none */
#define IS_COMPRESSED 0x80
#define IS_FIRST 0x20
#define LEAF_SIZE 0x1FFF
#define LEAF_LEAST 3u /* bytes that its size does not count: the size itself, and the length of the key */

struct table {
    uint64_t root, level, block_size;
    bool is_empty;
};

struct tree {
    const uint8_t *bytes;
    uint32_t block_size, blocks, reached;
    bool *seen; /* by block */
};

/* ------------------------------------------------------------------- header */

static bool
read_number (const uint8_t **at, const uint8_t *end, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; *at < end && shift < 32; shift += 7) {
        *out |= (uint64_t) (**at & 0x7F) << shift;
        if (!(*(*at)++ & 0x80))
            return *out <= UINT32_MAX;
    }
    return false;
}

static bool
read_table (const uint8_t **at, const uint8_t *end, struct table *out)
{
    uint64_t flags, ignored, size;
    if (!read_number (at, end, &out->root) || !read_number (at, end, &flags) || !read_number (at, end, &ignored) ||
        !read_number (at, end, &out->block_size) || !read_number (at, end, &ignored) || !read_number (at, end, &size) ||
        size > (uint64_t) (end - *at))
        return false;
    *at += size;
    out->level = flags >> 2;
    out->is_empty = flags & 1;
    out->block_size *= MIN_BLOCK;
    return true;
}

/* The table of posting lists; false when the header is invalid. */
static bool
read_header (const uint8_t *bytes, size_t size, struct table *out)
{
    if (size < MIN_BLOCK)
        return false;
    const uint8_t *at = bytes + HEADER_START, *end = bytes + HEADER_BYTES;
    uint64_t revision, block_size;
    if (!read_number (&at, end, &revision) || !read_table (&at, end, out))
        return false;
    for (int i = 1; i < TABLES; i++) {
        struct table other;
        if (!read_table (&at, end, &other) || !other.is_empty || other.level || other.block_size != out->block_size)
            return false;
    }
    block_size = out->block_size;
    return block_size >= MIN_BLOCK && block_size <= MAX_BLOCK && !(block_size & (block_size - 1)) &&
           size % block_size == 0 && size / block_size <= UINT32_MAX && out->level <= MAX_LEVEL;
}

/* --------------------------------------------------------------------- tree */

static uint32_t
number_at (const uint8_t *at, int bytes)
{
    uint32_t number = 0;
    while (bytes--)
        number = number << 8 | *at++;
    return number;
}

/* Whether the item ends within its block, which has `space` bytes from the item on. */
static bool
leaf_item_holds (const uint8_t *item, uint32_t space)
{
    if (space < LEAF_LEAST || item[0] & IS_COMPRESSED)
        return false;
    uint32_t size = (number_at (item, 2) & LEAF_SIZE) + LEAF_LEAST;
    uint32_t key_end = LEAF_LEAST + item[2] + (item[0] & IS_FIRST ? 0 : COMPONENT_BYTES);
    return key_end <= size && size <= space;
}

static bool
branch_item_holds (const uint8_t *item, uint32_t space)
{
    return space > CHILD_BYTES && CHILD_BYTES + 1u + item[CHILD_BYTES] + COMPONENT_BYTES <= space;
}

/* Whether the block and everything below it are valid, and were not reached before. */
static bool
block_holds (struct tree *tree, uint32_t number, unsigned level)
{
    if (!number || number >= tree->blocks || tree->seen[number])
        return false;
    tree->seen[number] = true;
    tree->reached++;
    const uint8_t *block = tree->bytes + (size_t) number * tree->block_size;
    uint32_t end = number_at (block + DIRECTORY_END, 2);
    if (block[LEVEL] != level || end <= DIRECTORY || end > tree->block_size || (end - DIRECTORY) % OFFSET_BYTES)
        return false;
    for (uint32_t at = DIRECTORY; at < end; at += OFFSET_BYTES) {
        uint32_t offset = number_at (block + at, 2);
        if (offset < end || offset > tree->block_size)
            return false;
        const uint8_t *item = block + offset;
        uint32_t space = tree->block_size - offset;
        if (!level ? !leaf_item_holds (item, space)
                   : !branch_item_holds (item, space) || !block_holds (tree, number_at (item, CHILD_BYTES), level - 1))
            return false;
    }
    return true;
}

/* Whether the tree is valid and has every block of the file: libxapian may read blocks in file order. */
static bool
tree_holds (struct tree *tree, const struct table *table)
{
    if (table->is_empty)
        return !table->level && tree->blocks == 1;
    return table->root < tree->blocks && block_holds (tree, (uint32_t) table->root, (unsigned) table->level) &&
           tree->reached == tree->blocks - 1;
}

int
sks_glass_check (const void *bytes, size_t size, const char *path, sks_error *err)
{
    struct table table;
    if (!read_header (bytes, size, &table))
        return sks_fail (err, SKS_EINDEX, "%s: damaged: invalid header", path);
    struct tree tree = { .bytes = bytes,
                         .block_size = (uint32_t) table.block_size,
                         .blocks = (uint32_t) (size / table.block_size) };
    tree.seen = calloc (tree.blocks, sizeof *tree.seen);
    if (!tree.seen)
        return sks_fail_memory (err);
    bool holds = tree_holds (&tree, &table);
    free (tree.seen);
    return holds ? 0 : sks_fail (err, SKS_EINDEX, "%s: damaged: invalid blocks", path);
}
