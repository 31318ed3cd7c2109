/* stems.c - finds the ends of tokens, many at once, then reads the tokens between them. */
#include "stems.h"

#include "core/index/token.h"

#include <endian.h>
#include <string.h>

/* Bytes whose tokens are found at once. */
#define BLOCK 32

_Static_assert(SKS_RANK_NEAR_DEPTH <= UINT16_MAX, "a place is a number of 16 bits");

/* The bytes of [at, at + BLOCK) that end a token, one bit each. */
static inline uint32_t
find_ends (const uint8_t *at)
{
    uint32_t ends = 0;
    for (unsigned i = 0; i < BLOCK / 8; i++) {
        uint64_t bytes;
        memcpy (&bytes, at + 8 * i, sizeof bytes);
        bytes = ~le64toh (bytes) & UINT64_C (0x8080808080808080);
        /* The product collects the eight high bits in its highest byte. */
        ends |= (uint32_t) ((bytes >> 7) * UINT64_C (0x0102040810204080) >> 56) << 8 * i;
    }
    return ends;
}

/* The token [at, last]. Whether it has one or two bytes is unpredictable, so there is no branch between them. */
static inline uint32_t
token_at (const uint8_t *at, const uint8_t *last)
{
    uint32_t two = last > at;
    if (__builtin_expect (last - at > 1, 0))
        return sks_token_next (&at);
    return (at[0] & 0x7Fu) | ((uint32_t) *last << 7 & -two);
}

/* Read the stems of one statement. Returns their number. */
static uint32_t
read_statement (const sks_snapshot *snapshot, uint32_t statement, uint32_t out[SKS_RANK_LENGTHS])
{
    const sks_store *store = snapshot->store;
    const uint32_t *stem_of_entry = snapshot->stem_of_entry;
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    const uint8_t *all = store->tokens + store->tokens_size;
    uint32_t count = 0;
    for (const uint8_t *block = at; block < end && all - block >= BLOCK; block += BLOCK) {
        uint32_t ends = find_ends (block);
        if (end - block < BLOCK)
            ends &= (UINT32_C (1) << (end - block)) - 1;
        for (; ends && count < SKS_RANK_LENGTHS; ends &= ends - 1) {
            const uint8_t *last = block + __builtin_ctz (ends);
            out[count] = stem_of_entry[token_at (at, last)];
            count += out[count] != SKS_NONE;
            at = last + 1;
        }
    }
    while (at < end && count < SKS_RANK_LENGTHS) {
        out[count] = stem_of_entry[sks_token_next (&at)];
        count += out[count] != SKS_NONE;
    }
    return count;
}

int
sks_stems_read (sks_stems *out, const sks_matching *m, sks_scored *list, size_t count)
{
    const sks_store *store = m->store;
    size_t most = SKS_RANK_LENGTHS;
    /* The best are scattered over the file, so offsets and tokens are prefetched. */
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch (store->offsets + list[i].statement);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *offsets = store->offsets + list[i].statement;
        __builtin_prefetch (store->tokens + offsets[0]);
        __builtin_prefetch (store->tokens + offsets[1]);
        most += offsets[1] - offsets[0];
    }
    out->stems = sks_arena_room (m->arena, most, sizeof *out->stems);
    out->starts = sks_arena_room (m->arena, count + 1, sizeof *out->starts);
    if (!out->stems || !out->starts)
        return sks_fail_memory (m->err);
    out->starts[0] = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t start = out->starts[i];
        list[i].place = (uint16_t) i;
        out->starts[i + 1] = start + read_statement (m->snapshot, list[i].statement, out->stems + start);
    }
    return 0;
}
