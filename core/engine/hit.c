/* hit.c - text, spans and columns of one statement. */
#include "hit.h"

#include "core/base/text_duty.h"
#include "nearness.h"

#include <stdlib.h>
#include <string.h>

/* The cost of making a hit and of each of its tokens, in units of a budget. */
#define HIT_UNITS 512
#define HIT_TOKEN_UNITS 4

/* At most this many hits are prefetched: the first-level cache has space for some 1,000 pieces of texts. */
#define MOST_PREFETCHED 16

/* The words that are in a match, and those whose match continues with the next word. */
struct cover {
    bool in[SKS_MAX_STATEMENT_WORDS], joined[SKS_MAX_STATEMENT_WORDS];
};

/* Record a match of the words [first, end) as one piece. */
static void
note_match (void *context, uint32_t first, uint32_t end)
{
    struct cover *cover = context;
    for (uint32_t i = first; i < end; i++) {
        cover->in[i] = true;
        cover->joined[i] |= i + 1 < end;
    }
}

/* Turn covered words into spans; matches that share a word become one. Returns the number of spans; list may be
 * NULL. */
static size_t
list_spans (const struct cover *cover, const sks_words *words, sks_span *list)
{
    size_t count = 0;
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t first = i;
        if (!cover->in[i])
            continue;
        while (cover->joined[i])
            i++;
        if (list)
            list[count] = (sks_span) { words->start[first], words->end[i] };
        count++;
    }
    return count;
}

static int
fill_spans (sks_hit *hit, sks_matching *m, const sks_node *root, const sks_nearness *nearness, uint32_t statement,
            sks_arena *arena)
{
    struct cover cover;
    sks_words_read (m->words, m->store, statement);
    memset (cover.in, 0, m->words->count);
    memset (cover.joined, 0, m->words->count);
    sks_match_spans (m, root, statement, note_match, &cover);
    if (nearness)
        sks_nearness_spans (nearness, m, note_match, &cover);
    size_t count = list_spans (&cover, m->words, NULL);
    sks_span *spans = sks_arena_array (arena, count + 1, sizeof *spans);
    if (!spans)
        return sks_fail_memory (m->err);
    hit->span_count = list_spans (&cover, m->words, spans);
    hit->spans = spans;
    return 0;
}

/* How a character of a text is written inside HTML; NULL: unchanged. Both quotes are escaped, so that a text can also
 * be used in an attribute. */
static const char *
html_of (char c)
{
    return c == '&'    ? "&amp;"
           : c == '<'  ? "&lt;"
           : c == '>'  ? "&gt;"
           : c == '"'  ? "&quot;"
           : c == '\'' ? "&#39;"
                       : NULL;
}

#define MAX_HTML_BYTES 6 /* the longest escape of one byte */

/* Write text[from, to); returns where it ends. */
static char *
put_text (char *at, const char *text, size_t from, size_t to, bool html)
{
    if (!html)
        return mempcpy (at, text + from, to - from);
    for (size_t i = from; i < to; i++) {
        const char *escaped = html_of (text[i]);
        if (escaped)
            at = stpcpy (at, escaped);
        else
            *at++ = text[i];
    }
    return at;
}

static int
fill_marked (sks_hit *hit, const sks_query *query, sks_arena *arena, sks_error *err)
{
    const char *open = query->tag_open ? query->tag_open : "<b>";
    const char *close = query->tag_close ? query->tag_close : "</b>";
    bool tagged = strchr (open, '<') || strchr (close, '<');
    bool html = query->escape == SKS_ESCAPE_HTML || (query->escape == SKS_ESCAPE_AUTO && tagged);
    size_t size = strlen (hit->text), tags = strlen (open) + strlen (close);
    size_t max = (html ? MAX_HTML_BYTES : 1) * size + hit->span_count * tags + 1;
    char *marked = sks_arena_alloc (arena, max), *at = marked;
    if (!marked)
        return sks_fail_memory (err);
    size_t from = 0;
    for (size_t i = 0; i < hit->span_count; i++) {
        const sks_span *span = &hit->spans[i];
        at = put_text (at, hit->text, from, span->start, html);
        at = stpcpy (at, open);
        at = put_text (at, hit->text, span->start, span->end, html);
        at = stpcpy (at, close);
        from = span->end;
    }
    *put_text (at, hit->text, from, size, html) = '\0';
    hit->marked = marked;
    return 0;
}

/* The same as sks_store_cell, without a search. */
static uint32_t
find_cell (const sks_matching *m, uint32_t statement)
{
    uint32_t cell = sks_facet_table_occupation (&m->snapshot->facets, statement) * SKS_LEVELS, before = 0;
    for (uint32_t k = 1; k < SKS_LEVELS; k++)
        before += m->store->cells[cell + k] <= statement;
    return cell + before;
}

static int
fill_text (sks_hit *hit, const sks_store *store, uint32_t statement, uint32_t cell, sks_arena *arena, sks_error *err)
{
    char text[SKS_MAX_STATEMENT_BYTES], *id = sks_arena_alloc (arena, SKS_STATEMENT_ID_BYTES);
    size_t size = sks_store_put_text (store, statement, text), duty = sks_text_duty (text, size);
    hit->text = sks_arena_copy (arena, text, size);
    hit->duty = duty ? sks_arena_copy (arena, text, duty) : NULL;
    if (!id || !hit->text || (duty && !hit->duty))
        return sks_fail_memory (err);
    sks_store_id_of_text (store, statement, cell, text, size, id);
    hit->id = id;
    return 0;
}

static void
fill_columns (sks_hit *hit, const sks_store *store, uint32_t statement, uint32_t cell)
{
    const sks_occupation *row = &store->occupation[cell / SKS_LEVELS];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    hit->soc = sks_store_string (store, row->soc);
    hit->occupation = sks_store_string (store, row->title);
    hit->group = sks_store_string (store, row->group_title);
    hit->sector = strcmp (sector, SKS_NO_SECTOR) == 0 ? NULL : sector;
    hit->level = sks_cell_level (cell);
    hit->zone = row->zone;
    hit->position = sks_store_position (store, statement);
}

static int
fill_score (sks_hit *hit, const sks_scorer *scorer, bool explain, sks_scored scored, sks_arena *arena, sks_error *err)
{
    sks_share *shares = NULL;
    size_t room = 4 * scorer->count + 3 + (scorer->nearness ? 2 * SKS_MAX_QUERY_WORDS + 2 : 0);
    if (explain && !(shares = sks_arena_array (arena, room, sizeof *shares)))
        return sks_fail_memory (err);
    hit->score = sks_scorer_explain (scorer, scored.statement, shares, &hit->share_count) + (double) scored.feedback;
    if (scorer->nearness) {
        int code = sks_nearness_explain (scorer, scored, arena, shares, &hit->share_count, &hit->score, err);
        if (code)
            return code;
    }
    if (explain && scored.feedback != 0)
        shares[hit->share_count++] = (sks_share) { "feedback", "", scored.feedback, NULL };
    hit->shares = shares;
    return 0;
}

int
sks_hit_fill_provenance (sks_hit_provenance *out, const sks_store *store, const sks_occupation *row, sks_arena *arena,
                         sks_error *err)
{
    const sks_edition_row *edition = &store->edition[row->edition];
    size_t count = edition[1].citations - edition->citations;
    sks_citation *sources = sks_arena_array (arena, count + 1, sizeof *sources);
    if (!sources)
        return sks_fail_memory (err);
    for (size_t i = 0; i < count; i++) {
        const sks_citation_row *citation = &store->citation[edition->citations + i];
        sources[i] =
            (sks_citation) { sks_store_string (store, citation->name), sks_store_string (store, citation->text) };
    }
    *out =
        (sks_hit_provenance) { sks_store_string (store, edition->version), sks_store_string (store, row->exported_at),
                               sks_store_string (store, edition->attribution), sources, count };
    return 0;
}

static int
fill_provenance (sks_hit *hit, const sks_matching *m, uint32_t statement, sks_arena *arena)
{
    const sks_occupation *row = &m->store->occupation[sks_store_cell (m->store, statement) / SKS_LEVELS];
    sks_hit_provenance *provenance = sks_arena_alloc (arena, sizeof *provenance);
    hit->provenance = provenance;
    return provenance ? sks_hit_fill_provenance (provenance, m->store, row, arena, m->err) : sks_fail_memory (m->err);
}

int
sks_hit_fill (sks_hit *out, sks_matching *m, const sks_node *root, const sks_scorer *scorer, const sks_query *query,
              sks_scored scored, sks_arena *arena)
{
    uint32_t statement = scored.statement, cell = find_cell (m, statement);
    const sks_nearness *brought_by = scorer && sks_scorer_brought (scorer, statement) > 0 ? scorer->nearness : NULL;
    *out = (sks_hit) { .by = brought_by ? SKS_BY_MEANING : NULL };
    int code =
        sks_budget_check (m->budget, HIT_UNITS + HIT_TOKEN_UNITS * sks_store_tokens (m->store, statement), m->err);
    if (!code)
        code = fill_text (out, m->store, statement, cell, arena, m->err);
    fill_columns (out, m->store, statement, cell);
    if (!code && root)
        code = fill_spans (out, m, root, brought_by, statement, arena);
    if (!code && scorer)
        code = fill_score (out, scorer, query->want & SKS_WANT_EXPLAIN, scored, arena, m->err);
    if (!code && query && query->want & SKS_WANT_MARKED)
        code = fill_marked (out, query, arena, m->err);
    if (!code && query && query->want & SKS_WANT_PROVENANCE)
        code = fill_provenance (out, m, statement, arena);
    return code;
}

/* ----------------------------------------------------------------- prefetch */

void
sks_hit_prefetch (const sks_matching *m, const sks_stems *stems, const sks_scored *list, size_t count)
{
    const sks_store *store = m->store;
    uint32_t occupations[MOST_PREFETCHED];
    count = count < MOST_PREFETCHED ? count : MOST_PREFETCHED;
    for (size_t i = 0; i < count; i++) {
        occupations[i] = sks_facet_table_occupation (&m->snapshot->facets, list[i].statement);
        __builtin_prefetch (&store->occupation[occupations[i]]);
        for (uint32_t k = stems->entry_starts[list[i].place]; k < stems->entry_starts[list[i].place + 1]; k++)
            __builtin_prefetch (&store->entry[stems->entries[k]]);
    }
    for (size_t i = 0; i < count; i++) {
        __builtin_prefetch (store->strings + store->occupation[occupations[i]].soc);
        for (uint32_t k = stems->entry_starts[list[i].place]; k < stems->entry_starts[list[i].place + 1]; k++)
            __builtin_prefetch (store->strings + store->entry[stems->entries[k]].text);
    }
}
