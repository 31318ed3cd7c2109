/* commands.c - finds the command, prepares what it needs, and runs it. */
#include "commands.h"

#include "completion.h"
#include "input.h"
#include "task.h"
#include "try.h"

#include <stdio.h>
#include <string.h>

static int (*const runs[SKS_COMMANDS]) (sks_session *session) = {
    [SKS_COMMAND_SEARCH] = sks_task_search,
    [SKS_COMMAND_FACETS] = sks_task_facets,
    [SKS_COMMAND_GET] = sks_task_get,
    [SKS_COMMAND_SIMILAR] = sks_task_similar,
    [SKS_COMMAND_COMPARE] = sks_task_compare,
    [SKS_COMMAND_CROSSWALK] = sks_task_crosswalk,
    [SKS_COMMAND_OCCUPATION] = sks_task_occupation,
    [SKS_COMMAND_MAP] = sks_task_map,
    [SKS_COMMAND_SUGGEST] = sks_task_suggest,
    [SKS_COMMAND_ANALYZE] = sks_task_analyze,
    [SKS_COMMAND_BROWSE] = sks_task_browse,
    [SKS_COMMAND_EXPORT] = sks_task_export,
    [SKS_COMMAND_STATS] = sks_task_stats,
    [SKS_COMMAND_PING] = sks_task_ping,
    [SKS_COMMAND_KEYGEN] = sks_task_keygen,
    [SKS_COMMAND_TOP] = sks_task_top,
    [SKS_COMMAND_TRY] = sks_try_run,
    [SKS_COMMAND_COMPLETE] = sks_completion_run,
};

/* Put the query that was read in place of "-", so that the command can be shown for repetition. */
static void
put_query_in_command (sks_options *options)
{
    size_t kept = 0;
    for (size_t i = 0; i < options->line_count; i++)
        if (strcmp (options->line[i], "-") != 0 && strcmp (options->line[i], "--") != 0)
            options->line[kept++] = options->line[i];
    options->line[kept++] = "--";
    options->line[kept++] = options->query.text;
    options->line[kept] = NULL;
}

/* With "-" as its only word, a query is read from the standard input. */
static int
read_query (sks_session *session, sks_options *options)
{
    const unsigned with_query =
        1u << SKS_COMMAND_SEARCH | 1u << SKS_COMMAND_FACETS | 1u << SKS_COMMAND_ANALYZE | 1u << SKS_COMMAND_EXPORT;
    char *text;
    if (!(with_query & 1u << options->command) || strcmp (options->query.text, "-") != 0)
        return 0;
    int rc = sks_input_read (options->memory, "-", SKS_MAX_MAP_BYTES, &text, &session->err);
    if (rc)
        return rc;
    for (size_t size = strlen (text); size && strchr (" \t\r\n", text[size - 1]); size--)
        text[size - 1] = '\0';
    options->query.text = text;
    put_query_in_command (options);
    return 0;
}

/* Commands whose words name things, and how they end when there is no such thing. */
static const unsigned named_in_vain[SKS_COMMANDS] = {
    [SKS_COMMAND_GET] = 1u << SKS_EXIT_NOTHING,
    [SKS_COMMAND_SIMILAR] = 1u << SKS_EXIT_NOTHING,
    [SKS_COMMAND_OCCUPATION] = 1u << SKS_EXIT_NOTHING | 1u << SKS_EXIT_REFUSED,
    [SKS_COMMAND_COMPARE] = 1u << SKS_EXIT_NOTHING | 1u << SKS_EXIT_REFUSED,
    [SKS_COMMAND_CROSSWALK] = 1u << SKS_EXIT_NOTHING | 1u << SKS_EXIT_REFUSED,
    [SKS_COMMAND_TRY] = 1u << SKS_EXIT_FAILED,
    [SKS_COMMAND_COMPLETE] = 1u << SKS_EXIT_USAGE,
};

/* The words of such a command may have been meant as a query, such as "compare prices". */
static void
hint_search (const sks_options *options, int status)
{
    if (options->search && named_in_vain[options->command] & 1u << status)
        fprintf (stderr, "To search for the words: %s\n", options->search);
}

int
sks_command_run (const sks_options *given)
{
    sks_session session;
    sks_options own = *given, *options = &own;
    /* These do not connect at the start. */
    const unsigned without = 1u << SKS_COMMAND_KEYGEN | 1u << SKS_COMMAND_TRY | 1u << SKS_COMMAND_COMPLETE;
    sks_session_begin (&session, options);
    int status;
    if (read_query (&session, options) != 0)
        status = sks_session_fail (&session);
    else if (!(without & 1u << options->command) && sks_session_connect (&session) != 0)
        status = sks_session_fail (&session);
    else
        status = runs[options->command](&session);
    hint_search (options, status);
    sks_session_end (&session);
    return status;
}
