/* commands.c - each command asks through the public calls of the library and
 * writes one answer; an export one for each page. */
#include "commands.h"

#include "client/browse/browse.h"
#include "core/base/error.h"
#include "keygen.h"
#include "nearest.h"
#include "print.h"
#include "session.h"
#include "top.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define SIDE_FACETS (SKS_FACET_GROUP + 1) /* level, sector, group */
#define SIDE_FACET_LIMIT 5

/* ---------------------------------------------------------------- queries */

/* Ask for the first `count` facets. */
static void
ask_facets (sks_query *query, int count, uint32_t limit)
{
    for (int facet = 0; facet < count; facet++)
        query->facets[facet] = (sks_facet_ask) { .facet = facet, .limit = limit };
    query->facet_count = (size_t) count;
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

/* Report on stderr how names were read, where the answer itself has no place for it. */
static void
complain_of_names (const sks_note *notes, size_t count)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    sks_print_names (&text, notes, count);
    sks_session_complain (&text);
    sks_buffer_free (&text);
}

static void
put_tsv (sks_session *session, void (*print) (sks_buffer *out, const sks_result *result), const sks_result *result)
{
    print (&session->out, result);
    complain_of_names (result->notes, result->note_count);
}

/* A first word that no statement has and that is nearly a command was meant as one. */
static void
hint_command (sks_session *session, const sks_result *result)
{
    const sks_options *options = session->options;
    const char *word = options->about < 0 && options->word_count ? options->words[0] : "";
    size_t size = 0;
    const char *nearest = sks_nearest_find (word, sks_option_command_names (), &size);
    for (size_t i = 0; nearest && i < result->unknown_count; i++)
        if (strcmp (result->unknown[i], word) == 0)
            sks_buffer_printf (&session->out, "If the command %.*s was meant: skillsearch %.*s\n", (int) size, nearest,
                               (int) size, nearest);
}

static int
run_search (sks_session *session)
{
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_result *result;
    if (query.facet_count == 0 && session->terminal.person && options->output == SKS_OUTPUT_TEXT && !options->no_facets)
        ask_facets (&query, SIDE_FACETS, SIDE_FACET_LIMIT);
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    if (options->fix && result->suggestion.word && search_suggestion (session, &query, &result) != 0)
        return sks_session_fail (session);
    bool found = result->total > 0;
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, result->json);
    else if (options->output == SKS_OUTPUT_TSV)
        put_tsv (session, sks_print_tsv, result);
    else {
        sks_print_result (&session->out, &session->terminal, &query, result);
        hint_command (session, result);
    }
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

static int
run_facets (sks_session *session)
{
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_result *result;
    query.limit = 0;
    if (query.facet_count == 0)
        ask_facets (&query, SKS_FACETS, SKS_DEFAULT_FACET_LIMIT);
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    bool found = result->total > 0;
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, result->json);
    else if (options->output == SKS_OUTPUT_TSV)
        put_tsv (session, sks_print_facets_tsv, result);
    else
        sks_print_result (&session->out, &session->terminal, &query, result);
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

static void
report_missing (const sks_result *result)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    for (size_t i = 0; i < result->missing_count; i++) {
        sks_buffer_puts (&text, "skillsearch: no statement has the id ");
        sks_terminal_puts (&text, result->missing[i]);
        sks_buffer_putc (&text, '\n');
    }
    if (text.size)
        sks_buffer_puts (&text, "A statement whose wording changed has another id; search for its words.\n");
    sks_session_complain (&text);
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
            report_missing (result);
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
    sks_result *result;
    if (sks_client_similar (session->client, options->words[0], options->exclude, &options->query, &result,
                            &session->err) != 0)
        return sks_session_fail (session);
    bool found = result->total > 0;
    if (options->output == SKS_OUTPUT_JSON)
        sks_session_put (session, result->json);
    else if (options->output == SKS_OUTPUT_TSV)
        put_tsv (session, sks_print_tsv, result);
    else {
        sks_print_names (&session->out, result->notes, result->note_count);
        if (result->hit_count == 0)
            sks_buffer_puts (&session->out, "Nothing found\n");
        sks_print_hits (&session->out, &session->terminal, result, 1);
    }
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

/* With --json the reply instead of what was printed. */
static int
finish_answer (sks_session *session, const char *json, bool found)
{
    if (session->options->output == SKS_OUTPUT_JSON) {
        sks_buffer_clear (&session->out);
        sks_session_put (session, json);
    }
    return sks_session_finish (session, found);
}

static int
run_compare (sks_session *session)
{
    const sks_query *query = &session->options->query;
    const char *duty = *query->text ? query->text : NULL;
    sks_comparison *comparison;
    if (sks_client_compare (session->client, session->options->words[0], duty, query, &comparison, &session->err) != 0)
        return sks_session_fail (session);
    bool found = sks_print_comparison (&session->out, &session->terminal, comparison);
    int status = finish_answer (session, comparison->json, found);
    sks_comparison_destroy (&comparison);
    return status;
}

/* The level of its name; -1 if there is none. */
static int
level_of (const char *name)
{
    int level = SKS_LEVELS - 1;
    while (level >= 0 && strcmp (name, sks_level_name (level)) != 0)
        level--;
    return level;
}

static int
run_occupation (sks_session *session)
{
    const sks_options *options = session->options;
    sks_record *record;
    if (sks_client_occupation_with (session->client, options->query.text, &options->query, &record, &session->err) != 0)
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
    int level = levels->count ? level_of (levels->values[0]) : -1;
    sks_crosswalk *crosswalk;
    if (sks_client_crosswalk (session->client, options->words[0], options->words[1], level, &options->query, &crosswalk,
                              &session->err) != 0)
        return sks_session_fail (session);
    bool found = sks_print_crosswalk (&session->out, &session->terminal, crosswalk);
    int status = finish_answer (session, crosswalk->json, found);
    sks_crosswalk_destroy (&crosswalk);
    return status;
}

/* The content of a file, or of standard input ("-"), as text. */
static int
read_text (sks_session *session, const char *name, const char **out)
{
    char *text = sks_arena_alloc (session->options->memory, SKS_MAX_MAP_BYTES + 2);
    if (!text)
        return sks_fail_memory (&session->err);
    int fd = strcmp (name, "-") == 0 ? dup (STDIN_FILENO) : open (name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sks_fail_errno (&session->err, "%s", name);
    size_t size = 0;
    ssize_t got = 1;
    while (got != 0 && size <= SKS_MAX_MAP_BYTES) {
        got = read (fd, text + size, SKS_MAX_MAP_BYTES + 1 - size);
        if (got < 0 && errno != EINTR)
            break;
        size += got > 0 ? (size_t) got : 0;
    }
    int rc = got < 0 ? sks_fail_errno (&session->err, "%s", name) : 0;
    close (fd);
    if (rc)
        return rc;
    if (size > SKS_MAX_MAP_BYTES)
        return sks_fail (&session->err, SKS_ELIMIT, "%s: a text has at most %d bytes", name, SKS_MAX_MAP_BYTES);
    if (memchr (text, '\0', size))
        return sks_fail (&session->err, SKS_EINVALID, "%s is not a text file (contains a NUL byte)", name);
    *out = text;
    return 0;
}

static int
run_map (sks_session *session)
{
    const sks_options *options = session->options;
    const char *text = options->query.text;
    const char *file = options->file ? options->file : strcmp (text, "-") == 0 ? "-" : NULL;
    sks_mapping *mapping;
    if ((file && read_text (session, file, &text) != 0) ||
        sks_client_map (session->client, text, &options->query, &mapping, &session->err) != 0)
        return sks_session_fail (session);
    bool found = false;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        found |= mapping->sentences[i].match_count > 0;
    if (options->output != SKS_OUTPUT_JSON) { /* units are bytes then */
        sks_print_names (&session->out, mapping->notes, mapping->note_count);
        sks_print_mapping (&session->out, &session->terminal, mapping, text);
    }
    int status = finish_answer (session, mapping->json, found);
    sks_mapping_destroy (&mapping);
    return status;
}

static int
run_suggest (sks_session *session)
{
    const sks_query *query = &session->options->query;
    sks_completions *completions;
    if (sks_client_suggest (session->client, query->text, query->limit, &completions, &session->err) != 0)
        return sks_session_fail (session);
    bool found = sks_print_completions (&session->out, &session->terminal, completions);
    int status = finish_answer (session, completions->json, found);
    sks_completions_destroy (&completions);
    return status;
}

static int
run_analyze (sks_session *session)
{
    sks_analysis *analysis;
    if (sks_client_analyze (session->client, &session->options->query, &analysis, &session->err) != 0)
        return sks_session_fail (session);
    bool found = sks_print_analysis (&session->out, &session->terminal, analysis);
    int status = finish_answer (session, analysis->json, found);
    sks_analysis_destroy (&analysis);
    return status;
}

/* ----------------------------------------------------------------- export */

/* Ask for one page and write it. The page's cursor is where the next one starts. */
static int
export_page (sks_session *session, sks_lines *lines, const sks_query *query, sks_page *page)
{
    sks_result *result;
    int rc = sks_client_scan (session->client, query, page->cursor, &result, &session->err);
    if (rc == SKS_ENOTFOUND && page->cursor)
        return sks_fail (&session->err, SKS_EIO, "the index was replaced during the export; start it again");
    if (rc == 0 && !page->cursor)
        complain_of_names (result->notes, result->note_count);
    if (rc == 0)
        rc = sks_lines_page (lines, result->json, strlen (result->json), page, &session->err);
    if (rc == 0)
        sks_buffer_add (&session->out, page->text, page->size);
    sks_result_destroy (&result);
    return rc;
}

static int
run_export (sks_session *session)
{
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_page page = { 0 };
    sks_lines *lines;
    unsigned flags = (options->excel_safe ? SKS_LINES_EXCEL_SAFE : 0) |
                     (query.want & SKS_WANT_PROVENANCE ? SKS_LINES_PROVENANCE : 0) |
                     (query.sort != SKS_SORT_RELEVANCE ? SKS_LINES_SORTED : 0);
    int rc = sks_lines_create (&lines, options->format, flags, &session->err);
    query.limit = SKS_MAX_SCAN;
    if (rc)
        return sks_session_fail (session);
    bool written = true;
    do {
        rc = export_page (session, lines, &query, &page);
        written = rc == 0 && sks_session_write (&session->out);
        sks_buffer_clear (&session->out);
    } while (written && page.cursor);
    uint64_t total = page.total;
    sks_lines_destroy (&lines);
    return rc ? sks_session_fail (session) : !written ? SKS_EXIT_FAILED : total ? SKS_EXIT_FOUND : SKS_EXIT_NOTHING;
}

/* A signal that ended the screen ends the program, as it would have done without it. */
static int
run_browse (sks_session *session)
{
    const sks_options *options = session->options;
    const browse_start start = { .client = session->client,
                                 .query = &options->query,
                                 .timeout_ms = options->timeout_ms,
                                 .color = options->color != SKS_COLOR_NEVER,
                                 .print = options->print,
                                 .null = options->null };
    int number;
    if (browse_run (&start, &session->out, &number, &session->err) != 0)
        return sks_session_fail (session);
    if (number)
        raise (number);
    return number ? SKS_EXIT_FAILED : sks_session_finish (session, session->out.size > 0);
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
    sks_daemon_stats *stats;
    if (sks_client_stats (session->client, &stats, &session->err) != 0)
        return sks_session_fail (session);
    int rc = 0;
    if (session->options->output == SKS_OUTPUT_PROMETHEUS)
        rc = put_prometheus (session, stats->json);
    else
        sks_print_stats (&session->out, stats);
    int status = rc ? sks_session_fail (session) : finish_answer (session, stats->json, true);
    sks_daemon_stats_destroy (&stats);
    return status;
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
    sks_health *health = NULL;
    uint64_t took_us = 0;
    bool json = session->options->output == SKS_OUTPUT_JSON;
    int rc = json ? sks_client_health (session->client, &health, &session->err)
                  : sks_client_ping (session->client, &took_us, &session->err);
    if (rc)
        return sks_session_fail (session);
    if (json)
        sks_session_put (session, health->json);
    else
        sks_buffer_printf (&session->out, "skillsearchd answers, in %.2f ms\n", (double) took_us / 1000);
    sks_health_destroy (&health);
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
    [SKS_COMMAND_BROWSE] = run_browse,
    [SKS_COMMAND_EXPORT] = run_export,
    [SKS_COMMAND_STATS] = run_stats,
    [SKS_COMMAND_PING] = run_ping,
    [SKS_COMMAND_KEYGEN] = run_keygen,
    [SKS_COMMAND_TOP] = run_top,
};

/* With "-" as its only word, a query is read from the standard input. */
static int
read_query (sks_session *session, sks_options *options)
{
    const unsigned with_query =
        1u << SKS_COMMAND_SEARCH | 1u << SKS_COMMAND_FACETS | 1u << SKS_COMMAND_ANALYZE | 1u << SKS_COMMAND_EXPORT;
    if (!(with_query & 1u << options->command) || strcmp (options->query.text, "-") != 0)
        return 0;
    return read_text (session, "-", &options->query.text);
}

int
sks_command_run (const sks_options *given)
{
    sks_session session;
    sks_options own = *given, *options = &own;
    sks_session_begin (&session, options);
    int status;
    if (read_query (&session, options) != 0)
        status = sks_session_fail (&session);
    else if (options->command != SKS_COMMAND_KEYGEN && sks_session_connect (&session) != 0)
        status = sks_session_fail (&session);
    else
        status = runs[options->command](&session);
    sks_session_end (&session);
    return status;
}
