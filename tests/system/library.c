/* library.c - the client library under stress, with the daemon at $SKILLSEARCH_ENDPOINT and its index of corpus/.
 *
 * In each call, each allocation fails once: those of the library's objects, by --wrap of the linker, and those of cJSON
 * for it, by its hooks. libzmq has its own memory, as it aborts the process without. What belongs to the host program
 * is compared before and after. Prints one line per claim, as the scripts do. */
#include <cjson/cJSON.h>
#include <dirent.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <skillsearch.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPENS 1000
#define SOME_ID "43-9051.00/developing/5bbaa99f9972"
#define CLERKS "43-9051.00"
#define NURSES "29-1141.00"

/* -------------------------------------------------------------- allocations */
static long allocations; /* since the last reset */
static long failing;     /* the number of the one that fails; 0: none */
static long live;        /* pieces of memory that were not freed */

void *__real_malloc (size_t size);
void *__real_calloc (size_t count, size_t size);
void *__real_realloc (void *memory, size_t size);
void __real_free (void *memory);
void *__wrap_malloc (size_t size);
void *__wrap_calloc (size_t count, size_t size);
void *__wrap_realloc (void *memory, size_t size);
char *__wrap_strdup (const char *text);
void __wrap_free (void *memory);

static void *
counted (void *memory)
{
    live += memory != NULL;
    return memory;
}

static bool
fails (void)
{
    return ++allocations == failing;
}

void *
__wrap_malloc (size_t size)
{
    return fails () ? NULL : counted (__real_malloc (size));
}

void *
__wrap_calloc (size_t count, size_t size)
{
    return fails () ? NULL : counted (__real_calloc (count, size));
}

void *
__wrap_realloc (void *memory, size_t size)
{
    if (fails ())
        return NULL;
    return memory ? __real_realloc (memory, size) : counted (__real_malloc (size));
}

char *
__wrap_strdup (const char *text)
{
    size_t size = strlen (text) + 1;
    char *copy = __wrap_malloc (size);
    return copy ? memcpy (copy, text, size) : NULL;
}

void
__wrap_free (void *memory)
{
    live -= memory != NULL;
    __real_free (memory);
}

/* -------------------------------------------------------------------- claims */
static int passed, failed;

static void
claim (bool holds, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    printf (holds ? "ok " : "not ok ");
    vprintf (format, list);
    printf ("\n");
    fflush (stdout);
    va_end (list);
    (*(holds ? &passed : &failed))++;
}

/* --------------------------------------------------------------------- calls */
static sks_client *client;
static char *page, *stats; /* replies to "scan" and "stats" */

/* A call whose answer is destroyed at once. */
#define CALL(name, type, destroy, call)                                                                                \
    static int name (sks_error *err)                                                                                   \
    {                                                                                                                  \
        type *out = NULL;                                                                                              \
        int rc = call;                                                                                                 \
        destroy (&out);                                                                                                \
        return rc;                                                                                                     \
    }

static const sks_query *
query_with (const char *text, unsigned want)
{
    static sks_query query;
    query = (sks_query) SKS_QUERY_INIT;
    query.text = text;
    query.want = want;
    return &query;
}

static const sks_query *
faceted (int tree)
{
    static sks_query query;
    static const char *const levels[] = { "emerging", "advanced" };
    query = *query_with ("mail OR patient", SKS_WANT_MARKED | SKS_WANT_EXPLAIN | SKS_WANT_PROVENANCE);
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 2, 0, 0 };
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 5, NULL, tree };
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_SECTOR, 5, NULL, 0 };
    return &query;
}

static const sks_query *
one_facet (void)
{
    static sks_query query;
    query = *query_with ("mail", 0);
    query.facets[query.facet_count++] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 5, "clerk", 0 };
    return &query;
}

static const sks_query *
named (void)
{
    static sks_query query;
    query = *query_with (NULL, 0);
    query.resolve = 1;
    return &query;
}

static const sks_client_options *
options_later (int later)
{
    static sks_client_options options;
    options = (sks_client_options) SKS_CLIENT_OPTIONS_INIT;
    options.later = later;
    return &options;
}

static const char *const ids[] = { SOME_ID, "43-9051.00/developing/000000000000" };

CALL (open_client, sks_client, sks_client_close, sks_client_open (&out, NULL, err))
CALL (open_with, sks_client, sks_client_close, sks_client_open_with (&out, options_later (0), err))
CALL (open_later, sks_client, sks_client_close, sks_client_open_with (&out, options_later (1), err))
CALL (open_nowhere, sks_client, sks_client_close, sks_client_open (&out, "udp://nowhere", err))
CALL (search, sks_result, sks_result_destroy, sks_client_search (client, query_with ("mail", 0), &out, err))
CALL (search_all, sks_result, sks_result_destroy, sks_client_search (client, query_with (NULL, 0), &out, err))
CALL (search_facets, sks_result, sks_result_destroy, sks_client_search (client, faceted (0), &out, err))
CALL (search_tree, sks_result, sks_result_destroy, sks_client_search (client, faceted (1), &out, err))
CALL (search_typo, sks_result, sks_result_destroy, sks_client_search (client, query_with ("mial route", 0), &out, err))
CALL (search_bad, sks_result, sks_result_destroy, sks_client_search (client, query_with ("mail AND", 0), &out, err))
CALL (get, sks_result, sks_result_destroy, sks_client_get (client, ids, 1, &out, err))
CALL (get_missing, sks_result, sks_result_destroy, sks_client_get (client, ids, 2, &out, err))
CALL (similar, sks_result, sks_result_destroy, sks_client_similar (client, SOME_ID, 0, NULL, &out, err))
CALL (similar_unknown, sks_result, sks_result_destroy, sks_client_similar (client, ids[1], 0, NULL, &out, err))
CALL (compare, sks_comparison, sks_comparison_destroy, sks_client_compare (client, CLERKS, NULL, NULL, &out, err))
CALL (compare_duty, sks_comparison, sks_comparison_destroy,
      sks_client_compare (client, CLERKS, "mail", named (), &out, err))
CALL (crosswalk, sks_crosswalk, sks_crosswalk_destroy,
      sks_client_crosswalk (client, CLERKS, NURSES, -1, NULL, &out, err))
CALL (crosswalk_level, sks_crosswalk, sks_crosswalk_destroy,
      sks_client_crosswalk (client, CLERKS, NURSES, SKS_EMERGING, NULL, &out, err))
CALL (occupation, sks_record, sks_record_destroy, sks_client_occupation (client, CLERKS, &out, err))
CALL (occupation_named, sks_record, sks_record_destroy,
      sks_client_occupation_with (client, "electricians", named (), &out, err))
CALL (occupation_unknown, sks_record, sks_record_destroy, sks_client_occupation (client, "11-1011", &out, err))
CALL (map, sks_mapping, sks_mapping_destroy,
      sks_client_map (client, "Sort incoming mail. Take blood from patients.", NULL, &out, err))
CALL (suggest, sks_completions, sks_completions_destroy, sks_client_suggest (client, "ma", 0, &out, err))
CALL (facet_values, sks_result, sks_result_destroy, sks_client_facet_values (client, one_facet (), &out, err))
CALL (analyze, sks_analysis, sks_analysis_destroy,
      sks_client_analyze (client, query_with ("rout* AND (mail OR \"data sheets\")", 0), &out, err))
CALL (scan, sks_result, sks_result_destroy, sks_client_scan (client, query_with ("mail", 0), NULL, &out, err))
CALL (scan_elsewhere, sks_result, sks_result_destroy,
      sks_client_scan (client, query_with ("mail", 0), "no cursor", &out, err))
CALL (hello, sks_hello, sks_hello_destroy, sks_client_hello (client, &out, err))
CALL (health, sks_health, sks_health_destroy, sks_client_health (client, &out, err))
CALL (daemon_stats, sks_daemon_stats, sks_daemon_stats_destroy, sks_client_stats (client, &out, err))

static int
multi_search (sks_error *err)
{
    sks_query queries[3] = { *query_with ("mail", SKS_WANT_EXPLAIN), *query_with ("mail AND", 0), *faceted (0) };
    sks_result *results[3] = { NULL, NULL, NULL };
    sks_error errors[3];
    int rc = sks_client_multi_search (client, queries, 3, results, errors, err);
    if (rc == 0 && (errors[0].code || errors[1].code != SKS_EQUERYSYNTAX || !results[2]))
        rc = SKS_EINTERNAL;
    for (size_t i = 0; i < 3; i++)
        sks_result_destroy (&results[i]);
    return rc;
}

static int
call (sks_error *err)
{
    char *reply;
    int rc = sks_client_call (client, "{\"v\":1,\"op\":\"health\"}", &reply, err);
    sks_free (reply);
    return rc;
}

static int
call_refused (sks_error *err)
{
    char *reply;
    int rc = sks_client_call (client, "{\"v\":1,\"op\":\"nothing\"}", &reply, err);
    sks_free (reply);
    return rc;
}

static int
ping (sks_error *err)
{
    return sks_client_ping (client, NULL, err);
}

/* Send a request and wait for its end. */
static int
exchange (sks_error *err, const char *request)
{
    sks_reply *reply = NULL;
    uint64_t ticket = 0;
    int rc;
    while ((rc = sks_client_send (client, request, 0, &ticket, err)) == SKS_ECONNECT) {
        struct pollfd item = { sks_client_fd (client), POLLIN, 0 };
        poll (&item, 1, 100);
    }
    while (rc == 0 && (rc = sks_client_receive (client, &reply, err)) == 0 && !reply) {
        struct pollfd item = { sks_client_fd (client), POLLIN, 0 };
        poll (&item, 1, sks_client_next_timeout (client));
    }
    if (rc)
        sks_client_cancel (client, ticket);
    else if ((rc = reply->code) && err)
        *err = reply->error;
    sks_reply_destroy (&reply);
    return rc;
}

static int
send_request (sks_error *err)
{
    return exchange (err, "{\"op\":\"search\",\"q\":\"mail\"}");
}

static int
send_refused (sks_error *err)
{
    return exchange (err, "{\"op\":\"search\",\"q\":\"mail AND\"}");
}

static int
write_lines (sks_error *err, int format, unsigned flags)
{
    sks_lines *lines;
    sks_page out;
    int rc = sks_lines_create (&lines, format, flags, err);
    if (rc == 0)
        rc = sks_lines_page (lines, page, strlen (page), &out, err);
    sks_lines_destroy (&lines);
    return rc;
}

#define LINES(name, format, flags)                                                                                     \
    static int name (sks_error *err)                                                                                   \
    {                                                                                                                  \
        return write_lines (err, format, flags);                                                                       \
    }
LINES (lines_ndjson, SKS_FORMAT_NDJSON, 0)
LINES (lines_csv, SKS_FORMAT_CSV, SKS_LINES_PROVENANCE)
LINES (lines_tsv, SKS_FORMAT_TSV, SKS_LINES_EXCEL_SAFE)
LINES (lines_markdown, SKS_FORMAT_MARKDOWN, 0)

static int
prometheus (sks_error *err)
{
    char *out = NULL;
    int rc = sks_stats_prometheus (stats, strlen (stats), &out, err);
    sks_free (out);
    return rc;
}

static int
keys_write (sks_error *err)
{
    int rc = sks_keys_write ("library-key", "somebody", err);
    if (rc == 0) {
        unlink ("library-key");
        unlink ("library-key_secret");
    }
    return rc;
}

static const struct {
    const char *name;
    int (*run) (sks_error *err);
    int code; /* of a run in which nothing fails */
} calls[] = {
    { "open", open_client, 0 },
    { "open_with", open_with, 0 },
    { "open_with, later", open_later, 0 },
    { "open, a bad endpoint", open_nowhere, SKS_EINVALID },
    { "search", search, 0 },
    { "search, everything", search_all, 0 },
    { "search, all that can be wanted", search_facets, 0 },
    { "search, a tree of facets", search_tree, 0 },
    { "search, a misspelt word", search_typo, 0 },
    { "search, a bad query", search_bad, SKS_EQUERYSYNTAX },
    { "get", get, 0 },
    { "get, an unknown id", get_missing, 0 },
    { "similar", similar, 0 },
    { "similar, an unknown id", similar_unknown, SKS_ENOTFOUND },
    { "compare", compare, 0 },
    { "compare, by duty", compare_duty, 0 },
    { "crosswalk", crosswalk, 0 },
    { "crosswalk, one level", crosswalk_level, 0 },
    { "occupation", occupation, 0 },
    { "occupation, by name", occupation_named, 0 },
    { "occupation, an unknown one", occupation_unknown, SKS_ENOTFOUND },
    { "map", map, 0 },
    { "suggest", suggest, 0 },
    { "facet_values", facet_values, 0 },
    { "analyze", analyze, 0 },
    { "scan", scan, 0 },
    { "scan, a bad cursor", scan_elsewhere, SKS_EBADREQUEST },
    { "multi_search", multi_search, 0 },
    { "hello", hello, 0 },
    { "health", health, 0 },
    { "stats", daemon_stats, 0 },
    { "call", call, 0 },
    { "call, a bad request", call_refused, 0 },
    { "ping", ping, 0 },
    { "send and receive", send_request, 0 },
    { "send and receive, a bad query", send_refused, SKS_EQUERYSYNTAX },
    { "lines, NDJSON", lines_ndjson, 0 },
    { "lines, CSV", lines_csv, 0 },
    { "lines, TSV", lines_tsv, 0 },
    { "lines, Markdown", lines_markdown, 0 },
    { "prometheus", prometheus, 0 },
    { "keys_write", keys_write, 0 },
};

#define CALLS (sizeof calls / sizeof *calls)

/* ------------------------------------------------------------------- torture */

/* One run of a call in which allocation number n fails. The call fails with a typed error, or does without. */
static bool
survives (size_t i, long n)
{
    sks_error err = { 0, 0, "" };
    allocations = 0;
    failing = n;
    int rc = calls[i].run (&err);
    failing = 0;
    bool typed = rc == calls[i].code || (rc == SKS_ENOMEM && err.code == rc && *err.text);
    if (!typed)
        printf ("# %s, allocation %ld: %s, %s\n", calls[i].name, n, sks_code_name (rc), err.text);
    return typed;
}

static void
torture (size_t i)
{
    sks_error err = { 0, 0, "" };
    long before = live, count, wrong = 0;
    if (sks_client_open (&client, NULL, &err)) {
        claim (false, "%s: no daemon: %s", calls[i].name, err.text);
        return;
    }
    int rc = calls[i].run (&err);
    for (count = 1;; count++) {
        wrong += !survives (i, count);
        if (allocations < count)
            break;
    }
    int again = calls[i].run (&err);
    sks_client_close (&client);
    claim (rc == calls[i].code && again == rc, "%s: ends as it should (%s), before and after", calls[i].name,
           sks_code_name (rc));
    claim (wrong == 0, "%s: each of %ld allocations fails once, with a typed error", calls[i].name, count - 1);
    claim (live == before, "%s: nothing leaks (%ld)", calls[i].name, live - before);
}

/* ------------------------------------------------------------ the host program */
static char text[2][65536];

static size_t
count_entries (const char *folder)
{
    DIR *list = opendir (folder);
    size_t count = 0;
    while (list && readdir (list))
        count++;
    if (list)
        closedir (list);
    return count;
}

/* What a library must not change, as text. */
static void
describe_host (char *out)
{
    sigset_t blocked;
    struct stat one, two;
    char folder[4096];
    sigprocmask (SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigaction (number, NULL, &action) == 0)
            out += sprintf (out, "%d %p %x %d %d\n", number, (void *) (uintptr_t) action.sa_handler,
                            (unsigned) action.sa_flags, sigismember (&blocked, number),
                            sigismember (&action.sa_mask, SIGINT));
    }
    mode_t mask = umask (0);
    umask (mask);
    fstat (1, &one);
    fstat (2, &two);
    out += sprintf (out, "locale %s\nfolder %s\numask %o\n", setlocale (LC_ALL, NULL), getcwd (folder, sizeof folder),
                    (unsigned) mask);
    out += sprintf (out, "stdio %zu %d %zu %d, flags %x %x %x, written %ld %ld\n", __fbufsize (stdout), __flbf (stdout),
                    __fbufsize (stderr), __flbf (stderr), (unsigned) fcntl (0, F_GETFL), (unsigned) fcntl (1, F_GETFL),
                    (unsigned) fcntl (2, F_GETFL), S_ISREG (one.st_mode) ? (long) one.st_size : 0,
                    S_ISREG (two.st_mode) ? (long) two.st_size : 0);
    for (char **variable = environ; *variable; variable++)
        out += sprintf (out, "%.100s\n", *variable);
}

static void
check_host (void)
{
    setlocale (LC_ALL, "C.UTF-8");
    size_t descriptors = count_entries ("/proc/self/fd"), threads = count_entries ("/proc/self/task");
    describe_host (text[0]);
    int rc = sks_client_open (&client, NULL, NULL);
    for (size_t i = 0; i < CALLS; i++)
        calls[i].run (NULL);
    describe_host (text[1]);
    bool open_equal = strcmp (text[0], text[1]) == 0;
    sks_client_close (&client);
    describe_host (text[1]);
    /* The claims change the standard output, so they come last. */
    claim (rc == 0 && open_equal, "an open client leaves signals, standard streams, locale, working folder, umask and "
                                  "environment as they were");
    claim (strcmp (text[0], text[1]) == 0, "and so does one that was closed");
    claim (count_entries ("/proc/self/fd") == descriptors, "a closed client leaves no descriptor");
    claim (count_entries ("/proc/self/task") == threads, "a closed client leaves no thread");
}

static void
check_opens (void)
{
    size_t descriptors = count_entries ("/proc/self/fd"), threads = count_entries ("/proc/self/task"), most = 0;
    long before = live, opened = 0;
    for (int i = 0; i < OPENS; i++) {
        opened += sks_client_open (&client, NULL, NULL) == 0 && sks_client_ping (client, NULL, NULL) == 0;
        sks_client_close (&client);
        size_t now = count_entries ("/proc/self/fd");
        most = now > most ? now : most;
    }
    claim (opened == OPENS, "%d clients are opened, used and closed one after the other", OPENS);
    claim (most == descriptors && count_entries ("/proc/self/task") == threads && live == before,
           "meanwhile descriptors, threads and memory stay as they were");
}

/* -------------------------------------------------------------------- program */
int
main (void)
{
    cJSON_Hooks hooks = { __wrap_malloc, __wrap_free };
    cJSON_InitHooks (&hooks);
    sks_error err;
    if (sks_client_open (&client, NULL, &err) ||
        sks_client_call (client, "{\"v\":1,\"op\":\"scan\",\"q\":\"mail\",\"want\":[\"provenance\"]}", &page, &err) ||
        sks_client_call (client, "{\"v\":1,\"op\":\"stats\"}", &stats, &err)) {
        printf ("not ok the daemon answers: %s\n", err.text);
        return 1;
    }
    sks_client_close (&client);
    check_host ();
    check_opens ();
    for (size_t i = 0; i < CALLS; i++)
        torture (i);
    sks_free (page);
    sks_free (stats);
    claim (live == 0, "no memory is left at the end (%ld)", live);
    printf ("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
