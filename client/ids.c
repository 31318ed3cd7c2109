/* ids.c - words -> ids of statements. */
#include "ids.h"

#include "core/base/error.h"
#include "input.h"
#include "recent.h"

#include <string.h>

#define DIGITS "0123456789"
#define BLANKS " \t\r\n\f\v"
#define HASH_LETTERS 12

/* Whether a word may be an incomplete id ("43-9051.00/developing/5bbaa99f9972"). */
static bool
is_beginning (const char *word)
{
    const char *level = strchr (word, '/'), *hash = level ? strchr (level + 1, '/') : NULL;
    return strspn (word, DIGITS) == 2 && word[2] == '-' && !(hash && strlen (hash + 1) >= HASH_LETTERS);
}

/* Find the only id that begins with `word`; *out stays NULL if there is none. */
static int
find_id (sks_session *session, const char *word, const char **out)
{
    sks_arena *memory = session->options->memory;
    const char *code = sks_arena_copy (memory, word, strcspn (word, "/"));
    sks_query query = SKS_QUERY_INIT;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { .values = &code, .count = 1 };
    query.limit = SKS_MAX_SCAN;
    query.deadline_ms = session->options->timeout_ms;
    const char *cursor = NULL;
    int rc = code ? 0 : sks_fail_memory (&session->err);
    do {
        sks_result *page = NULL;
        rc = rc ? rc : sks_client_scan (session->client, &query, cursor, &page, &session->err);
        for (size_t i = 0; rc == 0 && i < page->hit_count; i++) {
            const char *id = page->hits[i].id;
            if (strncmp (id, word, strlen (word)) != 0)
                continue;
            if (*out)
                rc = sks_fail (&session->err, SKS_EINVALID, "%s begins several ids, such as %s and %s; give more of it",
                               word, *out, id);
            else if (!(*out = sks_arena_copy (memory, id, strlen (id))))
                rc = sks_fail_memory (&session->err);
        }
        cursor = rc == 0 && page->cursor ? sks_arena_copy (memory, page->cursor, strlen (page->cursor)) : NULL;
        sks_result_destroy (&page);
    } while (cursor);
    return rc == SKS_EBADREQUEST ? 0 : rc; /* no SOC code begins with it */
}

static int
resolve (sks_session *session, const char **word)
{
    const char *found = NULL;
    int rc = 0;
    if (**word && !(*word)[strspn (*word, DIGITS)])
        rc = sks_recent_find (session->options->memory, *word, &found, &session->err);
    else if (is_beginning (*word))
        rc = find_id (session, *word, &found);
    *word = found ? found : *word;
    return rc;
}

/* The words of the standard input. */
static int
read_words (sks_session *session, const char ***words, size_t *count)
{
    sks_arena *memory = session->options->memory;
    char *text;
    int rc = sks_input_read (memory, "-", SKS_IDS_BYTES, &text, &session->err);
    if (rc)
        return rc;
    size_t most = 1;
    for (const char *at = text; *at; at++)
        most += strchr (BLANKS, *at) != NULL;
    *words = sks_arena_array (memory, most, sizeof **words);
    *count = 0;
    if (!*words)
        return sks_fail_memory (&session->err);
    for (char *word; (word = strsep (&text, BLANKS));)
        if (*word)
            (*words)[(*count)++] = word;
    return *count ? 0 : sks_fail (&session->err, SKS_EINVALID, "the standard input has no id");
}

int
sks_ids_find (sks_session *session, const char *const **ids, size_t *count)
{
    const sks_options *options = session->options;
    const char **words = options->words;
    int rc = 0;
    *count = options->word_count;
    if (*count == 1 && strcmp (words[0], "-") == 0)
        rc = read_words (session, &words, count);
    for (size_t i = 0; rc == 0 && i < *count; i++)
        rc = resolve (session, &words[i]);
    *ids = words;
    return rc;
}
