/* leaf.c - words -> matchers -> candidates -> one pass over the token stream. */
#include "leaf.h"

#include "automaton.h"
#include "core/base/bisect.h"
#include "core/base/forms.h"
#include "core/base/text_list.h"
#include "inflection.h"
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every word may be read in two ways. */
#define MAX_LEAVES (2 * SKS_MAX_QUERY_WORDS)

/* The fewest bytes that inflections of an unknown word must share. */
#define MIN_ROOT_BYTES 3

/* The cost of comparing it with a form, in units of a budget. */
#define INFLECTION_UNITS 16

/* The cost of a posting of a word, which may be scored, in units of a budget. */
#define SCORED_UNITS 4

struct leaves {
    sks_pending pending[MAX_LEAVES];
    size_t count;
};

/* ---------------------------------------------------------------- matchers */

/* Compare a form with those that begin with these bytes: below 0 if it precedes them, 0 if it is one of them. */
static int
compare_form (const sks_store *store, const sks_form *form, const char *bytes, size_t size)
{
    int order = memcmp (store->strings + form->text, bytes, form->size < size ? form->size : size);
    return !order && form->size < size ? -1 : order;
}

void
sks_leaf_forms (const sks_store *store, const char *bytes, size_t size, uint32_t *first, uint32_t *end)
{
    uint32_t low = 0, high = store->forms;
    SKS_BISECT (low, high, at, compare_form (store, &store->form[at], bytes, size) < 0)
    *first = low;
    high = store->forms;
    SKS_BISECT (low, high, at, compare_form (store, &store->form[at], bytes, size) <= 0)
    *end = low;
}

/* Whether a stem still has the ending of an inflection: "news" is not the plural of "new", nor "herring" a
 * participle. */
static bool
keeps_ending (const char *stem, size_t size)
{
    static const char *const endings[] = { "s", "ed", "ing" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen (endings[i]);
        if (size >= length && memcmp (stem + size - length, endings[i], length) == 0)
            return true;
    }
    return false;
}

/* The stem of the most frequent form that is an inflection of a word; SKS_NONE if there is none. The stemmer has
 * different stems for some inflections: "experi" for "experience" and "experienc" for "experienced". */
static uint32_t
stem_of_inflection (sks_matching *m, const char *form, size_t size)
{
    const sks_store *store = m->store;
    char own[SKS_MAX_WORD_BYTES];
    size_t root = sks_inflection_root (form, size);
    uint32_t first, end, best = SKS_NONE;
    if (root < MIN_ROOT_BYTES)
        return SKS_NONE;
    sks_leaf_forms (store, form, root, &first, &end);
    sks_budget_spend (m->budget, (uint64_t) (end - first) * INFLECTION_UNITS);
    for (uint32_t i = first; i < end; i++) {
        const sks_form *row = &store->form[i];
        const char *other = store->strings + row->text;
        if (row->stem == SKS_NONE || row->joined || sks_forms_stem (other, row->size, own) ||
            (best != SKS_NONE && row->statements <= store->form[best].statements))
            continue;
        if (sks_inflection_related (form, size, other, row->size))
            best = i;
    }
    return best == SKS_NONE ? SKS_NONE : store->form[best].stem;
}

int
sks_leaf_stem (sks_matching *m, const char *form, size_t size, uint32_t *stem)
{
    char bytes[SKS_MAX_WORD_BYTES], own[SKS_MAX_WORD_BYTES];
    size_t length;
    int code = sks_stemmer_stem (m->stemmer, form, size, bytes, sizeof bytes, &length, m->err);
    *stem = code ? SKS_NONE : sks_store_stem (m->store, bytes, length);
    if (!code && *stem == SKS_NONE && !keeps_ending (bytes, length) && !sks_forms_stem (form, size, own))
        *stem = stem_of_inflection (m, form, size);
    return code;
}

static int
rarest_first (const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return a < b ? -1 : a > b;
}

/* Restrict a prefix to its most frequent forms if it has too many. */
static int
narrow_prefix (sks_matching *m, const sks_query_word *word, sks_matcher *out)
{
    uint32_t count = 0, left = SKS_MAX_PREFIX_EXPANSIONS;
    if (out->end - out->first <= SKS_MAX_PREFIX_EXPANSIONS)
        return 0;
    uint32_t *statements = sks_arena_array (m->arena, out->end - out->first, sizeof *statements);
    if (!statements)
        return sks_fail_memory (m->err);
    for (uint32_t i = out->first; i < out->end; i++)
        if (m->store->form[i].joined != SKS_FORM_ABSENT)
            statements[count++] = m->store->form[i].statements;
    if (count <= SKS_MAX_PREFIX_EXPANSIONS)
        return 0;
    qsort (statements, count, sizeof *statements, rarest_first);
    out->min = statements[count - left];
    for (uint32_t i = count; i && statements[i - 1] > out->min; i--)
        left--;
    for (out->ties = out->first; out->min && left; out->ties++)
        left -= m->store->form[out->ties].statements == out->min;
    /* Fewer forms than the maximum occur in statements: all of these match. */
    if (!out->min) {
        out->min = 1;
        out->ties = out->end;
    }
    char text[160];
    snprintf (text, sizeof text, "%s* stands for the most frequent %d of its %u words", word->form,
              SKS_MAX_PREFIX_EXPANSIONS, count);
    return m->notes ? sks_notes_add (m->notes, m->arena, SKS_NOTE_BEGINNING, word->at, text, m->err) : 0;
}

int
sks_leaf_word (sks_matching *m, const sks_query_word *word, bool exact, sks_matcher *out)
{
    *out = (sks_matcher) { .stem = SKS_NONE, .form = SKS_NONE, .exact = exact, .capitals = word->capitals };
    if (word->prefix) {
        sks_leaf_forms (m->store, word->form, word->size, &out->first, &out->end);
        return narrow_prefix (m, word, out);
    }
    uint32_t form = out->form = sks_snapshot_form (m->snapshot, word->form, word->size);
    if (form == SKS_NONE)
        return exact || sks_text_stop_word (word->form, word->size)
                   ? 0
                   : sks_leaf_stem (m, word->form, word->size, &out->stem);
    if (exact || m->store->form[form].stop) {
        out->first = form;
        out->end = form + 1;
    } else
        out->stem = m->store->form[form].stem;
    return 0;
}

uint32_t
sks_leaf_length (const sks_words *words, const sks_store *store, const sks_node *leaf, uint32_t at)
{
    uint32_t limit = leaf->field == SKS_FIELD_DUTY ? words->duty : words->count;
    uint32_t length = sks_words_match (words, store, at, limit, leaf->matchers, leaf->word_count);
    if (length || !leaf->other)
        return length;
    return sks_words_match (words, store, at, limit, leaf->other->matchers, leaf->other->word_count);
}

uint32_t
sks_leaf_seek (const sks_words *words, const sks_node *leaf, uint32_t at)
{
    uint32_t one = leaf->matchers->stem, two = leaf->other ? leaf->other->matchers->stem : one;
    if (one == SKS_NONE || two == SKS_NONE)
        return at;
    if (!(words->seen & (sks_words_bit (one) | sks_words_bit (two))))
        return words->count;
    while (at < words->count && words->stem[at] != one && words->stem[at] != two && words->joined[at] == SKS_NONE)
        at++;
    return at;
}

int
sks_leaf_resolve (sks_matching *m, sks_node *leaf)
{
    sks_matcher *matchers = sks_arena_array (m->arena, leaf->word_count, sizeof *matchers);
    int code = matchers ? 0 : sks_fail_memory (m->err);
    for (size_t i = 0; !code && i < leaf->word_count; i++)
        code = sks_leaf_word (m, &leaf->words[i], leaf->exact, &matchers[i]);
    leaf->matchers = matchers;
    return code;
}

/* -------------------------------------------------------------- candidates */

/* The postings of a stem, at `units` each. They are counted before the list is decoded and walked, so a request with
 * long lists exceeds its quota at the beginning. */
static int
list_of_stem (sks_matching *m, uint32_t stem, uint64_t units, const sks_postings **out)
{
    int code = sks_budget_check (m->budget, units * m->store->stem[stem].statements, m->err);
    return code ? code : sks_cache_postings (m->cache, m->lists, stem, m->arena, out, m->err);
}

static int
set_of_stem (sks_matching *m, uint32_t stem, sks_set *out)
{
    const sks_postings *postings;
    int code = list_of_stem (m, stem, SCORED_UNITS, &postings);
    if (!code)
        *out = sks_postings_set (postings, m->store);
    return code;
}

/* Whether the matcher takes every form of a stem. */
static bool
takes_whole_stem (const sks_store *store, const sks_matcher *matcher, uint32_t stem)
{
    for (uint32_t i = store->stem[stem].forms; i < store->stem[stem + 1].forms; i++)
        if (!sks_matcher_takes (matcher, store, store->stem_forms[i]))
            return false;
    return true;
}

/* Whether the form before this one has the same stem and is taken too: then the stem was added already. */
static bool
follows_its_stem (const sks_store *store, const sks_matcher *matcher, uint32_t form)
{
    return form > matcher->first && store->form[form - 1].stem == store->form[form].stem &&
           sks_matcher_takes_form (matcher, store, form - 1);
}

/* The statements that may contain a word of the matcher, a superset. *sure becomes false if the set may be too large:
 * a posting does not list the forms of its stem, nor whether one is that of a compound. Stop words have no postings,
 * so their set is all statements. */
static int
candidates_of_word (sks_matching *m, const sks_matcher *matcher, sks_set *out, bool *sure)
{
    if (matcher->stem != SKS_NONE)
        return set_of_stem (m, matcher->stem, out);
    sks_set sets[SKS_MAX_PREFIX_EXPANSIONS];
    size_t count = 0;
    for (uint32_t form = matcher->first; form < matcher->end; form++) {
        uint32_t stem = m->store->form[form].stem;
        if (!sks_matcher_takes_form (matcher, m->store, form))
            continue;
        if (stem == SKS_NONE) {
            *sure = false;
            return sks_matching_all (m, out);
        }
        if (follows_its_stem (m->store, matcher, form))
            continue;
        *sure &= takes_whole_stem (m->store, matcher, stem) && !(matcher->exact && m->snapshot->joined_of_stem[stem]);
        int code = set_of_stem (m, stem, &sets[count++]);
        if (code)
            return code;
    }
    if (!count)
        *out = sks_set_of_list (m->store->statements, NULL, 0);
    else if (count == 1)
        *out = sets[0];
    else if (!sks_set_or (out, m->arena, sets, count))
        return sks_fail_memory (m->err);
    return 0;
}

static int
candidates_of_leaf (sks_matching *m, const sks_node *leaf, sks_set *out, bool *sure)
{
    sks_set sets[SKS_MAX_QUERY_WORDS];
    int code = 0;
    sets[0] = (sks_set) { 0 };
    *sure = leaf->word_count == 1 && leaf->field == SKS_FIELD_TEXT;
    for (size_t i = 0; !code && i < leaf->word_count; i++)
        code = candidates_of_word (m, &leaf->matchers[i], &sets[i], sure);
    if (code)
        return code;
    *out = sets[0];
    if (leaf->word_count > 1 && !sks_set_and (out, m->arena, sets, leaf->word_count))
        return sks_fail_memory (m->err);
    return 0;
}

/* The only stem that a word can have; SKS_NONE if there are several or none. */
static uint32_t
only_stem (const sks_store *store, const sks_matcher *matcher)
{
    if (matcher->stem != SKS_NONE || matcher->end != matcher->first + 1)
        return matcher->stem;
    return store->form[matcher->first].stem;
}

/* The number of the stop word that a word must be; SKS_NO_STOP if it may be anything else. */
static uint8_t
only_stop (const sks_snapshot *snapshot, const sks_matcher *matcher)
{
    bool one = matcher->stem == SKS_NONE && matcher->end == matcher->first + 1;
    return one ? snapshot->stop_of_form[matcher->first] : SKS_NO_STOP;
}

/* A phrase as steps, one per stem. Stop words are not steps: the places of the stems record the stop words beside
 * them. */
struct phrase {
    sks_step steps[SKS_MAX_QUERY_WORDS];
    sks_step *last; /* the step of the word before; NULL if that is not a step */
    size_t count;
    uint8_t stop; /* the word before, if it is a stop word */
    bool owed;    /* no step has recorded that stop word yet */
    bool sure;    /* the places decide every word */
};

static int
add_stem (sks_matching *m, struct phrase *phrase, const sks_matcher *matcher, uint32_t stem, size_t word)
{
    sks_step *step = &phrase->steps[phrase->count];
    *step = (sks_step) {
        .stem = stem, .word = (uint32_t) word, .before = phrase->stop, .joined = m->snapshot->joined_of_stem[stem]
    };
    int code = list_of_stem (m, stem, 1, &step->postings);
    if (code)
        return code;
    step->places = sks_cache_places (m->cache, stem, step->postings, m->budget);
    phrase->sure &= step->places && (matcher->stem != SKS_NONE || takes_whole_stem (m->store, matcher, stem));
    phrase->count += step->places != NULL;
    phrase->last = step->places ? step : NULL;
    phrase->stop = SKS_NO_STOP;
    phrase->owed &= !step->places;
    return 0;
}

/* Add a word that is not a step. */
static void
add_gap (struct phrase *phrase, uint8_t stop)
{
    phrase->sure &= stop && !phrase->owed;
    if (phrase->last)
        phrase->last->after = stop;
    phrase->owed = !phrase->last;
    phrase->last = NULL;
    phrase->stop = stop;
}

static int
read_phrase (sks_matching *m, const sks_node *leaf, struct phrase *out)
{
    out->last = NULL;
    out->count = 0;
    out->stop = SKS_NO_STOP;
    out->owed = false;
    out->sure = leaf->field == SKS_FIELD_TEXT;
    for (size_t i = 0; i < leaf->word_count; i++) {
        const sks_matcher *matcher = &leaf->matchers[i];
        uint32_t stem = only_stem (m->store, matcher);
        int code = 0;
        if (stem == SKS_NONE)
            add_gap (out, only_stop (m->snapshot, matcher));
        else
            code = add_stem (m, out, matcher, stem, i);
        if (code)
            return code;
    }
    out->sure &= !out->owed;
    return 0;
}

/* Find the statements that certainly contain a phrase, and those that must be checked. */
static int
narrow_phrase (sks_matching *m, struct phrase *phrase, sks_set *known, sks_set *candidates)
{
    sks_set sets[2];
    if (!sks_places_match (phrase->steps, phrase->count, m->store, m->arena, m->budget, &sets[0], &sets[1]) ||
        (!phrase->sure && !sks_set_or (candidates, m->arena, sets, 2)))
        return sks_fail_memory (m->err);
    if (phrase->sure) {
        *known = sets[0];
        *candidates = sets[1];
    }
    return 0;
}

/* The same for any leaf: by the places of its words if it is a phrase whose places are known, else by the words
 * alone. */
static int
narrow_leaf (sks_matching *m, const sks_node *leaf, sks_set *known, sks_set *candidates)
{
    struct phrase phrase;
    bool sure, several = leaf->word_count > 1;
    int code = several ? read_phrase (m, leaf, &phrase) : 0;
    *known = sks_set_of_list (m->store->statements, NULL, 0);
    if (!code && several && (phrase.count > 1 || (phrase.count && phrase.sure)))
        return narrow_phrase (m, &phrase, known, candidates);
    if (!code)
        code = candidates_of_leaf (m, leaf, candidates, &sure);
    if (!code && sure) {
        *known = *candidates;
        *candidates = sks_set_of_list (m->store->statements, NULL, 0);
    }
    return code;
}

int
sks_leaf_keep (sks_matching *m, sks_node *node, const sks_set *set)
{
    sks_set *kept = sks_arena_alloc (m->arena, sizeof *kept);
    if (!kept)
        return sks_fail_memory (m->err);
    *kept = *set;
    node->set = kept;
    return 0;
}

/* Fetch the lists of a leaf's stems into the cache of the processor, while other words are read. */
static void
prefetch_lists (const sks_matching *m, const sks_node *leaf)
{
    for (size_t i = 0; i < leaf->word_count; i++)
        if (leaf->matchers[i].stem != SKS_NONE)
            sks_cache_prefetch (m->cache, leaf->matchers[i].stem);
}

/* Find what the words of all leaves are in the dictionary. */
static int
resolve_leaves (sks_matching *m, sks_node *node)
{
    int code = node->word_count ? sks_leaf_resolve (m, node) : 0;
    if (!code && node->word_count)
        prefetch_lists (m, node);
    if (!code && m->split && node->kind == SKS_NODE_WORD && !node->other)
        code = m->split (m, node);
    if (!code && node->other)
        code = sks_leaf_resolve (m, node->other);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = resolve_leaves (m, node->children[i]);
    return code;
}

static int
find_reading (sks_matching *m, sks_node *leaf, struct leaves *leaves)
{
    sks_pending pending = { .node = leaf };
    if (leaf->field == SKS_FIELD_TITLE)
        return 0;
    int code = narrow_leaf (m, leaf, &pending.known, &pending.candidates);
    if (code)
        return code;
    if (!pending.candidates.count)
        return sks_leaf_keep (m, leaf, &pending.known);
    leaves->pending[leaves->count++] = pending;
    return 0;
}

static int
find_leaves (sks_matching *m, sks_node *node, struct leaves *leaves)
{
    int code = sks_budget_check (m->budget, SKS_SET_UNITS (m->store->statements), m->err);
    if (!code && node->word_count)
        code = find_reading (m, node, leaves);
    if (!code && node->other)
        code = find_reading (m, node->other, leaves);
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = find_leaves (m, node->children[i], leaves);
    return code;
}

/* Set each leaf's set to the statements that contain it in either reading. */
static int
join_readings (sks_matching *m, sks_node *node)
{
    int code = 0;
    if (node->other && node->field != SKS_FIELD_TITLE) {
        sks_set sets[2] = { *node->set, *node->other->set }, either;
        code = sks_set_or (&either, m->arena, sets, 2) ? sks_leaf_keep (m, node, &either) : sks_fail_memory (m->err);
    }
    for (size_t i = 0; !code && i < node->child_count; i++)
        code = join_readings (m, node->children[i]);
    return code;
}

/* Store the matches found together with the known ones. */
static int
keep_found (sks_matching *m, const sks_pending *p)
{
    sks_set sets[2] = { p->known, p->found }, found = p->found;
    if (p->known.count && !sks_set_or (&found, m->arena, sets, 2))
        return sks_fail_memory (m->err);
    return sks_leaf_keep (m, p->node, &found);
}

int
sks_leaf_find (sks_matching *m, sks_node *root)
{
    struct leaves leaves; /* large, so it is not zeroed */
    if (m->find)
        return m->find (m, root);
    leaves.count = 0;
    int code = resolve_leaves (m, root);
    if (!code)
        code = find_leaves (m, root, &leaves);
    if (!code)
        code = sks_automaton_find (m, leaves.pending, leaves.count);
    for (size_t i = 0; !code && i < leaves.count; i++)
        code = keep_found (m, &leaves.pending[i]);
    return code ? code : join_readings (m, root);
}
