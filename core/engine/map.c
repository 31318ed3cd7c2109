/* map.c - uses each sentence of a text as a query.
 *
 * The data of a sentence is in the searcher's scratch arena, which is cleared for the next sentence; only the
 * answer grows. */
#include "operations.h"

#include "core/base/markup.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/base/utf8.h"
#include "bag_rank.h"
#include "filler.h"
#include "hit.h"
#include "search.h"
#include "sentence.h"

#include <string.h>

/* Words of a sentence that become its query. */
#define QUERY_WORDS SKS_MAX_QUERY_WORDS

struct map {
    sks_matching m;
    const char *text;
    const sks_query *options;
    sks_arena *arena; /* of the answer */
    sks_fails fails;
    sks_mapping *out;
    uint64_t weight, covered; /* of all sentences so far */
};

/* ---------------------------------------------------------------- one match */

/* List the words of the text that a statement contains, and mark their children in `held`. */
static int
list_evidence (struct map *map, const sks_bag *bag, uint32_t statement, sks_map_match *out, bool *held)
{
    sks_span *spans = sks_arena_array (map->arena, bag->place_count + 1, sizeof *spans);
    bool holds[QUERY_WORDS] = { false };
    uint64_t weight = 0;
    if (!spans)
        return sks_fail_memory (map->m.err);
    for (size_t i = 0; i < bag->node->child_count; i++) {
        holds[i] = sks_bag_holds (bag, i, statement);
        held[i] |= holds[i];
        weight += holds[i] ? bag->weights[i] : 0;
    }
    for (size_t i = 0; i < bag->place_count; i++) {
        const sks_bag_place *place = &bag->places[i];
        if (place->child != SKS_NONE && holds[place->child])
            spans[out->evidence_count++] = (sks_span) { place->start, place->end };
    }
    out->evidence = spans;
    out->share = (double) weight / (double) bag->weight;
    return 0;
}

/* ------------------------------------------------------------- one sentence */

/* Find the best statements for a sentence's words. */
static int
fill_matches (struct map *map, const sks_bag *bag, sks_map_sentence *out, bool *held)
{
    sks_bag_rank rank;
    sks_set set;
    rank.count = 0;
    int code = sks_bag_match (bag, &map->m, SKS_AMOUNT_QUARTER, &set);
    if (!code)
        code = sks_bag_rank_best (&rank, &map->m, bag, &set, &map->fails, map->options->limit, map->arena);
    sks_map_match *matches = code ? NULL : sks_arena_array (map->arena, rank.count + 1, sizeof *matches);
    if (!code && !matches)
        code = sks_fail_memory (map->m.err);
    for (size_t i = 0; !code && i < rank.count; i++) {
        sks_hit *hit = sks_arena_alloc (map->arena, sizeof *hit);
        matches[i].hit = hit;
        code = hit ? sks_hit_fill (hit, &map->m, bag->node, &rank.scorer, map->options, rank.best[i], map->arena)
                   : sks_fail_memory (map->m.err);
        if (!code)
            code = list_evidence (map, bag, rank.best[i].statement, &matches[i], held);
    }
    out->matches = matches;
    out->match_count = code ? 0 : rank.count;
    return code;
}

/* Where a sentence begins after "We are looking for", "You will be responsible for" and the like, which name no duty.
 * Before these words are only stop words and fillers. */
static size_t
skip_lead_in (const char *text, const sks_map_sentence *sentence)
{
    static const char *const leads[] = { "looking", "responsible" };
    sks_word word = { sentence->start, sentence->start };
    for (bool led = false; sks_text_word (text, sentence->end, word.end, &word);) {
        char form[SKS_MAX_WORD_BYTES];
        size_t size = sks_text_fold (text + word.start, word.end - word.start, form);
        if (led)
            return size == 3 && memcmp (form, "for", 3) == 0 ? word.end : sentence->start;
        led = sks_text_listed (form, size, leads, sizeof leads / sizeof *leads);
        if (!led && !sks_text_stop_word (form, size) && !sks_filler (form, size))
            break;
    }
    return sentence->start;
}

static int
fill_sentence (struct map *map, sks_map_sentence *out)
{
    sks_bag bag;
    bool held[QUERY_WORDS] = { false };
    uint64_t covered = 0;
    sks_arena_clear (map->m.arena);
    int code = sks_bag_of_text (&bag, &map->m, map->text, skip_lead_in (map->text, out), out->end, QUERY_WORDS);
    if (!code)
        code = fill_matches (map, &bag, out, held);
    if (code)
        return code;
    for (size_t i = 0; i < bag.node->child_count; i++)
        covered += held[i] ? bag.weights[i] : 0;
    out->coverage = bag.weight ? (double) covered / (double) bag.weight : 0;
    map->covered += covered;
    map->weight += bag.weight;
    if (out->match_count)
        map->out->levels[out->matches[0].hit->level]++;
    return 0;
}

/* ------------------------------------------------------------------ the text */

/* A copy of the text without markup, in which all positions stay the same; NULL when out of memory. */
static const char *
cover_markup (const char *text, size_t size, sks_arena *arena)
{
    char *copy = sks_arena_copy (arena, text, size);
    for (size_t at = 0, length; copy && at < size; at += length)
        if (!sks_markup_cover (copy, size, at, &length))
            length = 1;
    return copy;
}

static int
check_text (const struct map *map, size_t size)
{
    size_t bad;
    if (map->options->limit > SKS_MAX_LIMIT)
        return sks_fail (map->m.err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_LIMIT);
    if (size > SKS_MAX_MAP_BYTES)
        return sks_fail (map->m.err, SKS_ELIMIT, "/text: at most %d bytes", SKS_MAX_MAP_BYTES);
    if (!sks_utf8_valid (map->text, size, &bad))
        return sks_fail_at (map->m.err, SKS_EBADREQUEST, (long) bad, "/text: not valid UTF-8");
    return 0;
}

static int
split (struct map *map, size_t size, sks_map_sentence **out, size_t *count)
{
    sks_map_sentence *list = sks_arena_array (map->arena, SKS_MAX_MAP_SENTENCES, sizeof *list);
    sks_sentence at = { 0, 0 };
    *out = list;
    *count = 0;
    if (!list)
        return sks_fail_memory (map->m.err);
    while (sks_sentence_next (map->text, size, at.end, &at)) {
        if (*count == SKS_MAX_MAP_SENTENCES)
            return sks_fail_at (map->m.err, SKS_ELIMIT, (long) at.start, "/text: at most %d sentences",
                                SKS_MAX_MAP_SENTENCES);
        list[(*count)++] = (sks_map_sentence) { .start = (uint32_t) at.start, .end = (uint32_t) at.end };
    }
    if (*count * map->options->limit > SKS_MAX_WINDOW)
        return sks_fail (map->m.err, SKS_ELIMIT, "/limit: %zu sentences times %u statements are more than %d", *count,
                         map->options->limit, SKS_MAX_WINDOW);
    return 0;
}

/* Read the filters into the answer's arena: that of the matching is cleared for each sentence. */
static int
read_filters (struct map *map)
{
    sks_matching m = map->m;
    sks_notes notes = { NULL, 0 };
    m.arena = map->arena;
    int code = sks_filter_read (&map->options, &m, &notes);
    if (!code)
        code = sks_filter_make (&map->fails, map->arena, &map->m.snapshot->facets, map->options, map->m.err);
    return code ? code : sks_notes_copy (&notes, map->arena, &map->out->notes, &map->out->note_count, map->m.err);
}

int
sks_searcher_map (sks_searcher *searcher, const char *text, const sks_query *options, sks_arena *arena,
                  sks_mapping *out, sks_error *err)
{
    struct map map = {
        .m = sks_searcher_matching (searcher, err), .text = text, .options = options, .arena = arena, .out = out
    };
    size_t size = strlen (text), count = 0;
    sks_map_sentence *sentences = NULL;
    *out = (sks_mapping) { .compared_by = sks_matching_compares_by (&map.m, options) };
    int code = check_text (&map, size);
    if (!code && !(map.text = cover_markup (text, size, arena)))
        code = sks_fail_memory (err);
    if (!code)
        code = split (&map, size, &sentences, &count);
    if (!code)
        code = read_filters (&map);
    for (size_t i = 0; !code && i < count; i++)
        if (!(code = sks_budget_check (map.m.budget, sentences[i].end - sentences[i].start, err)))
            code = fill_sentence (&map, &sentences[i]);
    if (!code)
        code = sks_budget_status (map.m.budget, err);
    if (code) {
        *out = (sks_mapping) { 0 };
        return code;
    }
    out->sentences = sentences;
    out->sentence_count = count;
    out->coverage = map.weight ? (double) map.covered / (double) map.weight : 0;
    return 0;
}
