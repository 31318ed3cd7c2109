/* diff.c - one pass over the occupations of both stores, in the order of SOC codes.
 *
 * Words are compared by the later store's form numbers; a form that it lacks gets a number above them. */
#include "diff.h"

#include "core/base/bisect.h"
#include "core/base/hash.h"
#include "array.h"
#include "overlap.h"
#include "partners.h"
#include "property.h"

#include <stdlib.h>
#include <string.h>

/* A statement without a partner so far. */
struct loose {
    uint64_t hash; /* of its text; it differs in each run, so no visible order may depend on it */
    uint32_t statement;
    int level;
    bool paired;
    size_t text, size;   /* in texts */
    size_t first, words; /* in pool; set when its likeness is needed */
};

struct side {
    const sks_store *store;
    struct loose *loose;
    size_t count, capacity;
    uint32_t *numbers; /* form -> number; NULL: the form itself */
    sks_buffer texts;
    sks_buffer pool;    /* words of all loose statements: uint32_t */
    sks_word_set *sets; /* of all loose statements, in pool */
};

struct comparing {
    sks_diff *diff;
    struct side before, after;
    size_t capacity;
    sks_error *err;
};

const char *
sks_diff_change_name (int kind)
{
    static const char *const change_names[SKS_CHANGES] = { "added", "removed", "reworded", "moved", "edited" };
    return change_names[kind];
}

/* ------------------------------------------------------------------ changes */

static int
add_change (struct comparing *c, int kind, uint32_t before, uint32_t after, unsigned likeness)
{
    sks_diff *diff = c->diff;
    if (!sks_array_reserve (&diff->changes, &c->capacity, diff->count + 1, sizeof *diff->changes))
        return sks_fail_memory (c->err);
    diff->changes[diff->count++] =
        (sks_change) { .kind = kind, .before = before, .after = after, .likeness = likeness };
    diff->counts[kind]++;
    return 0;
}

static int
by_kind (const void *left, const void *right)
{
    const sks_change *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind - b->kind;
    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    if (a->before != b->before)
        return a->before < b->before ? -1 : 1;
    if (a->after != b->after)
        return a->after < b->after ? -1 : 1;
    return a->property - b->property;
}

/* ------------------------------------------------------- loose statements */

/* By text, then by level: equal texts are adjacent. */
static int
by_text (const void *left, const void *right)
{
    const struct loose *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->level - b->level;
}

/* All statements of an occupation, sorted by text; none for SKS_NONE. */
static int
load (struct side *side, uint32_t occupation, sks_error *err)
{
    const sks_store *store = side->store;
    side->count = 0;
    sks_buffer_clear (&side->texts);
    sks_buffer_clear (&side->pool);
    if (occupation == SKS_NONE)
        return 0;
    uint32_t cell = occupation * SKS_LEVELS, s = store->cells[cell], end = store->cells[cell + SKS_LEVELS];
    if (!sks_array_reserve (&side->loose, &side->capacity, (size_t) (end - s) + 1, sizeof *side->loose))
        return sks_fail_memory (err);
    for (; s < end; s++) {
        while (store->cells[cell + 1] <= s)
            cell++;
        size_t at = side->texts.size;
        sks_store_text (store, s, &side->texts);
        if (side->texts.failed)
            return sks_buffer_status (&side->texts, err);
        size_t size = side->texts.size - at;
        side->loose[side->count++] = (struct loose) {
            .hash = sks_hash_key (side->texts.bytes + at, size),
            .statement = s,
            .level = sks_cell_level (cell),
            .text = at,
            .size = size,
        };
    }
    qsort (side->loose, side->count, sizeof *side->loose, by_text);
    return 0;
}

static bool
same_text (const struct comparing *c, const struct loose *a, const struct loose *b)
{
    return a->hash == b->hash && a->size == b->size &&
           memcmp (c->before.texts.bytes + a->text, c->after.texts.bytes + b->text, a->size) == 0;
}

/* The first statement of the later side that may have the text with this hash. */
static size_t
first_of_hash (const struct side *side, uint64_t hash)
{
    size_t low = 0, high = side->count;
    SKS_BISECT (low, high, at, side->loose[at].hash < hash)
    return low;
}

/* Pair statements with equal texts: first within a level, then across levels. */
static int
pair_texts (struct comparing *c, bool any_level)
{
    int code = 0;
    for (size_t i = 0; !code && i < c->before.count; i++) {
        struct loose *a = &c->before.loose[i];
        for (size_t k = first_of_hash (&c->after, a->hash); !a->paired && k < c->after.count; k++) {
            struct loose *b = &c->after.loose[k];
            if (b->hash != a->hash)
                break;
            if (b->paired || !same_text (c, a, b) || (!any_level && a->level != b->level))
                continue;
            a->paired = b->paired = true;
            if (any_level)
                code = add_change (c, SKS_CHANGE_MOVED, a->statement, b->statement, 100);
        }
    }
    return code;
}

/* ---------------------------------------------------------------- rewording */

/* Put the words of a loose statement into the pool. */
static int
list_words (struct side *side, struct loose *loose, sks_error *err)
{
    const sks_store *store = side->store;
    const uint8_t *at = store->tokens + store->offsets[loose->statement];
    const uint8_t *end = store->tokens + store->offsets[loose->statement + 1];
    char *space = sks_buffer_reserve (&side->pool, (size_t) (end - at) * sizeof (uint32_t));
    if (!space)
        return sks_buffer_status (&side->pool, err);
    uint32_t *words = (uint32_t *) (void *) space;
    size_t count = 0;
    while (at < end) {
        uint32_t form = store->entry[sks_token_next (&at)].form;
        if (form != SKS_NONE)
            words[count++] = side->numbers ? side->numbers[form] : form;
    }
    loose->first = side->pool.size / sizeof *words;
    loose->words = sks_overlap_prepare (words, count);
    side->pool.size += loose->words * sizeof *words;
    return 0;
}

static int
by_level (const void *left, const void *right)
{
    const struct loose *a = left, *b = right;
    if (a->level != b->level)
        return a->level - b->level;
    return (a->statement > b->statement) - (a->statement < b->statement);
}

/* Drop what is paired, order the rest by level, then statement, and list its
 * words. */
static int
keep_loose (struct side *side, sks_error *err)
{
    size_t kept = 0;
    int code = 0;
    for (size_t i = 0; i < side->count; i++)
        if (!side->loose[i].paired)
            side->loose[kept++] = side->loose[i];
    side->count = kept;
    if (kept)
        qsort (side->loose, kept, sizeof *side->loose, by_level);
    for (size_t i = 0; !code && i < kept; i++)
        code = list_words (side, &side->loose[i], err);
    if (code)
        return code;
    free (side->sets);
    side->sets = malloc ((kept + 1) * sizeof *side->sets);
    if (!side->sets)
        return sks_fail_memory (err);
    const uint32_t *words = (const uint32_t *) (const void *) side->pool.bytes;
    for (size_t i = 0; i < kept; i++)
        side->sets[i] = (sks_word_set) { words + side->loose[i].first, side->loose[i].words };
    return 0;
}

/* The end of the loose statements of one level, which begin at `first`. */
static size_t
end_of_level (const struct side *side, size_t first, int level)
{
    while (first < side->count && side->loose[first].level == level)
        first++;
    return first;
}

/* Pair statements of one level: [b, b_end) of the earlier side, [a, a_end) of the
 * later one. The most similar pairs come first. */
static int
pair_level (struct comparing *c, size_t b, size_t b_end, size_t a, size_t a_end)
{
    sks_partner_pair *pairs;
    size_t count;
    int code = sks_partners_find (&pairs, &count, c->before.sets + b, b_end - b, c->after.sets + a, a_end - a,
                                  SKS_OVERLAP_REWORDED, &c->diff->comparisons, c->err);
    for (size_t p = 0; !code && p < count; p++) {
        struct loose *old = &c->before.loose[b + pairs[p].left], *new = &c->after.loose[a + pairs[p].right];
        if (old->paired || new->paired)
            continue;
        old->paired = new->paired = true;
        code = add_change (c, SKS_CHANGE_REWORDED, old->statement, new->statement, pairs[p].likeness);
    }
    free (pairs);
    return code;
}

static int
pair_alike (struct comparing *c)
{
    int code = keep_loose (&c->before, c->err);
    if (!code)
        code = keep_loose (&c->after, c->err);
    size_t b = 0, a = 0;
    for (int level = 0; !code && level < SKS_LEVELS; level++) {
        size_t b_end = end_of_level (&c->before, b, level), a_end = end_of_level (&c->after, a, level);
        if (b < b_end && a < a_end)
            code = pair_level (c, b, b_end, a, a_end);
        b = b_end;
        a = a_end;
    }
    return code;
}

/* --------------------------------------------------------------- properties */

/* Report the properties of an occupation that have changed. */
static int
compare_properties (struct comparing *c, uint32_t before, uint32_t after)
{
    int code = 0;
    for (int property = 0; !code && property < SKS_PROPERTIES; property++) {
        sks_buffer *old = &c->before.texts, *new = &c->after.texts;
        sks_buffer_clear (old);
        sks_buffer_clear (new);
        /* No text contains a line end. */
        sks_property_put (c->before.store, before, property, "\n", old);
        sks_property_put (c->after.store, after, property, "\n", new);
        code = sks_buffer_status (old, c->err);
        if (!code)
            code = sks_buffer_status (new, c->err);
        if (code || (old->size == new->size && (!old->size || memcmp (old->bytes, new->bytes, old->size) == 0)))
            continue;
        code = add_change (c, SKS_CHANGE_EDITED, before, after, 0);
        if (!code)
            c->diff->changes[c->diff->count - 1].property = property;
    }
    return code;
}

/* -------------------------------------------------------------- occupations */

static int
compare_occupations (struct comparing *c, uint32_t before, uint32_t after)
{
    /* Exports with equal bytes have equal statements. */
    if (before != SKS_NONE && after != SKS_NONE &&
        c->before.store->occupation[before].content == c->after.store->occupation[after].content)
        return 0;
    size_t first = c->diff->count;
    int code = load (&c->before, before, c->err);
    if (!code)
        code = load (&c->after, after, c->err);
    if (!code)
        code = pair_texts (c, false);
    if (!code)
        code = pair_texts (c, true);
    if (!code)
        code = pair_alike (c);
    for (size_t i = 0; !code && i < c->before.count; i++)
        if (!c->before.loose[i].paired)
            code = add_change (c, SKS_CHANGE_REMOVED, c->before.loose[i].statement, SKS_NONE, 0);
    for (size_t i = 0; !code && i < c->after.count; i++)
        if (!c->after.loose[i].paired)
            code = add_change (c, SKS_CHANGE_ADDED, SKS_NONE, c->after.loose[i].statement, 0);
    if (!code && before != SKS_NONE && after != SKS_NONE)
        code = compare_properties (c, before, after);
    if (!code && c->diff->count > first)
        qsort (c->diff->changes + first, c->diff->count - first, sizeof *c->diff->changes, by_kind);
    return code;
}

static const char *
soc_at (const sks_store *store, uint32_t occupation)
{
    return occupation < store->occupations ? sks_store_string (store, store->occupation[occupation].soc) : NULL;
}

static int
compare_stores (struct comparing *c)
{
    uint32_t b = 0, a = 0;
    int code = 0;
    while (!code) {
        const char *before = soc_at (c->before.store, b), *after = soc_at (c->after.store, a);
        if (!before && !after)
            break;
        int order = !before ? 1 : !after ? -1 : strcmp (before, after);
        code = compare_occupations (c, order <= 0 ? b : SKS_NONE, order >= 0 ? a : SKS_NONE);
        b += order <= 0;
        a += order >= 0;
    }
    return code;
}

/* The later store's number of each form of the earlier one. */
static int
number_forms (struct comparing *c)
{
    const sks_store *before = c->before.store, *after = c->after.store;
    c->before.numbers = calloc (before->forms + (size_t) 1, sizeof (uint32_t));
    if (!c->before.numbers)
        return sks_fail_memory (c->err);
    for (uint32_t f = 0; f < before->forms; f++) {
        uint32_t form = sks_store_form (after, before->strings + before->form[f].text, before->form[f].size);
        c->before.numbers[f] = form != SKS_NONE ? form : after->forms + f;
    }
    return 0;
}

static void
free_side (struct side *side)
{
    free (side->loose);
    free (side->numbers);
    free (side->sets);
    sks_buffer_free (&side->texts);
    sks_buffer_free (&side->pool);
}

int
sks_diff_make (sks_diff **out, const sks_store *before, const sks_store *after, sks_error *err)
{
    sks_diff *diff = calloc (1, sizeof *diff);
    *out = NULL;
    if (!diff)
        return sks_fail_memory (err);
    diff->before = before;
    diff->after = after;
    struct comparing c = {
        .diff = diff,
        .err = err,
        .before = { .store = before, .texts = SKS_BUFFER_INIT (UINT32_MAX), .pool = SKS_BUFFER_INIT (UINT32_MAX) },
        .after = { .store = after, .texts = SKS_BUFFER_INIT (UINT32_MAX), .pool = SKS_BUFFER_INIT (UINT32_MAX) },
    };
    int code = number_forms (&c);
    if (!code)
        code = compare_stores (&c);
    free_side (&c.before);
    free_side (&c.after);
    if (code)
        sks_diff_destroy (&diff);
    *out = diff;
    return code;
}

void
sks_diff_destroy (sks_diff **diff_p)
{
    if (!*diff_p)
        return;
    free ((*diff_p)->changes);
    free (*diff_p);
    *diff_p = NULL;
}
