/* glass_tree.c - a block per level, written when it is full.
 *
 * A block is filled from both ends: the directory grows from its start, and items from its end. The first item of each
 * level has an empty key. */
#include "glass_tree.h"

#include "token.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES 8192
#define LEVELS 10 /* that libxapian allows */
#define TABLES 6
#define REVISION 1

/* A block. */
#define LEVEL 4
#define MAX_FREE 5
#define TOTAL_FREE 7
#define DIRECTORY_END 9
#define DIRECTORY 11
#define OFFSET_BYTES 2

/* An item. */
#define LEAF_HEAD 3 /* size, without these bytes, and length of the key */
#define IS_WHOLE 0x6000
#define CHILD_BYTES 4
#define COMPONENT_BYTES 2

/* The header. */
#define MAGIC "\x0f\x0dXapian Glass\x04\x6e"
#define MAGIC_BYTES 16
#define UUID_BYTES 16
#define IS_EMPTY 3       /* no block */
#define HEADER_BYTES 256 /* at most */

/* Values are compressed from this size on; the tables of posting lists and of positions compress none. All tables
 * but the first are empty. */
static const uint32_t COMPRESSED_FROM[TABLES] = { 0, 18, 18, 0, 18, 18 };

struct block {
    uint8_t bytes[BLOCK_BYTES];
    uint32_t directory_end, low; /* free bytes are between them; directory_end 0: not begun */
    uint8_t key[SKS_GLASS_TREE_KEY_BYTES];
    size_t key_size; /* of its first item, for the level above */
};

struct sks_glass_tree {
    FILE *file;
    bool is_file;  /* the header is in the first block, else in a file of its own */
    uint32_t next; /* number of the next block */
    uint32_t entries;
    struct block *level[LEVELS]; /* NULL: not reached yet */
    bool no_memory;
    int failed;                          /* errno of the first failed write */
    char base[PATH_MAX], path[PATH_MAX]; /* base: of the database; path: of the open file */
};

static void
put_number (uint8_t *at, int bytes, uint32_t number)
{
    while (bytes--) {
        at[bytes] = (uint8_t) number;
        number >>= 8;
    }
}

static void
write_bytes (sks_glass_tree *tree, const uint8_t *bytes, size_t size)
{
    if (!tree->failed && fwrite (bytes, size, 1, tree->file) != 1)
        tree->failed = errno;
}

/* Write a block; returns its number. */
static uint32_t
write_block (sks_glass_tree *tree, int level)
{
    struct block *block = tree->level[level];
    uint32_t free_bytes = block->low - block->directory_end;
    put_number (block->bytes, 4, REVISION);
    block->bytes[LEVEL] = (uint8_t) level;
    put_number (block->bytes + MAX_FREE, 2, free_bytes);
    put_number (block->bytes + TOTAL_FREE, 2, free_bytes);
    put_number (block->bytes + DIRECTORY_END, 2, block->directory_end);
    memset (block->bytes + block->directory_end, 0, free_bytes);
    write_bytes (tree, block->bytes, BLOCK_BYTES);
    block->directory_end = 0;
    return tree->next++;
}

/* Space for an item at a level, which is not full. The key is that of the item. NULL without memory. */
static uint8_t *
take_space (sks_glass_tree *tree, int level, size_t size, const uint8_t *key, size_t key_size)
{
    bool is_first = !tree->level[level];
    struct block *block = is_first ? tree->level[level] = calloc (1, sizeof *block) : tree->level[level];
    if (!block) {
        tree->no_memory = true;
        return NULL;
    }
    if (!block->directory_end) {
        block->directory_end = DIRECTORY;
        block->low = BLOCK_BYTES;
        block->key_size = is_first ? 0 : key_size;
        memcpy (block->key, key, block->key_size);
    }
    block->low -= (uint32_t) size;
    put_number (block->bytes + block->directory_end, OFFSET_BYTES, block->low);
    block->directory_end += OFFSET_BYTES;
    return block->bytes + block->low;
}

static bool
is_full (const sks_glass_tree *tree, int level, size_t size)
{
    const struct block *block = tree->level[level];
    return block && block->directory_end && block->low - block->directory_end < size + OFFSET_BYTES;
}

/* Write the block of a level, and add its number to the level above. There are never more levels than LEVELS: a block
 * has at least 30 children, and numbers of blocks have 32 bits. */
static void
close_block (sks_glass_tree *tree, int level)
{
    const struct block *block = tree->level[level];
    if (!block)
        return;
    size_t key_size = block->key_size, size = CHILD_BYTES + 1 + key_size + COMPONENT_BYTES;
    uint32_t number = write_block (tree, level);
    if (is_full (tree, level + 1, size))
        close_block (tree, level + 1);
    uint8_t *at = take_space (tree, level + 1, size, block->key, key_size);
    if (!at)
        return;
    put_number (at, CHILD_BYTES, number);
    at[CHILD_BYTES] = (uint8_t) key_size;
    memcpy (at + CHILD_BYTES + 1, block->key, key_size);
    put_number (at + CHILD_BYTES + 1 + key_size, COMPONENT_BYTES, key_size != 0);
}

static void
add_item (sks_glass_tree *tree, const void *key, size_t key_size, const void *head, size_t head_size, const void *body,
          size_t body_size)
{
    size_t size = LEAF_HEAD + key_size + head_size + body_size;
    if (is_full (tree, 0, size))
        close_block (tree, 0);
    uint8_t *at = take_space (tree, 0, size, key, key_size);
    if (!at)
        return;
    put_number (at, 2, (uint32_t) (size - LEAF_HEAD) | IS_WHOLE);
    at[2] = (uint8_t) key_size;
    memcpy (at + LEAF_HEAD, key, key_size);
    memcpy (at + LEAF_HEAD + key_size, head, head_size);
    memcpy (at + LEAF_HEAD + key_size + head_size, body, body_size);
}

void
sks_glass_tree_add (sks_glass_tree *tree, const void *key, size_t key_size, const void *head, size_t head_size,
                    const void *body, size_t body_size)
{
    add_item (tree, key, key_size, head, head_size, body, body_size);
    tree->entries++;
}

/* Create a file of the database; it becomes the open one. The name begins with "/", or is empty for the only file. */
static int
create_file (sks_glass_tree *tree, const char *name, sks_error *err)
{
    bool fits = (size_t) snprintf (tree->path, sizeof tree->path, "%s%s", tree->base, name) < sizeof tree->path;
    tree->file = fits ? fopen (tree->path, "wxe") : NULL;
    if (!fits)
        errno = ENAMETOOLONG;
    return tree->file ? 0 : sks_fail_errno (err, "%s", tree->path);
}

static int
close_file (sks_glass_tree *tree, sks_error *err)
{
    FILE *file = tree->file;
    tree->file = NULL;
    if (fclose (file) != 0 && !tree->failed)
        tree->failed = errno;
    errno = tree->failed;
    return tree->failed ? sks_fail_errno (err, "%s", tree->path) : 0;
}

/* Leave space for the header, which is written last. */
static void
begin_file (sks_glass_tree *tree)
{
    static const uint8_t empty[BLOCK_BYTES];
    write_bytes (tree, empty, sizeof empty);
    tree->next = 1;
}

int
sks_glass_tree_open (sks_glass_tree **out, const char *path, bool is_file, sks_error *err)
{
    sks_glass_tree *tree = *out = calloc (1, sizeof *tree);
    if (!tree)
        return sks_fail_memory (err);
    tree->is_file = is_file;
    snprintf (tree->base, sizeof tree->base, "%s", path);
    int code = !is_file && mkdir (path, 0755) < 0 ? sks_fail_errno (err, "%s", path) : 0;
    if (!code)
        code = create_file (tree, is_file ? "" : "/postlist.glass", err);
    if (!code && is_file)
        begin_file (tree);
    if (!code) {
        add_item (tree, "", 0, "", 0, "", 0);
        code = tree->no_memory ? sks_fail_memory (err) : 0;
    }
    if (code)
        sks_glass_tree_close (out);
    return code;
}

void
sks_glass_tree_close (sks_glass_tree **tree_p)
{
    sks_glass_tree *tree = *tree_p;
    if (!tree)
        return;
    *tree_p = NULL;
    if (tree->file)
        fclose (tree->file);
    for (int i = 0; i < LEVELS; i++)
        free (tree->level[i]);
    free (tree);
}

/* Write the blocks that are not full; returns the level of the root, whose block is the last. */
static int
close_levels (sks_glass_tree *tree)
{
    int level = 0;
    for (; level + 1 < LEVELS && tree->level[level + 1]; level++)
        close_block (tree, level);
    if (tree->level[level])
        write_block (tree, level);
    return level;
}

static uint8_t *
put_table (uint8_t *at, const sks_glass_tree *tree, int table, int level)
{
    bool is_used = table == 0;
    uint8_t list[16] = { 0 }, *end = list;
    for (int i = 0; is_used && i < 6; i++) /* the list of free blocks: none */
        end = sks_token_put (end, i == 0 ? REVISION : i == 1 ? tree->next : 0);
    at = sks_token_put (at, is_used ? tree->next - 1 : 0);
    at = sks_token_put (at, is_used ? (uint32_t) level << 2 : IS_EMPTY);
    at = sks_token_put (at, is_used ? tree->entries : 0);
    at = sks_token_put (at, BLOCK_BYTES / 2048);
    at = sks_token_put (at, COMPRESSED_FROM[table]);
    at = sks_token_put (at, (uint32_t) (end - list));
    memcpy (at, list, (size_t) (end - list));
    return at + (end - list);
}

static uint8_t *
put_totals (uint8_t *at, const sks_glass_tree_totals *totals)
{
    const uint32_t values[] = {
        totals->documents, 0, totals->shortest, totals->most, totals->longest - totals->most, 0
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        at = sks_token_put (at, values[i]);
    for (uint64_t length = totals->length; length >= 0x80 || (*at++ = (uint8_t) length, false); length >>= 7)
        *at++ = (uint8_t) (length | 0x80);
    return sks_token_put (at, 0);
}

/* Write the header: into the first block, and sync the file, or into a file of its own. */
static int
write_header (sks_glass_tree *tree, const uint8_t *header, size_t size, sks_error *err)
{
    int code = tree->is_file ? 0 : close_file (tree, err);
    if (!code && !tree->is_file)
        code = create_file (tree, "/iamglass", err);
    if (code)
        return code;
    if (tree->is_file && !tree->failed && fseek (tree->file, 0, SEEK_SET) < 0)
        tree->failed = errno;
    write_bytes (tree, header, size);
    if (tree->is_file && !tree->failed && (fflush (tree->file) || fsync (fileno (tree->file))))
        tree->failed = errno;
    return close_file (tree, err);
}

int
sks_glass_tree_finish (sks_glass_tree *tree, const sks_glass_tree_totals *totals, sks_error *err)
{
    uint8_t header[HEADER_BYTES] = MAGIC, *at = header + MAGIC_BYTES + UUID_BYTES;
    if (getrandom (header + MAGIC_BYTES, UUID_BYTES, 0) != UUID_BYTES)
        return sks_fail_errno (err, "getrandom");
    if (tree->no_memory)
        return sks_fail_memory (err);
    int level = close_levels (tree);
    if (tree->no_memory) /* for a level */
        return sks_fail_memory (err);
    at = sks_token_put (at, REVISION);
    for (int i = 0; i < TABLES; i++)
        at = put_table (at, tree, i, level);
    at = put_totals (at, totals);
    return write_header (tree, header, (size_t) (at - header), err);
}
