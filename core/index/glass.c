/* glass.c - checks the header, then each block, then that the blocks are one tree.
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
#include <stdlib.h>

#define HEADER_BYTES 256 /* that libxapian reads; the rest of the first block is empty */
#define HEADER_START 32
#define TABLES 6
#define MAX_LEVEL 9 /* libxapian allows ten levels */
#define MIN_BLOCK 2048

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

struct block {
    uint8_t level;  /* its own */
    uint8_t wanted; /* by its parent */
    bool has_parent;
};

struct sks_glass {
    uint64_t size; /* of the file */
    struct table table;
    uint32_t count, taken; /* of blocks */
    struct block *blocks;  /* NULL before the first piece */
    bool is_begun, has_header, holds, lacks_memory;
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

/* The table of posting lists; false when the header is invalid.
 *   bytes   MIN_BLOCK at least
 *   size    of the file */
static bool
read_header (const uint8_t *bytes, uint64_t size, struct table *out)
{
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
    return block_size >= MIN_BLOCK && block_size <= SKS_GLASS_BLOCK && !(block_size & (block_size - 1)) &&
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

/* Note that a block is the child of one of this level. Each block may have one parent. */
static bool
adopt (sks_glass *glass, uint32_t child, unsigned level)
{
    if (!child || child >= glass->count || glass->blocks[child].has_parent)
        return false;
    glass->blocks[child].has_parent = true;
    glass->blocks[child].wanted = (uint8_t) (level - 1);
    return true;
}

/* Whether the items of a block are inside it, and its children may be. */
static bool
block_holds (sks_glass *glass, const uint8_t *block)
{
    uint32_t size = (uint32_t) glass->table.block_size, end = number_at (block + DIRECTORY_END, 2);
    uint8_t level = block[LEVEL];
    if (level > glass->table.level || end <= DIRECTORY || end > size || (end - DIRECTORY) % OFFSET_BYTES)
        return false;
    for (uint32_t at = DIRECTORY; at < end; at += OFFSET_BYTES) {
        uint32_t offset = number_at (block + at, 2);
        if (offset < end || offset > size)
            return false;
        const uint8_t *item = block + offset;
        uint32_t space = size - offset;
        if (!level ? !leaf_item_holds (item, space)
                   : !branch_item_holds (item, space) || !adopt (glass, number_at (item, CHILD_BYTES), level))
            return false;
    }
    return true;
}

/* Whether the blocks are one tree that has every block of the file, as libxapian may read blocks in file order: each
 * but the root has one parent, which has a higher level. */
static bool
tree_holds (const sks_glass *glass)
{
    const struct table *table = &glass->table;
    if (table->is_empty)
        return !table->level && glass->count == 1;
    if (!table->root || table->root >= glass->count)
        return false;
    for (uint32_t i = 1; i < glass->count; i++) {
        const struct block *block = &glass->blocks[i];
        bool is_root = i == table->root;
        if (block->has_parent == is_root || block->level != (is_root ? table->level : block->wanted))
            return false;
    }
    return true;
}

/* -------------------------------------------------------------------- whole */

sks_glass *
sks_glass_begin (uint64_t size)
{
    sks_glass *glass = calloc (1, sizeof *glass);
    if (glass)
        glass->size = size;
    return glass;
}

/* Read the header, the beginning of the first piece. */
static void
take_header (sks_glass *glass, const uint8_t *piece, size_t size)
{
    glass->is_begun = true;
    glass->has_header = size >= MIN_BLOCK && read_header (piece, glass->size, &glass->table);
    if (!glass->has_header)
        return;
    glass->count = (uint32_t) (glass->size / glass->table.block_size);
    glass->blocks = calloc (glass->count, sizeof *glass->blocks);
    glass->lacks_memory = !glass->blocks;
    glass->holds = glass->blocks;
}

void
sks_glass_add (sks_glass *glass, const void *piece, size_t size)
{
    const uint8_t *at = piece, *end = at + size;
    if (!glass->is_begun)
        take_header (glass, at, size);
    size_t step = glass->table.block_size;
    for (; glass->holds && glass->taken < glass->count && (size_t) (end - at) >= step; at += step) {
        uint32_t number = glass->taken++;
        glass->blocks[number].level = at[LEVEL];
        glass->holds = !number || block_holds (glass, at);
    }
}

int
sks_glass_end (sks_glass *glass, const char *path, sks_error *err)
{
    int code = 0;
    if (!glass || glass->lacks_memory)
        code = sks_fail_memory (err);
    else if (!glass->has_header)
        code = sks_fail (err, SKS_EINDEX, "%s: damaged: invalid header", path);
    else if (!glass->holds || glass->taken < glass->count || !tree_holds (glass))
        code = sks_fail (err, SKS_EINDEX, "%s: damaged: invalid blocks", path);
    if (glass)
        free (glass->blocks);
    free (glass);
    return code;
}

int
sks_glass_check (const void *bytes, size_t size, const char *path, sks_error *err)
{
    sks_glass *glass = sks_glass_begin (size);
    if (glass)
        sks_glass_add (glass, bytes, size);
    return sks_glass_end (glass, path, err);
}
