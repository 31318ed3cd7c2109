/* try.c - runs skillsearch-index, then asks as other commands do. */
#include "try.h"

#include "core/base/error.h"
#include "core/base/printable_put.h"
#include "print.h"
#include "program.h"
#include "recent.h"

#include <errno.h>
#include <ftw.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define INDEXER "skillsearch-index"
#define SERVER "skillsearchd"
#define GATEWAY "skillsearch-http"
#define WITH_PROBLEMS 3 /* exit status of skillsearch-index: there is an index, and files were wrong */
#define PATH_BYTES 4096
#define OPEN_FOLDERS 16
#define HITS 3
#define MOST_PAGES 40   /* of SKS_MAX_SCAN statements, in which a pair is looked for */
#define LEAST_LETTERS 5 /* shorter words are often stop words */
#define PAIR_BYTES 48   /* a longer pair is left out */
#define PAIRS_BYTES (64u << 20)
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Two words side by side, in lower case. */
struct pair {
    char text[PAIR_BYTES];
};

/* ------------------------------------------------------------- the place */
static int
find_place (char path[PATH_BYTES], sks_error *err)
{
    const char *cache = getenv ("XDG_CACHE_HOME"), *home = getenv ("HOME");
    bool own = cache && *cache == '/'; /* a relative path is ignored, as the XDG specification requires */
    if (!own && (!home || *home != '/'))
        return sks_fail (err, SKS_EINVALID, "no place for an index: set HOME or XDG_CACHE_HOME");
    int size = snprintf (path, PATH_BYTES, "%s%s/skillsearch/try", own ? cache : home, own ? "" : "/.cache");
    return size < PATH_BYTES ? 0 : sks_fail (err, SKS_EINVALID, "$%s is too long", own ? "XDG_CACHE_HOME" : "HOME");
}

static int
remove_one (const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void) status, (void) kind, (void) place;
    return remove (path);
}

/* An empty place. Links are removed, not followed. */
static int
clear_place (char *path, sks_error *err)
{
    if (nftw (path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return sks_fail_errno (err, "cannot remove %s", path);
    for (char *slash = strchr (path + 1, '/'); slash; slash = strchr (slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir (path, 0700);
        if (made != 0 && errno != EEXIST)
            return sks_fail_errno (err, "cannot make %s", path);
        *slash = '/';
    }
    return 0;
}

static int
index_sources (const sks_options *options, char *path, sks_error *err)
{
    char program[SKS_PROGRAM_BYTES];
    static char name[] = INDEXER, option[] = "--index", end[] = "--";
    pid_t indexer;
    int status;
    if (!sks_program_find (program, INDEXER))
        return sks_fail (err, SKS_EIO, INDEXER " is neither beside this program nor in $PATH; install it");
    char **words = sks_arena_array (options->memory, options->word_count + 5, sizeof *words);
    if (!words)
        return sks_fail_memory (err);
    char *const first[] = { name, option, path, end };
    memcpy (words, first, sizeof first);
    for (size_t i = 0; i < options->word_count; i++)
        words[4 + i] = (char *) (uintptr_t) options->words[i];
    words[4 + options->word_count] = NULL;
    if ((errno = posix_spawn (&indexer, program, NULL, NULL, words, environ)) != 0)
        return sks_fail_errno (err, "%s", program);
    while (waitpid (indexer, &status, 0) < 0)
        if (errno != EINTR)
            return sks_fail_errno (err, "%s", program);
    if (!WIFEXITED (status) || (WEXITSTATUS (status) != 0 && WEXITSTATUS (status) != WITH_PROBLEMS))
        return sks_fail (err, SKS_EIO, "nothing was indexed; the lines above say why");
    return 0;
}

/* -------------------------------------------------------- a frequent pair */
static void
add_pairs (sks_buffer *pairs, const char *text)
{
    const char *before = NULL; /* the previous word, if only a blank separates it from text */
    while (*text) {
        size_t whole = strcspn (text, " "), size = strspn (text, LETTERS);
        bool word = size >= LEAST_LETTERS && size + strspn (text + size, ".,;:") == whole;
        struct pair pair = { "" };
        if (word && before && (size_t) (text + size - before) < sizeof pair.text) {
            for (size_t i = 0; before + i < text + size; i++)
                pair.text[i] = (char) (before[i] | 0x20); /* ASCII letters and a blank */
            sks_buffer_add (pairs, &pair, sizeof pair);
        }
        before = word && size == whole ? text : NULL;
        text += whole + (text[whole] == ' ');
    }
}

static int
compare_pairs (const void *a, const void *b)
{
    return strcmp (((const struct pair *) a)->text, ((const struct pair *) b)->text);
}

/* The most frequent one, the first of several; one without text if there is none. */
static struct pair
find_frequent (const sks_buffer *pairs)
{
    struct pair best = { "" }, *all = (struct pair *) (void *) pairs->bytes;
    size_t count = pairs->size / sizeof *all, most = 0;
    if (count)
        qsort (all, count, sizeof *all, compare_pairs);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && compare_pairs (&all[from], &all[to]) == 0; to++)
            continue;
        if (to - from > most) {
            most = to - from;
            best = all[from];
        }
    }
    return best;
}

static int
find_pair (sks_session *session, struct pair *out)
{
    sks_buffer pairs = SKS_BUFFER_INIT (PAIRS_BYTES);
    sks_query query = SKS_QUERY_INIT;
    sks_result *page = NULL;
    query.limit = SKS_MAX_SCAN;
    int rc = sks_client_scan (session->client, &query, NULL, &page, &session->err);
    for (int pages = 1; rc == 0 && page; pages++) {
        sks_result *next = NULL;
        for (size_t i = 0; i < page->hit_count; i++)
            add_pairs (&pairs, page->hits[i].text);
        if (page->cursor && pages < MOST_PAGES)
            rc = sks_client_scan (session->client, &query, page->cursor, &next, &session->err);
        sks_result_destroy (&page);
        page = next;
    }
    *out = find_frequent (&pairs);
    sks_buffer_free (&pairs);
    return rc;
}

/* --------------------------------------------------------------- writing */
/* A program of the project as it is called at this shell. */
static void
put_program (sks_buffer *out, const sks_options *options, const char *name)
{
    char word[SKS_PROGRAM_BYTES];
    sks_printable_put_word (out, sks_program_call (word, options->line[0], name) ? word : name);
}

/* The index for a shell, which expands "~". */
static void
put_index (sks_buffer *out, const sks_options *options)
{
    const char *home = getenv ("HOME");
    size_t size = home ? strlen (home) : 0;
    bool below = size > 1 && strncmp (options->index, home, size) == 0 && options->index[size] == '/';
    sks_buffer_puts (out, below ? "~/" : "");
    sks_printable_put_word (out, options->index + (below ? size + 1 : 0));
}

/* A line "  skillsearch --index PATH WORD...", words ended by NULL. */
static void
put_command (sks_buffer *out, const sks_options *options, const char *const *words)
{
    sks_buffer_puts (out, "  ");
    sks_printable_put_word (out, options->line[0]);
    sks_buffer_puts (out, " --index ");
    put_index (out, options);
    for (; *words; words++) {
        sks_buffer_putc (out, ' ');
        sks_printable_put_word (out, *words);
    }
    sks_buffer_putc (out, '\n');
}

/* How much there is: "560 statements of 14 occupations: 140 emerging, ..." */
static void
put_counts (sks_buffer *out, const sks_result *all)
{
    const sks_facet_counts *levels = &all->facets[0];
    uint64_t occupations = all->facets[1].distinct;
    sks_buffer_putc (out, '\n');
    sks_print_count (out, all->total);
    sks_buffer_printf (out, " statement%s of ", all->total == 1 ? "" : "s");
    sks_print_count (out, occupations);
    sks_buffer_printf (out, " occupation%s", occupations == 1 ? "" : "s");
    for (size_t i = 0; i < levels->count; i++) {
        sks_buffer_puts (out, i ? ", " : ": ");
        sks_print_count (out, levels->values[i].count);
        sks_buffer_printf (out, " %s", levels->values[i].value);
    }
    sks_buffer_putc (out, '\n');
}

/* phrase: "" when there is none. */
static void
put_questions (sks_buffer *out, const sks_options *options, const char *phrase, const sks_result *all,
               const sks_result *answer)
{
    const sks_facet_counts *occupations = &all->facets[1], *levels = &answer->facets[0];
    const char *level = "";
    for (size_t i = 0; i < levels->count; i++)
        level = levels->values[i].count ? levels->values[i].value : level;
    sks_buffer_puts (out, "\nQuestions:\n");
    put_command (out, options, (const char *const[]) { *phrase ? phrase : "search", NULL });
    if (occupations->count)
        put_command (out, options, (const char *const[]) { "occupation", occupations->values[0].label, NULL });
    if (*level)
        put_command (out, options, (const char *const[]) { "--level", level, *phrase ? phrase : "search", NULL });
}

static void
put_answer (sks_session *session, const sks_result *answer)
{
    sks_buffer numbers = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    sks_buffer_puts (&session->out, "\nThe first one finds ");
    sks_print_count (&session->out, answer->total);
    sks_buffer_printf (&session->out, " statement%s:\n\n", answer->total == 1 ? "" : "s");
    sks_print_hits (&session->out, &session->terminal, answer, 1, false);
    sks_recent_put_hits (&numbers, 1, answer);
    sks_recent_keep (&numbers);
    sks_buffer_free (&numbers);
}

static void
put_next (sks_buffer *out, const sks_options *options)
{
    char gateway[SKS_PROGRAM_BYTES];
    sks_buffer_puts (out, "\nNext:\n");
    put_command (out, options, (const char *const[]) { "similar", "1", NULL });
    put_command (out, options, (const char *const[]) { "browse", NULL });
    sks_buffer_puts (out, "  ");
    put_program (out, options, INDEXER);
    sks_buffer_puts (out, *options->words[0] == '-' ? " --" : "");
    for (size_t i = 0; i < options->word_count; i++) {
        sks_buffer_putc (out, ' ');
        sks_printable_put_word (out, options->words[i]);
    }
    sks_buffer_puts (out, "\n      makes an index in the default place, which commands without --index search\n");
    if (sks_program_find (gateway, GATEWAY)) {
        sks_buffer_puts (out, "  ");
        put_program (out, options, SERVER);
        sks_buffer_puts (out, " --index ");
        put_index (out, options);
        sks_buffer_puts (out, " & ");
        put_program (out, options, GATEWAY);
        sks_buffer_puts (out, " &\n      serves a search page: http://127.0.0.1:7380/\n");
    }
    sks_buffer_puts (out, "\nThe next \"try\" replaces this index. To remove it: rm -r ");
    put_index (out, options);
    sks_buffer_putc (out, '\n');
}

/* ----------------------------------------------------------------- asking */
static int
ask (sks_session *session)
{
    struct pair pair;
    char phrase[PAIR_BYTES + 2] = "";
    sks_query query = SKS_QUERY_INIT;
    sks_result *all = NULL, *answer = NULL;
    query.facets[0] = (sks_facet_ask) { .facet = SKS_FACET_LEVEL, .limit = SKS_DEFAULT_LIMIT };
    query.facets[1] = (sks_facet_ask) { .facet = SKS_FACET_OCCUPATION, .limit = 1 };
    query.facet_count = 2;
    query.limit = 0;
    int rc = sks_client_search (session->client, &query, &all, &session->err);
    if (rc == 0)
        rc = find_pair (session, &pair);
    if (rc == 0) {
        if (*pair.text)
            snprintf (phrase, sizeof phrase, "\"%s\"", pair.text);
        query.text = phrase;
        query.limit = HITS;
        rc = sks_client_search (session->client, &query, &answer, &session->err);
    }
    if (rc == 0) {
        put_counts (&session->out, all);
        put_questions (&session->out, session->options, phrase, all, answer);
        put_answer (session, answer);
        put_next (&session->out, session->options);
    }
    sks_result_destroy (&all);
    sks_result_destroy (&answer);
    return rc;
}

int
sks_try_run (sks_session *session)
{
    char path[PATH_BYTES];
    sks_options own = *session->options;
    const sks_options *given = session->options;
    int rc = find_place (path, &session->err);
    if (rc == 0)
        rc = clear_place (path, &session->err);
    if (rc == 0)
        rc = index_sources (given, path, &session->err);
    own.index = path;
    session->options = &own;
    if (rc == 0)
        rc = sks_session_connect (session);
    if (rc == 0)
        rc = ask (session);
    session->options = given;
    return rc ? sks_session_fail (session) : sks_session_finish (session, true);
}
