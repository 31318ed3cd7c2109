/* stems.c - reads tokens of one and two bytes, 64 bytes at once, then replaces their entries by stems. */
#include "stems.h"

#include "core/base/clones.h"
#include "core/index/token.h"
#include "lanes.h"

#include <string.h>

/* Bytes whose tokens are read at once; the token at the last one may end in the next. */
#define BLOCK 64
#define LAST (UINT64_C (1) << (BLOCK - 1))

/* Entries are written this many at a time, so that the number of times is easily predicted. */
#define BATCH 24

_Static_assert(SKS_RANK_NEAR_DEPTH <= UINT16_MAX, "a place is a number of 16 bits");

/* The bytes of [at, at + BLOCK) that another byte of their token follows, one bit each. */
static inline uint64_t
find_continued (const uint8_t *at)
{
    uint64_t continued = 0;
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t bytes;
        memcpy (&bytes, at + 8 * i, sizeof bytes);
        continued |= (uint64_t) sks_lanes_bits (bytes >> 7) << 8 * i; /* of each byte the highest bit */
    }
    return continued;
}

/* Read the tokens that start at some bytes of a block, one bit each; none has more than two bytes. */
static inline uint32_t
read_block (const uint8_t *at, uint64_t starts, uint32_t *out)
{
    uint16_t values[BLOCK];
    for (unsigned i = 0; i < BLOCK; i++)
        values[i] = (uint16_t) ((at[i] & 0x7F) | ((at[i + 1] << 7) & -(at[i] >> 7)));
    uint32_t count = (uint32_t) __builtin_popcountll (starts);
    for (uint32_t i = 0; i < count; i += BATCH)
        for (uint32_t k = i; k < i + BATCH; k++) {
            out[k] = values[__builtin_ctzll (starts | LAST)];
            starts &= starts - 1;
        }
    return count;
}

/* Read the numbers of a statement's entries, and write up to BATCH - 1 more. Returns how many there are. */
static inline __attribute__ ((always_inline)) uint32_t
read_entries (const sks_store *store, uint32_t statement, uint32_t *out)
{
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    const uint8_t *all = store->tokens + store->tokens_size;
    uint32_t count = 0, carried = 0;
    for (const uint8_t *block = at; block < end && all - block > BLOCK; block += BLOCK) {
        uint64_t within = end - block < BLOCK ? (UINT64_C (1) << (end - block)) - 1 : UINT64_MAX;
        uint64_t continued = find_continued (block) & within, inner = continued << 1 | carried;
        bool last_is_long = continued & LAST && block[BLOCK] & 0x80;
        if (__builtin_expect ((continued & inner) != 0 || last_is_long, 0))
            break;
        count += read_block (block, ~inner & within, out + count);
        carried = (uint32_t) (continued >> (BLOCK - 1));
        at = block + BLOCK + carried;
    }
    while (at < end)
        out[count++] = sks_token_next (&at);
    return count;
}

SKS_CLONES
static void
read_all_entries (const sks_store *store, const sks_scored *list, size_t count, uint32_t *entries, uint32_t *starts)
{
    starts[0] = 0;
    for (size_t i = 0; i < count; i++)
        starts[i + 1] = starts[i] + read_entries (store, list[i].statement, entries + starts[i]);
}

int
sks_stems_read (sks_stems *out, const sks_matching *m, sks_scored *list, size_t count)
{
    const sks_store *store = m->store;
    const uint32_t *stem_of_entry = m->snapshot->stem_of_entry;
    size_t most = BATCH;
    /* The best are scattered over the file, so offsets and tokens are prefetched. */
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch (store->offsets + list[i].statement);
        __builtin_prefetch (store->lengths + list[i].statement);
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t *offsets = store->offsets + list[i].statement;
        __builtin_prefetch (store->tokens + offsets[0]);
        __builtin_prefetch (store->tokens + offsets[0] + BLOCK);
        most += offsets[1] - offsets[0];
    }
    uint32_t *entries = sks_arena_room (m->arena, most, sizeof *entries), found = 0;
    uint32_t *stems = sks_arena_room (m->arena, most, sizeof *stems);
    uint32_t *before = sks_arena_room (m->arena, most, sizeof *before); /* by entry: the stems of earlier ones */
    uint32_t *ends = sks_arena_room (m->arena, count + 1, sizeof *ends);
    uint32_t *starts = sks_arena_room (m->arena, count + 1, sizeof *starts);
    *out = (sks_stems) { stems, starts, entries, ends };
    if (!entries || !stems || !before || !ends || !starts)
        return sks_fail_memory (m->err);
    read_all_entries (store, list, count, entries, ends);
    for (uint32_t i = 0, all = ends[count]; i < all; i++) {
        uint32_t stem = stem_of_entry[entries[i]];
        before[i] = found;
        stems[found] = stem;
        found += stem != SKS_NONE;
    }
    before[ends[count]] = found;
    for (size_t i = 0; i <= count; i++)
        starts[i] = before[ends[i]];
    for (size_t i = 0; i < count; i++)
        list[i].place = (uint16_t) i;
    return 0;
}
