/* checks_tokens.c - the token stream, 64 bytes at a time. */
#include "checks_tokens.h"

#include "core/base/clones.h"
#include "index.h"
#include "runs.h"
#include "token.h"

#include <string.h>

/* The valid tokens: the highest number has `longest` bytes, and a token of that length is in range if its last byte
 * is below `high`. */
struct tokens {
    const sks_store *store;
    unsigned longest;
    uint8_t high;
};

static struct tokens
describe_tokens (const sks_store *s)
{
    struct tokens t = { s, 1, 0 };
    uint32_t max = s->entries - 1;
    for (; max >= 0x80; max >>= 7)
        t.longest++;
    t.high = (uint8_t) max;
    return t;
}

/* Whether the token with the byte at `at` is not too long up to this byte, and in range if it ends here. */
static bool
token_holds (const struct tokens *t, size_t at)
{
    const uint8_t *bytes = t->store->tokens;
    bool ends = !(bytes[at] & 0x80);
    uint64_t value = bytes[at];
    unsigned size = 1;
    for (; at && bytes[at - 1] & 0x80 && size <= t->longest; size++)
        value = value << 7 | (bytes[--at] & 0x7F);
    return ends ? size <= t->longest && value < t->store->entries : size < t->longest;
}

/* Check a run of bytes. One can be wrong only if it comes after the maximum number of continuation bytes and is not
 * below the highest last byte of a token; such bytes are checked one by one. */
static inline __attribute__ ((always_inline)) bool
block_holds (const struct tokens *t, size_t at, unsigned longest)
{
    const uint8_t *bytes = t->store->tokens + at, high = t->high;
    uint8_t doubts[SKS_RUN], any = 0;
    uint64_t word;
    bool holds = true;
    for (size_t i = 0; i < SKS_RUN; i++) {
        uint8_t doubt = bytes[i] >= high ? 0x80 : 0;
        doubt &= longest > 1 ? bytes[i - 1] : doubt;
        doubt &= longest > 2 ? bytes[i - 2] : doubt;
        doubt &= longest > 3 ? bytes[i - 3] : doubt;
        doubt &= longest > 4 ? bytes[i - 4] : doubt;
        doubts[i] = doubt;
        any |= doubt;
    }
    for (size_t i = 0; any && i < SKS_RUN; i += sizeof word) {
        memcpy (&word, doubts + i, sizeof word);
        for (; word; word &= word - 1)
            holds &= token_holds (t, at + i + (size_t) __builtin_ctzll (word) / 8);
    }
    return holds;
}

static inline __attribute__ ((always_inline)) bool
run_holds (const struct tokens *t, size_t at, size_t end, unsigned longest)
{
    while (at < end && block_holds (t, at, longest))
        at += SKS_RUN;
    return at >= end;
}

SKS_CLONES
static bool
blocks_hold (const struct tokens *t, size_t at, size_t end)
{
    return t->longest == 1   ? run_holds (t, at, end, 1)
           : t->longest == 2 ? run_holds (t, at, end, 2)
           : t->longest == 3 ? run_holds (t, at, end, 3)
           : t->longest == 4 ? run_holds (t, at, end, 4)
                             : run_holds (t, at, end, 5);
}

/* The first bytes of the stream, and those after the last block, are checked one by one. */
bool
sks_checks_numbers (const sks_store *s, size_t from, size_t end)
{
    if (!s->entries)
        return from == end;
    struct tokens t = describe_tokens (s);
    bool holds = true;
    for (; holds && from < end && from < t.longest; from++)
        holds = token_holds (&t, from);
    size_t last = end - (end - from) % SKS_RUN;
    holds = holds && blocks_hold (&t, from, last);
    for (; holds && last < end; last++)
        holds = token_holds (&t, last);
    return holds;
}

bool
sks_checks_statement (const sks_store *s, uint32_t statement)
{
    const uint8_t *at = s->tokens + s->offsets[statement], *end = s->tokens + s->offsets[statement + 1];
    size_t words = 0, joined = 0, bytes = 0;
    while (at < end) {
        uint16_t size = s->entry[sks_token_next (&at)].size;
        bytes += size;
        words += size > 0;
        joined += size == 0;
    }
    return words <= SKS_MAX_STATEMENT_WORDS && joined <= words && bytes <= SKS_MAX_STATEMENT_BYTES;
}
