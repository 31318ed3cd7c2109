/* nearness.c - what near words add to the score of a statement, and which of them did. */
#include "nearness.h"

#include <string.h>

/* ----------------------------------------------------------------- scoring */

/* Record the terms that a statement with these stems contains, and their position weights. */
static void
find_terms (sks_nearness *n, const uint32_t *stems, uint32_t count)
{
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = n->first[stems[k]]; i; i = n->terms[i - 1].next) {
            const struct sks_near_term *term = &n->terms[i - 1];
            if (term->count > 1 && !sks_near_ends_at (term, stems, k))
                continue;
            if (n->tf[i - 1] == 0)
                n->found[n->found_count++] = i - 1;
            n->tf[i - 1] += n->rank->position[k + 1 - term->count];
        }
}

/* The best term of each kind in a group, and its worth. */
struct best {
    float worth[SKS_KIND_OTHER + 1];
    uint32_t term[SKS_KIND_OTHER + 1];
};

static inline float
least (float a, float b)
{
    return a < b ? a : b;
}

static inline float
most (float a, float b)
{
    return a > b ? a : b;
}

_Static_assert(SKS_MAX_QUERY_WORDS <= 64, "groups are bits of a number");

/* Compute the worth of the recorded terms by group, and clear them.
 *   *related  the groups of which the statement contains near words
 *   best      by group; set for these */
static void
value_terms (sks_nearness *n, uint32_t statement, struct best *best, uint64_t *related)
{
    float length = (float) n->store->lengths[statement];
    float norm = SKS_RANK_K1 * (1 - SKS_RANK_B + SKS_RANK_B * length / n->rank->length);
    uint64_t held = 0;
    *related = 0;
    for (size_t i = 0; i < n->found_count; i++) {
        const struct sks_near_term *term = &n->terms[n->found[i]];
        *related |= (uint64_t) (term->kind != SKS_KIND_OWN) << term->group;
    }
    for (size_t i = 0; i < n->found_count; i++) {
        uint32_t at = n->found[i];
        const struct sks_near_term *term = &n->terms[at];
        uint64_t bit = UINT64_C (1) << term->group;
        float tf = n->tf[at];
        n->tf[at] = 0;
        if (!(*related & bit))
            continue;
        if (!(held & bit))
            best[term->group] = (struct best) { 0 };
        held |= bit;
        float worth = term->worth * (SKS_RANK_K1 + 1) * tf / (tf + norm);
        if (worth > best[term->group].worth[term->kind]) {
            best[term->group].worth[term->kind] = worth;
            best[term->group].term[term->kind] = at;
        }
    }
    n->found_count = 0;
}

/* The gain of a group by near words in a statement: from learned ones, from others (which lam weighs), and the limit
 * for both, which is the worth of the word itself in their place. */
struct gain {
    uint32_t group;
    float learned, other, limit;
};

/* Find the gain of a group; false if there is none. */
static bool
find_gain (const sks_nearness *n, uint32_t group, const struct best *best, struct gain *gain)
{
    float own = best->worth[SKS_KIND_OWN], whole = 0;
    for (int kind = SKS_KIND_LEARNED; kind <= SKS_KIND_OTHER; kind++)
        if (best->worth[kind] > own) {
            const struct sks_near_term *term = &n->terms[best->term[kind]];
            float word = n->groups[group].q * n->groups[group].idf;
            whole = most (whole, best->worth[kind] / term->worth * most (word, term->worth));
        }
    *gain = (struct gain) { group, most (0, best->worth[SKS_KIND_LEARNED] - own),
                            most (0, best->worth[SKS_KIND_OTHER] - own), whole - own };
    return whole > 0;
}

/* Apply lam and the limit to a gain. */
static struct gain
weigh_gain (struct gain gain, float lam)
{
    gain.other = least (lam * gain.other, gain.limit);
    gain.learned = least (gain.learned, gain.limit - gain.other);
    return gain;
}

/* Find the gains of the groups in a statement with these stems, in their order; lam must be set. Returns their number.
 *   best   by group; set for these
 *   gains  has space for all groups */
static size_t
find_gains (sks_nearness *n, uint32_t statement, const uint32_t *stems, uint32_t stem_count, struct best *best,
            struct gain *gains)
{
    uint64_t related;
    size_t count = 0;
    find_terms (n, stems, stem_count);
    value_terms (n, statement, best, &related);
    for (; related; related &= related - 1) {
        uint32_t group = (uint32_t) __builtin_ctzll (related);
        if (find_gain (n, group, &best[group], &gains[count])) {
            gains[count] = weigh_gain (gains[count], n->lam);
            count++;
        }
    }
    return count;
}

/* The gain of a statement by word vectors; lam must be set. */
static float
meaning_gain (const sks_nearness *n, uint32_t statement)
{
    double cosine = n->means ? sks_semantics_cosine (n->semantics, &n->meaning, statement) : 0;
    return n->lam * (n->sense ? SKS_RANK_COSINE_BESIDE : SKS_RANK_COSINE) * most (0, (float) cosine);
}

/* The gain of a statement by the sentence encoder's vectors. */
static float
sentence_gain (const sks_nearness *n, uint32_t statement)
{
    double cosine = n->sense ? sks_sense_cosine (n->sense, &n->read, statement) : 0;
    return n->lam * SKS_RANK_SENTENCE * most (0, (float) cosine);
}

/* The terms that a statement with these stems may contain. Of several adjacent near words only the last is checked. */
static inline struct sks_near_bits
find_bits (const sks_nearness *n, const uint32_t *stems, uint32_t count)
{
    struct sks_near_bits bits = { 0, 0 };
    for (uint32_t i = 0; i < count; i++) {
        const struct sks_near_bits *of_stem = &n->bits[n->first[stems[i]]];
        bits.groups |= of_stem->groups;
        bits.own |= of_stem->own;
    }
    return bits;
}

/* The idf of some of the query's words. Summed in their order, so it does not depend on the order in a statement. */
static float
sum_idf (const sks_nearness *n, uint64_t own)
{
    float sum = 0;
    for (; own; own &= own - 1)
        sum += n->own_idf[__builtin_ctzll (own)];
    return sum;
}

/* Find lam, and note which statements may hold near words. */
static void
cover (sks_nearness *n, const sks_stems *stems, const sks_scored *best, size_t count, bool *related)
{
    float covered = 0;
    uint64_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t stem_count;
        const uint32_t *held = sks_stems_of (stems, best[i].place, &stem_count);
        struct sks_near_bits bits = find_bits (n, held, stem_count);
        related[i] = bits.groups;
        if (!(bits.own & ~widest))
            continue;
        float sum = sum_idf (n, bits.own);
        if (sum > covered) {
            covered = sum;
            widest = bits.own;
        }
    }
    float missing = 1 - (n->weight > 0 ? covered / n->weight * n->known : 0);
    n->lam = least (SKS_RANK_NEAR_MOST, SKS_RANK_NEAR_LEAST + SKS_RANK_NEAR_SLOPE * missing * missing);
}

int
sks_nearness_apply (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, sks_scored *best, size_t count,
                    size_t wanted)
{
    sks_nearness *n = scorer->nearness;
    bool related[SKS_RANK_NEAR_DEPTH];
    struct best of_group[SKS_MAX_QUERY_WORDS] = { 0 };
    struct gain gains[SKS_MAX_QUERY_WORDS];
    for (size_t i = 0; i < count; i++) {
        if (n->means)
            sks_semantics_prefetch (n->semantics, best[i].statement);
        if (n->sense)
            sks_sense_prefetch (n->sense, best[i].statement);
    }
    n->stems = *stems;
    cover (n, stems, best, count, related);
    for (size_t i = 0; i < count; i++) {
        uint32_t stem_count;
        const uint32_t *held = sks_stems_of (stems, best[i].place, &stem_count);
        float gain = meaning_gain (n, best[i].statement) + sentence_gain (n, best[i].statement);
        size_t gained = related[i] ? find_gains (n, best[i].statement, held, stem_count, of_group, gains) : 0;
        for (size_t k = 0; k < gained; k++)
            gain += gains[k].learned + gains[k].other;
        if (scorer->brought_count)
            gain -= sks_scorer_brought (scorer, best[i].statement);
        best[i].score += gain > 0 ? gain : 0;
        best[i].near = true;
    }
    sks_scored_select (best, count, wanted);
    sks_scored_sort (best, wanted < count ? wanted : count);
    return sks_budget_check (m->budget, count * 32, m->err);
}

/* ----------------------------------------------------------------- explain */

/* Add a share for a near word. Its texts are copied, because a share lives longer than the generation. */
static int
note_share (sks_nearness *n, uint32_t at, double score, sks_arena *arena, sks_share *shares, size_t *count,
            sks_error *err)
{
    struct sks_near_term *term = &n->terms[at];
    term->used = true;
    if (!shares)
        return 0;
    const char *text = n->groups[term->group].text;
    sks_share *share = &shares[(*count)++];
    *share = (sks_share) { "near", sks_arena_copy (arena, text, strlen (text)), score,
                           sks_arena_copy (arena, term->row->near_text, term->row->near_size) };
    return share->term && share->word ? 0 : sks_fail_memory (err);
}

/* Add the share of the vectors, with the pair of words that contributes most. */
static int
note_meaning (const sks_nearness *n, uint32_t statement, double score, sks_arena *arena, sks_share *shares,
              size_t *count, sks_error *err)
{
    const sks_store *store = n->store;
    uint32_t form;
    size_t word;
    if (!shares || score <= 0)
        return 0;
    sks_share *share = &shares[(*count)++];
    *share = (sks_share) { "meaning", "", score, NULL };
    if (!sks_semantics_pair (n->semantics, n->meant, n->meant_count, statement, &word, &form))
        return 0;
    share->term = sks_arena_copy (arena, n->meant[word].form, n->meant[word].size);
    share->word = sks_arena_copy (arena, store->strings + store->form[form].text, store->form[form].size);
    return share->term && share->word ? 0 : sks_fail_memory (err);
}

int
sks_nearness_explain (const sks_scorer *scorer, sks_scored scored, sks_arena *arena, sks_share *shares, size_t *count,
                      double *score, sks_error *err)
{
    sks_nearness *n = scorer->nearness;
    struct best of_group[SKS_MAX_QUERY_WORDS] = { 0 };
    struct gain gains[SKS_MAX_QUERY_WORDS];
    double brought = (double) sks_scorer_brought (scorer, scored.statement), sum = 0;
    size_t gain_count = 0;
    int code = 0;
    if (scored.near) {
        uint32_t stem_count;
        const uint32_t *stems = sks_stems_of (&n->stems, scored.place, &stem_count);
        gain_count = find_gains (n, scored.statement, stems, stem_count, of_group, gains);
        sum = (double) meaning_gain (n, scored.statement);
        code = note_meaning (n, scored.statement, sum, arena, shares, count, err);
        double sentence = (double) sentence_gain (n, scored.statement);
        if (shares && sentence > 0)
            shares[(*count)++] = (sks_share) { "sentence", "", sentence, NULL };
        sum += sentence;
    }
    for (size_t i = 0; i < gain_count; i++) {
        const struct gain gain = gains[i];
        const uint32_t *terms = of_group[gain.group].term;
        sum += (double) (gain.learned + gain.other);
        if (!code && gain.learned > 0)
            code = note_share (n, terms[SKS_KIND_LEARNED], (double) gain.learned, arena, shares, count, err);
        if (!code && gain.other > 0)
            code = note_share (n, terms[SKS_KIND_OTHER], (double) gain.other, arena, shares, count, err);
    }
    if (sum < brought && shares)
        shares[(*count)++] = (sks_share) { "near", "", brought - sum, NULL };
    *score += sum > brought ? sum : brought;
    return code;
}

void
sks_nearness_spans (const sks_nearness *n, const sks_matching *m, sks_mark *mark, void *context)
{
    uint32_t stems[SKS_MAX_STATEMENT_WORDS], places[SKS_MAX_STATEMENT_WORDS], count = 0;
    for (uint32_t i = 0; i < m->words->count; i++) {
        const sks_form *form = &m->store->form[m->words->form[i]];
        if (form->stop)
            continue;
        stems[count] = form->stem;
        places[count] = i;
        for (uint32_t k = n->first[form->stem]; k; k = n->terms[k - 1].next) {
            const struct sks_near_term *term = &n->terms[k - 1];
            if (term->kind != SKS_KIND_OWN && sks_near_ends_at (term, stems, count))
                mark (context, places[count + 1 - term->count], i + 1);
        }
        count++;
    }
}

/* Whether the list has this near word already: rows of two forms of a stem, such as "kid" and "kids", may give it
 * twice. */
static bool
is_listed (const sks_near *list, size_t count, const char *term, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (list[i].term, term) == 0 && strcmp (list[i].word, word) == 0)
            return true;
    return false;
}

int
sks_nearness_list (const sks_nearness *n, bool all, sks_arena *arena, const sks_near **out, size_t *count,
                   sks_error *err)
{
    sks_near *list = sks_arena_array (arena, n->count + 1, sizeof *list);
    *out = list;
    *count = 0;
    if (!list)
        return sks_fail_memory (err);
    for (size_t i = 0; i < n->count; i++) {
        const struct sks_near_term *term = &n->terms[i];
        if (term->kind == SKS_KIND_OWN || !(all || term->used || sks_near_of_unknown (n, term)))
            continue;
        const char *text = n->groups[term->group].text;
        const char *word = sks_arena_copy (arena, term->row->near_text, term->row->near_size);
        if (!word)
            return sks_fail_memory (err);
        if (term->row->near_text == text || is_listed (list, *count, text, word))
            continue;
        sks_near *near = &list[(*count)++];
        *near = (sks_near) { sks_arena_copy (arena, text, strlen (text)), word, (double) term->row->weight,
                             sks_arena_copy (arena, term->row->source, strlen (term->row->source)) };
        if (!near->term || !near->source)
            return sks_fail_memory (err);
    }
    return 0;
}
