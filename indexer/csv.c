/* csv.c - one pass over the bytes of a record; a fault goes back to the end of its first line. */
#include "csv.h"

#include "core/base/text.h"
#include "core/base/utf8.h"

#include <string.h>

#define TEXT(number) #number
#define TEXT_OF(number) TEXT (number)

/* A record that is being read. */
struct scan {
    sks_csv *csv;
    sks_csv_record *record;
    const char *at, *line_start;
    unsigned long line;
    size_t cells; /* read so far */
};

void
sks_csv_begin (sks_csv *csv, const char *text, size_t size, char separator, unsigned long line)
{
    size_t mark = 0;
    while (size - mark >= 3 && memcmp (text + mark, "\xEF\xBB\xBF", 3) == 0)
        mark += 3;
    *csv = (sks_csv) { .at = text + mark,
                       .end = text + size,
                       .separator = separator,
                       .line = line,
                       .cells = SKS_BUFFER_INIT (SIZE_MAX / 2) };
}

void
sks_csv_end (sks_csv *csv)
{
    sks_buffer_free (&csv->cells);
}

/* The size of the line end at `at`; 0 if there is none. */
static size_t
line_end (const char *at, const char *end)
{
    if (at == end || (*at != '\r' && *at != '\n'))
        return 0;
    return *at == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
}

static bool
fail (struct scan *scan, const char *at, const char *fault)
{
    scan->record->fault = fault;
    scan->record->fault_line = scan->line;
    scan->record->fault_at = at - scan->line_start;
    scan->record->fault_cell = scan->cells + 1;
    return false;
}

/* Read the rest of a cell after its quotation mark. */
static bool
read_quoted (struct scan *scan)
{
    const char *end = scan->csv->end, *opened = scan->at, *opened_line_start = scan->line_start;
    unsigned long opened_line = scan->line;
    for (scan->at++; scan->at < end; scan->at++) {
        size_t newline = line_end (scan->at, end);
        if (*scan->at == '"') {
            scan->at++;
            if (scan->at == end || *scan->at != '"')
                return true;
        }
        sks_buffer_add (&scan->csv->cells, scan->at, newline ? newline : 1);
        if (newline) {
            scan->at += newline - 1;
            scan->line_start = scan->at + 1;
            scan->line++;
        }
    }
    scan->line = opened_line;
    scan->line_start = opened_line_start;
    return fail (scan, opened, "this quotation mark is not closed");
}

static bool
is_end (const struct scan *scan)
{
    return scan->at == scan->csv->end || *scan->at == scan->csv->separator || line_end (scan->at, scan->csv->end);
}

/* Read a cell; scan->at is then the separator, the line end or the end of the text. */
static bool
read_cell (struct scan *scan)
{
    const struct scan begin = *scan;
    const char *start = scan->at;
    if (start < scan->csv->end && *start == '"') {
        if (!read_quoted (scan))
            return false;
        if (is_end (scan))
            return true;
        if (scan->line == begin.line)
            return fail (scan, scan->at, "text after the closing quotation mark");
        *scan = begin;
        return fail (scan, begin.at, "text follows where this quotation mark is closed, in a later line");
    }
    for (; !is_end (scan); scan->at++)
        if (*scan->at == '"')
            return fail (scan, scan->at, "a quotation mark in a cell without quotation marks around it");
    sks_buffer_add (&scan->csv->cells, start, (size_t) (scan->at - start));
    return true;
}

/* Check that the bytes of a cell, from its start to scan->at, are text. */
static bool
check_cell (struct scan *scan, const struct scan *begin)
{
    size_t size = (size_t) (scan->at - begin->at), bad = size;
    const char *nul = memchr (begin->at, '\0', size);
    size_t at = nul ? (size_t) (nul - begin->at) : size;
    if (sks_utf8_valid (begin->at, size, &bad) && !nul)
        return true;
    bool is_nul = at < bad;
    at = is_nul ? at : bad;
    scan->line = begin->line;
    scan->line_start = begin->line_start;
    for (const char *c = begin->at; c < begin->at + at; c++) {
        size_t newline = line_end (c, scan->csv->end);
        if (newline) {
            c += newline - 1;
            scan->line++;
            scan->line_start = c + 1;
        }
    }
    scan->record->not_utf8 = !is_nul;
    return fail (scan, begin->at + at, is_nul ? "a NUL byte" : "not UTF-8");
}

static bool
read_cells (struct scan *scan)
{
    for (;; scan->at++) {
        const struct scan begin = *scan;
        if (scan->cells == SKS_CSV_MAX_CELLS)
            return fail (scan, scan->at, "more than " TEXT_OF (SKS_CSV_MAX_CELLS) " cells");
        scan->csv->starts[scan->cells] = scan->csv->cells.size;
        if (!read_cell (scan) || !check_cell (scan, &begin))
            return false;
        sks_buffer_putc (&scan->csv->cells, '\0');
        scan->cells++;
        if (scan->at == scan->csv->end || *scan->at != scan->csv->separator)
            return true;
    }
}

const char *
sks_csv_skip_blanks (const char *cell)
{
    size_t size = strlen (cell), at = 0, blank;
    while (at < size && (blank = sks_text_blank (cell, size, at)))
        at += blank;
    return cell + at;
}

bool
sks_csv_is_blank (const sks_csv_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (*sks_csv_skip_blanks (record->cells[i]))
            return false;
    return !record->fault;
}

int
sks_csv_next (sks_csv *csv, sks_csv_record *record, bool *more, sks_error *err)
{
    size_t newline;
    for (; (newline = line_end (csv->at, csv->end)); csv->at += newline)
        csv->line++;
    *more = csv->at < csv->end;
    record->bytes = csv->at;
    record->line = csv->line;
    record->fault = NULL;
    record->not_utf8 = false;
    record->count = 0;
    sks_buffer_clear (&csv->cells);
    if (!*more)
        return 0;
    struct scan scan = { csv, record, csv->at, csv->at, csv->line, 0 };
    if (read_cells (&scan)) {
        const char *text = sks_buffer_text (&csv->cells);
        if (!text)
            return sks_buffer_status (&csv->cells, err);
        for (; record->count < scan.cells; record->count++)
            record->cells[record->count] = text + csv->starts[record->count];
        csv->at = scan.at;
        csv->line = scan.line;
    } else
        while (csv->at < csv->end && !line_end (csv->at, csv->end))
            csv->at++;
    record->size = (size_t) (csv->at - record->bytes);
    return 0;
}
