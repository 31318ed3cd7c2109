/* csv_export.c - two passes: the first finds the SOC code of each row, the second reads the rows of an occupation. */
#include "csv_export.h"

#include "array.h"
#include "core/base/hash.h"
#include "core/base/schema.h"
#include "csv_cell.h"
#include "csv_heading.h"
#include "export_statements.h"
#include "export_text.h"
#include "export_value.h"
#include "locator.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_BYTES (PATH_MAX + 32)
#define LINES_BYTES 48

struct row {
    char soc[SKS_SOC_BYTES + 1];
    unsigned long line;
    const char *bytes;
    size_t size;
};

struct sks_csv_export {
    const char *file;
    sks_report *report;
    sks_arena *arena;
    const char *heading[SKS_CSV_MAX_CELLS];
    size_t width;              /* cells of the heading */
    int cell[SKS_CSV_COLUMNS]; /* of each column; -1 if it is missing */
    const char *heading_bytes;
    size_t heading_size;
    sks_locator locator;
    struct row *rows; /* by SOC code, then by line */
    size_t count, capacity;
    size_t first, end; /* the rows of the current occupation */
    uint64_t content;  /* their hash */
    char name[NAME_BYTES];
    bool lost;
    const char *explained; /* what was added last to a problem of a row; it is not repeated */
};

static const char *
name_line (sks_csv_export *csv, unsigned long line)
{
    snprintf (csv->name, sizeof csv->name, "%s:%lu", csv->file, line);
    return csv->name;
}

/* The pointer of a cell in a report; cells count from 0. */
static void
point_at (const sks_csv_export *csv, char pointer[SKS_POINTER_BYTES], size_t cell)
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
    point_at (csv, pointer, record->fault_cell - 1);
    sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, name_line (csv, record->fault_line), pointer, record->fault_at,
                    "%s; nothing is read", record->fault);
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
        point_at (csv, pointer, i);
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
        point_at (csv, pointer, (size_t) csv->cell[column]);
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
    point_at (csv, pointer, record->count);
    sks_report_warn (csv->report, name_line (csv, record->line), pointer,
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
        point_at (csv, pointer, record->fault_cell - 1);
        sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, name_line (csv, record->fault_line), pointer,
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
    point_at (csv, pointer, record->count < csv->width ? record->count : csv->width);
    sks_report_add (csv->report, SKS_PROBLEM_NOT_CSV, name_line (csv, record->line), pointer, -1,
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
    point_at (csv, pointer, (size_t) csv->cell[SKS_CSV_SOC]);
    sks_report_add (csv->report, SKS_PROBLEM_SOC, name_line (csv, record->line), pointer, -1,
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
    struct row row = { .line = record->line, .bytes = record->bytes, .size = record->size };
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
    const struct row *a = left, *b = right;
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
    bool usable = check_fault (csv, &record) && check_heading (csv, name_line (csv, record.line));
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
    return name_line (csv, csv->rows[csv->first].line);
}

/* ------------------------------------------------------------- occupation */

/* What the rows of an occupation have in common; the first row with a value decides. */
struct common {
    const char *values[SKS_CSV_COLUMNS];
    unsigned long lines[SKS_CSV_COLUMNS];
};

struct reading {
    sks_export_reader r;
    sks_csv_export *csv;
    sks_csv_record record; /* the current row */
    struct common common;
    char pointer[SKS_POINTER_BYTES]; /* of the current cell */
};

/* The text of a column in the current row, "" if there is no such column or cell; sets the pointer. */
static const char *
read_cell (struct reading *reading, int column, size_t max)
{
    int cell = reading->csv->cell[column];
    if (cell < 0 || (size_t) cell >= reading->record.count)
        return "";
    point_at (reading->csv, reading->pointer, (size_t) cell);
    return sks_export_text_bounded (&reading->r, reading->record.cells[cell], reading->pointer, max);
}

static void
complain (struct reading *reading, int problem, const char *reason)
{
    sks_report_add (reading->r.report, problem, reading->r.file, reading->pointer, -1, "%s", reason);
}

/* The same, but "" for a mark of a missing value, and for an error of a spreadsheet, which is reported. A whole number
 * loses its fraction where the column has codes and numbers. */
static const char *
read_value (struct reading *reading, int column, size_t max)
{
    const char *text = read_cell (reading, column, max);
    bool numbers =
        column == SKS_CSV_GROUP || column == SKS_CSV_SECTOR || column == SKS_CSV_ZONE || column == SKS_CSV_POSITION;
    if (sks_csv_cell_is_error (text)) {
        complain (reading, SKS_PROBLEM_VALUE, "an error of a spreadsheet, not a value");
        return "";
    }
    if (sks_csv_cell_is_missing (text))
        return "";
    size_t size = strlen (text), whole = numbers ? sks_csv_cell_whole (text) : size;
    if (whole < size)
        text = sks_arena_copy (reading->r.memory, text, whole);
    reading->r.no_memory |= !text;
    return text ? text : "";
}

static void
read_common (struct reading *reading)
{
    static const struct {
        int column;
        size_t max;
    } columns[] = {
        { SKS_CSV_TITLE, SKS_MAX_NAME_BYTES },         { SKS_CSV_GROUP, SKS_MAX_NAME_BYTES },
        { SKS_CSV_SECTOR, SKS_MAX_NAME_BYTES },        { SKS_CSV_ZONE, SKS_MAX_NAME_BYTES },
        { SKS_CSV_VERSION, SKS_MAX_NAME_BYTES },       { SKS_CSV_EXPORTED_AT, SKS_MAX_NAME_BYTES },
        { SKS_CSV_ATTRIBUTION, SKS_MAX_NOTICE_BYTES },
    };
    struct common *common = &reading->common;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        int column = columns[i].column;
        const char *value = read_value (reading, column, columns[i].max);
        if (!*value)
            continue;
        if (!common->values[column]) {
            common->values[column] = value;
            common->lines[column] = reading->record.line;
        } else if (strcmp (common->values[column], value) != 0)
            sks_report_add (reading->r.report, SKS_PROBLEM_VALUE, reading->r.file, reading->pointer, -1,
                            "line %lu has another %s for this occupation, which is used", common->lines[column],
                            sks_csv_heading_name (column));
    }
}

/* The position that the row gives; 0 if it has none. */
static unsigned long
read_position (struct reading *reading)
{
    const char *text = read_value (reading, SKS_CSV_POSITION, SKS_MAX_NAME_BYTES);
    char *end;
    if (!*text)
        return 0;
    unsigned long position = strtoul (text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && position && position <= SKS_MAX_LEVEL_STATEMENTS)
        return position;
    sks_report_add (reading->r.report, SKS_PROBLEM_VALUE, reading->r.file, reading->pointer, -1,
                    "must be a whole number from 1 to %d", SKS_MAX_LEVEL_STATEMENTS);
    return 0;
}

/* The level of the row; negative, and reported, if it has none. */
static int
read_level (struct reading *reading)
{
    const char *name = read_cell (reading, SKS_CSV_LEVEL, SKS_MAX_NAME_BYTES);
    int level = sks_export_value_level (name);
    if (level < 0)
        sks_report_add (reading->r.report, *name ? SKS_PROBLEM_LEVEL : SKS_PROBLEM_EMPTY, reading->r.file,
                        reading->pointer, -1,
                        *name ? "levels are emerging, developing, proficient and advanced, not \"%.40s\""
                              : "levels are emerging, developing, proficient and advanced; the cell is empty%s",
                        name);
    return level;
}

/* Add the statement of the row to a level; false, and reported, if it has none. */
static bool
read_statement (struct reading *reading, int level)
{
    size_t cell = (size_t) reading->csv->cell[SKS_CSV_STATEMENT];
    const char *text = reading->record.cells[cell];
    char start[SKS_CSV_CELL_BYTES];
    sks_csv_cell_trim (text, start);
    point_at (reading->csv, reading->pointer, cell);
    if (sks_csv_cell_is_missing (start) || strcasecmp (start, "none") == 0)
        complain (reading, SKS_PROBLEM_EMPTY, "the mark of a missing value, not a statement");
    else if (sks_csv_cell_is_error (start))
        complain (reading, SKS_PROBLEM_VALUE, "an error of a spreadsheet, not a statement");
    else
        return sks_export_statements_add (&reading->r, text, reading->pointer, level, 0, reading->record.line);
    return false;
}

static void
read_row (struct reading *reading)
{
    sks_csv_export *csv = reading->csv;
    read_common (reading);
    int level = read_level (reading);
    if (level < 0)
        return;
    unsigned long position = read_position (reading);
    if (!read_statement (reading, level))
        sks_export_statements_reserve (&reading->r, level, position);
    else if (position && !sks_export_statements_claim (&reading->r, position)) {
        point_at (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_POSITION]);
        complain (reading, SKS_PROBLEM_VALUE, "another row of this level has the same position");
    }
}

static int
read_rows (struct reading *reading, sks_error *err)
{
    int code = 0;
    for (size_t i = reading->csv->first; !code && i < reading->csv->end; i++) {
        const struct row *row = &reading->csv->rows[i];
        sks_csv records;
        bool more;
        sks_csv_begin (&records, row->bytes, row->size, ',', row->line);
        code = sks_csv_next (&records, &reading->record, &more, err);
        reading->r.file = name_line (reading->csv, row->line);
        if (!code)
            read_row (reading);
        sks_csv_end (&records);
    }
    return code;
}

/* Set what the rows have in common. Reports are about the row that decided. */
static void
set_common (struct reading *reading)
{
    sks_export *export = reading->r.export;
    sks_csv_export *csv = reading->csv;
    const char *values[SKS_CSV_COLUMNS];
    for (int column = 0; column < SKS_CSV_COLUMNS; column++) {
        const char *value = reading->common.values[column];
        bool is_none = value && (column == SKS_CSV_SECTOR || column == SKS_CSV_ZONE) && strcasecmp (value, "none") == 0;
        values[column] = value && !is_none ? value : "";
    }
    export->title = values[SKS_CSV_TITLE];
    export->group = sks_export_value_group (&reading->r, values[SKS_CSV_GROUP], export->soc);
    if (*values[SKS_CSV_SECTOR]) {
        point_at (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_SECTOR]);
        reading->r.file = name_line (csv, reading->common.lines[SKS_CSV_SECTOR]);
        export->sector = sks_export_value_sector (&reading->r, values[SKS_CSV_SECTOR], reading->pointer);
    }
    if (*values[SKS_CSV_ZONE]) {
        int zone = sks_schema_zone_of (values[SKS_CSV_ZONE]);
        point_at (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_ZONE]);
        reading->r.file = name_line (csv, reading->common.lines[SKS_CSV_ZONE]);
        if (zone < 0)
            complain (reading, SKS_PROBLEM_VALUE, "must be 1 to 5, none or empty");
        export->zone = zone < 0 ? 0 : zone;
    }
    if (*values[SKS_CSV_EXPORTED_AT]) {
        point_at (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_EXPORTED_AT]);
        reading->r.file = name_line (csv, reading->common.lines[SKS_CSV_EXPORTED_AT]);
    }
    export->exported_at = sks_export_value_time (&reading->r, values[SKS_CSV_EXPORTED_AT], reading->pointer);
    export->description = "";
    export->edition = (sks_edition) { .version = values[SKS_CSV_VERSION],
                                      .description = "",
                                      .attribution = values[SKS_CSV_ATTRIBUTION] };
    for (int level = 0; level < SKS_LEVELS; level++)
        export->edition.labels[level] = "";
}

/* An export needs a title and a statement, and has a limit of bytes. */
static bool
is_usable (struct reading *reading)
{
    sks_export_reader *r = &reading->r;
    r->file = sks_csv_export_name (reading->csv);
    point_at (reading->csv, reading->pointer, (size_t) reading->csv->cell[SKS_CSV_TITLE]);
    if (!*r->export->title)
        complain (reading, SKS_PROBLEM_EMPTY, "no row of the occupation has a title");
    else if (!r->export->count)
        sks_report_add (r->report, SKS_PROBLEM_EMPTY, r->file, "", -1, "no usable statement of %s", r->export->soc);
    return *r->export->title && r->export->count;
}

static bool
is_too_large (sks_csv_export *csv)
{
    size_t size = 0;
    for (size_t i = csv->first; i < csv->end; i++)
        size += csv->rows[i].size;
    if (size > SKS_MAX_EXPORT_BYTES)
        sks_report_add (csv->report, SKS_PROBLEM_TOO_LARGE, sks_csv_export_name (csv), "", -1,
                        "the rows of %s have over %d MiB", csv->rows[csv->first].soc, SKS_MAX_EXPORT_BYTES >> 20);
    return size > SKS_MAX_EXPORT_BYTES;
}

int
sks_csv_export_read (sks_csv_export *csv, sks_export **out, int *kind, sks_error *err)
{
    *out = NULL;
    *kind = SKS_EXPORT_REJECTED;
    if (is_too_large (csv))
        return 0;
    sks_arena *memory = sks_arena_create ();
    sks_export *export = memory ? sks_arena_alloc (memory, sizeof *export) : NULL;
    struct reading reading = { .csv = csv, .r = { .export = export, .memory = memory, .report = csv->report } };
    if (!export || !sks_export_statements_begin (&reading.r, csv->end - csv->first)) {
        sks_arena_destroy (&memory);
        return sks_fail_memory (err);
    }
    export->memory = memory;
    export->content = csv->content;
    export->locator = &csv->locator;
    export->soc = sks_arena_copy (memory, csv->rows[csv->first].soc, SKS_SOC_BYTES);
    reading.r.no_memory = !export->soc;
    int code = read_rows (&reading, err);
    if (!code && export->soc) {
        set_common (&reading);
        sks_export_statements_place (&reading.r);
        if (is_usable (&reading)) {
            sks_export_statements_end (&reading.r);
            *kind = SKS_EXPORT_GOOD;
        }
    }
    if (!code && reading.r.no_memory)
        code = sks_fail_memory (err);
    if (code || *kind != SKS_EXPORT_GOOD)
        sks_arena_destroy (&memory);
    else
        *out = export;
    return code ? code : sks_report_status (csv->report, err);
}
