/* task_daemon.c - the commands about the daemon, the screen, and keys. */
#include "client/browse/browse.h"
#include "keygen.h"
#include "print.h"
#include "sheet.h"
#include "task.h"
#include "top.h"

#include <signal.h>
#include <string.h>

/* A signal that ended the screen ends the program, as it would have done without it. */
int
sks_task_browse (sks_session *session)
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

int
sks_task_stats (sks_session *session)
{
    sks_daemon_stats *stats;
    sks_table *table = sks_session_table (session);
    if (sks_client_stats (session->client, &stats, &session->err) != 0)
        return sks_session_fail (session);
    int rc = 0;
    if (session->options->output == SKS_OUTPUT_PROMETHEUS)
        rc = put_prometheus (session, stats->json);
    else if (sks_session_put (session, stats->json))
        ;
    else if (table)
        sks_sheet_stats (table, stats);
    else
        sks_print_stats (&session->out, stats);
    sks_daemon_stats_destroy (&stats);
    return rc ? sks_session_fail (session) : sks_session_finish (session, true);
}

int
sks_task_top (sks_session *session)
{
    return sks_top_run (session) != 0 ? sks_session_fail (session) : SKS_EXIT_FOUND;
}

int
sks_task_ping (sks_session *session)
{
    sks_health *health = NULL;
    sks_table *table = sks_session_table (session);
    uint64_t took_us = 0;
    int rc = table ? sks_client_health (session->client, &health, &session->err)
                   : sks_client_ping (session->client, &took_us, &session->err);
    if (rc)
        return sks_session_fail (session);
    if (!table)
        sks_buffer_printf (&session->out, "%s, in %.2f ms\n",
                           session->local ? "the index answers without a daemon" : "skillsearchd answers",
                           (double) took_us / 1000);
    else if (!sks_session_put (session, health->json))
        sks_sheet_health (table, health);
    sks_health_destroy (&health);
    return sks_session_finish (session, true);
}

int
sks_task_keygen (sks_session *session)
{
    int rc = sks_keygen_run (session->options, sks_session_table (session), &session->out, &session->err);
    return rc ? sks_session_fail (session) : sks_session_finish (session, true);
}
