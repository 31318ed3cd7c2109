/* gather_scan.c - a page of a scan: the cells from that of the cursor on. */
#include "gather.h"

#include "core/base/clock.h"
#include "core/engine/order.h"
#include "core/engine/scan.h"
#include "gather_link.h"
#include "gather_step.h"

#include <stdlib.h>

static int
by_number (const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;
    return (a > b) - (a < b);
}

/* The number in the window of a statement of the index. */
static int
find_in_window (const sks_window *window, uint32_t *statement, sks_error *err)
{
    if (*statement == SKS_NONE)
        return 0;
    const uint32_t *found = window->store.statements ? bsearch (statement, window->numbers, window->store.statements,
                                                                sizeof *window->numbers, by_number)
                                                     : NULL;
    if (!found)
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: it belongs to a scan of another query");
    *statement = (uint32_t) (found - window->numbers);
    return 0;
}

/* Take the page that starts at a statement of the index. */
static int
take_page (sks_gathering *s, uint32_t from)
{
    const sks_window *window = s->g->window;
    const sks_query *query = s->a.query;
    sks_error *err = s->a.m.err;
    sks_cell_page page;
    sks_search w;
    uint32_t next = SKS_NONE;
    size_t found = 0;
    sks_scored *list = sks_arena_array (s->a.m.arena, query->limit, sizeof *list);
    int code = list ? sks_cell_page_from (&page, &s->a.m, s->g->cells, &s->a.fails, query,
                                          from == SKS_NONE ? SKS_NONE : sks_store_cell (s->a.m.store, from))
                    : sks_fail_memory (err);
    if (!code)
        code = sks_gather_fetch_page (s, &page);
    if (!code)
        code = sks_gather_begin_window (s, &w);
    if (!code)
        code = sks_search_rank (&w);
    if (!code)
        code = find_in_window (window, &from, err);
    if (!code)
        code = sks_order_from (&w.m, &w.set, &w.fails, query, from, list, &found, &next);
    if (!code)
        code = sks_search_fill (&w, list, found);
    if (!code && next != SKS_NONE)
        code = sks_scan_write_cursor (s->a.result, s->a.m.store, query, window->numbers[next], err);
    return code;
}

static int
scan (sks_gathering *s, const char *cursor)
{
    uint32_t from = SKS_NONE;
    int code = sks_scan_check (s->a.query, s->a.m.err);
    if (!code && s->a.query->match == SKS_MATCH_MEANING)
        code = sks_fail (s->a.m.err, SKS_EUNSUPPORTED, "/match: an index in shards does not match by meaning");
    if (!code)
        code = sks_scan_read_cursor (cursor, s->a.m.store, s->a.query, &from, s->a.m.err);
    if (!code)
        code = sks_gather_read (s);
    if (!code)
        code = sks_gather_count (s);
    if (!code)
        code = take_page (s, from);
    return code ? code : sks_search_describe (&s->a);
}

static int
scan_once (sks_gather *g, const sks_query *query, const char *cursor, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    const sks_query whole = sks_scan_query (query);
    sks_gathering s;
    sks_gather_begin (&s, g, &whole, err);
    int code = s.a.result ? scan (&s, cursor) : sks_fail_memory (err);
    sks_shards_clear (g->shards);
    return sks_search_finish (&s.a.m, s.a.result, code, start, out);
}

int
sks_gather_scan (sks_gather *g, const sks_query *query, const char *cursor, sks_result **out, sks_error *err)
{
    int code;
    *out = NULL;
    sks_gather_begin_request (g);
    do {
        code = sks_gather_connect (g, false, err);
        if (!code)
            code = scan_once (g, query, cursor, out, err);
    } while (sks_gather_again (g, false, &code, err));
    return code;
}
