/* scan.c - all matches page by page, in the order of ids or in another order.
 *
 * A cursor is the generation, the hash of its content, the number of the statement where the next page starts, and
 * the order if it is not that of ids. A generation of another index may have the same number, but has a different
 * hash. No state is kept between pages: each one matches again. */
#include "scan.h"

#include "operations.h"
#include "order.h"
#include "search.h"

#include "core/base/clock.h"
#include "core/base/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_BYTES 80
#define ORDER_BYTES 16 /* ":-occupation" and NUL */

/* Read a number without leading zeros, at most `max`; moves *at past it. */
static bool
read_number (const char **at, uint64_t max, uint64_t *out)
{
    const char *start = *at;
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        uint64_t digit = (uint64_t) (**at - '0');
        if (digit > max || value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return *at > start && (*start != '0' || *at == start + 1);
}

/* Read the 16 digits of a content hash; moves *at past them. */
static bool
read_content (const char **at, uint64_t *out)
{
    if (strspn (*at, "0123456789abcdef") != 16)
        return false;
    *out = strtoull (*at, NULL, 16); /* ends at the colon */
    *at += 16;
    return true;
}

/* Write the end of a cursor: nothing, or the order. */
static const char *
order_suffix (char out[ORDER_BYTES], const sks_query *query)
{
    *out = '\0';
    if (query->sort != SKS_SORT_ID || query->reverse)
        snprintf (out, ORDER_BYTES, ":%s%s", query->reverse ? "-" : "", sks_schema_sort_name (query->sort));
    return out;
}

int
sks_scan_read_cursor (const char *cursor, const sks_store *store, const sks_query *query, uint32_t *out, sks_error *err)
{
    uint64_t generation, content, statement;
    const char *at = cursor;
    char order[ORDER_BYTES];
    *out = SKS_NONE;
    if (!cursor)
        return 0;
    if (!read_number (&at, UINT64_MAX, &generation) || *at++ != ':' || !read_content (&at, &content) || *at++ != ':' ||
        !read_number (&at, UINT32_MAX, &statement) || (*at && *at != ':'))
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: not a cursor returned by scan");
    if (generation != store->generation)
        return sks_fail (err, SKS_ENOTFOUND,
                         "/cursor: it belongs to generation %" PRIu64 ", now %" PRIu64
                         " answers; start again without a cursor",
                         generation, store->generation);
    if (content != store->content)
        return sks_fail (err, SKS_ENOTFOUND,
                         "/cursor: it belongs to another index, whose generation %" PRIu64
                         " had other content; start again without a cursor",
                         generation);
    if (statement >= store->statements)
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: not a cursor returned by scan");
    if (strcmp (at, order_suffix (order, query)) != 0)
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: it belongs to a scan with another \"sort\"");
    *out = (uint32_t) statement;
    return 0;
}

int
sks_scan_write_cursor (sks_result *result, const sks_store *store, const sks_query *query, uint32_t statement,
                       sks_error *err)
{
    char cursor[CURSOR_BYTES], order[ORDER_BYTES];
    int size = snprintf (cursor, sizeof cursor, "%" PRIu64 ":%016" PRIx64 ":%u%s", store->generation, store->content,
                         statement, order_suffix (order, query));
    result->cursor = sks_arena_copy (sks_result_arena (result), cursor, (size_t) size);
    return result->cursor ? 0 : sks_fail_memory (err);
}

sks_query
sks_scan_query (const sks_query *query)
{
    sks_query whole = *query;
    whole.collapse = 0;
    whole.sort = query->sort == SKS_SORT_RELEVANCE ? SKS_SORT_ID : query->sort;
    return whole;
}

int
sks_scan_check (const sks_query *query, sks_error *err)
{
    if (!query->limit)
        return sks_fail (err, SKS_EBADREQUEST, "/limit: a page of a scan has at least 1 statement");
    if (query->limit > SKS_MAX_SCAN)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_SCAN);
    return 0;
}

static int
take_page (sks_search *a, uint32_t from)
{
    uint32_t next = SKS_NONE;
    size_t found = 0;
    sks_scored *page = sks_arena_array (a->m.arena, a->query->limit, sizeof *page);
    int code = page ? 0 : sks_fail_memory (a->m.err);
    if (!code)
        code = sks_order_from (&a->m, &a->set, &a->fails, a->query, from, page, &found, &next);
    if (!code)
        code = sks_search_show (a, page, found);
    return code || next == SKS_NONE ? code : sks_scan_write_cursor (a->result, a->m.store, a->query, next, a->m.err);
}

static int
scan (sks_search *a, const char *cursor)
{
    uint32_t from = 0;
    int code = sks_scan_check (a->query, a->m.err);
    if (!code)
        code = sks_scan_read_cursor (cursor, a->m.store, a->query, &from, a->m.err);
    if (!code)
        code = sks_search_match (a);
    if (!code)
        code = sks_search_count (a);
    if (!code)
        code = sks_search_rank (a);
    return code ? code : take_page (a, from);
}

int
sks_searcher_scan (sks_searcher *searcher, const sks_query *query, const char *cursor, sks_result **out, sks_error *err)
{
    uint64_t start = sks_clock_us ();
    const sks_query whole = sks_scan_query (query);
    sks_search a = { .m = sks_searcher_matching (searcher, err), .query = &whole, .result = sks_result_create () };
    int code = a.result ? scan (&a, cursor) : sks_fail_memory (err);
    return sks_search_finish (&a.m, a.result, code, start, out);
}
