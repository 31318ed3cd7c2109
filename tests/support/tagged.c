/* tagged.c - the statements, and the reading of tags from an answer. */
#include "tagged.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

engine tagged;

static const sample_occupation occupations[] = {
    { .soc = "43-9051.00",
      .title = "Mail Clerks and Mail Machine Operators, Except Postal Service",
      .group = "Office & Administrative Support",
      .sector = "55",
      .zone = 2,
      .levels = { "Incoming mail — open, sort, and route to staff a1\n"
                  "Route the incoming mail by hand a2\n"
                  "Routing slips — attach to each parcel of mail a3\n"
                  "Mail that is incoming late — set aside a4",
                  "Routed letters — sort papers such as notes a5\n"
                  "Track notes as such papers move a6",
                  "Postage meters — calibrate — then seal a7", "Café menus and naïve façades a8" } },
    { .soc = "47-2221.00",
      .title = "Crane Riggers",
      .group = "Construction & Extraction",
      .sector = "23",
      .zone = 3,
      .levels = { "Crane hook b1\nCrane alpha hook b2\nHook alpha beta crane b3\nCrane of the hook b4",
                  "Crane one two three four five six seven eight nine hook b5\n"
                  "Crane one two three four five six seven eight nine ten hook b6",
                  "Tower crane alpha hook b7\nHook alpha tower crane b8\nTower hook alpha crane b9",
                  "Winch winch b10\nWinch b11\nRope ropes sling b12\nSling rope ropes b13" } },
    { .soc = "49-9099.00",
      .title = "Repair Workers, All Other",
      .group = "Installation, Maintenance & Repair",
      .levels = { "Replace worn gaskets c1", "Gasket — inspect, e.g. for cracks c2", "Don't overtighten bolts c3" } },
    { .soc = "15-1252.00",
      .title = "Software Developers",
      .group = "Computer & Mathematical",
      .sector = "54",
      .zone = 4,
      .levels = { "Red blue d01\nRed blue d02\nRed blue d03\nRed blue d04\nRed blue d05\nRed blue d06\n"
                  "Red blue d07\nRed blue d08\nRed blue d09\nRed blue d10",
                  "Gold jade d11\nGold jade d12\nGold jade d13\nGold jade d14\nGold jade d15\nGold jade d16\n"
                  "Gold jade d17\nGold jade d18\nGold jade d19",
                  "Gold d20\nRed d21\nJade blue d22", "Onyx opal ruby d23\nAgate d24" } },
};

void
tagged_open (void)
{
    engine_open_occupations (&tagged, occupations, COUNT (occupations));
    ck_assert_uint_eq (tagged.count, 48);
}

void
tagged_close (void)
{
    engine_close (&tagged);
}

static int
compare_tags (const void *left, const void *right)
{
    const char *a = *(const char *const *) left, *b = *(const char *const *) right;
    size_t a_size = strlen (a), b_size = strlen (b);
    return a_size == b_size || *a != *b ? strcmp (a, b) : a_size < b_size ? -1 : 1;
}

const char *
tagged_list (const sks_result *result)
{
    static char list[1024];
    const char *tags[SKS_MAX_LIMIT];
    *list = '\0';
    for (size_t i = 0; i < result->hit_count; i++)
        tags[i] = strrchr (result->hits[i].text, ' ') + 1;
    qsort (tags, result->hit_count, sizeof *tags, compare_tags);
    for (size_t i = 0; i < result->hit_count; i++)
        strcat (strcat (list, i ? " " : ""), tags[i]);
    return list;
}

sks_result *
tagged_ask (const char *text, int match)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = match;
    query.limit = SKS_MAX_LIMIT;
    return engine_search (&tagged, &query);
}

void
tagged_finds_by (const char *text, int match, const char *expected)
{
    sks_result *result = tagged_ask (text, match);
    const char *tags = tagged_list (result);
    ck_assert_msg (strcmp (tags, expected) == 0, "%s finds %s, not %s", text, tags, expected);
    ck_assert_msg (result->total == result->hit_count, "%s: total", text);
    sks_result_destroy (&result);
}

void
tagged_finds (const tagged_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tagged_finds_by (findings[i].text, SKS_MATCH_ALL, findings[i].expected);
}

void
tagged_relaxes (const char *text, bool expected)
{
    sks_result *result = tagged_ask (text, SKS_MATCH_AUTO);
    ck_assert_msg (result->relaxed == expected, "%s is%s relaxed", text, expected ? " not" : "");
    ck_assert_msg (expected || result->matched_all == result->total, "%s: matched_all", text);
    sks_result_destroy (&result);
}
