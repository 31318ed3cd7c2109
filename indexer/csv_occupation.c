/* csv_occupation.c - the second pass over a CSV file: reads the rows of an occupation. */
#include "csv_occupation.h"

#include "core/base/schema.h"
#include "csv_cell.h"
#include "csv_rows.h"
#include "export_statements.h"
#include "export_text.h"
#include "export_value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
    sks_csv_export_point (reading->csv, reading->pointer, (size_t) cell);
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
    sks_csv_export_point (reading->csv, reading->pointer, cell);
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
        sks_csv_export_point (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_POSITION]);
        complain (reading, SKS_PROBLEM_VALUE, "another row of this level has the same position");
    }
}

static int
read_rows (struct reading *reading, sks_error *err)
{
    int code = 0;
    for (size_t i = reading->csv->first; !code && i < reading->csv->end; i++) {
        const sks_csv_row *row = &reading->csv->rows[i];
        sks_csv records;
        bool more;
        sks_csv_begin (&records, row->bytes, row->size, ',', row->line);
        code = sks_csv_next (&records, &reading->record, &more, err);
        reading->r.file = sks_csv_export_line (reading->csv, row->line);
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
        sks_csv_export_point (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_SECTOR]);
        reading->r.file = sks_csv_export_line (csv, reading->common.lines[SKS_CSV_SECTOR]);
        export->sector = sks_export_value_sector (&reading->r, values[SKS_CSV_SECTOR], reading->pointer);
    }
    if (*values[SKS_CSV_ZONE]) {
        int zone = sks_schema_zone_of (values[SKS_CSV_ZONE]);
        sks_csv_export_point (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_ZONE]);
        reading->r.file = sks_csv_export_line (csv, reading->common.lines[SKS_CSV_ZONE]);
        if (zone < 0)
            complain (reading, SKS_PROBLEM_VALUE, "must be 1 to 5, none or empty");
        export->zone = zone < 0 ? 0 : zone;
    }
    if (*values[SKS_CSV_EXPORTED_AT]) {
        sks_csv_export_point (csv, reading->pointer, (size_t) csv->cell[SKS_CSV_EXPORTED_AT]);
        reading->r.file = sks_csv_export_line (csv, reading->common.lines[SKS_CSV_EXPORTED_AT]);
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
    sks_csv_export_point (reading->csv, reading->pointer, (size_t) reading->csv->cell[SKS_CSV_TITLE]);
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
sks_csv_occupation_read (sks_csv_export *csv, sks_export **out, int *kind, sks_error *err)
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
