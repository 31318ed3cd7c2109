/* meaning.c - iterates twice over the lists of a word and of its near words: to find the best value for each
 * statement, and to add it to the sum over the previous words. */
#include "meaning.h"

#include "postings.h"

/* The cost of a posting and of a token that is read, in units of a budget. */
#define POSTING_UNITS 1
#define TOKEN_UNITS 2

/* The statements of a term: those of postings, or a list. */
struct list {
    const sks_postings *postings;
    const uint32_t *statements;
    uint32_t count;
};

/* The statement of an item, whose index is not below that of the call before. */
static inline uint32_t
statement_of (const struct list *list, const sks_store *store, sks_postings_run *run, uint32_t i)
{
    return list->statements ? list->statements[i] : sks_postings_statement (list->postings, store, run, i);
}

struct sums {
    sks_matching *m;
    const sks_nearness *n;
    float *sums, *brought; /* by statement: sums over the previous words */
    float *own, *near;     /* by statement: values of the current word; 0 between words */
    double total;
};

/* Whether a statement contains the words of a term next to each other. */
static bool
holds_side_by_side (const struct sums *s, const struct sks_near_term *term, uint32_t statement)
{
    const sks_store *store = s->m->store;
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    uint32_t stems[SKS_RANK_LENGTHS], count = 0;
    while (at < end && count < SKS_RANK_LENGTHS) {
        stems[count] = s->n->snapshot->stem_of_entry[sks_token_next (&at)];
        if (stems[count] == SKS_NONE)
            continue;
        if (stems[count] == term->stems[term->count - 1] && sks_near_ends_at (term, stems, count))
            return true;
        count++;
    }
    return false;
}

/* The statements of a term. If it has several words, those of the rarest word where all are next to each other. */
static int
list_term (const struct sums *s, const struct sks_near_term *term, struct list *out)
{
    sks_matching *m = s->m;
    const sks_postings *postings;
    uint32_t rarest = term->stems[0];
    for (uint32_t i = 1; i < term->count; i++)
        if (m->store->stem[term->stems[i]].statements < m->store->stem[rarest].statements)
            rarest = term->stems[i];
    int code = sks_cache_postings (m->cache, m->lists, rarest, m->arena, &postings, m->err);
    if (code)
        return code;
    *out = (struct list) { postings, NULL, postings->count };
    if (term->count == 1)
        return 0;
    uint32_t *list = sks_arena_room (m->arena, postings->count + (size_t) 1, sizeof *list), kept = 0;
    if (!list)
        return sks_fail_memory (m->err);
    sks_postings_run run = { 0 };
    for (uint32_t i = 0; i < postings->count; i++) {
        uint32_t statement = sks_postings_statement (postings, m->store, &run, i);
        if (sks_budget_spend (m->budget, TOKEN_UNITS * sks_store_tokens (m->store, statement)))
            return sks_budget_status (m->budget, m->err);
        if (holds_side_by_side (s, term, statement))
            list[kept++] = statement;
    }
    *out = (struct list) { NULL, list, kept };
    return 0;
}

/* Record the value of a term in each of its statements. */
static void
note_term (struct sums *s, const struct sks_near_term *term, const struct list *list)
{
    float limit = s->n->groups[term->group].idf;
    float idf = term->idf < limit ? term->idf : limit;
    sks_postings_run run = { 0 };
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t statement = statement_of (list, s->m->store, &run, i);
        if (term->kind == SKS_KIND_OWN)
            s->own[statement] += term->idf;
        else if (s->near[statement] < term->row->weight * idf)
            s->near[statement] = term->row->weight * idf;
    }
}

static void
add_list (struct sums *s, const struct list *list)
{
    sks_postings_run run = { 0 };
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t at = statement_of (list, s->m->store, &run, i);
        if (s->near[at] > s->own[at]) {
            s->brought[at] += s->near[at] - s->own[at];
            s->sums[at] += s->near[at];
        } else
            s->sums[at] += s->own[at];
        s->near[at] = s->own[at] = 0;
    }
}

/* Add the values of a group, whose terms are [first, end). */
static int
add_group (struct sums *s, uint32_t group, size_t first, size_t end)
{
    struct list *lists = sks_arena_array (s->m->arena, end - first + 1, sizeof *lists);
    float own = 0;
    int code = lists ? 0 : sks_fail_memory (s->m->err);
    for (size_t i = first; !code && i < end; i++) {
        const struct sks_near_term *term = &s->n->terms[i];
        code = list_term (s, term, &lists[i - first]);
        if (!code && sks_budget_spend (s->m->budget, 2 * POSTING_UNITS * lists[i - first].count))
            code = sks_budget_status (s->m->budget, s->m->err);
        if (!code)
            note_term (s, term, &lists[i - first]);
        own += term->kind == SKS_KIND_OWN ? term->idf : 0;
    }
    for (size_t i = first; !code && i < end; i++)
        add_list (s, &lists[i - first]);
    s->total += end == first ? 0 : own > 0 ? own : s->n->groups[group].idf;
    return code;
}

static int
make_sums (struct sums *s, const sks_nearness *n, sks_matching *m)
{
    size_t count = m->store->statements + (size_t) 1;
    *s = (struct sums) { .m = m, .n = n };
    s->sums = sks_arena_array (m->arena, count, sizeof *s->sums);
    s->brought = sks_arena_array (m->arena, count, sizeof *s->brought);
    s->own = sks_arena_array (m->arena, count, sizeof *s->own);
    s->near = sks_arena_array (m->arena, count, sizeof *s->near);
    if (!s->sums || !s->brought || !s->own || !s->near)
        return sks_fail_memory (m->err);
    return sks_budget_check (m->budget, m->store->statements / 2, m->err);
}

int
sks_meaning_find (sks_meaning *out, const sks_nearness *n, sks_matching *m)
{
    struct sums s;
    uint64_t *bits = sks_set_bits (m->arena, m->store->statements);
    int code = bits ? make_sums (&s, n, m) : sks_fail_memory (m->err);
    size_t end = 0;
    for (uint32_t group = 0; !code && group < n->group_count; group++) {
        size_t first = end;
        while (end < n->count && n->terms[end].group == group)
            end++;
        code = add_group (&s, group, first, end);
    }
    if (code)
        return code;
    float share = (float) (s.total * (double) SKS_RANK_MEANING_SHARE);
    for (uint32_t i = 0; s.total > 0 && i < m->store->statements; i++)
        bits[i >> 6] |= (uint64_t) (s.sums[i] >= share) << (i & 63);
    *out = (sks_meaning) { sks_set_of_bits (m->store->statements, bits), s.brought };
    return 0;
}

/* The children of a bag from *at on that belong to one entry, or one child; moves *at past them. */
static int
match_entry (const sks_nearness *n, sks_matching *m, const sks_node *plain, size_t *at, sks_set *out)
{
    sks_set parts[SKS_MAX_NEAR_PARTS];
    size_t count = 0, end;
    if (!sks_near_terms_joined (n, plain->children[*at]->at, &end))
        end = 0;
    do
        parts[count++] = *plain->children[(*at)++]->set;
    while (count < SKS_MAX_NEAR_PARTS && *at < plain->child_count && plain->children[*at]->at < end);
    return sks_set_and (out, m->arena, parts, count) ? 0 : sks_fail_memory (m->err);
}

int
sks_meaning_count (const sks_nearness *n, sks_matching *m, const sks_node *plain, const sks_set *set, uint32_t *out)
{
    sks_set *sets = sks_arena_array (m->arena, plain->child_count, sizeof *sets), both[2] = { *set };
    size_t count = 0, joined = 0, end;
    *out = set->count;
    for (size_t i = 0; i < plain->child_count; i++)
        joined += sks_near_terms_joined (n, plain->children[i]->at, &end);
    if (!joined)
        return 0;
    if (!sets)
        return sks_fail_memory (m->err);
    int code = sks_budget_check (m->budget, (plain->child_count + 2) * SKS_SET_UNITS (m->store->statements), m->err);
    for (size_t i = 0; !code && i < plain->child_count; count++)
        code = match_entry (n, m, plain, &i, &sets[count]);
    if (code)
        return code;
    if (!sks_set_or (&both[1], m->arena, sets, count) || !sks_set_and (&both[1], m->arena, both, 2))
        return sks_fail_memory (m->err);
    *out = both[1].count;
    return 0;
}
