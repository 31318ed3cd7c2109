/* near_terms.c - words of the query -> entries of the tables -> stems to look for. */
#include "near_terms.h"

#include "core/base/text_list.h"
#include "inflection.h"

#include <string.h>

/* The cost of encoding a text, in units of a budget. */
#define SENSE_UNITS 400000

/* A word of the query, in the order of the text. */
struct word {
    const sks_query_word *word;
    uint32_t stem;                 /* number of its stem in the tables; SKS_NONE if it has none */
    uint32_t index_stem;           /* the same in the index; set only if word vectors are used */
    bool left_out;                 /* a stop word or a filler, which counts only in entries of several words */
    char base[SKS_MAX_WORD_BYTES]; /* as sks_near_part.base, but without NUL */
    size_t base_size;              /* 0: not computed yet */
};

/* ------------------------------------------------------------------ reading */

/* The stem of a word, in the tables and in the index. Kept for each form of the index, as stemming takes long. */
static int
find_stems (sks_matching *m, const sks_near_words *t, struct word *word, uint32_t form)
{
    _Atomic uint32_t *known = form == SKS_NONE || !t ? NULL : &m->snapshot->near_of_form[form];
    char stem[SKS_MAX_TERM_BYTES];
    size_t size;
    if (known && (word->stem = atomic_load_explicit (known, memory_order_relaxed)) != 0) {
        word->stem -= 2;
        word->index_stem = m->store->form[form].stem;
        return 0;
    }
    int code = sks_stemmer_stem (m->stemmer, word->word->form, word->word->size, stem, sizeof stem, &size, m->err);
    if (code)
        return code;
    word->stem = t ? sks_thesaurus_stem (t, stem, size) : SKS_NONE;
    word->index_stem = m->semantics ? sks_store_stem (m->store, stem, size) : SKS_NONE;
    if (known)
        atomic_store_explicit (known, word->stem + 2, memory_order_relaxed);
    return 0;
}

static int
add_word (sks_matching *m, const sks_near_words *t, struct word *words, size_t *count, const sks_query_word *word,
          uint32_t form, bool left_out)
{
    size_t at = (*count)++;
    for (; at && words[at - 1].word->at > word->at; at--)
        words[at] = words[at - 1];
    words[at] = (struct word) { .word = word, .left_out = left_out };
    return find_stems (m, t, &words[at], form);
}

static bool
is_plain (const sks_node *node)
{
    return node->kind == SKS_NODE_WORD && node->field == SKS_FIELD_TEXT && !node->exact && !node->words->prefix;
}

/* List the plain words of the bag and those that were left out of it, in the order of the text. */
static int
list_words (sks_matching *m, const sks_near_words *t, const sks_query_tree *tree, struct word *words, size_t *count)
{
    int code = 0;
    for (size_t i = 0; !code && i < tree->plain->child_count; i++)
        if (is_plain (tree->plain->children[i]) && *count < SKS_MAX_QUERY_WORDS)
            code = add_word (m, t, words, count, tree->plain->children[i]->words,
                             tree->plain->children[i]->matchers->form, false);
    for (size_t i = 0; !code && i < tree->ignored_count && *count < SKS_MAX_QUERY_WORDS; i++)
        code = add_word (m, t, words, count, &tree->ignored[i],
                         sks_snapshot_form (m->snapshot, tree->ignored[i].form, tree->ignored[i].size), true);
    return code;
}

/* Whether a word of the query matches the word of an entry: by the stem if the entry is learned, else by the
 * inflections. */
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
    struct sks_near_bits bits = n->bits[*first];
    term.next = *first;
    n->terms[n->count] = term;
    *first = (uint16_t) ++n->count;
    if (term.kind == SKS_KIND_OWN) {
        n->own_idf[n->own_count] = term.idf;
        bits.own |= UINT64_C (1) << n->own_count++;
    } else
        bits.groups |= UINT64_C (1) << term.group;
    n->bits[*first] = bits;
}

/* The stem in the index for a word of the tables; SKS_NONE if no statement contains it. Stems are determined at their
 * first use, because a query needs few of them. */
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

/* The near words of an entry as stems of the index; none if no statement can contain them. Stop words are left out,
 * as they are never ranked. */
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
        float idf = m->snapshot->idf_of_stem[stem];
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

/* Add a word of the query as a term, and raise its group's idf and q to those of the word. */
static void
add_own (sks_nearness *n, const sks_matching *m, const struct word *word, const sks_ranked_word *ranked, size_t count)
{
    struct sks_near_group *group = &n->groups[n->group_count];
    for (size_t i = 0; i < count; i++) {
        if (strcmp (ranked[i].word, word->word->form) != 0)
            continue;
        float idf = m->snapshot->idf_of_stem[ranked[i].stem];
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

/* Sorted. With one of these after it, a verb has another meaning: "look after", "get rid of". */
static const char *const particles[] = {
    "after", "along", "apart", "around", "aside", "at",   "away",    "back", "by",       "down", "for",  "in",
    "into",  "of",    "off",   "on",     "out",   "over", "through", "to",   "together", "up",   "with",
};

static bool
has_particle (const struct word *words, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (sks_text_listed (words[i].word->form, words[i].word->size, particles, sizeof particles / sizeof *particles))
            return true;
    return false;
}

/* On their own the words of such an entry mean something else: "look" is not "look after". So each word is
 * worth less in all statements; statements that contain them side by side gain the difference, as if these words were
 * near words. Stop words are left out of both, so an entry with only one other word is not changed.
 *   first   the first term of the group */
static int
share_worth (sks_nearness *n, sks_matching *m, size_t first, sks_ranked_word *ranked, size_t ranked_count)
{
    struct sks_near_group *group = &n->groups[n->group_count];
    struct sks_near_term whole = { .group = (uint32_t) n->group_count, .kind = SKS_KIND_LEARNED };
    size_t end = first;
    while (end < n->count && n->terms[end].kind == SKS_KIND_OWN)
        end++;
    if (end - first < 2 || end == n->count)
        return 0;
    float most_part = 0;
    for (size_t i = first; i < end; i++) {
        whole.worth += n->terms[i].worth * (1 - SKS_RANK_NEAR_PART);
        n->terms[i].worth *= SKS_RANK_NEAR_PART;
        most_part = n->terms[i].worth > most_part ? n->terms[i].worth : most_part;
        whole.stems[whole.count++] = n->terms[i].stems[0];
        for (size_t k = 0; k < ranked_count; k++)
            if (ranked[k].stem == n->terms[i].stems[0])
                sks_ranked_scale (&ranked[k], SKS_RANK_NEAR_PART);
    }
    sks_near_row *row = sks_arena_alloc (m->arena, sizeof *row);
    if (!row)
        return sks_fail_memory (m->err);
    *row = (sks_near_row) { .weight = 1, .near_text = group->text, .near_size = strlen (group->text) };
    whole.row = row;
    whole.worth += most_part; /* find_gain subtracts the worth of the best of the words */
    add_term (n, whole);
    group->joined = true;
    return 0;
}

/* Add the stems that are near a word by word vectors, as if a table had them, and add the word to the query's
 * vector. */
static int
add_relatives (sks_nearness *n, sks_matching *m, const struct word *word)
{
    sks_semantic_word *meant = &n->meant[n->meant_count++];
    sks_relative relatives[SKS_MAX_NEAR];
    size_t count;
    if (sks_budget_spend (m->budget, m->store->stems))
        return sks_budget_status (m->budget, m->err);
    *meant = (sks_semantic_word) { word->word->form, word->word->size, word->index_stem, n->groups[n->group_count].q };
    int code = sks_semantics_near (n->semantics, m->stemmer, meant, relatives, &count, m->err);
    sks_near_row *rows = code ? NULL : sks_arena_array (m->arena, count + 1, sizeof *rows);
    if (!code && !rows)
        code = sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < count; i++) {
        const sks_stem *stem = &m->store->stem[relatives[i].stem];
        const sks_form *form = &m->store->form[m->store->stem_forms[stem->forms]];
        struct sks_near_group *group = &n->groups[n->group_count];
        float idf = m->snapshot->idf_of_stem[relatives[i].stem];
        rows[i] = (sks_near_row) { .weight = relatives[i].weight,
                                   .near_text = m->store->strings + form->text,
                                   .near_size = form->size,
                                   .source = "vectors" };
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

/* Add the group that starts at word *at, and move *at past it. The longest entry that starts there determines the
 * group; words inside it have no near words of their own. */
static int
add_group (sks_nearness *n, sks_matching *m, const sks_near_words *t, struct word *words, size_t *at, size_t count,
           sks_ranked_word *ranked, size_t ranked_count)
{
    uint32_t stem = t ? words[*at].stem : SKS_NONE, first = stem == SKS_NONE ? 0 : t->first_row[stem];
    uint32_t end = stem == SKS_NONE ? 0 : t->first_row[stem + 1], length = 1;
    while (first < end && !starts_entry (t, &t->rows[first], words, *at, count))
        first++;
    if (first < end)
        length = t->rows[first].word.count;
    int code = name_group (n, m, words + *at, length);
    if (code)
        return code;
    struct sks_near_group *group = &n->groups[n->group_count];
    size_t first_term = n->count;
    for (uint32_t i = 0; i < length; i++)
        if (!words[*at + i].left_out) {
            float before = group->q;
            add_own (n, m, &words[*at + i], ranked, ranked_count);
            group->unknown |= group->q <= before;
        }
    if (group->q <= 0) {
        group->idf = sks_rank_idf (m->store->statements, 1);
        group->q = 1;
    }
    for (; !code && first < end && t->rows[first].word.count == length; first++)
        if (starts_entry (t, &t->rows[first], words, *at, count))
            code = add_near (n, m, &t->rows[first]);
    if (!code && has_particle (words + *at, length))
        code = share_worth (n, m, first_term, ranked, ranked_count);
    for (uint32_t i = 0; !code && n->semantics && i < length; i++)
        if (!words[*at + i].left_out)
            code = add_relatives (n, m, &words[*at + i]);
    n->group_count++;
    *at += length;
    return code;
}

/* The maximum number of terms: the words and the entries that may start at them. */
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
                          .snapshot = m->snapshot,
                          .semantics = m->semantics,
                          .meant = sks_arena_array (m->arena, groups + 1, sizeof *n->meant),
                          .groups = sks_arena_array (m->arena, groups + 1, sizeof *n->groups),
                          .terms = sks_arena_array (m->arena, most + 1, sizeof *n->terms),
                          .tf = sks_arena_array (m->arena, most + 1, sizeof *n->tf),
                          .found = sks_arena_array (m->arena, most + 1, sizeof *n->found),
                          .bits = sks_arena_array (m->arena, most + 1, sizeof *n->bits),
                          .first = sks_arena_array (m->arena, m->store->stems + (size_t) 1, sizeof *n->first) };
    return n->meant && n->groups && n->terms && n->tf && n->found && n->bits && n->first ? n : NULL;
}

/* Encode the query with the sentence encoder: the text as written, or, if there are operators or fields, the plain
 * words alone. */
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
    int code = sks_budget_check (m->budget, SENSE_UNITS, m->err);
    if (!code)
        code = sks_sense_read (m->reader, text, size, &n->read, &means, m->err);
    n->sense = means ? m->snapshot->sense : NULL;
    return code;
}

/* Use the vectors of a statement in place of those of its words and text. */
static void
read_statement (sks_nearness *n, const sks_matching *m, uint32_t statement)
{
    double scale;
    const int8_t *meaning = m->semantics ? sks_semantics_vector (m->semantics, statement, &scale) : NULL;
    const int8_t *sentence = m->reader ? sks_sense_vector (m->snapshot->sense, statement, &scale) : NULL;
    for (int i = 0; i < SKS_CENTROID_DIMENSIONS; i++) {
        n->meaning.number[i] = meaning ? meaning[i] : n->meaning.number[i];
        n->read.number[i] = sentence ? sentence[i] : 0;
    }
    n->sense = sentence ? m->snapshot->sense : NULL;
}

/* t may be NULL: no table. statement: the one that the words are of, or SKS_NONE. */
static int
make (sks_nearness **out, sks_matching *m, const sks_near_words *t, const sks_query_tree *tree, uint32_t statement,
      sks_ranked_word *ranked, size_t count)
{
    struct word words[SKS_MAX_QUERY_WORDS];
    size_t word_count = 0, known = 0, own = 0;
    *out = NULL;
    bool reads = m->reader && (tree->text || statement != SKS_NONE);
    if ((!t && !m->semantics && !reads) || !tree->plain)
        return 0;
    int code = list_words (m, t, tree, words, &word_count);
    size_t most = code ? 0 : most_terms (t, words, word_count);
    if (m->semantics)
        most += word_count * SKS_MAX_NEAR;
    if (code || (most == word_count && !reads))
        return code;
    sks_nearness *n = create (m, most + word_count, word_count);
    if (!n)
        return sks_fail_memory (m->err);
    for (size_t at = 0; !code && at < word_count;)
        code = add_group (n, m, t, words, &at, word_count, ranked, count);
    for (size_t i = 0; i < n->count; i++)
        known += n->terms[i].kind == SKS_KIND_OWN;
    for (size_t i = 0; i < word_count; i++)
        own += !words[i].left_out;
    n->known = own ? (float) known / (float) own : 0;
    n->means = !code && n->semantics && sks_semantics_sum (n->semantics, n->meant, n->meant_count, &n->meaning);
    if (!code && statement != SKS_NONE)
        read_statement (n, m, statement);
    else if (!code && reads)
        code = read_sense (n, m, tree, words, word_count);
    if (!code && (n->count > known || n->means || n->sense))
        *out = n;
    return code;
}

int
sks_near_terms_make (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, sks_ranked_word *ranked,
                     size_t count)
{
    return make (out, m, m->snapshot->thesaurus, tree, SKS_NONE, ranked, count);
}

int
sks_near_terms_of_bag (sks_nearness **out, sks_matching *m, const sks_query_tree *tree, uint32_t statement,
                       sks_ranked_word *ranked, size_t count)
{
    return make (out, m, NULL, tree, statement, ranked, count);
}

bool
sks_near_terms_joined (const sks_nearness *n, size_t at, size_t *end)
{
    for (size_t i = 0; i < n->group_count; i++)
        if (at >= n->groups[i].at && at < n->groups[i].end) {
            *end = n->groups[i].end;
            return n->groups[i].joined;
        }
    return false;
}

bool
sks_near_terms_may_replace (const sks_query_tree *tree, const sks_ranked_word *ranked, size_t count)
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
