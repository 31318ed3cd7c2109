/* candidates.c - asks for values and words, and writes candidates. */
#include "candidates.h"

#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"

/* The whole word is built before the skipped bytes are removed, because they may end in the kept or in the new part. */
void
sks_candidates_put (sks_candidates *candidates, const char *text, const char *meaning)
{
    sks_session *session = candidates->session;
    sks_buffer word = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    bool quote = candidates->quoted && strchr (text, ' ');
    sks_buffer_add (&word, candidates->kept, candidates->kept_size);
    sks_buffer_puts (&word, quote ? "\"" : "");
    sks_buffer_puts (&word, text);
    sks_buffer_puts (&word, quote ? "\"" : "");
    size_t skipped = candidates->skipped < word.size ? candidates->skipped : word.size;
    if (word.size > skipped)
        sks_terminal_put (&session->out, word.bytes + skipped, word.size - skipped);
    if (meaning && *meaning) {
        sks_buffer_putc (&session->out, '\t');
        sks_terminal_puts (&session->out, meaning);
    }
    sks_buffer_putc (&session->out, '\n');
    sks_buffer_free (&word);
    candidates->count++;
}

/* Whether a value is one of those that the word has already, "id,level,". */
static bool
is_kept (const sks_candidates *candidates, const char *value, size_t size)
{
    size_t end = candidates->kept_size, part;
    for (size_t at = 0; at < end; at += part + 1) {
        const char *kept = candidates->kept + at;
        for (part = 0; at + part < end && !strchr ("=,", kept[part]);)
            part++;
        if (part == size && strncasecmp (kept, value, size) == 0)
            return true;
    }
    return false;
}

void
sks_candidates_put_list (sks_candidates *candidates, const char *list)
{
    size_t open = strlen (candidates->open);
    for (const char *item = list; *item; item += strspn (item, " ")) {
        size_t size = strcspn (item, " ");
        if (size >= open && strncasecmp (item, candidates->open, open) == 0 && !is_kept (candidates, item, size)) {
            const char *word = sks_arena_copy (candidates->session->options->memory, item, size);
            if (word)
                sks_candidates_put (candidates, word, NULL);
        }
        item += size;
    }
}

void
sks_candidates_keep (sks_candidates *candidates, size_t size)
{
    candidates->kept_size += size;
    candidates->open += size;
}

static bool
connect_once (sks_session *session)
{
    return session->client || sks_session_connect (session) == 0;
}

/* Whether a word of the label, other than its first, begins with "open". */
static bool
has_word (const char *label, const char *open)
{
    for (const char *at = strchr (label, ' '); at; at = strchr (at, ' '))
        if (strncasecmp (++at, open, strlen (open)) == 0)
            return true;
    return false;
}

static void
put_codes (sks_candidates *candidates, const sks_facet_counts *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (strncmp (values->values[i].value, candidates->open, strlen (candidates->open)) == 0)
            sks_candidates_put (candidates, values->values[i].value, values->values[i].label);
}

/* Labels that begin with the open part; else the only label with a word that begins with it. Several such labels have
 * no common beginning that a shell could insert. */
static void
put_labels (sks_candidates *candidates, const sks_facet_counts *values)
{
    const char *open = candidates->open;
    const sks_facet_value *only = NULL;
    size_t before = candidates->count, found = 0;
    for (size_t i = 0; i < values->count; i++) {
        const sks_facet_value *value = &values->values[i];
        if (strncasecmp (value->label, open, strlen (open)) == 0)
            sks_candidates_put (candidates, value->label, value->value);
        else if (has_word (value->label, open)) {
            only = value;
            found++;
        }
    }
    if (candidates->count == before && found == 1)
        sks_candidates_put (candidates, only->label, only->value);
}

void
sks_candidates_put_values (sks_candidates *candidates, int facet)
{
    sks_session *session = candidates->session;
    const char *open = candidates->open;
    bool codes = !*open || strchr (DIGITS, *open);
    bool part = facet == SKS_FACET_OCCUPATION && strspn (open, DIGITS) == 2 && open[2] == '-';
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    query.facets[0] = (sks_facet_ask) { .facet = facet, .limit = SKS_MAX_FACET_LIMIT };
    query.facet_count = 1;
    query.deadline_ms = session->options->timeout_ms;
    if (part)
        query.filter[facet] = (sks_filter) { .values = &open, .count = 1 };
    if (!connect_once (session) || sks_client_facet_values (session->client, &query, &result, &session->err) != 0)
        return;
    if (codes)
        put_codes (candidates, &result->facets[0]);
    else
        put_labels (candidates, &result->facets[0]);
    sks_result_destroy (&result);
}

void
sks_candidates_put_ids (sks_candidates *candidates)
{
    sks_session *session = candidates->session;
    const char *open = candidates->open;
    const char *code = sks_arena_copy (session->options->memory, open, strcspn (open, "/"));
    sks_query query = SKS_QUERY_INIT;
    sks_result *page;
    query.filter[SKS_FACET_OCCUPATION] = (sks_filter) { .values = &code, .count = 1 };
    query.limit = SKS_MAX_SCAN;
    query.deadline_ms = session->options->timeout_ms;
    if (strspn (open, DIGITS) != 2 || open[2] != '-' || !code || !connect_once (session) ||
        sks_client_scan (session->client, &query, NULL, &page, &session->err) != 0)
        return;
    for (size_t i = 0; !page->cursor && i < page->hit_count; i++)
        if (strncmp (page->hits[i].id, open, strlen (open)) == 0)
            sks_candidates_put (candidates, page->hits[i].id, page->hits[i].text);
    sks_result_destroy (&page);
}

void
sks_candidates_put_words (sks_candidates *candidates)
{
    sks_session *session = candidates->session;
    sks_completions *found;
    if (!*candidates->open || !connect_once (session) ||
        sks_client_suggest (session->client, candidates->open, SKS_MAX_SUGGESTIONS, &found, &session->err) != 0)
        return;
    for (size_t i = 0; i < found->word_count; i++)
        sks_candidates_put (candidates, found->words[i].text, NULL);
    sks_completions_destroy (&found);
}
