/* commands.c - each command asks through the public calls of the library and
 * writes one answer; an export one for each page. */
#include "commands.h"

#include "core/base/json.h"
#include "core/base/schema.h"
#include "keygen.h"
#include "client/lib/member.h"
#include "print.h"
#include "session.h"
#include "top.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SIDE_FACET_LIMIT 5

#define STATS_REQUEST "{\"v\":1,\"id\":\"1\",\"op\":\"stats\"}"
#define HEALTH_REQUEST "{\"v\":1,\"id\":\"1\",\"op\":\"health\"}"

/* ---------------------------------------------------------------- queries */

static void
ask_facets (sks_query *query, const int *facets, size_t count, uint32_t limit)
{
    for (size_t i = 0; i < count; i++)
        query->facets[i] = (sks_facet_ask) { .facet = facets[i], .limit = limit };
    query->facet_count = count;
}

/* --fix: the search again, with the word that was probably meant. Takes
 * ownership of *result_p and sets it to the other result. */
static int
search_suggestion (sks_session *session, sks_query *query, sks_result **result_p)
{
    const char *suggested = (*result_p)->suggestion.query;
    char *text = sks_arena_copy (session->options->memory, suggested, strlen (suggested));
    sks_result_destroy (result_p);
    if (!text)
        return sks_fail_memory (&session->err);
    if (session->options->output == SKS_OUTPUT_TEXT) {
        sks_buffer_puts (&session->out, "Searching for ");
        sks_terminal_puts (&session->out, text);
        sks_buffer_putc (&session->out, '\n');
    }
    query->text = text;
    return sks_client_search (session->client, query, result_p, &session->err);
}

static int
run_search (sks_session *session)
{
    static const int side_facets[] = { SKS_FACET_LEVEL, SKS_FACET_SECTOR, SKS_FACET_GROUP };
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_result *result;
    if (query.facet_count == 0 && session->terminal.person && options->output == SKS_OUTPUT_TEXT && !options->no_facets)
        ask_facets (&query, side_facets, sizeof side_facets / sizeof *side_facets, SIDE_FACET_LIMIT);
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    if (options->fix && result->suggestion.word && search_suggestion (session, &query, &result) != 0)
        return sks_session_fail (session);
    bool found = result->total > 0;
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, result->json);
    else if (options->output == SKS_OUTPUT_TSV)
        sks_print_tsv (&session->out, result);
    else
        sks_print_result (&session->out, &session->terminal, &query, result);
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

static int
run_facets (sks_session *session)
{
    static const int all_facets[] = { SKS_FACET_LEVEL, SKS_FACET_SECTOR, SKS_FACET_GROUP, SKS_FACET_OCCUPATION,
                                      SKS_FACET_ZONE };
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_result *result;
    query.limit = 0;
    if (query.facet_count == 0)
        ask_facets (&query, all_facets, SKS_FACETS, SKS_DEFAULT_FACET_LIMIT);
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    bool found = result->total > 0;
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, result->json);
    else if (options->output == SKS_OUTPUT_TSV)
        sks_print_facets_tsv (&session->out, result);
    else
        sks_print_result (&session->out, &session->terminal, &query, result);
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

static void
tell_missing (const sks_result *result)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    for (size_t i = 0; i < result->missing_count; i++) {
        sks_buffer_puts (&text, "skillsearch: no statement has the id ");
        sks_terminal_puts (&text, result->missing[i]);
        sks_buffer_putc (&text, '\n');
    }
    if (text.size)
        sks_buffer_puts (&text, "A statement whose wording changed has another id; search for its words.\n");
    if (text.size)
        fwrite (text.bytes, 1, text.size, stderr);
    sks_buffer_free (&text);
}

/* Ids in portions that one request may hold; with --json a reply a line. */
static int
run_get (sks_session *session)
{
    const sks_options *options = session->options;
    uint64_t found = 0;
    for (size_t from = 0; from < options->word_count; from += SKS_MAX_IDS) {
        size_t count = options->word_count - from < SKS_MAX_IDS ? options->word_count - from : SKS_MAX_IDS;
        sks_result *result;
        if (sks_client_get (session->client, options->words + from, count, &result, &session->err) != 0)
            return sks_session_fail (session);
        if (options->output == SKS_OUTPUT_JSON)
            sks_session_put (session, result->json);
        else if (options->output == SKS_OUTPUT_TSV)
            sks_print_tsv (&session->out, result);
        else
            sks_print_hits (&session->out, &session->terminal, result, found + 1);
        if (options->output != SKS_OUTPUT_JSON)
            tell_missing (result);
        found += result->hit_count;
        sks_result_destroy (&result);
    }
    return sks_session_finish (session, found > 0);
}

/* ------------------------------------------------------- other operations */

static int
run_similar (sks_session *session)
{
    const sks_options *options = session->options;
    sks_request request = {
        .op = SKS_OP_SIMILAR, .query = options->query, .statement = options->words[0], .exclude = options->exclude
    };
    sks_result *result = NULL;
    char *reply;
    request.query.text = NULL;
    int rc = sks_session_ask (session, &request, &reply);
    if (rc == 0)
        rc = sks_reply_decode_result (&result, reply, strlen (reply), &session->err);
    if (rc == 0 && options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, reply);
    else if (rc == 0 && options->output == SKS_OUTPUT_TSV)
        sks_print_tsv (&session->out, result);
    else if (rc == 0 && result->hit_count == 0)
        sks_buffer_puts (&session->out, "Nothing found\n");
    else if (rc == 0)
        sks_print_hits (&session->out, &session->terminal, result, 1);
    bool found = rc == 0 && result->total > 0;
    sks_free (reply);
    sks_result_destroy (&result);
    return rc ? sks_session_fail (session) : sks_session_finish (session, found);
}

typedef bool print_reply (sks_buffer *out, const sks_terminal *terminal, const cJSON *reply);

/* Ask, and show what comes back by the printer of the operation. */
static int
run_request (sks_session *session, const sks_request *request, print_reply *print)
{
    char *reply;
    cJSON *root = NULL;
    bool found = false;
    int rc = sks_session_ask (session, request, &reply);
    if (rc == 0)
        rc = sks_member_parse (&root, reply, strlen (reply), &session->err);
    if (rc == 0)
        found = request->op == SKS_OP_MAP ? sks_print_mapping (&session->out, &session->terminal, root, request->text)
                                          : print (&session->out, &session->terminal, root);
    if (rc == 0 && session->options->output == SKS_OUTPUT_JSON) {
        sks_buffer_clear (&session->out);
        sks_session_put (session, reply);
    }
    cJSON_Delete (root);
    sks_free (reply);
    return rc ? sks_session_fail (session) : sks_session_finish (session, found);
}

static int
run_compare (sks_session *session)
{
    const sks_options *options = session->options;
    sks_request request = { .op = SKS_OP_COMPARE,
                            .query = options->query,
                            .occupations = { options->words[0] },
                            .duty = *options->query.text ? options->query.text : NULL };
    return run_request (session, &request, sks_print_comparison);
}

static int
run_occupation (sks_session *session)
{
    const sks_options *options = session->options;
    sks_record *record;
    if (sks_client_occupation (session->client, options->words[0], &record, &session->err) != 0)
        return sks_session_fail (session);
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, record->json);
    else if (options->output == SKS_OUTPUT_TSV)
        sks_print_record_tsv (&session->out, record);
    else
        sks_print_record (&session->out, &session->terminal, record);
    sks_record_destroy (&record);
    return sks_session_finish (session, true);
}

static int
run_crosswalk (sks_session *session)
{
    const sks_options *options = session->options;
    const sks_filter *levels = &options->query.filter[SKS_FACET_LEVEL];
    int level = levels->count ? sks_level_of (levels->values[0], strlen (levels->values[0])) : -1;
    sks_request request = { .op = SKS_OP_CROSSWALK,
                            .query = options->query,
                            .level = level,
                            .occupations = { options->words[0], options->words[1] } };
    return run_request (session, &request, sks_print_crosswalk);
}

/* The whole of a file or of the standard input as a text. */
static int
read_text (sks_session *session, const char *name, const char **out)
{
    char *text = sks_arena_alloc (session->options->memory, SKS_MAX_MAP_BYTES + 2);
    FILE *file = strcmp (name, "-") == 0 ? stdin : fopen (name, "re");
    if (!text || !file) {
        if (file && file != stdin)
            fclose (file);
        return text ? sks_fail_errno (&session->err, "%s", name) : sks_fail_memory (&session->err);
    }
    size_t size = fread (text, 1, SKS_MAX_MAP_BYTES + 1, file);
    int cause = ferror (file) ? errno : 0;
    if (file != stdin)
        fclose (file);
    errno = cause;
    if (cause)
        return sks_fail_errno (&session->err, "%s", name);
    if (size > SKS_MAX_MAP_BYTES)
        return sks_fail (&session->err, SKS_ELIMIT, "%s: a text has at most %d bytes", name, SKS_MAX_MAP_BYTES);
    if (memchr (text, '\0', size))
        return sks_fail (&session->err, SKS_EINVALID, "%s is no text: it has a NUL in it", name);
    *out = text;
    return 0;
}

static int
run_map (sks_session *session)
{
    const sks_options *options = session->options;
    sks_request request = { .op = SKS_OP_MAP, .query = options->query, .text = options->query.text };
    const char *file = options->file ? options->file : strcmp (request.text, "-") == 0 ? "-" : NULL;
    if (file && read_text (session, file, &request.text) != 0)
        return sks_session_fail (session);
    request.query.text = NULL;
    return run_request (session, &request, NULL);
}

static int
run_suggest (sks_session *session)
{
    const sks_options *options = session->options;
    sks_request request = { .op = SKS_OP_SUGGEST, .query = options->query, .text = options->query.text };
    return run_request (session, &request, sks_print_completions);
}

static int
run_analyze (sks_session *session)
{
    sks_request request = { .op = SKS_OP_ANALYZE, .query = session->options->query };
    return run_request (session, &request, sks_print_analysis);
}

/* ----------------------------------------------------------------- export */

/* Ask for one page and write it. request->cursor becomes where the next one
 * starts, NULL after the last. */
static int
export_page (sks_session *session, sks_lines *lines, sks_request *request, uint64_t *total)
{
    char *reply;
    sks_page page;
    int rc = sks_session_ask (session, request, &reply);
    if (rc == SKS_ENOTFOUND && request->cursor)
        rc = sks_fail (&session->err, SKS_EIO, "the index was replaced during the export; start it again");
    if (rc == 0)
        rc = sks_lines_page (lines, reply, strlen (reply), &page, &session->err);
    if (rc == 0) {
        sks_buffer_add (&session->out, page.text, page.size);
        request->cursor = page.cursor;
        *total = page.total;
    }
    sks_free (reply);
    return rc;
}

static int
run_export (sks_session *session)
{
    const sks_options *options = session->options;
    sks_request request = { .op = SKS_OP_SCAN, .query = options->query };
    sks_lines *lines;
    uint64_t total = 0;
    int rc = sks_lines_create (&lines, options->format, options->excel_safe ? SKS_LINES_EXCEL_SAFE : 0, &session->err);
    request.query.limit = SKS_MAX_SCAN;
    if (rc)
        return sks_session_fail (session);
    bool written = true;
    do {
        rc = export_page (session, lines, &request, &total);
        written = rc == 0 && sks_output_write (&session->out);
        sks_buffer_clear (&session->out);
    } while (written && request.cursor);
    sks_lines_destroy (&lines);
    return rc ? sks_session_fail (session) : !written ? SKS_EXIT_FAILED : total ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}

/* ----------------------------------------------------------------- daemon */

static int
put_prometheus (sks_session *session, const char *reply)
{
    char *text;
    int rc = sks_stats_prometheus (reply, strlen (reply), &text, &session->err);
    if (rc == 0)
        sks_buffer_puts (&session->out, text);
    sks_free (text);
    return rc;
}

static int
run_stats (sks_session *session)
{
    char *reply;
    int rc = sks_session_call (session, STATS_REQUEST, &reply);
    if (rc == 0 && session->options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, reply);
    else if (rc == 0 && session->options->output == SKS_OUTPUT_PROMETHEUS)
        rc = put_prometheus (session, reply);
    else if (rc == 0)
        rc = sks_print_stats (&session->out, reply, &session->err);
    sks_free (reply);
    return rc ? sks_session_fail (session) : sks_session_finish (session, true);
}

static int
run_top (sks_session *session)
{
    if (sks_top_run (session->client, session->options, &session->terminal, &session->err) != 0)
        return sks_session_fail (session);
    return SKS_EXIT_FOUND;
}

static int
run_ping (sks_session *session)
{
    uint64_t took_us = 0;
    char *reply = NULL;
    bool json = session->options->output == SKS_OUTPUT_JSON;
    int rc = json ? sks_session_call (session, HEALTH_REQUEST, &reply)
                  : sks_client_ping (session->client, &took_us, &session->err);
    if (rc)
        return sks_session_fail (session);
    if (json)
        sks_session_put (session, reply);
    else
        sks_buffer_printf (&session->out, "skillsearchd answers, in %.2f ms\n", (double) took_us / 1000);
    sks_free (reply);
    return sks_session_finish (session, true);
}

static int
run_keygen (sks_session *session)
{
    int rc = sks_keygen_run (session->options, &session->out, &session->err);
    return rc ? sks_session_fail (session) : sks_session_finish (session, true);
}

static int (*const runs[SKS_COMMANDS]) (sks_session *session) = {
    [SKS_COMMAND_SEARCH] = run_search,
    [SKS_COMMAND_FACETS] = run_facets,
    [SKS_COMMAND_GET] = run_get,
    [SKS_COMMAND_SIMILAR] = run_similar,
    [SKS_COMMAND_COMPARE] = run_compare,
    [SKS_COMMAND_CROSSWALK] = run_crosswalk,
    [SKS_COMMAND_OCCUPATION] = run_occupation,
    [SKS_COMMAND_MAP] = run_map,
    [SKS_COMMAND_SUGGEST] = run_suggest,
    [SKS_COMMAND_ANALYZE] = run_analyze,
    [SKS_COMMAND_EXPORT] = run_export,
    [SKS_COMMAND_STATS] = run_stats,
    [SKS_COMMAND_PING] = run_ping,
    [SKS_COMMAND_KEYGEN] = run_keygen,
    [SKS_COMMAND_TOP] = run_top,
};

int
sks_command_run (const sks_options *options)
{
    sks_session session;
    sks_session_begin (&session, options);
    int status;
    if (options->command != SKS_COMMAND_KEYGEN && sks_session_connect (&session) != 0)
        status = sks_session_fail (&session);
    else
        status = runs[options->command](&session);
    sks_session_end (&session);
    return status;
}
