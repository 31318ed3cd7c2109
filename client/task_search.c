/* task_search.c - the commands that answer with statements and their counts. */
#include "core/base/error.h"
#include "ids.h"
#include "core/base/nearest.h"
#include "print.h"
#include "recent.h"
#include "sheet.h"
#include "task.h"

#include <inttypes.h>
#include <string.h>

#define SIDE_FACETS (SKS_FACET_GROUP + 1) /* level, sector, group */
#define SIDE_FACET_LIMIT 5
#define LEAST_HIT_LINES 2
#define SPARE_LINES 2 /* one for the shell's prompt; one more, or less -F waits for a key */

/* Request the first `count` facets. */
static void
ask_facets (sks_query *query, int count, uint32_t limit)
{
    for (int facet = 0; facet < count; facet++)
        query->facets[facet] = (sks_facet_ask) { .facet = facet, .limit = limit };
    query->facet_count = (size_t) count;
}

/* --fix: search for the suggested query. Takes ownership of *result_p and sets it to the other result. */
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

/* Write statements as rows; the reply's notes go to stderr. */
static void
put_hits (sks_table *table, const sks_result *result)
{
    sks_sheet_hits (table, result);
    sks_task_report_names (result->notes, result->note_count);
}

/* Store the statements' ids, so that later commands can use their numbers. */
static void
keep (const sks_result *result, uint64_t first)
{
    sks_buffer answer = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    sks_recent_put_hits (&answer, first, result);
    sks_recent_keep (&answer);
    sks_buffer_free (&answer);
}

/* Say on stderr that shards were left out: the answer itself does not differ from a whole one. */
static void
report_partial (const sks_result *result)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    if (result->shards_answered < result->shards_asked)
        sks_buffer_printf (&text,
                           "skillsearch: this answer is partial: %" PRIu32 " of %" PRIu32
                           " shards answered, and what the others have is missing\n",
                           result->shards_answered, result->shards_asked);
    sks_session_complain (&text);
    sks_buffer_free (&text);
}

/* Say on stderr that a first word which no statement has resembles a command. It was searched for. A corrected spelling
 * is a better guess, unless it is the name of that command. */
static void
hint_command (const sks_session *session, const sks_result *result)
{
    const sks_options *options = session->options;
    const char *word = options->about < 0 && options->word_count ? options->words[0] : "";
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    size_t size = 0;
    const char *nearest = sks_nearest_find (word, sks_option_command_names (), &size);
    nearest = nearest ? nearest : sks_nearest_find (word, "help", &size); /* "help" may precede a command */
    const sks_suggestion *spelling = &result->suggestion;
    bool unknown = false, better = nearest && spelling->word && strncmp (spelling->replacement, nearest, size) != 0;
    for (size_t i = 0; i < result->unknown_count; i++)
        unknown |= strcmp (result->unknown[i], word) == 0;
    if (nearest && unknown && !better) {
        sks_buffer_puts (&text, "skillsearch: no command ");
        sks_terminal_puts (&text, word);
        sks_buffer_printf (&text, ", so it was searched for; did you mean the command %.*s?\n", (int) size, nearest);
    }
    sks_session_complain (&text);
    sks_buffer_free (&text);
}

/* Without a limit, a page has as many statements as fit the screen. */
static void
fit_page (const sks_session *session, sks_query *query, unsigned lines_of_hit, unsigned *lines)
{
    *lines = 0;
    if (!session->terminal.height || session->options->has_limit || session->options->output != SKS_OUTPUT_TEXT)
        return;
    *lines = session->terminal.height > SPARE_LINES ? session->terminal.height - SPARE_LINES : 1;
    query->limit = *lines / lines_of_hit;
    if (query->limit > SKS_MAX_LIMIT)
        query->limit = SKS_MAX_LIMIT;
}

int
sks_task_search (sks_session *session)
{
    const sks_options *options = session->options;
    sks_query query = options->query;
    sks_result *result;
    sks_table *table = sks_session_table (session);
    sks_print_how how = { .full = options->full, .command = options->line };
    fit_page (session, &query, LEAST_HIT_LINES, &how.lines);
    if (query.facet_count == 0 && session->terminal.person && options->output == SKS_OUTPUT_TEXT &&
        !options->no_facets) {
        ask_facets (&query, SIDE_FACETS, SIDE_FACET_LIMIT);
        how.cut = true;
    }
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    hint_command (session, result);
    if (options->fix && result->suggestion.word && search_suggestion (session, &query, &result) != 0) {
        sks_result_destroy (&result);
        return sks_session_fail (session);
    }
    report_partial (result);
    bool found = result->total > 0;
    if (sks_session_put (session, result->json))
        ;
    else if (table)
        put_hits (table, result);
    else {
        sks_result page = *result;
        page.hit_count = sks_print_result (&session->out, &session->terminal, &query, result, &how);
        keep (&page, query.offset + UINT64_C (1));
    }
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

int
sks_task_facets (sks_session *session)
{
    sks_query query = session->options->query;
    sks_result *result;
    sks_table *table = sks_session_table (session);
    query.limit = 0;
    if (query.facet_count == 0)
        ask_facets (&query, SKS_FACETS, SKS_DEFAULT_FACET_LIMIT);
    if (sks_client_search (session->client, &query, &result, &session->err) != 0)
        return sks_session_fail (session);
    report_partial (result);
    bool found = result->total > 0;
    if (sks_session_put (session, result->json))
        ;
    else if (table) {
        sks_sheet_facets (table, result);
        sks_task_report_names (result->notes, result->note_count);
    } else
        sks_print_result (&session->out, &session->terminal, &query, result, &(sks_print_how) { .bars = true });
    sks_result_destroy (&result);
    return sks_session_finish (session, found);
}

/* Not said if the words may be a query: then the search for them is named. */
static const char other_id[] = "A statement whose wording changed has another id; search for its words.\n";

static void
report_missing (const sks_options *options, const sks_result *result)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    for (size_t i = 0; i < result->missing_count; i++) {
        sks_buffer_puts (&text, "skillsearch: no statement has the id ");
        sks_terminal_puts (&text, result->missing[i]);
        sks_buffer_putc (&text, '\n');
    }
    if (text.size && !options->search)
        sks_buffer_puts (&text, other_id);
    sks_session_complain (&text);
    sks_buffer_free (&text);
}

/* Get ids in portions that fit one request; with --json one reply per line. */
int
sks_task_get (sks_session *session)
{
    const sks_options *options = session->options;
    sks_table *table = sks_session_table (session);
    sks_buffer answer = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    const char *const *ids;
    size_t all;
    uint64_t found = 0;
    int rc = sks_ids_find (session, &ids, &all);
    for (size_t from = 0; rc == 0 && from < all; from += SKS_MAX_IDS) {
        sks_result *result;
        size_t count = all - from < SKS_MAX_IDS ? all - from : SKS_MAX_IDS;
        rc = sks_client_get (session->client, ids + from, count, &result, &session->err);
        if (rc)
            break;
        if (!sks_session_put (session, result->json)) {
            if (table)
                sks_sheet_hits (table, result);
            else
                sks_print_hits (&session->out, &session->terminal, result, found + 1, options->full);
            report_missing (options, result);
        }
        sks_recent_put_hits (&answer, found + 1, result);
        found += result->hit_count;
        sks_result_destroy (&result);
    }
    if (rc == 0 && options->output == SKS_OUTPUT_TEXT)
        sks_recent_keep (&answer);
    sks_buffer_free (&answer);
    return rc ? sks_session_fail (session) : sks_session_finish (session, found > 0);
}

/* Write as many hits as fit into `lines`, at least one; 0: all. Returns their number. */
static size_t
put_fitting (sks_session *session, const sks_result *result, uint64_t first, unsigned lines)
{
    const sks_terminal *terminal = &session->terminal;
    bool full = session->options->full;
    sks_buffer end = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    sks_result page = *result;
    if (result->hit_count)
        sks_print_compared_by (&end, terminal, result->compared_by);
    if (lines) {
        unsigned taken = sks_terminal_lines (terminal, end.size ? end.bytes : "", end.size);
        page.hit_count = sks_print_hits_that_fit (terminal, result, first, full, lines > taken ? lines - taken : 0);
    }
    sks_print_hits (&session->out, terminal, &page, first, full);
    sks_buffer_add (&session->out, end.bytes, end.size);
    sks_buffer_free (&end);
    return page.hit_count;
}

/* Statements similar to one; for several, the text output names each. */
static int
put_similar (sks_session *session, const char *id, bool several, uint64_t *found, sks_buffer *answer)
{
    const sks_options *options = session->options;
    sks_table *table = sks_session_table (session);
    sks_query query = options->query;
    sks_result *result;
    unsigned lines = 0;
    if (!several)
        fit_page (session, &query, LEAST_HIT_LINES, &lines);
    int rc = sks_client_similar (session->client, id, options->exclude, &query, &result, &session->err);
    if (rc)
        return rc;
    if (sks_session_put (session, result->json))
        ;
    else if (table)
        put_hits (table, result);
    else {
        if (several)
            sks_buffer_printf (&session->out, "%sLike %s:\n", *found ? "\n" : "", id);
        sks_print_names (&session->out, &session->terminal, result->notes, result->note_count);
        if (result->hit_count == 0)
            sks_buffer_puts (&session->out, "Nothing found\n");
        sks_result page = *result;
        page.hit_count = put_fitting (session, result, *found + 1, lines);
        sks_recent_put_hits (answer, *found + 1, &page);
    }
    *found += result->hit_count;
    sks_result_destroy (&result);
    return 0;
}

int
sks_task_similar (sks_session *session)
{
    sks_buffer answer = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    const char *const *ids;
    size_t count;
    uint64_t found = 0;
    int rc = sks_ids_find (session, &ids, &count);
    for (size_t i = 0; rc == 0 && i < count; i++)
        if ((rc = put_similar (session, ids[i], count > 1, &found, &answer)) == SKS_ENOTFOUND) {
            session->advice = session->options->search ? NULL : other_id;
            sks_fail (&session->err, rc, "no statement has the id %s", ids[i]);
        }
    if (rc == 0)
        sks_recent_keep (&answer);
    sks_buffer_free (&answer);
    return rc ? sks_session_fail (session) : sks_session_finish (session, found > 0);
}
