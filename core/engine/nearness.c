/* nearness.c - words of the query -> entries of the tables -> stems to look for. */
#include "nearness.h"

#include "core/base/text.h"
#include "inflection.h"
#include "near_terms.h"
#include "thesaurus.h"

#include <string.h>

/* A word of the query, in the order of the text. */
struct word {
    const sks_query_word *word;
    uint32_t stem;                 /* in the tables; SKS_NONE: there is none */
    uint32_t index_stem;           /* in the index, likewise; only where there are word vectors */
    bool left_out;                 /* a stop word or a filler: only in entries of several words */
    char base[SKS_MAX_WORD_BYTES]; /* as sks_near_part.base, without NUL */
    size_t base_size;              /* 0: not known yet */
};

/* ------------------------------------------------------------------ reading */

static int
add_word (sks_matching *m, struct word *words, size_t *count, const sks_query_word *word, bool left_out)
{
    char stem[SKS_MAX_TERM_BYTES];
    size_t size, at = *count;
    int code = sks_stemmer_stem (m->stemmer, word->form, word->size, stem, sizeof stem, &size, m->err);
    if (code)
        return code;
    for (; at && words[at - 1].word->at > word->at; at--)
        words[at] = words[at - 1];
    const sks_near_words *t = m->snapshot->thesaurus;
    words[at] = (struct word) { word,
                                t ? sks_thesaurus_stem (t, stem, size) : SKS_NONE,
                                m->snapshot->semantics ? sks_store_stem (m->store, stem, size) : SKS_NONE,
                                left_out,
                                "",
                                0 };
    ++*count;
    return 0;
}

static bool
is_plain (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && node->field == SKS_FIELD_TEXT && !node->exact && !node->words->prefix;
}

/* The plain words of the bag and those that were left out of it, by their place. */
static int
list_words (sks_matching *m, const sks_query_tree *tree, struct word *words, size_t *count)
{
    int code = 0;
    for (size_t i = 0; !code && i < tree->plain->child_count; i++)
        if (is_plain (tree->plain->children[i]) && *count < SKS_MAX_QUERY_WORDS)
            code = add_word (m, words, count, tree->plain->children[i]->words, false);
    for (size_t i = 0; !code && i < tree->ignored_count && *count < SKS_MAX_QUERY_WORDS; i++)
        code = add_word (m, words, count, &tree->ignored[i], true);
    return code;
}

/* Whether a word of the query is the one of an entry: learned ones stand for their
 * stem, all others for their inflections. */
static bool
takes_word (const sks_near_words *t, const sks_near_row *row, uint32_t part, struct word *word)
{
    const sks_near_part *entry = &t->words[row->word.words[part]];
    if (entry->stem != word->stem)
        return false;
    if (row->learned || strcmp (entry->form, word->word->form) == 0)
        return true;
    if (!word->base_size)
        word->base_size = sks_inflection_base (word->word->form, word->word->size, word->base);
    return strncmp (entry->base, word->base, word->base_size) == 0 && !entry->base[word->base_size];
}

/* Whether the words of an entry start at word `at`. */
static bool
starts_entry (const sks_near_words *t, const sks_near_row *row, struct word *words, size_t at, size_t count)
{
    if (at + row->word.count > count || (row->word.count == 1 && words[at].left_out))
        return false;
    for (uint32_t i = 0; i < row->word.count; i++)
        if (!takes_word (t, row, i, &words[at + i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------- terms */

static void
add_term (sks_nearness *n, struct sks_near_term term)
{
    uint16_t *first = &n->first[term.stems[term.count - 1]];
    term.next = *first;
    n->terms[n->count] = term;
    *first = (uint16_t) ++n->count;
}

/* The stem of the index of a word of the tables; SKS_NONE when no statement holds it. Looked
 * up at its first use: a query needs few of them, and a daemon all only after a long time. */
static int
find_stem (sks_matching *m, uint32_t word, uint32_t *out)
{
    _Atomic uint32_t *known = &m->snapshot->stem_of_near[word];
    const sks_near_part *part = &m->snapshot->thesaurus->words[word];
    char stem[SKS_MAX_TERM_BYTES];
    size_t size;
    if ((*out = atomic_load_explicit (known, memory_order_relaxed)) != 0) {
        *out -= 2;
        return 0;
    }
    int code = sks_stemmer_stem (m->stemmer, part->form, part->size, stem, sizeof stem, &size, m->err);
    if (code)
        return code;
    *out = sks_store_stem (m->store, stem, size);
    if (*out != SKS_NONE && !m->store->stem[*out].statements)
        *out = SKS_NONE;
    atomic_store_explicit (known, *out + 2, memory_order_relaxed);
    return 0;
}

/* The near words of an entry as stems of the index; none when no statement can hold them.
 * Stop words are left out, as of all that is ranked. */
static int
near_stems (sks_matching *m, const sks_near_row *row, struct sks_near_term *out)
{
    for (uint32_t i = 0; i < row->near.count; i++) {
        uint32_t stem;
        if (m->snapshot->thesaurus->words[row->near.words[i]].stop)
            continue;
        int code = find_stem (m, row->near.words[i], &stem);
        if (code || stem == SKS_NONE) {
            out->count = 0;
            return code;
        }
        float idf = sks_rank_idf (m->store->statements, m->store->stem[stem].statements);
        out->idf = out->idf > idf ? out->idf : idf;
        out->stems[out->count++] = stem;
    }
    return 0;
}

static int
add_near (sks_nearness *n, sks_matching *m, const sks_near_row *row)
{
    const struct sks_near_group *group = &n->groups[n->group_count];
    struct sks_near_term term = { .group = (uint32_t) n->group_count,
                                  .kind = row->learned ? SKS_KIND_LEARNED : SKS_KIND_OTHER,
                                  .row = row };
    int code = near_stems (m, row, &term);
    if (code || !term.count)
        return code;
    term.worth = row->weight * group->q * (term.idf < group->idf ? term.idf : group->idf);
    add_term (n, term);
    return 0;
}

/* A word of the query as a term, and what it is worth to its group. */
static void
add_own (sks_nearness *n, const sks_matching *m, const struct word *word, const sks_ranked_word *ranked, size_t count)
{
    struct sks_near_group *group = &n->groups[n->group_count];
    for (size_t i = 0; i < count; i++) {
        if (strcmp (ranked[i].word, word->word->form) != 0)
            continue;
        float idf = sks_rank_idf (m->store->statements, m->store->stem[ranked[i].stem].statements);
        float worth = ranked[i].worth[SKS_KIN_STEM];
        if (worth > group->idf * group->q) {
            group->idf = idf;
            group->q = idf > 0 ? worth / idf : 1;
        }
        n->weight += idf;
        add_term (n, (struct sks_near_term) { .stems = { ranked[i].stem },
                                              .count = 1,
                                              .group = (uint32_t) n->group_count,
                                              .kind = SKS_KIND_OWN,
                                              .worth = worth,
                                              .idf = idf });
        return;
    }
}

/* The stems near a word by word vectors, as if a table had them, and the word's part in the
 * query's vector. */
static int
add_relatives (sks_nearness *n, sks_matching *m, const struct word *word)
{
    sks_semantic_word *meant = &n->meant[n->meant_count++];
    sks_relative relatives[SKS_MAX_NEAR];
    size_t count;
    *meant = (sks_semantic_word) { word->word->form, word->word->size, word->index_stem, n->groups[n->group_count].q };
    int code = sks_semantics_near (n->semantics, m->stemmer, meant, relatives, &count, m->err);
    sks_near_row *rows = code ? NULL : sks_arena_array (m->arena, count + 1, sizeof *rows);
    if (!code && !rows)
        code = sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < count; i++) {
        const sks_stem *stem = &m->store->stem[relatives[i].stem];
        const sks_form *form = &m->store->form[m->store->stem_forms[stem->forms]];
        struct sks_near_group *group = &n->groups[n->group_count];
        float idf = sks_rank_idf (m->store->statements, stem->statements);
        rows[i] = (sks_near_row) { .weight = relatives[i].weight, .source = "vectors" };
        rows[i].near_text = sks_arena_copy (m->arena, m->store->strings + form->text, form->size);
        if (!rows[i].near_text)
            return sks_fail_memory (m->err);
        add_term (
            n, (struct sks_near_term) { .stems = { relatives[i].stem },
                                        .count = 1,
                                        .group = (uint32_t) n->group_count,
                                        .kind = SKS_KIND_OTHER,
                                        .worth = relatives[i].weight * group->q * (idf < group->idf ? idf : group->idf),
                                        .row = &rows[i] });
    }
    return code;
}

static int
name_group (sks_nearness *n, sks_matching *m, const struct word *words, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += words[i].word->size + 1;
    char *text = sks_arena_alloc (m->arena, size + 1), *at = text;
    if (!text)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < count; i++) {
        if (i)
            *at++ = ' ';
        at = mempcpy (at, words[i].word->form, words[i].word->size);
    }
    struct sks_near_group *group = &n->groups[n->group_count];
    group->text = text;
    group->at = words[0].word->at;
    group->end = words[count - 1].word->end;
    return 0;
}

/* The group that starts at word *at, which moves to the word after it: the longest entry there
 * decides. The words inside have no near words of their own. */
static int
add_group (sks_nearness *n, sks_matching *m, struct word *words, size_t *at, size_t count,
           const sks_ranked_word *ranked, size_t ranked_count)
{
    const sks_near_words *t = m->snapshot->thesaurus;
    uint32_t stem = words[*at].stem, first = stem == SKS_NONE ? 0 : t->first_row[stem];
    uint32_t end = stem == SKS_NONE ? 0 : t->first_row[stem + 1], length = 1;
    while (first < end && !starts_entry (t, &t->rows[first], words, *at, count))
        first++;
    if (first < end)
        length = t->rows[first].word.count;
    int code = name_group (n, m, words + *at, length);
    if (code)
        return code;
    struct sks_near_group *group = &n->groups[n->group_count];
    for (uint32_t i = 0; i < length; i++)
        if (!words[*at + i].left_out) {
            group->unknown = true;
            add_own (n, m, &words[*at + i], ranked, ranked_count);
        }
    group->unknown &= group->q <= 0;
    if (group->q <= 0) {
        group->idf = sks_rank_idf (m->store->statements, 1);
        group->q = 1;
    }
    for (; !code && first < end && t->rows[first].word.count == length; first++)
        if (starts_entry (t, &t->rows[first], words, *at, count))
            code = add_near (n, m, &t->rows[first]);
    for (uint32_t i = 0; !code && n->semantics && i < length; i++)
        if (!words[*at + i].left_out)
            code = add_relatives (n, m, &words[*at + i]);
    n->group_count++;
    *at += length;
    return code;
}

/* Entries that may start at any of the words. */
static size_t
most_terms (const sks_near_words *t, const struct word *words, size_t count)
{
    size_t most = count;
    for (size_t i = 0; t && i < count; i++)
        if (words[i].stem != SKS_NONE)
            most += t->first_row[words[i].stem + 1] - t->first_row[words[i].stem];
    return most;
}

static sks_nearness *
create (sks_matching *m, size_t most, size_t groups)
{
    sks_nearness *n = sks_arena_alloc (m->arena, sizeof *n);
    if (!n)
        return NULL;
    *n = (sks_nearness) { .store = m->store,
                          .rank = &m->snapshot->rank,
                          .stem_of_entry = m->snapshot->stem_of_entry,
                          .semantics = m->snapshot->semantics,
                          .meant = sks_arena_array (m->arena, groups + 1, sizeof *n->meant),
                          .groups = sks_arena_array (m->arena, groups + 1, sizeof *n->groups),
                          .terms = sks_arena_array (m->arena, most + 1, sizeof *n->terms),
                          .tf = sks_arena_array (m->arena, most + 1, sizeof *n->tf),
                          .found = sks_arena_array (m->arena, most + 1, sizeof *n->found),
                          .first = sks_arena_array (m->arena, m->store->stems + (size_t) 1, sizeof *n->first) };
    return n->meant && n->groups && n->terms && n->tf && n->found && n->first ? n : NULL;
}

/* The vector of the query's words by the sentence encoder: of the text as written, or, beside operators and fields, of
 * the plain words alone. */
static int
read_sense (sks_nearness *n, sks_matching *m, const sks_query_tree *tree, const struct word *words, size_t count)
{
    const char *text = tree->text;
    size_t size = tree->size;
    bool means = false;
    if (tree->root != tree->plain) {
        char *joined = sks_arena_alloc (m->arena, size + count + 1), *at = joined;
        if (!joined)
            return sks_fail_memory (m->err);
        for (size_t i = 0; i < count; i++) {
            if (i)
                *at++ = ' ';
            at = mempcpy (at, text + words[i].word->at, words[i].word->end - words[i].word->at);
        }
        text = joined;
        size = (size_t) (at - joined);
    }
    int code = sks_sense_read (m->reader, text, size, &n->read, &means, m->err);
    n->sense = means ? m->snapshot->sense : NULL;
    return code;
}

int
sks_nearness_make (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, const sks_ranked_word *ranked,
                   size_t count)
{
    const sks_near_words *t = m->snapshot->thesaurus;
    struct word words[SKS_MAX_QUERY_WORDS];
    size_t word_count = 0, known = 0, own = 0;
    *out = NULL;
    if ((!t && !m->snapshot->semantics && !m->reader) || !tree->plain)
        return 0;
    int code = list_words (m, tree, words, &word_count);
    size_t most = code ? 0 : most_terms (t, words, word_count);
    if (m->snapshot->semantics)
        most += word_count * SKS_MAX_NEAR;
    if (code || (most == word_count && !m->reader))
        return code;
    sks_nearness *n = create (m, most, word_count);
    if (!n)
        return sks_fail_memory (m->err);
    for (size_t at = 0; !code && at < word_count;)
        code = add_group (n, m, words, &at, word_count, ranked, count);
    for (size_t i = 0; i < n->count; i++)
        known += n->terms[i].kind == SKS_KIND_OWN;
    for (size_t i = 0; i < word_count; i++)
        own += !words[i].left_out;
    n->known = own ? (float) known / (float) own : 0;
    n->means = !code && n->semantics && sks_semantics_sum (n->semantics, n->meant, n->meant_count, &n->meaning);
    if (!code && m->reader)
        code = read_sense (n, m, tree, words, word_count);
    if (!code && (n->count > known || n->means || n->sense))
        *out = n;
    return code;
}

bool
sks_nearness_may_replace (const sks_query_tree *tree, const sks_ranked_word *ranked, size_t count)
{
    for (size_t i = 0; i < tree->plain->child_count; i++) {
        const sks_node *node = tree->plain->children[i];
        size_t at = 0;
        while (is_plain (node) && at < count && strcmp (ranked[at].word, node->words->form) != 0)
            at++;
        if (is_plain (node) && at == count)
            return true;
    }
    return false;
}

/* ----------------------------------------------------------------- scoring */

/* Note what the statement holds: its terms and their weight by position. */
static void
read_statement (sks_nearness *n, uint32_t statement)
{
    const sks_store *store = n->store;
    const uint32_t *stem_of_entry = n->stem_of_entry;
    const uint16_t *first = n->first;
    const uint8_t *at = store->tokens + store->offsets[statement], *end = store->tokens + store->offsets[statement + 1];
    uint32_t stems[SKS_RANK_LENGTHS], count = 0;
    while (at < end && count < SKS_RANK_LENGTHS) {
        stems[count] = stem_of_entry[sks_token_next (&at)];
        count += stems[count] != SKS_NONE;
    }
    for (uint32_t k = 0; k < count; k++)
        for (uint32_t i = first[stems[k]]; i; i = n->terms[i - 1].next) {
            const struct sks_near_term *term = &n->terms[i - 1];
            if (term->count > 1 && !sks_near_stands (term, stems, k))
                continue;
            if (n->tf[i - 1] == 0)
                n->found[n->found_count++] = i - 1;
            n->tf[i - 1] += n->rank->position[k + 1 - term->count];
        }
}

/* What the best of each kind adds to a group. */
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

/* Value what was read, by group, and forget it. Returns the idf of the query's words
 * among it.
 *   *related  the groups of which it holds near words
 *   best      by group; set for these */
static float
value_statement (sks_nearness *n, uint32_t statement, struct best *best, uint64_t *related)
{
    float length = (float) n->store->lengths[statement], covered = 0;
    float norm = SKS_RANK_K1 * (1 - SKS_RANK_B + SKS_RANK_B * length / n->rank->length);
    uint64_t held = 0;
    *related = 0;
    for (size_t i = 0; i < n->found_count; i++) {
        const struct sks_near_term *term = &n->terms[n->found[i]];
        if (term->kind == SKS_KIND_OWN)
            covered += term->idf;
        else
            *related |= UINT64_C (1) << term->group;
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
    return covered;
}

/* What near words say of a group in a statement: what they bring by what was learned and by
 * all else, which lam weighs, and at most: what the word itself would bring there. */
struct gain {
    uint32_t group;
    float learned, other, limit;
};

/* False: nothing. */
static bool
find_gain (const sks_nearness *n, uint32_t group, const struct best *best, struct gain *gain)
{
    float own = best->worth[SKS_KIND_OWN], whole = 0;
    for (int kind = SKS_KIND_LEARNED; kind <= SKS_KIND_OTHER; kind++)
        if (best->worth[kind] > own) {
            const struct sks_near_term *term = &n->terms[best->term[kind]];
            whole = most (whole, best->worth[kind] / term->worth * n->groups[group].q * n->groups[group].idf);
        }
    *gain = (struct gain) { group, most (0, best->worth[SKS_KIND_LEARNED] - own),
                            most (0, best->worth[SKS_KIND_OTHER] - own), whole - own };
    return whole > 0;
}

/* The same with lam known: both shares, together no more than the limit. */
static struct gain
weigh_gain (struct gain gain, float lam)
{
    gain.other = least (lam * gain.other, gain.limit);
    gain.learned = least (gain.learned, gain.limit - gain.other);
    return gain;
}

/* Read a statement: what groups gain, in their order, and the idf of the query's words that
 * it holds.
 *   gains   has space for all groups */
static float
read_gains (sks_nearness *n, uint32_t statement, struct best *of_group, struct gain *gains, size_t *count)
{
    uint64_t related;
    read_statement (n, statement);
    float covered = value_statement (n, statement, of_group, &related);
    *count = 0;
    for (; related; related &= related - 1) {
        uint32_t group = (uint32_t) __builtin_ctzll (related);
        *count += find_gain (n, group, &of_group[group], &gains[*count]);
    }
    return covered;
}

/* What a statement gains by its vector, with lam known. */
static float
meaning_gain (const sks_nearness *n, uint32_t statement)
{
    double cosine = n->means ? sks_semantics_cosine (n->semantics, &n->meaning, statement) : 0;
    return n->lam * (n->sense ? SKS_RANK_COSINE_BESIDE : SKS_RANK_COSINE) * most (0, (float) cosine);
}

/* The same by the sentence encoder. */
static float
sentence_gain (const sks_nearness *n, uint32_t statement)
{
    double cosine = n->sense ? sks_sense_cosine (n->sense, &n->read, statement) : 0;
    return n->lam * SKS_RANK_SENTENCE * most (0, (float) cosine);
}

/* What a statement gains in all. */
static float
sum_gains (const sks_nearness *n, uint32_t statement, const struct gain *gains, size_t count)
{
    float sum = meaning_gain (n, statement) + sentence_gain (n, statement);
    for (size_t i = 0; i < count; i++) {
        struct gain gain = weigh_gain (gains[i], n->lam);
        sum += gain.learned + gain.other;
    }
    return sum;
}

int
sks_nearness_apply (const sks_scorer *scorer, sks_matching *m, sks_scored *best, size_t count)
{
    sks_nearness *n = scorer->nearness;
    struct gain *gains = sks_arena_room (m->arena, count * n->group_count + 1, sizeof *gains), *at = gains;
    size_t *counts = sks_arena_room (m->arena, count + 1, sizeof *counts);
    struct best of_group[SKS_MAX_QUERY_WORDS] = { 0 };
    float covered = 0;
    if (!gains || !counts)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch (m->store->tokens + m->store->offsets[best[i].statement]);
        if (n->means)
            sks_semantics_prefetch (n->semantics, best[i].statement);
        if (n->sense)
            sks_sense_prefetch (n->sense, best[i].statement);
    }
    for (size_t i = 0; i < count; at += counts[i++])
        covered = most (covered, read_gains (n, best[i].statement, of_group, at, &counts[i]));
    float missing = 1 - (n->weight > 0 ? covered / n->weight * n->known : 0);
    n->lam = least (SKS_RANK_NEAR_MOST, SKS_RANK_NEAR_LEAST + SKS_RANK_NEAR_SLOPE * missing * missing);
    at = gains;
    for (size_t i = 0; i < count; at += counts[i++]) {
        float gain = sum_gains (n, best[i].statement, at, counts[i]);
        if (scorer->brought_count)
            gain -= sks_scorer_brought (scorer, best[i].statement);
        best[i].score += gain > 0 ? gain : 0;
        best[i].near = true;
    }
    sks_scored_sort (best, count);
    return sks_budget_check (m->budget, count * 32, m->err);
}

/* ----------------------------------------------------------------- explain */

/* Copies, as a share lives longer than the generation. */
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
                           sks_arena_copy (arena, term->row->near_text, strlen (term->row->near_text)) };
    return share->term && share->word ? 0 : sks_fail_memory (err);
}

/* Named by the pair of words that adds most. */
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
        read_gains (n, scored.statement, of_group, gains, &gain_count);
        sum = (double) meaning_gain (n, scored.statement);
        code = note_meaning (n, scored.statement, sum, arena, shares, count, err);
        double sentence = (double) sentence_gain (n, scored.statement);
        if (shares && sentence > 0)
            shares[(*count)++] = (sks_share) { "sentence", "", sentence, NULL };
        sum += sentence;
    }
    for (size_t i = 0; i < gain_count; i++) {
        const struct gain gain = weigh_gain (gains[i], n->lam);
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
            if (term->kind != SKS_KIND_OWN && sks_near_stands (term, stems, count))
                mark (context, places[count + 1 - term->count], i + 1);
        }
        count++;
    }
}

/* Whether the list has a word for these words already: rows of two forms of a stem, as "kid" and "kids", may give it
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
        if (is_listed (list, *count, text, term->row->near_text))
            continue;
        sks_near *near = &list[(*count)++];
        *near = (sks_near) { sks_arena_copy (arena, text, strlen (text)),
                             sks_arena_copy (arena, term->row->near_text, strlen (term->row->near_text)),
                             (double) term->row->weight,
                             sks_arena_copy (arena, term->row->source, strlen (term->row->source)) };
        if (!near->term || !near->word || !near->source)
            return sks_fail_memory (err);
    }
    return 0;
}
