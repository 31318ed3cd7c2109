/* relevance.c - answers a list of search texts, to evaluate the ranking.
 *
 * usage: relevance INDEX QUERIES [MATCH [SHAPE [NEAR-WORDS [VECTORS [ENCODER]]]]]
 *
 * QUERIES has lines "id<TAB>text". Writes "id<TAB>rank<TAB>SOC/level/position" for the best 100 hits of each, the
 * format of the judgments. With MATCH "map" each text is a sentence of a map, and with "similar" it is a statement as
 * "SOC/level/position": the statements like it are written. SHAPE changes each text before the search: "given", "tail"
 * (without its first word), "reversed", "shuffled" (the same shuffle at every run). VECTORS is the file of word vectors
 * that the index was made with, ENCODER the sentence encoder of its statements; "none" for none of these. */
#include "core/base/schema.h"
#include "core/engine/operations.h"
#include "core/engine/thesaurus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 64

static void
reshape (char *text, const char *shape)
{
    char *words[MAX_WORDS], copy[1024], *save = NULL;
    size_t count = 0;
    if (strcmp (shape, "given") == 0)
        return;
    snprintf (copy, sizeof copy, "%s", text);
    for (char *word = strtok_r (copy, " ", &save); word && count < MAX_WORDS; word = strtok_r (NULL, " ", &save))
        words[count++] = word;
    if (strcmp (shape, "reversed") == 0)
        for (size_t i = 0; i < count / 2; i++) {
            char *swap = words[i];
            words[i] = words[count - 1 - i];
            words[count - 1 - i] = swap;
        }
    unsigned state = (unsigned) count * 2654435761u;
    for (size_t i = count; strcmp (shape, "shuffled") == 0 && i > 1; i--) {
        state = state * 1664525u + 1013904223u;
        size_t k = (state >> 8) % i;
        char *swap = words[k];
        words[k] = words[i - 1];
        words[i - 1] = swap;
    }
    text[0] = '\0';
    for (size_t i = strcmp (shape, "tail") == 0 && count > 1; i < count; i++)
        strcat (strcat (text, text[0] ? " " : ""), words[i]);
}

static void
put_hit (const char *id, size_t rank, const sks_hit *hit)
{
    printf ("%s\t%zu\t%s/%s/%u\n", id, rank, hit->soc, sks_level_name (hit->level), hit->position);
}

/* The id of the statement "SOC/level/position"; false: there is none. */
static bool
find_statement (const sks_store *store, char *key, char id[SKS_STATEMENT_ID_BYTES])
{
    char *save, *soc = strtok_r (key, "/", &save), *level = strtok_r (NULL, "/", &save);
    const char *position = strtok_r (NULL, "/", &save);
    for (uint32_t i = 0; position && i < store->occupations; i++) {
        if (strcmp (sks_store_string (store, store->occupation[i].soc), soc) != 0)
            continue;
        uint32_t cell = sks_cell (i, sks_schema_level_of (level, strlen (level)));
        for (uint32_t s = store->cells[cell]; s < store->cells[cell + 1]; s++)
            if (sks_store_position (store, s) == strtoul (position, NULL, 10)) {
                sks_store_id (store, s, id);
                return true;
            }
    }
    return false;
}

static int
answer_similar (sks_searcher *searcher, const char *id, char *key, sks_error *err)
{
    char statement[SKS_STATEMENT_ID_BYTES];
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    options.limit = SKS_MAX_LIMIT;
    if (!find_statement (sks_searcher_matching (searcher, err).store, key, statement))
        return 0;
    int code = sks_searcher_similar (searcher, statement, 0, &options, &result, err);
    for (size_t i = 0; !code && i < result->hit_count; i++)
        put_hit (id, i + 1, &result->hits[i]);
    sks_result_destroy (&result);
    return code;
}

static int
answer_map (sks_searcher *searcher, const char *id, const char *text, sks_error *err)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping mapping;
    sks_arena *arena = sks_arena_create ();
    options.limit = SKS_MAX_LIMIT;
    int code = sks_searcher_map (searcher, text, &options, arena, &mapping, err);
    for (size_t i = 0; !code && i < mapping.sentence_count && i < 1; i++)
        for (size_t k = 0; k < mapping.sentences[i].match_count; k++)
            put_hit (id, k + 1, mapping.sentences[i].matches[k].hit);
    sks_arena_destroy (&arena);
    return code;
}

static int
answer (sks_searcher *searcher, const char *id, const char *text, int match, sks_error *err)
{
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.text = text;
    query.match = match;
    query.limit = SKS_MAX_LIMIT;
    int code = sks_searcher_search (searcher, &query, &result, err);
    for (size_t i = 0; !code && i < result->hit_count; i++)
        put_hit (id, i + 1, &result->hits[i]);
    sks_result_destroy (&result);
    return code;
}

int
main (int argc, char **argv)
{
    sks_generation *generation = NULL;
    sks_near_words *thesaurus = NULL;
    sks_searcher *searcher = NULL;
    sks_vectors *vectors;
    sks_encoder *encoder;
    sks_error err;
    char line[1024];
    FILE *queries = argc > 2 ? fopen (argv[2], "r") : NULL;
    if (!queries) {
        fputs ("usage: relevance INDEX QUERIES [MATCH [SHAPE [NEAR-WORDS [VECTORS [ENCODER]]]]]\n", stderr);
        return 2;
    }
    bool similar = argc > 3 && strcmp (argv[3], "similar") == 0, map = argc > 3 && strcmp (argv[3], "map") == 0;
    int match = SKS_MATCH_AUTO;
    while (argc > 3 && sks_schema_match_name (match) && strcmp (sks_schema_match_name (match), argv[3]) != 0)
        match++;
    int code = sks_generation_open (&generation, argv[1], &err);
    if (!code && argc > 5 && strcmp (argv[5], SKS_WITHOUT_VECTORS) != 0)
        code = sks_thesaurus_read (&thesaurus, (const char *const *) argv + 5, 1, &err);
    if (thesaurus)
        code = sks_generation_relate (generation, &thesaurus, &err);
    bool with_vectors = argc > 6 && strcmp (argv[6], SKS_WITHOUT_VECTORS) != 0;
    if (!code && with_vectors)
        code = sks_vectors_open (&vectors, argv[6], &err);
    if (!code && with_vectors)
        code = sks_generation_use_vectors (generation, &vectors, &err);
    if (!code && argc > 7)
        code = sks_encoder_open (&encoder, argv[7], &err);
    if (!code && argc > 7)
        code = sks_generation_use_encoder (generation, &encoder, &err);
    if (!code)
        code = sks_searcher_open (&searcher, generation, &err);
    while (!code && fgets (line, sizeof line, queries)) {
        char *tab = strchr (line, '\t');
        if (!tab)
            continue;
        *tab = '\0';
        tab[1 + strcspn (tab + 1, "\n")] = '\0';
        reshape (tab + 1, argc > 4 ? argv[4] : "given");
        code = similar ? answer_similar (searcher, line, tab + 1, &err)
               : map   ? answer_map (searcher, line, tab + 1, &err)
                       : answer (searcher, line, tab + 1, match, &err);
    }
    if (code)
        fprintf (stderr, "relevance: %s\n", err.text);
    fclose (queries);
    sks_searcher_close (&searcher);
    sks_generation_release (&generation);
    return code ? 1 : 0;
}
