/* compare.c - the four levels of one occupation, row by row. */
#include "operations.h"

#include "core/base/utf8.h"
#include "bag.h"
#include "hit.h"
#include "likeness.h"
#include "occupation.h"
#include "search.h"

#include <string.h>

/* The cost of looking a word up in two statements, in units of a budget. */
#define WORD_UNITS 32

/* A row under construction: at each level the statement, or NULL. */
struct row {
    const sks_profile *cells[SKS_LEVELS];
    double likeness[SKS_LEVELS];
    const sks_profile *last;
};

struct compare {
    sks_matching m;
    sks_arena *arena; /* of the answer */
    uint32_t occupation;
    struct row *rows;
    size_t count;
    sks_bag filter; /* words that a row must contain; none: all rows */
    bool partial;   /* for some statement, only some of its words were compared */
};

/* ---------------------------------------------------------------- alignment */

/* The last statement of each row, in one array. */
static sks_profile *
list_last (struct compare *c)
{
    sks_profile *list = sks_arena_array (c->m.arena, c->count + 1, sizeof *list);
    for (size_t i = 0; list && i < c->count; i++)
        list[i] = *c->rows[i].last;
    return list;
}

/* Add each statement of a level to the row that it continues, or to a new row. */
static int
add_level (struct compare *c, int level)
{
    sks_profile *profiles, *last = list_last (c);
    uint32_t count;
    sks_pair *pairs;
    size_t found;
    int code = last ? sks_profile_list (&profiles, &count, &c->m, sks_cell (c->occupation, level))
                    : sks_fail_memory (c->m.err);
    bool *taken = code ? NULL : sks_arena_array (c->m.arena, count + (size_t) 1, sizeof *taken);
    if (!code && !taken)
        code = sks_fail_memory (c->m.err);
    if (!code)
        code = sks_likeness_pair (&c->m, last, c->count, profiles, count, sks_likeness_least (&c->m)->levels, &pairs,
                                  &found);
    if (code)
        return code;
    for (uint32_t i = 0; i < count; i++)
        c->partial |= sks_profile_is_partial (&profiles[i]);
    for (size_t i = 0; i < found; i++) {
        struct row *row = &c->rows[pairs[i].left];
        row->last = row->cells[level] = &profiles[pairs[i].right];
        row->likeness[level] = pairs[i].likeness;
        taken[pairs[i].right] = true;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!taken[i]) {
            struct row *row = &c->rows[c->count++];
            row->last = row->cells[level] = &profiles[i];
        }
    return 0;
}

static int
align (struct compare *c)
{
    const uint32_t *cells = &c->m.store->cells[c->occupation * SKS_LEVELS];
    c->rows = sks_arena_array (c->m.arena, cells[SKS_LEVELS] - cells[0] + (size_t) 1, sizeof *c->rows);
    int code = c->rows ? 0 : sks_fail_memory (c->m.err);
    for (int level = 0; !code && level < SKS_LEVELS; level++)
        code = add_level (c, level);
    return code;
}

/* ------------------------------------------------------------------- filter */

static int
read_filter (struct compare *c, const char *duty)
{
    size_t size = strlen (duty), bad;
    if (size > SKS_MAX_QUERY_BYTES)
        return sks_fail (c->m.err, SKS_ELIMIT, "/duty: at most %d bytes", SKS_MAX_QUERY_BYTES);
    if (!sks_utf8_valid (duty, size, &bad))
        return sks_fail_at (c->m.err, SKS_EBADREQUEST, (long) bad, "/duty: not valid UTF-8");
    int code = sks_bag_of_text (&c->filter, &c->m, duty, 0, size, SKS_MAX_QUERY_WORDS);
    for (size_t i = 0; !code && i < c->filter.place_count; i++)
        if (c->filter.places[i].child == SKS_NONE)
            code = sks_fail (c->m.err, SKS_ELIMIT, "/duty: at most %d words", SKS_MAX_QUERY_WORDS);
    return code;
}

/* Whether a statement's duty, or its text if it is a plain one, has all words of the filter. */
static bool
statement_passes (struct compare *c, uint32_t statement)
{
    const sks_words *words = c->m.words;
    const sks_node *bag = c->filter.node;
    if (sks_budget_spend (c->m.budget, (bag->child_count + 1) * sks_store_tokens (c->m.store, statement)))
        return false;
    sks_words_read (c->m.words, c->m.store, statement);
    uint32_t end = words->duty ? words->duty : words->count;
    for (size_t i = 0; i < bag->child_count; i++) {
        uint32_t at = 0;
        while (at < end && !sks_words_match (words, c->m.store, at, end, bag->children[i]->matchers, 1))
            at++;
        if (at == end)
            return false;
    }
    return true;
}

static bool
row_passes (struct compare *c, const struct row *row)
{
    bool passes = !c->filter.node || !c->filter.node->child_count;
    for (int level = 0; !passes && level < SKS_LEVELS; level++)
        passes = row->cells[level] && statement_passes (c, row->cells[level]->statement);
    return passes;
}

/* -------------------------------------------------------------------- words */

/* The words of one statement, as written, whose stems another one does not have; each stem once, in the order of the
 * text. */
static int
list_words_without (struct compare *c, const sks_hit *hit, const sks_profile *own, const sks_profile *other,
                    const char *const **out, size_t *count)
{
    const sks_words *words = c->m.words;
    const char **list = sks_arena_array (c->arena, own->count + (size_t) 1, sizeof *list);
    bool *seen = sks_arena_array (c->m.arena, own->count + (size_t) 1, sizeof *seen);
    if (!list || !seen)
        return sks_fail_memory (c->m.err);
    if (sks_budget_spend (c->m.budget, WORD_UNITS * (uint64_t) own->count))
        return sks_budget_status (c->m.budget, c->m.err);
    sks_words_read (c->m.words, c->m.store, own->statement);
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t stem = c->m.store->form[words->form[i]].stem;
        uint32_t at = stem == SKS_NONE ? SKS_NONE : sks_profile_find (own, stem);
        if (at == SKS_NONE || seen[at] || sks_profile_find (other, stem) != SKS_NONE)
            continue;
        seen[at] = true;
        size_t size = (size_t) (words->end[i] - words->start[i]);
        char *word = sks_arena_copy (c->arena, hit->text + words->start[i], size);
        if (!word)
            return sks_fail_memory (c->m.err);
        list[(*count)++] = word;
    }
    *out = list;
    return 0;
}

/* ------------------------------------------------------------------- answer */

static int
fill_cell (struct compare *c, const sks_profile *profile, const sks_profile *before, const sks_hit *hit_before,
           sks_compare_cell *out)
{
    sks_common *reasons;
    sks_hit *hit = sks_arena_alloc (c->arena, sizeof *hit);
    int code = hit ? 0 : sks_fail_memory (c->m.err);
    if (!code)
        code = sks_hit_fill (hit, &c->m, NULL, NULL, NULL, (sks_scored) { .statement = profile->statement }, c->arena);
    out->hit = hit;
    if (!code && before)
        code = list_words_without (c, hit, profile, before, &out->gained, &out->gained_count);
    if (!code && before)
        code = list_words_without (c, hit_before, before, profile, &out->lost, &out->lost_count);
    if (!code && before)
        code = sks_likeness_explain (&c->m, before, profile, &reasons, &out->share_count);
    if (!code && before)
        code = sks_likeness_shares (&c->m, reasons, out->share_count, c->arena, &out->shares);
    return code;
}

static int
fill_row (struct compare *c, const struct row *row, sks_compare_row *out)
{
    const sks_profile *before = NULL;
    const sks_hit *hit_before = NULL;
    for (int level = 0; level < SKS_LEVELS; level++) {
        if (!row->cells[level])
            continue;
        int code = fill_cell (c, row->cells[level], before, hit_before, &out->cells[level]);
        if (code)
            return code;
        out->cells[level].likeness = row->likeness[level];
        out->cells[level].loose = before && row->likeness[level] < sks_likeness_least (&c->m)->close;
        if (!before)
            out->duty = out->cells[level].hit->duty;
        before = row->cells[level];
        hit_before = out->cells[level].hit;
    }
    return 0;
}

int
sks_searcher_compare (sks_searcher *searcher, const char *soc, const char *duty, const sks_query *options,
                      sks_arena *arena, sks_comparison *out, sks_error *err)
{
    struct compare c = { .m = sks_searcher_matching (searcher, err), .arena = arena };
    const sks_store *store = c.m.store;
    *out = (sks_comparison) { .compared_by = sks_matching_compares_by (&c.m, options) };
    int code = sks_occupation_find (store, soc, &c.occupation, err);
    if (!code && duty)
        code = read_filter (&c, duty);
    if (!code)
        code = align (&c);
    sks_compare_row *rows = code ? NULL : sks_arena_array (arena, c.count + 1, sizeof *rows);
    if (!code && !rows)
        code = sks_fail_memory (err);
    for (size_t i = 0; !code && i < c.count; i++)
        if (row_passes (&c, &c.rows[i]))
            code = fill_row (&c, &c.rows[i], &rows[out->row_count++]);
    if (!code)
        code = sks_budget_status (c.m.budget, err);
    if (code) {
        *out = (sks_comparison) { 0 };
        return code;
    }
    out->soc = sks_store_string (store, store->occupation[c.occupation].soc);
    out->occupation = sks_store_string (store, store->occupation[c.occupation].title);
    out->rows = rows;
    out->partial = c.partial;
    return 0;
}
