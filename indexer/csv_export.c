/* csv_export.c - the first of two passes: finds the heading, and the SOC code of each row. */
#include "csv_rows.h"

#include "array.h"
#include "core/base/hash.h"
#include "core/base/schema.h"
#include "csv_cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINES_BYTES 48

const char *
sks_csv_export_line (sks_csv_export *csv, unsigned long line)
{
    snprintf (csv->name, sizeof csv->name, "%s:%lu", csv->file, line);
    return csv->name;
}

void
sks_csv_export_point (const sks_csv_export *csv, char pointer[SKS_POINTER_BYTES], size_t cell)
{
    if (cell < csv->width && *csv->heading[cell])
        snprintf (pointer, SKS_POINTER_BYTES, "column %zu (%.60s)", cell + 1, csv->heading[cell]);
    else
        snprintf (pointer, SKS_POINTER_BYTES, "column %zu", cell + 1);
}

/* ---------------------------------------------------------------- heading */

static int
take_heading (sks_csv_export *csv, const sks_csv_record *record, sks_error *err)
{
    csv->heading_bytes = record->bytes;
    csv->heading_size = record->size;
    for (; csv->width < record->count; csv->width++) {
        const char *cell = record->cells[csv->width] + strspn (record->cells[csv->width], " \t");
        csv->heading[csv->width] = sks_arena_copy (csv->arena, cell, strlen (cell));
        if (!csv->heading[csv->width])
            return sks_fail_memory (err);
    }
    return 0;
}

/* False if the heading cannot be cut into cells, which is reported. */
static bool
check_fault (sks_csv_export *csv, const sks_csv_record *record)
{
    char pointer[SKS_POINTER_BYTES];
    if (!record->fault)
        return true;
    sks_csv_export_point (csv, pointer, record->fault_cell - 1);
    sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, sks_csv_export_line (csv, record->fault_line), pointer,
                    record->fault_at, "%s; nothing is read", record->fault);
    if (record->not_utf8)
        sks_report_explain (csv->report, SKS_SAVE_AS_UTF8);
    csv->lost = true;
    return false;
}

/* Find the columns. False if the file cannot be read because one is there twice or missing. */
static bool
check_heading (sks_csv_export *csv, const char *file)
{
    char pointer[SKS_POINTER_BYTES];
    for (int column = 0; column < SKS_CSV_COLUMNS; column++)
        csv->cell[column] = -1;
    for (size_t i = 0; i < csv->width; i++) {
        int column = sks_csv_heading_column (csv->heading[i]);
        sks_csv_export_point (csv, pointer, i);
        if (column >= 0 && csv->cell[column] >= 0) {
            sks_report_add (csv->report, SKS_PROBLEM_DUPLICATE, file, pointer, -1,
                            "column %d already has the %s; nothing is read", csv->cell[column] + 1,
                            sks_csv_heading_name (column));
            csv->lost = true;
        } else if (column >= 0)
            csv->cell[column] = (int) i;
        else if (!sks_csv_heading_is_redundant (csv->heading[i]))
            sks_report_warn (csv->report, file, pointer, "an unknown column, which is ignored");
    }
    for (int column = 0; column < SKS_CSV_REQUIRED; column++)
        if (csv->cell[column] < 0) {
            sks_report_add (csv->report, SKS_PROBLEM_MISSING, file, "", -1,
                            "the column \"%s\" is missing; nothing is read", sks_csv_heading_name (column));
            csv->lost = true;
        }
    return !csv->lost;
}

/* The pointer of a column, "" if it is missing. */
static const char *
copy_pointer (sks_csv_export *csv, int column)
{
    char pointer[SKS_POINTER_BYTES] = "";
    if (csv->cell[column] >= 0)
        sks_csv_export_point (csv, pointer, (size_t) csv->cell[column]);
    return sks_arena_copy (csv->arena, pointer, strlen (pointer));
}

static int
set_locator (sks_csv_export *csv, sks_error *err)
{
    csv->locator = (sks_locator) { .form = SKS_LOCATOR_ROWS,
                                   .soc = copy_pointer (csv, SKS_CSV_SOC),
                                   .time = copy_pointer (csv, SKS_CSV_EXPORTED_AT),
                                   .statements = "",
                                   .cell = copy_pointer (csv, SKS_CSV_STATEMENT),
                                   .path = csv->file };
    return csv->locator.soc && csv->locator.time && csv->locator.cell ? 0 : sks_fail_memory (err);
}

/* ------------------------------------------------------------------- rows */

/* Whether a row that is too short lacks only cells that may be empty, which spreadsheets leave out. A row that ends
 * with the file may have been cut.
 *   is_last   no line end follows the record */
static bool
lacks_nothing (sks_csv_export *csv, const sks_csv_record *record, bool is_last)
{
    char pointer[SKS_POINTER_BYTES];
    if (record->count >= csv->width || is_last)
        return false;
    for (int column = 0; column < SKS_CSV_REQUIRED; column++)
        if ((size_t) csv->cell[column] >= record->count)
            return false;
    sks_csv_export_point (csv, pointer, record->count);
    sks_report_warn (csv->report, sks_csv_export_line (csv, record->line), pointer,
                     "the row ends before this column; the cells that it lacks count as empty");
    return true;
}

/* Whether all cells from `first` on are blank. */
static bool
is_blank_from (const sks_csv_record *record, size_t first)
{
    while (first < record->count && !*sks_csv_skip_blanks (record->cells[first]))
        first++;
    return first == record->count;
}

/* Add what helps to the last problem, unless it was added to the one before. */
static void
explain (sks_csv_export *csv, const char *notes)
{
    if (notes != csv->explained)
        sks_report_explain (csv->report, "%s", notes);
    csv->explained = notes;
}

/* Report why a record is no row of the table; false if it is one.
 *   records   stand after the record */
static bool
is_broken (sks_csv_export *csv, const sks_csv *records, const sks_csv_record *record)
{
    char pointer[SKS_POINTER_BYTES], lines[LINES_BYTES] = "";
    if (record->fault) {
        sks_csv_export_point (csv, pointer, record->fault_cell - 1);
        sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, sks_csv_export_line (csv, record->fault_line), pointer,
                        record->fault_at, "%s", record->fault);
        if (record->not_utf8) {
            sks_report_explain (csv->report, SKS_SAVE_AS_UTF8);
            sks_report_group (csv->report, record->fault, "row");
        }
        return true;
    }
    if (record->count == csv->width || lacks_nothing (csv, record, records->at == records->end))
        return false;
    /* A quotation mark too many takes the next rows, too. */
    if (records->line > record->line)
        snprintf (lines, sizeof lines, ", which ends in line %lu,", records->line);
    sks_csv_export_point (csv, pointer, record->count < csv->width ? record->count : csv->width);
    sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, sks_csv_export_line (csv, record->line), pointer, -1,
                    "the row%s has %zu cell%s, the heading %zu", lines, record->count, record->count == 1 ? "" : "s",
                    csv->width);
    if (record->count > csv->width && is_blank_from (record, csv->width))
        explain (csv, "The cells beyond the heading are blank: delete the columns after the last one.\n");
    else if (record->count > csv->width)
        explain (csv, "A comma in a value separates cells, unless quotation marks are around the value.\n");
    return true;
}

/* Read the SOC code of a row; false, and reported, if it has none. */
static bool
read_code (sks_csv_export *csv, const sks_csv_record *record, char soc[SKS_SOC_BYTES + 1])
{
    char pointer[SKS_POINTER_BYTES], code[SKS_CSV_CELL_BYTES];
    sks_csv_cell_trim (record->cells[csv->cell[SKS_CSV_SOC]], code);
    if (sks_schema_soc_read (code, soc) && sks_schema_soc_valid (soc))
        return true;
    sks_csv_export_point (csv, pointer, (size_t) csv->cell[SKS_CSV_SOC]);
    sks_report_add (csv->report, SKS_PROBLEM_SOC, sks_csv_export_line (csv, record->line), pointer, -1,
                    *code ? "must be a SOC code of the form \"43-9061.00\", not \"%.40s\""
                          : "must be a SOC code of the form \"43-9061.00\"; the cell is empty%s",
                    code);
    const char *notes = sks_csv_cell_explain_code (code);
    if (notes)
        explain (csv, notes);
    csv->lost = true;
    return false;
}

static int
add_row (sks_csv_export *csv, const sks_csv_record *record, sks_error *err)
{
    sks_csv_row row = { .line = record->line, .bytes = record->bytes, .size = record->size };
    if (!read_code (csv, record, row.soc))
        return 0;
    if (!sks_array_reserve (&csv->rows, &csv->capacity, csv->count + 1, sizeof *csv->rows))
        return sks_fail_memory (err);
    csv->rows[csv->count++] = row;
    return 0;
}

static int
by_soc (const void *left, const void *right)
{
    const sks_csv_row *a = left, *b = right;
    int order = strcmp (a->soc, b->soc);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int
find_rows (sks_csv_export *csv, sks_csv *records, sks_error *err)
{
    sks_csv_record record;
    bool more;
    int code;
    do
        code = sks_csv_next (records, &record, &more, err);
    while (!code && more && sks_csv_is_blank (&record));
    if (!code && more)
        code = take_heading (csv, &record, err);
    if (code)
        return code;
    bool usable = check_fault (csv, &record) && check_heading (csv, sks_csv_export_line (csv, record.line));
    if (usable)
        code = set_locator (csv, err);
    while (!code && usable && !(code = sks_csv_next (records, &record, &more, err)) && more) {
        if (sks_csv_is_blank (&record))
            continue;
        if (is_broken (csv, records, &record))
            csv->lost = true;
        else
            code = add_row (csv, &record, err);
    }
    if (!code && usable && !csv->count && !csv->lost) {
        sks_report_add (csv->report, SKS_PROBLEM_EMPTY, csv->file, "", -1, "no row below the heading");
        csv->lost = true;
    }
    if (csv->count)
        qsort (csv->rows, csv->count, sizeof *csv->rows, by_soc);
    return code;
}

int
sks_csv_export_open (sks_csv_export **out, const char *file, const char *text, size_t size, sks_report *report,
                     sks_error *err)
{
    sks_csv records;
    sks_csv_export *csv = *out = calloc (1, sizeof *csv);
    if (!csv || !(csv->arena = sks_arena_create ())) {
        sks_csv_export_close (out);
        return sks_fail_memory (err);
    }
    csv->file = file;
    csv->report = report;
    sks_csv_begin (&records, text, size, ',', 1);
    int code = find_rows (csv, &records, err);
    sks_csv_end (&records);
    if (code)
        sks_csv_export_close (out);
    return code;
}

void
sks_csv_export_close (sks_csv_export **csv_p)
{
    sks_csv_export *csv = *csv_p;
    if (!csv)
        return;
    *csv_p = NULL;
    free (csv->rows);
    sks_arena_destroy (&csv->arena);
    free (csv);
}

bool
sks_csv_export_has_lost (const sks_csv_export *csv)
{
    return csv->lost;
}

int
sks_csv_export_next (sks_csv_export *csv, bool *more, uint64_t *content, sks_error *err)
{
    csv->first = csv->end;
    *more = csv->first < csv->count;
    if (!*more)
        return 0;
    sks_hash *hash = sks_hash_begin ();
    if (!hash)
        return sks_fail_memory (err);
    sks_hash_add (hash, csv->heading_bytes, csv->heading_size);
    for (; csv->end < csv->count && strcmp (csv->rows[csv->end].soc, csv->rows[csv->first].soc) == 0; csv->end++) {
        sks_hash_add (hash, "\n", 1);
        sks_hash_add (hash, csv->rows[csv->end].bytes, csv->rows[csv->end].size);
    }
    *content = csv->content = sks_hash_end (hash);
    return 0;
}

const char *
sks_csv_export_name (sks_csv_export *csv)
{
    return sks_csv_export_line (csv, csv->rows[csv->first].line);
}
