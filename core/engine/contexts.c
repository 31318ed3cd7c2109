/* contexts.c - one block of memory: table, starts of slots, occupations, codes. */
#include "contexts.h"

#include "core/base/clones.h"
#include "slots.h"

/* ------------------------------------------------------------------- memory */

/* Slots, and the end of the last one. */
static size_t
count_starts (const sks_contexts *c, const sks_store *store)
{
    return c->all ? 0 : (store->occupations >> c->shift) + (size_t) 2;
}

/* Where the parts begin, in bytes from the start of the block, and its end. */
struct layout {
    size_t starts, occupations, codes, end;
};

static struct layout
lay_out (const sks_contexts *c, const sks_store *store)
{
    size_t indexes = c->all ? store->occupations : c->count, numbers = c->all ? 0 : indexes;
    struct layout at = { .starts = (c->width == SKS_CONTEXTS_PLAIN ? indexes : c->rows) * sizeof *c->scores };
    at.occupations = at.starts + count_starts (c, store) * sizeof *c->starts;
    at.codes = at.occupations + numbers * sizeof *c->occupations;
    at.end = at.codes + (c->width == SKS_CONTEXTS_PLAIN ? 0 : indexes * c->width);
    if (!c->all && at.end < at.codes + sizeof (sks_contexts_block)) /* from the last number on, a block is read */
        at.end = at.codes + sizeof (sks_contexts_block);
    return at;
}

/* Whether most occupations have a score: then there is one for each, as that is fast to add. */
static bool
is_dense (const sks_store *store, uint32_t count)
{
    return count > store->occupations / 2;
}

/* Choose the slots for the number of occupations. */
static void
choose_slots (sks_contexts *c, const sks_store *store)
{
    unsigned shift = sks_slots_shift (c->count, store->occupations);
    c->shift = (uint8_t) (shift < SKS_CONTEXTS_BITS ? shift : SKS_CONTEXTS_BITS);
}

size_t
sks_contexts_bytes (const sks_store *store, uint32_t most)
{
    sks_contexts some = { .count = most, .width = SKS_CONTEXTS_PLAIN };
    sks_contexts all = { .count = most, .width = SKS_CONTEXTS_PLAIN, .all = true };
    choose_slots (&some, store);
    /* Fewer occupations may have more slots. */
    size_t bytes = lay_out (&some, store).end + SKS_SLOTS_MOST (most) * sizeof *some.starts;
    size_t dense = is_dense (store, most) ? lay_out (&all, store).end : 0;
    return bytes > dense ? bytes : dense;
}

size_t
sks_contexts_place (sks_contexts *c, const sks_store *store, const void *start)
{
    struct layout at = lay_out (c, store);
    const char *bytes = start;
    c->scores = start;
    c->starts = (const void *) (bytes + at.starts);
    c->occupations = c->all ? NULL : (const void *) (bytes + at.occupations);
    c->codes = bytes + at.codes;
    return at.end;
}

/* -------------------------------------------------------------------- codes */

/* Numbers that a code can be. */
#define CODES (UINT32_C (1) << 16)

/* A table from what a score depends on to its code; 0: none yet. */
struct coder {
    const sks_snapshot *snapshot;
    uint32_t holding; /* occupations that have the stem */
    uint32_t rows;    /* of `scores` */
    unsigned shift;   /* a hash value is in slot value >> shift */
    float *scores;    /* by code */
    uint64_t *keys;   /* by slot */
    uint16_t *codes;  /* by slot */
};

static bool
begin_codes (struct coder *coder, const sks_snapshot *snapshot, uint32_t count, sks_arena *scratch)
{
    uint32_t most = count < CODES ? count : CODES;
    unsigned bits = 1;
    while (UINT32_C (1) << bits < 2 * most)
        bits++;
    *coder = (struct coder) { .snapshot = snapshot, .holding = count, .rows = 1, .shift = 64 - bits };
    coder->scores = sks_arena_array (scratch, most + (size_t) 1, sizeof *coder->scores);
    coder->keys = sks_arena_room (scratch, (size_t) 1 << bits, sizeof *coder->keys);
    coder->codes = sks_arena_array (scratch, (size_t) 1 << bits, sizeof *coder->codes);
    return coder->scores && coder->keys && coder->codes;
}

static float
score_of (const struct coder *coder, uint32_t count, uint32_t length)
{
    return sks_rank_occupation (&coder->snapshot->rank, coder->snapshot->store, count, length, coder->holding);
}

/* The code of a score, 0 if there are too many different ones. */
static uint16_t
code_of (struct coder *coder, uint32_t count, uint32_t length)
{
    uint64_t key = (uint64_t) count << 32 | length, mask = UINT64_MAX >> coder->shift;
    uint64_t at = key * UINT64_C (0x9E3779B97F4A7C15) >> coder->shift;
    while (coder->codes[at] && coder->keys[at] != key)
        at = (at + 1) & mask;
    if (!coder->codes[at] && coder->rows < CODES) {
        coder->scores[coder->rows] = score_of (coder, count, length);
        coder->keys[at] = key;
        coder->codes[at] = (uint16_t) coder->rows++;
    }
    return coder->codes[at];
}

/* Find the codes by index; false if there are too many different ones. */
static bool
find_codes (struct coder *coder, const sks_context_count *counts, uint16_t *codes)
{
    const sks_occupation *rows = coder->snapshot->store->occupation;
    for (uint32_t i = 0; i < coder->holding; i++)
        if (!(codes[i] = code_of (coder, counts[i].count, rows[counts[i].occupation].length)))
            return false;
    return true;
}

/* -------------------------------------------------------------------- scores */

/* Choose codes if they take less memory than the scores. */
static void
choose_form (sks_contexts *c, const sks_store *store, bool coded)
{
    uint8_t width = c->rows <= UINT8_MAX + 1 ? sizeof (uint8_t) : sizeof (uint16_t);
    c->width = SKS_CONTEXTS_PLAIN;
    c->all = is_dense (store, c->count);
    if (!c->all && coded && c->rows * sizeof *c->scores + c->count * (size_t) width < c->count * sizeof *c->scores)
        c->width = width;
}

/* Write the numbers of occupations and the starts of their slots. */
static void
write_occupations (const sks_contexts *c, const sks_store *store, const sks_context_count *counts)
{
    uint32_t *starts = (void *) (uintptr_t) c->starts, slot = 0, i = 0;
    uint16_t *occupations = (void *) (uintptr_t) c->occupations;
    for (; i < c->count; i++) {
        while (slot <= counts[i].occupation >> c->shift)
            starts[slot++] = i;
        occupations[i] = (uint16_t) counts[i].occupation;
    }
    while (slot < count_starts (c, store))
        starts[slot++] = i;
}

static void
write_scores (const sks_contexts *c, const struct coder *coder, const sks_context_count *counts, const uint16_t *codes)
{
    const sks_occupation *rows = coder->snapshot->store->occupation;
    float *scores = (void *) (uintptr_t) c->scores;
    uint8_t *bytes = (void *) (uintptr_t) c->codes;
    uint16_t *pairs = (void *) (uintptr_t) c->codes;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t occupation = counts[i].occupation;
        if (c->width == SKS_CONTEXTS_PLAIN)
            scores[c->all ? occupation : i] = score_of (coder, counts[i].count, rows[occupation].length);
        else if (c->width == sizeof *bytes)
            bytes[i] = (uint8_t) codes[i];
        else
            pairs[i] = codes[i];
    }
}

bool
sks_contexts_make (sks_contexts *out, void *start, const sks_snapshot *snapshot, const sks_context_count *counts,
                   uint32_t count, sks_arena *scratch)
{
    const sks_store *store = snapshot->store;
    struct coder coder;
    uint16_t *codes = sks_arena_room (scratch, count + (size_t) 1, sizeof *codes);
    if (!codes || !begin_codes (&coder, snapshot, count, scratch))
        return false;
    bool coded = find_codes (&coder, counts, codes);
    *out = (sks_contexts) { .count = count, .rows = coder.rows };
    choose_slots (out, store);
    choose_form (out, store, coded);
    memset (start, 0, sks_contexts_place (out, store, start));
    if (out->width != SKS_CONTEXTS_PLAIN)
        memcpy (start, coder.scores, coder.rows * sizeof *coder.scores);
    if (!out->all)
        write_occupations (out, store, counts);
    write_scores (out, &coder, counts, codes);
    return true;
}

/* ---------------------------------------------------------------------- sums */

/* Occupations whose numbers are read at once. */
#define FOUR 4

/* Add the scores of the indexes [i, end). Four numbers are read at once, as the number of loads bounds the speed. */
static inline __attribute__ ((always_inline)) void
add_run (const sks_contexts *c, unsigned width, uint32_t i, uint32_t end, float *to)
{
    for (; end - i >= FOUR; i += FOUR) {
        uint64_t four;
        memcpy (&four, c->occupations + i, sizeof four);
        for (unsigned k = 0; k < FOUR; k++, four >>= SKS_CONTEXTS_BITS)
            to[(uint16_t) four] += sks_contexts_score (c, width, i + k);
    }
    for (; i < end; i++)
        to[c->occupations[i]] += sks_contexts_score (c, width, i);
}

/* Add the scores of some occupations, in runs with equal upper bits. */
static inline __attribute__ ((always_inline)) void
add_some (const sks_contexts *c, unsigned width, uint32_t end, float *to)
{
    unsigned bits = SKS_CONTEXTS_BITS - c->shift;
    uint32_t last = (end >> c->shift) + 1;
    for (uint32_t run = 0; run <= end >> SKS_CONTEXTS_BITS; run++) {
        uint32_t first = run << bits, after = (run + 1) << bits;
        add_run (c, width, c->starts[first], c->starts[after < last ? after : last], to + (run << SKS_CONTEXTS_BITS));
    }
}

SKS_CLONES
void
sks_contexts_add (const sks_contexts *c, const sks_store *store, float *to)
{
    if (c->all)
        sks_lanes_add (to, c->scores, store->occupations);
    else if (c->width == sizeof (uint8_t))
        add_some (c, sizeof (uint8_t), store->occupations, to);
    else if (c->width == sizeof (uint16_t))
        add_some (c, sizeof (uint16_t), store->occupations, to);
    else
        add_some (c, SKS_CONTEXTS_PLAIN, store->occupations, to);
}
