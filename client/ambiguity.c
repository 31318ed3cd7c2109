/* ambiguity.c - reads the daemon's refusal, '"services" is in the names of 5 sectors: ...', and requests the values of
 * that facet whose labels have the words. */
#include "ambiguity.h"

#include "core/base/printable_put.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LISTED 20
#define INDENT 2

/* The name, the facet, and the end of the part of a refusal that is kept. */
struct name {
    char text[SKS_ERROR_TEXT_BYTES];
    int facet;
    size_t kept;
};

static bool
read_name (struct name *out, const char *text)
{
    static const char said[] = "\" is in the names of ";
    const char *rest = *text == '/' ? strstr (text, ": ") : NULL; /* after a JSON pointer */
    const char *open = rest ? rest + 2 : text, *end = strstr (open, said);
    if (!end || *open != '"' || open == end)
        return false;
    const char *facet = end + strlen (said);
    facet += strspn (facet, "0123456789 ");
    size_t size = strcspn (facet, ":");
    for (out->facet = 0; out->facet < SKS_FACETS; out->facet++) {
        const char *name = sks_facet_name (out->facet);
        if (size == strlen (name) + 1 && strncmp (facet, name, size - 1) == 0)
            break;
    }
    snprintf (out->text, sizeof out->text, "%.*s", (int) (end - open - 1), open + 1);
    out->kept = (size_t) (end - text) + 1;
    return out->facet < SKS_FACETS && facet[size];
}

static int
by_code (const void *one, const void *other)
{
    const sks_facet_value *const *a = one, *const *b = other;
    return strcmp ((*a)->value, (*b)->value);
}

/* The command that lists all `count` of them. */
static void
put_command (sks_buffer *out, const sks_options *options, const struct name *name, size_t count)
{
    char facet[SKS_ERROR_TEXT_BYTES + 64];
    snprintf (facet, sizeof facet, "%s:%zu:%s", sks_facet_name (name->facet), count, name->text);
    const char *const words[] = { options->line[0],
                                  options->index      ? "--index"
                                  : options->endpoint ? "--connect"
                                                      : NULL,
                                  options->index ? options->index : options->endpoint,
                                  "facets",
                                  "--facet",
                                  facet };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!words[i])
            continue;
        sks_buffer_puts (out, i ? " " : "");
        sks_printable_put_word (out, words[i]);
    }
}

static void
put_values (sks_buffer *out, const sks_options *options, const struct name *name, const sks_facet_counts *counts)
{
    const sks_facet_value **values = sks_arena_array (options->memory, counts->count, sizeof *values);
    for (size_t i = 0; values && i < counts->count; i++)
        values[i] = &counts->values[i];
    if (values)
        qsort (values, counts->count, sizeof *values, by_code);
    for (size_t i = 0; values && i < counts->count && i < MOST_LISTED; i++) {
        sks_buffer_printf (out, "%*s", INDENT, "");
        sks_terminal_puts (out, values[i]->label);
        sks_buffer_puts (out, " (");
        sks_terminal_puts (out, values[i]->value);
        sks_buffer_puts (out, ")\n");
    }
    if (counts->count <= MOST_LISTED)
        return;
    sks_buffer_printf (out, "%*sand %zu more: ", INDENT, "", counts->count - MOST_LISTED);
    put_command (out, options, name, counts->count);
    sks_buffer_putc (out, '\n');
}

bool
sks_ambiguity_list (sks_client *client, const sks_options *options, sks_error *what, sks_buffer *out)
{
    struct name name;
    sks_query query = SKS_QUERY_INIT;
    sks_result *result;
    sks_error err;
    if (!client || !read_name (&name, what->text))
        return false;
    query.facets[0] = (sks_facet_ask) { .facet = name.facet, .limit = SKS_MAX_FACET_LIMIT, .find = name.text };
    query.facet_count = 1;
    query.deadline_ms = options->timeout_ms;
    if (sks_client_facet_values (client, &query, &result, &err) != 0)
        return false;
    bool found = result->facets[0].count > 0;
    if (found) {
        snprintf (what->text + name.kept, sizeof what->text - name.kept, " is in the names of several %ss",
                  sks_facet_name (name.facet));
        put_values (out, options, &name, &result->facets[0]);
    }
    sks_result_destroy (&result);
    return found;
}
