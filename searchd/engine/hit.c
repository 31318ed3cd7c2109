/* hit.c - text, spans and columns of one statement. */
#include "hit.h"

#include "../../core/text.h"

#include <stdlib.h>
#include <string.h>

struct spans {
    const sks_words *words;
    sks_span list[SKS_MAX_STATEMENT_WORDS];
    size_t count;
    bool full;
};

/* Note a match of the words [first, end) as one span. Past the room of the
 * list, which takes as many spans as there are words, nothing new can follow
 * that merging would keep apart, so the last one just grows. */
static void
note_span (void *context, uint32_t first, uint32_t end)
{
    struct spans *spans = context;
    sks_span span = { spans->words->start[first], spans->words->end[end - 1] };
    for (size_t i = 0; i < spans->count; i++)
        if (spans->list[i].start <= span.start && span.end <= spans->list[i].end)
            return;
    if (spans->count < SKS_MAX_STATEMENT_WORDS)
        spans->list[spans->count++] = span;
}

static int
by_start (const void *left, const void *right)
{
    const sks_span *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->end > b->end ? -1 : a->end < b->end;
}

/* Sort, and join spans that overlap. */
static void
merge_spans (struct spans *spans)
{
    size_t kept = 0;
    qsort (spans->list, spans->count, sizeof *spans->list, by_start);
    for (size_t i = 0; i < spans->count; i++) {
        sks_span *last = kept ? &spans->list[kept - 1] : NULL;
        if (!last || spans->list[i].start >= last->end)
            spans->list[kept++] = spans->list[i];
        else if (spans->list[i].end > last->end)
            last->end = spans->list[i].end;
    }
    spans->count = kept;
}

static int
fill_spans (sks_hit *hit, sks_matching *m, const sks_node *root, uint32_t statement, sks_arena *arena)
{
    struct spans spans = { .words = m->words };
    sks_words_read (m->words, m->store, statement);
    sks_match_spans (m, root, note_span, &spans);
    merge_spans (&spans);
    sks_span *copy = sks_arena_array (arena, spans.count + 1, sizeof *copy);
    if (!copy)
        return sks_fail_memory (m->err);
    memcpy (copy, spans.list, spans.count * sizeof *copy);
    hit->spans = copy;
    hit->span_count = spans.count;
    return 0;
}

static int
fill_marked (sks_hit *hit, const sks_query *query, sks_arena *arena, sks_error *err)
{
    const char *open = query->tag_open ? query->tag_open : "<b>";
    const char *close = query->tag_close ? query->tag_close : "</b>";
    size_t size = strlen (hit->text), tags = strlen (open) + strlen (close);
    char *marked = sks_arena_alloc (arena, size + hit->span_count * tags + 1), *at = marked;
    if (!marked)
        return sks_fail_memory (err);
    size_t from = 0;
    for (size_t i = 0; i < hit->span_count; i++) {
        const sks_span *span = &hit->spans[i];
        at = mempcpy (at, hit->text + from, span->start - from);
        at = stpcpy (at, open);
        at = mempcpy (at, hit->text + span->start, span->end - span->start);
        at = stpcpy (at, close);
        from = span->end;
    }
    strcpy (at, hit->text + from);
    hit->marked = marked;
    return 0;
}

static int
fill_text (sks_hit *hit, const sks_store *store, uint32_t statement, sks_arena *arena, sks_error *err)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES);
    sks_store_text (store, statement, &text);
    int code = sks_buffer_status (&text, err);
    if (!code) {
        size_t duty = sks_text_duty (text.bytes, text.size);
        hit->text = sks_arena_copy (arena, text.bytes, text.size);
        hit->duty = duty && hit->text ? sks_arena_copy (arena, hit->text, duty) : NULL;
        if (!hit->text || (duty && !hit->duty))
            code = sks_fail_memory (err);
    }
    sks_buffer_free (&text);
    return code;
}

static int
fill_columns (sks_hit *hit, const sks_store *store, uint32_t statement, sks_arena *arena, sks_error *err)
{
    uint32_t cell = sks_store_cell (store, statement);
    const sks_occupation *row = &store->occupation[cell / SKS_LEVELS];
    char *id = sks_arena_alloc (arena, SKS_STATEMENT_ID_BYTES);
    if (!id)
        return sks_fail_memory (err);
    sks_store_id (store, statement, id);
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    hit->id = id;
    hit->soc = sks_store_string (store, row->soc);
    hit->occupation = sks_store_string (store, row->title);
    hit->group = sks_store_string (store, row->group_title);
    hit->sector = strcmp (sector, SKS_NO_SECTOR) == 0 ? NULL : sector;
    hit->level = sks_cell_level (cell);
    hit->zone = row->zone;
    hit->position = store->positions[statement];
    return 0;
}

static int
fill_score (sks_hit *hit, const sks_scorer *scorer, bool explain, uint32_t statement, sks_arena *arena, sks_error *err)
{
    sks_share *shares = NULL;
    if (explain && !(shares = sks_arena_array (arena, 4 * scorer->count + 1, sizeof *shares)))
        return sks_fail_memory (err);
    hit->score = sks_scorer_explain (scorer, statement, shares, &hit->share_count);
    hit->shares = shares;
    return 0;
}

int
sks_hit_fill (sks_hit *out, sks_matching *m, const sks_node *root, const sks_scorer *scorer, const sks_query *query,
              uint32_t statement, sks_arena *arena)
{
    *out = (sks_hit) { 0 };
    int code = fill_text (out, m->store, statement, arena, m->err);
    if (!code)
        code = fill_columns (out, m->store, statement, arena, m->err);
    if (!code && root)
        code = fill_spans (out, m, root, statement, arena);
    if (!code && scorer)
        code = fill_score (out, scorer, query->want & SKS_WANT_EXPLAIN, statement, arena, m->err);
    if (!code && query && query->want & SKS_WANT_MARKED)
        code = fill_marked (out, query, arena, m->err);
    return code;
}
