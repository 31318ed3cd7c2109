/* table.c - the separators of each format, and its quoting of cells. */
#include "table.h"

#include "json.h"
#include "printable_put.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MARKDOWN_MARKUP "\\|`*<["
#define CELL_BYTES (2 * (size_t) SKS_MAX_REPLY_BYTES)

static bool
is_json (const sks_table *table)
{
    return table->format == SKS_TABLE_JSON || table->format == SKS_TABLE_NDJSON;
}

static void
put_string (sks_buffer *out, const char *text)
{
    sks_buffer escaped = SKS_BUFFER_INIT (CELL_BYTES);
    sks_json_put_string (&escaped, text);
    sks_printable_put_json (out, escaped.size ? escaped.bytes : "", escaped.size);
    if (sks_buffer_status (&escaped, NULL) != 0)
        out->failed = escaped.failed;
    sks_buffer_free (&escaped);
}

/* Write a cell of CSV, in quotes if RFC 4180 requires them or `quotes` is true. Tabs and line ends stay, all other
 * control characters become visible. */
static void
put_quoted (sks_buffer *out, const char *text, const char *mark, bool quotes)
{
    quotes = quotes || text[strcspn (text, ",\"\r\n")];
    if (quotes)
        sks_buffer_putc (out, '"');
    sks_buffer_puts (out, mark);
    while (*text) {
        size_t plain = strcspn (text, "\"\t\n");
        sks_printable_put (out, text, plain);
        text += plain;
        if (*text == '"')
            sks_buffer_putc (out, '"');
        if (*text)
            sks_buffer_putc (out, *text++);
    }
    if (quotes)
        sks_buffer_putc (out, '"');
}

static void
open_cell (sks_table *table)
{
    sks_buffer *out = table->out;
    if (table->at == 0 && is_json (table))
        sks_buffer_puts (out, table->format == SKS_TABLE_NDJSON ? "{" : table->rows ? ",\n{" : "{");
    if (table->at == 0 && table->format == SKS_TABLE_MARKDOWN)
        sks_buffer_puts (out, "| ");
    if (table->at)
        sks_buffer_puts (out, table->format == SKS_TABLE_TSV        ? "\t"
                              : table->format == SKS_TABLE_MARKDOWN ? " | "
                                                                    : ",");
    if (is_json (table))
        sks_buffer_printf (out, "\"%s\":", table->names[table->at]);
    table->rows += table->at == 0;
}

static void
close_cell (sks_table *table)
{
    static const char *const ends[] = { [SKS_TABLE_JSON] = "}",
                                        [SKS_TABLE_NDJSON] = "}\n",
                                        [SKS_TABLE_CSV] = "\r\n",
                                        [SKS_TABLE_TSV] = "\n",
                                        [SKS_TABLE_MARKDOWN] = " |\n" };
    if (++table->at < table->count)
        return;
    sks_buffer_puts (table->out, ends[table->format]);
    table->at = 0;
}

/* Write a cell that has the same text in every format. */
static void
put_plain (sks_table *table, const char *text)
{
    open_cell (table);
    sks_buffer_puts (table->out, text);
    close_cell (table);
}

void
sks_table_text (sks_table *table, const char *text)
{
    if (!text) {
        put_plain (table, is_json (table) ? "null" : "");
        return;
    }
    bool formula = *text && strchr ("=+-@\t\r", *text);
    const char *mark = formula && table->flags & SKS_TABLE_SAFE ? "'" : "";
    open_cell (table);
    if (is_json (table)) {
        put_string (table->out, text);
    } else if (table->format == SKS_TABLE_CSV) {
        put_quoted (table->out, text, mark, formula);
    } else if (table->format == SKS_TABLE_TSV) {
        sks_buffer_puts (table->out, mark);
        sks_printable_puts (table->out, text);
    } else {
        sks_printable_put_escaped (table->out, text, MARKDOWN_MARKUP);
    }
    close_cell (table);
}

void
sks_table_count (sks_table *table, uint64_t value)
{
    char text[24];
    snprintf (text, sizeof text, "%" PRIu64, value);
    put_plain (table, text);
}

void
sks_table_number (sks_table *table, double value)
{
    char text[330]; /* fits any double with 4 decimals */
    snprintf (text, sizeof text, "%.4f", value);
    put_plain (table, text);
}

void
sks_table_flag (sks_table *table, bool value)
{
    put_plain (table, value ? "true" : "false");
}

void
sks_table_begin (sks_table *table, const char *const *names, size_t count)
{
    if (table->names)
        return;
    table->names = names;
    table->count = count;
    if (table->format == SKS_TABLE_JSON)
        sks_buffer_putc (table->out, '[');
    if (is_json (table) || table->flags & SKS_TABLE_BARE)
        return;
    for (size_t i = 0; i < count; i++)
        sks_table_text (table, names[i]);
    for (size_t i = 0; table->format == SKS_TABLE_MARKDOWN && i < count; i++)
        put_plain (table, "---");
    table->rows = 0;
}

void
sks_table_end (sks_table *table)
{
    if (table->format == SKS_TABLE_JSON && table->names)
        sks_buffer_puts (table->out, "]\n");
}
