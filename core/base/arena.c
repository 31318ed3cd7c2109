/* arena.c - blocks in a list, the newest first; each at least twice the size
 * of the one before, so a big result costs few calls of malloc. */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES 4096
#define ALIGNMENT 16

/* With AddressSanitizer, bytes after each piece of memory are poisoned, so that it sees a write past the end. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define GUARD_BYTES 64
#define POISON(at, size) ASAN_POISON_MEMORY_REGION (at, size)
#define UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION (at, size)
#else
#define GUARD_BYTES 0
#define POISON(at, size) ((void) (at), (void) (size))
#define UNPOISON(at, size) ((void) (at), (void) (size))
#endif

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct sks_arena {
    struct block *blocks;
};

sks_arena *
sks_arena_create (void)
{
    return calloc (1, sizeof (sks_arena));
}

void
sks_arena_destroy (sks_arena **arena_p)
{
    if (!arena_p || !*arena_p)
        return;
    for (struct block *block = (*arena_p)->blocks, *next; block; block = next) {
        next = block->next;
        free (block);
    }
    free (*arena_p);
    *arena_p = NULL;
}

void
sks_arena_clear (sks_arena *arena)
{
    struct block *kept = arena->blocks;
    if (!kept)
        return;
    for (struct block *block = kept->next, *next; block; block = next) {
        next = block->next;
        free (block);
    }
    kept->next = NULL;
    kept->used = 0;
    POISON (kept->bytes, kept->size);
}

static struct block *
grow (sks_arena *arena, size_t wanted)
{
    size_t size = arena->blocks ? arena->blocks->size * 2 : FIRST_BLOCK_BYTES;
    while (size < wanted)
        size *= 2;
    struct block *block = malloc (sizeof *block + size);
    if (!block)
        return NULL;
    *block = (struct block) { .next = arena->blocks, .size = size };
    arena->blocks = block;
    POISON (block->bytes, size);
    return block;
}

/* Allocate size bytes without zeroing them. */
static inline void *
take (sks_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 4)
        return NULL;
    size_t whole = ((size + ALIGNMENT - 1) & ~(size_t) (ALIGNMENT - 1)) + GUARD_BYTES;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < whole)
        block = grow (arena, whole);
    if (!block)
        return NULL;
    void *memory = block->bytes + block->used;
    block->used += whole;
    UNPOISON (memory, size);
    return memory;
}

void *
sks_arena_alloc (sks_arena *arena, size_t size)
{
    void *memory = take (arena, size);
    return memory ? memset (memory, 0, size) : NULL;
}

void *
sks_arena_array (sks_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow (count, size, &bytes) ? NULL : sks_arena_alloc (arena, bytes);
}

void *
sks_arena_room (sks_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow (count, size, &bytes) ? NULL : take (arena, bytes);
}

char *
sks_arena_copy (sks_arena *arena, const char *bytes, size_t size)
{
    char *copy = take (arena, size + 1);
    if (!copy)
        return NULL;
    if (size)
        memcpy (copy, bytes, size);
    copy[size] = '\0';
    return copy;
}
