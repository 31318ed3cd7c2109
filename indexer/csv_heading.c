/* csv_heading.c - names of columns. */
#include "csv_heading.h"

#include <string.h>
#include <strings.h>

#define HEADING_BYTES 65536 /* a longer first line is not a heading */

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
      "Make a CSV file with the columns soc, title, level and statement from it.\n" },
    { "a file of O*NET's database: its statements have no level, and a level must not be invented",
      "Make a CSV file with the columns soc, title, level and statement from it.\n" },
    { "its columns are separated by tabs: write it as CSV, with commas", "" },
    { "its columns are separated by semicolons: write it as CSV, with commas", "" },
};

enum refusal { RSD, ONET, TABS, SEMICOLONS };

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
    cell += strspn (cell, " \t");
    return strncasecmp (cell, name, size) == 0 && !cell[size + strspn (cell + size, " \t")];
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

/* Classify the first record of a text. */
static enum sks_csv_kind
classify (const sks_csv_record *heading, char separator, bool expected, enum refusal *refusal)
{
    if (heading->count < 2)
        return SKS_CSV_NONE;
    if (is_ours (heading, expected)) {
        *refusal = separator == ';' ? SEMICOLONS : TABS;
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

int
sks_csv_heading_recognise (const char *text, size_t size, bool expected, int *kind, sks_csv_refusal *refusal,
                           sks_error *err)
{
    static const char separators[] = ",\t;";
    enum refusal why = ONET;
    int code = 0;
    size = size < HEADING_BYTES ? size : HEADING_BYTES;
    *kind = SKS_CSV_NONE;
    if (!size || *text == '{' || *text == '[')
        return 0;
    for (size_t i = 0; !code && *kind == SKS_CSV_NONE && separators[i]; i++) {
        sks_csv csv;
        sks_csv_record heading;
        bool more;
        sks_csv_begin (&csv, text, size, separators[i], 1);
        code = sks_csv_next (&csv, &heading, &more, err);
        sks_buffer line = SKS_BUFFER_INIT (SIZE_MAX / 2);
        if (!code && more && heading.fault)
            code = cut_roughly (&heading, separators[i], &line, err);
        if (!code && more)
            *kind = classify (&heading, separators[i], expected, &why);
        sks_buffer_free (&line);
        sks_csv_end (&csv);
    }
    if (*kind == SKS_CSV_NONE && is_sql (text, size))
        *kind = SKS_CSV_REFUSED;
    *refusal = refusals[why];
    return code;
}
