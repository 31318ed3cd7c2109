/* arena.h - memory that is freed together.
 *
 * A result, a request or a query tree has many small pieces with one owner. An arena allocates them from growing
 * blocks and frees them all in one call. No piece is freed individually. One thread at a time. */
#ifndef SKS_ARENA_H
#define SKS_ARENA_H

#include <stddef.h>

typedef struct sks_arena sks_arena;

/* A new arena, NULL when out of memory. Caller owns it; free with
 * sks_arena_destroy. */
sks_arena *sks_arena_create (void);

/* Free the arena and everything allocated from it. Takes ownership; sets *arena_p to NULL. */
void sks_arena_destroy (sks_arena **arena_p);

/* Keep the largest block and invalidate all allocations. */
void sks_arena_clear (sks_arena *arena);

/* size bytes, zeroed, aligned for any type; NULL when out of memory.
 * Borrowed: valid until the arena is destroyed or cleared. */
void *sks_arena_alloc (sks_arena *arena, size_t size);

/* count pieces of size bytes, zeroed; NULL when out of memory or when the total overflows. */
void *sks_arena_array (sks_arena *arena, size_t count, size_t size);

/* The same, not zeroed: for large arrays that are written before they are read. */
void *sks_arena_room (sks_arena *arena, size_t count, size_t size);

/* Copies size bytes and adds a NUL; NULL when out of memory. */
char *sks_arena_copy (sks_arena *arena, const char *bytes, size_t size);

#endif
