/* csv_heading.c - names of columns. */
#include "csv_heading.h"

#include <string.h>
#include <strings.h>

#define HEADING_BYTES 65536 /* a longer first line is not a heading */
#define HEADING_ROWS 10     /* rows that are examined; a heading below the first one is refused */

static const struct {
    const char *name;
    int column;
} names[] = {
    { "soc", SKS_CSV_SOC },
    { "title", SKS_CSV_TITLE },
    { "level", SKS_CSV_LEVEL },
    { "statement", SKS_CSV_STATEMENT },
    { "group", SKS_CSV_GROUP },
    { "sector", SKS_CSV_SECTOR },
    { "zone", SKS_CSV_ZONE },
    { "position", SKS_CSV_POSITION },
    { "version", SKS_CSV_VERSION },
    { "attribution", SKS_CSV_ATTRIBUTION },
    { "exported_at", SKS_CSV_EXPORTED_AT },
    { "occupation", SKS_CSV_TITLE }, /* synonyms, as skillsearch export writes them */
    { "text", SKS_CSV_STATEMENT },
};

static const char *const redundant[] = { "id", "duty", "detail", "sector_label" };

/* The first cell of the tables of O*NET's database, as text and as SQL. */
static const char *const onet[] = { "O*NET-SOC Code", "onetsoc_code", "Element ID", "Scale ID" };

static const char *const rsd[] = { "RSD Name", "Skill Statement" };

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const sks_csv_refusal refusals[] = {
    { "a CSV file of the Open Skills Management Tool: its statements have no level, and a level must not be invented",
      "Make a CSV file with the columns soc, title, level and statement from it.\n", 0 },
    { "a file of O*NET's database: its statements have no level, and a level must not be invented",
      "Make a CSV file with the columns soc, title, level and statement from it.\n", 0 },
    { "its columns are separated by tabs: write it as CSV, with commas",
      "Spreadsheets write them as \"text\" or \"Unicode text\"; choose \"CSV UTF-8\" instead.\n", 0 },
    { "its columns are separated by semicolons: write it as CSV, with commas",
      "Spreadsheets write the list separator of the system: set that to a comma, or choose it when saving.\n", 0 },
    { "this row names the columns, but is not the first one: remove those above it", "", 0 },
};

enum refusal { RSD, ONET, TABS, SEMICOLONS, BELOW };

const char *
sks_csv_heading_name (int column)
{
    return names[column].name;
}

/* Whether a cell has this name. */
static bool
is_named (const char *cell, const char *name)
{
    size_t size = strlen (name);
    cell = sks_csv_skip_blanks (cell);
    return strncasecmp (cell, name, size) == 0 && !*sks_csv_skip_blanks (cell + size);
}

static bool
is_among (const char *cell, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_named (cell, list[i]))
            return true;
    return false;
}

int
sks_csv_heading_column (const char *name)
{
    for (size_t i = 0; i < COUNT (names); i++)
        if (is_named (name, names[i].name))
            return names[i].column;
    return -1;
}

bool
sks_csv_heading_is_redundant (const char *name)
{
    return is_among (name, redundant, COUNT (redundant));
}

/* Whether the required columns that a heading has make it one of ours. A log may have the columns "level" and "text",
 * so two are not enough for a file that nobody named. */
static bool
is_ours (const sks_csv_record *heading, bool expected)
{
    bool has[SKS_CSV_COLUMNS] = { false };
    int count = 0;
    for (size_t i = 0; i < heading->count; i++) {
        int column = sks_csv_heading_column (heading->cells[i]);
        if (column >= 0)
            has[column] = true;
    }
    for (int column = 0; column < SKS_CSV_REQUIRED; column++)
        count += has[column];
    return count > 2 || (count == 2 && (expected || has[SKS_CSV_SOC]));
}

/* Why a heading with this separator is refused, if it is not the first row or has no commas. */
static enum refusal
refusal_of (char separator)
{
    return separator == ',' ? BELOW : separator == ';' ? SEMICOLONS : TABS;
}

/* Classify the first record of a text. */
static enum sks_csv_kind
classify (const sks_csv_record *heading, char separator, bool expected, enum refusal *refusal)
{
    if (heading->count < 2)
        return SKS_CSV_NONE;
    if (is_ours (heading, expected)) {
        *refusal = refusal_of (separator);
        return separator == ',' ? SKS_CSV_TABLE : SKS_CSV_REFUSED;
    }
    if (is_among (heading->cells[0], onet, COUNT (onet))) {
        *refusal = ONET;
        return SKS_CSV_REFUSED;
    }
    for (size_t i = 0; i < heading->count; i++)
        if (is_among (heading->cells[i], rsd, COUNT (rsd))) {
            *refusal = RSD;
            return SKS_CSV_REFUSED;
        }
    return SKS_CSV_NONE;
}

/* Cut a first line with a fault at its separators alone. A heading in another encoding, or with a quotation mark too
 * many, is still one, and must not be taken for a file of another kind, which a folder may contain. */
static int
cut_roughly (sks_csv_record *heading, char separator, sks_buffer *line, sks_error *err)
{
    sks_buffer_add (line, heading->bytes, heading->size);
    if (!sks_buffer_text (line))
        return sks_buffer_status (line, err);
    char *out = line->bytes;
    heading->cells[heading->count++] = out;
    for (const char *at = line->bytes; *at; at++) {
        char c = *at;
        if (c == '"')
            continue;
        *out++ = c == separator ? '\0' : c;
        if (c != separator)
            continue;
        if (heading->count == SKS_CSV_MAX_CELLS)
            break;
        heading->cells[heading->count++] = out;
    }
    *out = '\0';
    return 0;
}

/* O*NET's database as SQL. */
static bool
is_sql (const char *text, size_t size)
{
    return memmem (text, size, "onetsoc_code", 12) &&
           (memmem (text, size, "CREATE TABLE", 12) || memmem (text, size, "INSERT INTO", 11));
}

/* Find a heading in the first rows. Blank ones above it do not count. */
static int
find_heading (sks_csv *csv, bool expected, enum sks_csv_kind *kind, enum refusal *refusal, unsigned long *line,
              sks_error *err)
{
    sks_csv_record row;
    bool more;
    int code = 0, rows = 0;
    sks_buffer cells = SKS_BUFFER_INIT (SIZE_MAX / 2);
    while (*kind == SKS_CSV_NONE && rows < HEADING_ROWS && !(code = sks_csv_next (csv, &row, &more, err)) && more) {
        if (sks_csv_is_blank (&row))
            continue;
        sks_buffer_clear (&cells);
        if (row.fault && (code = cut_roughly (&row, csv->separator, &cells, err)))
            break;
        if (!rows++)
            *kind = classify (&row, csv->separator, expected, refusal);
        else if (is_ours (&row, false)) {
            *kind = SKS_CSV_REFUSED;
            *refusal = refusal_of (csv->separator);
            *line = row.line;
        }
    }
    sks_buffer_free (&cells);
    return code;
}

int
sks_csv_heading_recognise (const char *text, size_t size, bool expected, int *kind, sks_csv_refusal *refusal,
                           sks_error *err)
{
    static const char separators[] = ",\t;";
    enum refusal why = ONET;
    enum sks_csv_kind found = SKS_CSV_NONE;
    unsigned long line = 0;
    int code = 0;
    size = size < HEADING_BYTES ? size : HEADING_BYTES;
    *kind = SKS_CSV_NONE;
    if (!size || *text == '{' || *text == '[')
        return 0;
    for (size_t i = 0; !code && found == SKS_CSV_NONE && separators[i]; i++) {
        sks_csv csv;
        sks_csv_begin (&csv, text, size, separators[i], 1);
        code = find_heading (&csv, expected, &found, &why, &line, err);
        sks_csv_end (&csv);
    }
    if (found == SKS_CSV_NONE && is_sql (text, size))
        found = SKS_CSV_REFUSED;
    *kind = (int) found;
    *refusal = refusals[why];
    refusal->line = line;
    return code;
}
