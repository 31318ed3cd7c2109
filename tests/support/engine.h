/* engine.h - fixture for the tests of the engine: an index made in this process, a searcher on it, and all its
 * statements, to compare answers with.
 *
 * All calls fail the test by themselves. An engine is opened once per test case, before Check forks, and used by its
 * tests one after the other. */
#ifndef SKS_TEST_ENGINE_H
#define SKS_TEST_ENGINE_H

#include "core/engine/search.h"
#include "sample.h"

#include <stdbool.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)

/* One statement, as a hit of an empty query has it. */
typedef struct engine_statement {
    char *id, *text, *soc, *title, *group; /* group: its code */
    char *sector, *version;                /* "none" if there is none */
    int level, zone;
    uint32_t position;
} engine_statement;

typedef struct engine {
    char *folder;
    sks_generation *generation;
    sks_searcher *searcher;
    engine_statement *statements; /* all, in id order */
    size_t count;
} engine;

/* Index a folder of exports and open the index; or index only these occupations, each as one export. */
void engine_open (engine *out, const char *exports);
void engine_open_occupations (engine *out, const sample_occupation *occupations, size_t count);
void engine_close (engine *e);

/* An engine on a few occupations, and an arena for its answers: the unchecked fixture of suites whose index is written
 * in the suite. */
extern engine small;
extern sks_arena *engine_arena;
void engine_small_open (const sample_occupation *occupations, size_t count);
void engine_small_close (void);

/* Answer a query. Caller owns it; free with sks_result_destroy. */
sks_result *engine_search (engine *e, const sks_query *query);

/* The same for a text alone: SKS_MATCH_AUTO, the best 100 hits, no facets. */
sks_result *engine_ask (engine *e, const char *text);

/* How many statements match a text. */
uint64_t engine_total (engine *e, const char *text);

/* The number of a hit's statement, counted in id order. */
size_t engine_number (const engine *e, const char *id);

/* Whether a statement passes the filters of a query; `except` is a facet whose filter is ignored, or -1. This is the
 * naive reference for all filters. */
bool engine_passes (const engine_statement *statement, const sks_query *query, int except);

/* A statement's value of a facet. Borrowed: valid until the engine is closed. */
const char *engine_value (const engine_statement *statement, int facet);

/* A random number below `below`; the caller seeds the state. */
unsigned engine_draw (unsigned *state, unsigned below);

/* A random word of a text as written there, cut to `room` bytes. */
void engine_draw_word (unsigned *state, const char *text, char *out, size_t room);

#endif
