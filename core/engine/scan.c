/* scan.c - all matches in id order, a page at a time.
 *
 * Statements are numbered in id order, so a cursor is the generation, the hash of its
 * content, and the number of the statement where the next page starts. Another
 * index may have a generation of the same number; its hash is another. Nothing is kept between
 * two pages: each one matches again. */
#include "operations.h"
#include "search.h"

#include "core/base/clock.h"
#include "core/base/result.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_BYTES 64

/* What finding the cell of a match takes, in units of a budget. */
#define MATCH_UNITS 16

/* Read digits without a leading zero, up to most; moves *at past them. */
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

/* The statement where a page starts; NULL is the beginning. */
static int
read_cursor (const char *cursor, const sks_store *store, uint32_t *out, sks_error *err)
{
    uint64_t generation, content, statement;
    const char *at = cursor;
    *out = 0;
    if (!cursor)
        return 0;
    if (!read_number (&at, UINT64_MAX, &generation) || *at++ != ':' || !read_content (&at, &content) || *at++ != ':' ||
        !read_number (&at, UINT32_MAX, &statement) || *at)
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: this is no cursor that a scan has given");
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
        return sks_fail (err, SKS_EBADREQUEST, "/cursor: this is no cursor that a scan has given");
    *out = (uint32_t) statement;
    return 0;
}

static int
write_cursor (sks_result *result, const sks_store *store, uint32_t statement, sks_error *err)
{
    char cursor[CURSOR_BYTES];
    int size =
        snprintf (cursor, sizeof cursor, "%" PRIu64 ":%016" PRIx64 ":%u", store->generation, store->content, statement);
    result->cursor = sks_arena_copy (sks_result_arena (result), cursor, (size_t) size);
    return result->cursor ? 0 : sks_fail_memory (err);
}

static int
check_scan (const sks_query *query, sks_error *err)
{
    if (!query->limit)
        return sks_fail (err, SKS_EBADREQUEST, "/limit: a page of a scan has at least 1 statement");
    if (query->limit > SKS_MAX_SCAN)
        return sks_fail (err, SKS_ELIMIT, "/limit: at most %d", SKS_MAX_SCAN);
    return 0;
}

/* The next match that passes the filters. */
static bool
next_match (const sks_search *a, sks_set_walk *walk, uint32_t *statement)
{
    while (!sks_budget_spend (a->m.budget, MATCH_UNITS) && sks_set_walk_next (walk, statement))
        if (!a->fails.any || !sks_cell_fails (&a->fails, sks_store_cell (a->m.store, *statement)))
            return true;
    return false;
}

static int
take_page (sks_search *a, uint32_t from)
{
    uint32_t found = 0, statement = 0;
    sks_scored *page = sks_arena_array (a->m.arena, a->query->limit, sizeof *page);
    if (!page)
        return sks_fail_memory (a->m.err);
    sks_set_walk walk = { &a->set, a->set.list ? sks_set_list_find (a->set.list, a->set.count, 0, from) : from };
    bool more = next_match (a, &walk, &statement);
    for (; more && found < a->query->limit; more = next_match (a, &walk, &statement))
        page[found++] = (sks_scored) { 0, statement, 0, false };
    int code = sks_search_show (a, page, found);
    return code || !more ? code : write_cursor (a->result, a->m.store, statement, a->m.err);
}

static int
scan (sks_search *a, const char *cursor)
{
    uint32_t from = 0;
    int code = check_scan (a->query, a->m.err);
    if (!code)
        code = read_cursor (cursor, a->m.store, &from, a->m.err);
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
    sks_query whole = *query;
    whole.collapse = 0;
    sks_search a = { .m = sks_searcher_matching (searcher, err), .query = &whole, .result = sks_result_create () };
    int code = a.result ? scan (&a, cursor) : sks_fail_memory (err);
    return sks_search_finish (&a.m, a.result, code, start, out);
}
