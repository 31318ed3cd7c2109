/* suggest.c - completions of a text.
 *
 * A duty or a title is a completion if it contains each word of the text (typed.h), in any order; a single
 * beginning of one or two letters must begin the duty. */
#include "operations.h"

#include "best.h"
#include "core/base/schema.h"
#include "core/base/text_fold.h"
#include "core/base/utf8.h"
#include "suggest_duties.h"
#include "suggest_fields.h"
#include "typed.h"

#include <stdlib.h>
#include <string.h>

/* The cost of reading a title, or of marking the titles with a stem, in units of a budget. */
#define TITLE_UNITS 512

/* Statements that are checked for the words that follow another one, spread evenly over all that contain it. */
#define FOLLOWER_PROBES 512

/* -------------------------------------------------------------------- words */

/* The stem of the last word before the open one that is not a stop word; SKS_NONE if there is none. */
static uint32_t
stem_before (const sks_typed *typed)
{
    for (size_t i = typed->count - 1; i--;)
        if (typed->matchers[i].stem != SKS_NONE)
            return typed->matchers[i].stem;
    return SKS_NONE;
}

/* Count, for each form from `last->first` on, its occurrences after the stem in a statement; stop words between them
 * are ignored. */
static void
count_followers (const sks_matching *m, const sks_matcher *last, uint32_t stem, uint32_t statement, uint32_t *follows)
{
    const sks_store *store = m->store;
    const uint32_t *stem_of_entry = m->snapshot->stem_of_entry;
    const uint32_t *form_of_entry = m->snapshot->form_of_entry;
    const uint8_t *at = store->tokens + store->offsets[statement];
    const uint8_t *end = store->tokens + store->offsets[statement + 1];
    for (bool after_stem = false; at < end;) {
        uint32_t entry = sks_token_next (&at);
        if (after_stem) {
            uint32_t form = form_of_entry[entry]; /* store->forms if it has no word */
            if (form >= last->first && form < last->end)
                follows[form - last->first]++;
        }
        if (stem_of_entry[entry] != SKS_NONE)
            after_stem = stem_of_entry[entry] == stem;
    }
}

/* Count how often each form of the open word follows the previous word; zeros if there is no previous word,
 * or if the statements are in shards. */
static int
find_followers (sks_matching *m, const sks_typed *typed, uint32_t **out)
{
    const sks_matcher *last = &typed->matchers[typed->count - 1];
    const sks_postings *postings;
    sks_postings_run run = { 0 };
    uint32_t stem = stem_before (typed);
    *out = sks_arena_array (m->arena, last->end - last->first + (size_t) 1, sizeof **out);
    if (!*out)
        return sks_fail_memory (m->err);
    if (stem == SKS_NONE || !m->store->stem[stem].statements || m->store->shards)
        return 0;
    int code = sks_cache_postings (m->cache, m->lists, stem, m->arena, &postings, m->err);
    uint32_t step = code ? 1 : postings->count / FOLLOWER_PROBES + 1;
    for (uint32_t i = 0; !code && i < postings->count; i += step)
        count_followers (m, last, stem, sks_postings_statement (postings, m->store, &run, i), *out);
    return code;
}

static int
put_words (sks_matching *m, const sks_best *best, sks_arena *arena, sks_completions *out)
{
    sks_completion *list = sks_arena_array (arena, best->count + 1, sizeof *list);
    if (!list)
        return sks_fail_memory (m->err);
    for (size_t i = 0; i < best->count; i++) {
        const sks_form *form = &m->store->form[best->items[i].number];
        const char *text = sks_arena_copy (arena, m->store->strings + form->text, form->size);
        if (!text)
            return sks_fail_memory (m->err);
        list[i] = (sks_completion) { text, NULL, best->items[i].count };
    }
    out->words = list;
    out->word_count = best->count;
    return 0;
}

/* Complete the last word as typed: by forms, not by stems. */
static int
suggest_words (sks_matching *m, const sks_typed *typed, uint32_t limit, sks_arena *arena, sks_completions *out)
{
    sks_best best = { .limit = limit };
    const sks_matcher *last = typed->open ? &typed->matchers[typed->count - 1] : NULL;
    uint32_t *follows = NULL;
    int code = last ? find_followers (m, typed, &follows) : 0;
    for (uint32_t form = last ? last->first : 0; !code && last && form < last->end; form++)
        if (m->store->form[form].statements && !m->store->form[form].stop && !m->store->form[form].joined)
            sks_best_offer (
                &best, (sks_candidate) { follows[form - last->first], m->store->form[form].statements, true, form });
    return code ? code : put_words (m, &best, arena, out);
}

/* -------------------------------------------------------------- occupations */

/* The beginning of a SOC code at the end of a text, NULL if there is none. After other words, it must include its
 * dash. */
static const char *
last_soc (const char *text)
{
    const char *blank = strrchr (text, ' '), *code = blank ? blank + 1 : text;
    size_t size = strlen (code);
    bool begins = size && size <= SKS_SOC_BYTES && code[0] >= '0' && code[0] <= '9';
    return begins && strspn (code, "0123456789-.") == size && (!blank || (size > 2 && code[2] == '-')) ? code : NULL;
}

static void
mark_stem (const sks_title_stems *titles, uint32_t stem, uint64_t bit, uint64_t *marks)
{
    const uint32_t *occupations = sks_title_stems_of (titles, stem);
    for (uint32_t i = 0; i < sks_title_stems_count (titles, stem); i++)
        marks[occupations[i]] |= bit;
}

/* Mark the occupations whose titles may contain each word: a superset, by stems. A word that may be a stop word is
 * not required, as it may be anywhere. Returns the bits of the required words. */
static uint64_t
mark_titles (const sks_matching *m, const sks_typed *typed, uint64_t *marks)
{
    const sks_store *store = m->store;
    const sks_title_stems *titles = &m->snapshot->titles;
    uint64_t matter = typed->all;
    for (size_t i = 0; i < typed->count; i++) {
        const sks_matcher *matcher = &typed->matchers[i];
        uint64_t bit = (uint64_t) 1 << i;
        if (matcher->stem != SKS_NONE)
            mark_stem (titles, matcher->stem, bit, marks);
        if (typed->open && i + 1 == typed->count && typed->stem != SKS_NONE)
            mark_stem (titles, typed->stem, bit, marks);
        for (uint32_t form = matcher->first; form < matcher->end && !sks_budget_spend (m->budget, TITLE_UNITS);
             form++) {
            if (store->form[form].stem == SKS_NONE)
                matter &= ~bit;
            else if (form == matcher->first || store->form[form].stem != store->form[form - 1].stem)
                mark_stem (titles, store->form[form].stem, bit, marks);
        }
    }
    return matter;
}

static bool
title_holds (const sks_store *store, const sks_typed *typed, uint32_t occupation, bool *begins)
{
    uint32_t forms[SKS_MAX_NAME_BYTES];
    const char *title = sks_store_string (store, store->occupation[occupation].title);
    size_t size = strlen (title), count = 0;
    sks_word word = { 0, 0 };
    while (count < SKS_MAX_NAME_BYTES && sks_text_word (title, size, word.end, &word)) {
        char folded[SKS_MAX_WORD_BYTES];
        size_t length = sks_text_fold (title + word.start, word.end - word.start, folded);
        if (length)
            forms[count++] = sks_store_form (store, folded, length);
    }
    return sks_typed_holds (typed, forms, count, begins);
}

static uint32_t
count_statements (const sks_store *store, uint32_t occupation)
{
    return store->cells[(occupation + 1) * SKS_LEVELS] - store->cells[occupation * SKS_LEVELS];
}

static int
find_titles (sks_matching *m, const sks_typed *typed, sks_best *best)
{
    const sks_store *store = m->store;
    uint64_t *marks = sks_arena_array (m->arena, store->occupations + (size_t) 1, sizeof *marks);
    if (!marks)
        return sks_fail_memory (m->err);
    uint64_t matter = mark_titles (m, typed, marks);
    for (uint32_t i = 0; i < store->occupations && !sks_budget_spend (m->budget, 1); i++) {
        sks_candidate candidate = { 0, count_statements (store, i), false, i };
        if ((marks[i] & matter) != matter)
            continue;
        sks_budget_spend (m->budget, TITLE_UNITS);
        if (title_holds (store, typed, i, &candidate.begins))
            sks_best_offer (best, candidate);
    }
    return 0;
}

static void
find_codes (const sks_store *store, const char *text, size_t size, sks_best *best)
{
    uint32_t first, end;
    sks_store_occupations (store, text, size, &first, &end);
    for (uint32_t i = first; i < end; i++)
        sks_best_offer (best, (sks_candidate) { 0, count_statements (store, i), true, i });
}

static int
suggest_occupations (sks_matching *m, const char *text, const sks_typed *typed, uint32_t limit, sks_arena *arena,
                     sks_completions *out)
{
    const sks_store *store = m->store;
    sks_best best = { .limit = limit };
    const char *soc = last_soc (text);
    int code = 0;
    if (soc)
        find_codes (store, soc, strlen (soc), &best);
    else if (typed->count)
        code = find_titles (m, typed, &best);
    sks_completion *list = sks_arena_array (arena, best.count + 1, sizeof *list);
    if (code || !list)
        return code ? code : sks_fail_memory (m->err);
    for (size_t i = 0; i < best.count; i++) {
        const sks_occupation *row = &store->occupation[best.items[i].number];
        list[i] = (sks_completion) { sks_store_string (store, row->title), sks_store_string (store, row->soc),
                                     best.items[i].count };
    }
    out->occupations = list;
    out->occupation_count = best.count;
    return 0;
}

/* ------------------------------------------------------------------ suggest */

static int
check_text (const char *text, size_t size, uint32_t limit, sks_error *err)
{
    size_t bad;
    if (limit > SKS_MAX_SUGGESTIONS)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_SUGGESTIONS);
    if (size > SKS_MAX_QUERY_BYTES)
        return sks_fail (err, SKS_ELIMIT, "/text: at most %d bytes", SKS_MAX_QUERY_BYTES);
    if (!sks_utf8_valid (text, size, &bad))
        return sks_fail_at (err, SKS_EBADREQUEST, (long) bad, "/text: not valid UTF-8");
    return 0;
}

/* The field whose value is being typed at the end of the text, -1 if there is none; *value is where the value starts.
 * As in a query, a blank may stand after the colon, and a quotation mark before the value. */
static int
field_of (const char *text, size_t size, size_t *value)
{
    const char *colon = memrchr (text, ':', size), *name = colon;
    if (!colon)
        return -1;
    *value = (size_t) (colon - text) + 1;
    *value += strspn (text + *value, " ");
    bool quoted = text[*value] == '"';
    *value += quoted;
    if (strpbrk (text + *value, quoted ? "\"" : " "))
        return -1;
    while (name > text && name[-1] != ' ')
        name--;
    name += *name == '-' || *name == '(';
    return sks_schema_field_of (name, (size_t) (colon - name));
}

/* Complete the value of a field: words of duties, occupations by title or code, or values. */
static int
suggest_field (sks_matching *m, int field, const char *value, uint32_t limit, sks_arena *arena, sks_completions *out)
{
    sks_typed typed;
    size_t size = strlen (value);
    int code = sks_typed_read (m, value, size, &typed);
    if (!code && field == SKS_FIELD_DUTY)
        code = suggest_words (m, &typed, limit, arena, out);
    if (!code && field == SKS_FIELD_DUTY)
        return sks_suggest_duties (m, &typed, limit, arena, out);
    if (!code && (field == SKS_FIELD_TITLE || field == SKS_FIELD_SOC) && size)
        code = suggest_occupations (m, value, &typed, limit, arena, out);
    if (!code && field != SKS_FIELD_TITLE)
        code = sks_suggest_values (m, field, value, limit, arena, out);
    return code;
}

int
sks_searcher_suggest (sks_searcher *searcher, const char *text, uint32_t limit, sks_arena *arena, sks_completions *out,
                      sks_error *err)
{
    sks_matching m = sks_searcher_matching (searcher, err);
    sks_typed typed;
    while (*text == ' ')
        text++;
    size_t size = strlen (text), value;
    *out = (sks_completions) { 0 };
    int code = check_text (text, size, limit, err);
    int field = code ? -1 : field_of (text, size, &value);
    if (field >= 0)
        return suggest_field (&m, field, text + value, limit, arena, out);
    if (!code)
        code = sks_typed_read (&m, text, size, &typed);
    if (!code)
        code = suggest_words (&m, &typed, limit, arena, out);
    if (!code)
        code = sks_suggest_duties (&m, &typed, limit, arena, out);
    if (!code)
        code = suggest_occupations (&m, text, &typed, limit, arena, out);
    return code ? code : sks_budget_status (m.budget, err);
}
