/* print_failure.c - what failed, where in the query, and what to do next. */
#include "print.h"

#include <string.h>

#define MARGIN 2
#define WIDTH_WITHOUT_TERMINAL 80
#define LINE_BYTES 4096

static const struct {
    int code;
    const char *advice;
} advices[] = {
    { SKS_EBADREQUEST, "The options and their values: skillsearch --help" },
    { SKS_EBADVERSION, "Program and daemon are of different versions; compare with: skillsearch --version" },
    { SKS_EQUERYSYNTAX, "Correct the query at the mark. Between quotation marks, everything is a word." },
    { SKS_ETOOCOMPLEX, "Shorten the query at the mark, or split it in two." },
    { SKS_ELIMIT, "Request less at a time: fewer statements, or a shorter text." },
    { SKS_EBUSY, "The daemon has more requests than it can answer; try again in a moment." },
    { SKS_EDEADLINE, "Allow more time, as in --timeout 20000, or make the query narrower." },
    { SKS_ESHUTTINGDOWN, "The daemon is about to stop or to start again; try again in a moment." },
    { SKS_EUNAVAILABLE,
      "A server that is needed for the answer is down or about to start; try again in a moment. A search "
      "with --partial does without it." },
    { SKS_EUNSUPPORTED, "Ask a daemon that has the whole index, or ask in another way." },
    { SKS_EINDEX, "Build the index with skillsearch-index, or go back to the previous one with "
                  "skillsearch-index --rollback." },
    { SKS_EINTERNAL, "Internal error; see the daemon's log." },
    { SKS_ENOMEM, "Close other programs, or request less, and try again." },
    { SKS_ECONNECT,
      "If the daemon is starting or ending, try again in a moment. If it listens elsewhere, give its endpoint: "
      "--connect ENDPOINT, or SKILLSEARCH_ENDPOINT. Without a daemon: --index DIR." },
    { SKS_EAUTH, "Keys: --server-key FILE and --client-key FILE. Get the first from the operator of the daemon; "
                 "make the second with skillsearch keygen FILE." },
    { SKS_EPROTOCOL, "Another program may answer there, or a daemon of another version; see --connect." },
};

static unsigned
line_columns (const sks_terminal *terminal)
{
    return (terminal->width ? terminal->width : WIDTH_WITHOUT_TERMINAL) - 2 * MARGIN;
}

/* Where to begin showing a query, so that the byte `at` is in the line. */
static size_t
find_start (const char *query, size_t size, size_t at, unsigned room)
{
    size_t start = 0;
    unsigned columns;
    if (sks_terminal_columns (query, size) <= room)
        return 0;
    while (start < at && sks_terminal_columns (query + start, at - start) > room / 2)
        start += sks_terminal_character (query + start, size - start, &columns);
    return start;
}

static void
put_caret (sks_buffer *out, const sks_terminal *terminal, const char *query, long position)
{
    size_t size = strlen (query);
    size_t at = (size_t) position < size ? (size_t) position : size;
    unsigned room = line_columns (terminal);
    size_t start = find_start (query, size, at, room);
    unsigned column = MARGIN + sks_terminal_columns (query + start, at - start);
    sks_buffer_printf (out, "%*s", MARGIN, "");
    if (start > 0) {
        sks_buffer_puts (out, terminal->utf8 ? "…" : "...");
        column += terminal->utf8 ? 1 : 3;
    }
    if (sks_terminal_columns (query + start, size - start) > room)
        sks_terminal_fit (terminal, out, query + start, room);
    else
        sks_terminal_puts (out, query + start);
    sks_buffer_printf (out, "\n%*s", (int) column, "");
    sks_terminal_style (terminal, out, SKS_STYLE_ERROR);
    sks_buffer_putc (out, '^');
    sks_terminal_style (terminal, out, SKS_STYLE_NONE);
    sks_buffer_putc (out, '\n');
}

static const char filter[] = "/filter/";

/* Failures of a filter name the command that lists its values. */
static void
put_advice (sks_buffer *out, const sks_terminal *terminal, const sks_error *what)
{
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    const char *facet = what->text + strlen (filter);
    bool of_filter = what->code == SKS_EBADREQUEST && strncmp (what->text, filter, strlen (filter)) == 0;
    if (of_filter)
        sks_buffer_printf (&line, "To list the values: skillsearch facets --facet %.*s:100",
                           (int) strcspn (facet, "/:"), facet);
    for (size_t i = 0; !of_filter && i < sizeof advices / sizeof *advices; i++)
        if (advices[i].code == what->code)
            sks_buffer_puts (&line, advices[i].advice);
    if (line.size)
        sks_print_line (out, terminal, &line);
    sks_buffer_free (&line);
}

/* The text of a failure. A JSON pointer before it is for programs: that of a filter becomes the option, that of the
 * query its name, any other one words. Only requests and replies have pointers; before other failures the text is a path. */
static void
put_text (sks_buffer *line, const sks_error *what)
{
    const char *text = what->text;
    bool pointer = what->code == SKS_EBADREQUEST || what->code == SKS_ELIMIT || what->code == SKS_EPROTOCOL;
    size_t size = strcspn (text, ": ");
    const char *rest = text + size;
    if (!pointer || *text != '/' || strncmp (rest, ": ", 2) != 0) {
        sks_buffer_puts (line, text);
        return;
    }
    bool option = strncmp (text, filter, strlen (filter)) == 0;
    const char *name = text + (option ? strlen (filter) : 1);
    size_t name_size = option ? strcspn (name, "/:") : (size_t) (rest - name);
    bool version = option && strncmp (name, "version", name_size) == 0;
    if (strncmp (text, "/q:", 3) == 0) {
        sks_buffer_printf (line, "the query%s", rest);
        return;
    }
    sks_buffer_puts (line, version ? "--framework-" : option ? "--" : "");
    for (size_t i = 0; i < name_size; i++)
        sks_buffer_putc (line, name[i] == '/' ? ' ' : name[i]);
    sks_buffer_puts (line, rest);
}

void
sks_print_failure (sks_buffer *out, const sks_terminal *terminal, const char *query, const sks_error *what,
                   const char *advice)
{
    static const char name[] = "skillsearch:";
    const sks_span marked = { 0, sizeof name - 1 };
    sks_buffer line = SKS_BUFFER_INIT (LINE_BYTES);
    sks_buffer_printf (&line, "%s ", name);
    put_text (&line, what);
    const char *text = sks_buffer_text (&line);
    sks_print_wrapped (out, terminal, text ? text : name, &marked, 1, 0);
    sks_buffer_putc (out, '\n');
    sks_buffer_free (&line);
    bool of_query = what->code == SKS_EQUERYSYNTAX || what->code == SKS_ETOOCOMPLEX;
    if (query && of_query && what->at >= 0)
        put_caret (out, terminal, query, what->at);
    if (advice)
        sks_buffer_puts (out, advice);
    else
        put_advice (out, terminal, what);
}

void
sks_print_failure_json (sks_buffer *out, const sks_error *err)
{
    sks_buffer text = SKS_BUFFER_INIT (8 * SKS_ERROR_TEXT_BYTES);
    sks_terminal_puts (&text, err->text);
    const char *message = sks_buffer_text (&text);
    sks_buffer_printf (out, "{\"v\":%d,\"ok\":false,\"error\":{\"code\":\"%s\",\"message\":\"", SKS_PROTOCOL_VERSION,
                       sks_code_name (err->code));
    for (const char *at = message ? message : ""; *at; at++) {
        if (*at == '"' || *at == '\\')
            sks_buffer_putc (out, '\\');
        sks_buffer_putc (out, *at);
    }
    sks_buffer_putc (out, '"');
    if (err->at >= 0)
        sks_buffer_printf (out, ",\"at\":%ld", err->at);
    sks_buffer_puts (out, "}}\n");
    sks_buffer_free (&text);
}
