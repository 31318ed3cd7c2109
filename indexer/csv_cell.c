/* csv_cell.c - cells that are not what their author typed. */
#include "csv_cell.h"

#include "core/base/schema.h"
#include "core/base/text.h"
#include "csv.h"

#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof (array) / sizeof *(array))

static const char digits[] = "0123456789";

/* "none" is not here: it is a value of the columns sector and zone. */
static const char *const missing[] = { "NA", "N/A", "NaN", "NaT", "null", "(null)", "nil" };

static const char *const errors[] = { "#N/A", "#N/D", "#NV" }; /* the others end in "!" or "?" */

void
sks_csv_cell_trim (const char *cell, char out[SKS_CSV_CELL_BYTES])
{
    cell = sks_csv_skip_blanks (cell);
    out[sks_text_squeeze (cell, strnlen (cell, SKS_CSV_CELL_BYTES - 1), out)] = '\0';
}

static bool
is_among (const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp (text, list[i]) == 0)
            return true;
    return false;
}

bool
sks_csv_cell_is_missing (const char *text)
{
    return *text && strchr ("nN(", *text) && is_among (text, missing, COUNT (missing));
}

bool
sks_csv_cell_is_error (const char *text)
{
    size_t size = strlen (text), signs = strspn (text, "#");
    if (!signs || size < 2)
        return false;
    if (signs == size || is_among (text, errors, COUNT (errors)))
        return true;
    size_t name = strcspn (text, "!? ");
    return name + 1 == size && text[name] != ' ' && name > 2 && !strpbrk (text, "abcdefghijklmnopqrstuvwxyz");
}

size_t
sks_csv_cell_whole (const char *text)
{
    size_t whole = strspn (text, digits);
    if (!whole || text[whole] != '.')
        return strlen (text);
    size_t zeros = strspn (text + whole + 1, "0");
    return zeros && !text[whole + 1 + zeros] ? whole : strlen (text);
}

/* How often a text has a character. */
static size_t
count (const char *text, char c)
{
    size_t found = 0;
    for (; *text; text++)
        found += *text == c;
    return found;
}

/* Whether a text has digits and the name of a month, or digits and the signs of a date or time. */
static bool
is_date (const char *text)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    if (!strpbrk (text, digits))
        return false;
    for (size_t i = 0; i < COUNT (months); i++)
        if (strcasestr (text, months[i]))
            return true;
    return strspn (text, "0123456789/.:- ") == strlen (text) &&
           (strchr (text, '/') || strchr (text, ':') || count (text, '.') == 2 || count (text, '-') == 2);
}

const char *
sks_csv_cell_explain_code (const char *text)
{
    if (!*text)
        return "If cells are merged, only the first row has the value: write it into each row.\n";
    if (is_date (text))
        return "A spreadsheet may have read the code as a date: format the column as text, and write the code again.\n";
    if (sks_schema_soc_begins (text) && strlen (text) == SKS_SOC_BYTES - 3)
        return "The code needs two digits after a dot, which are \"00\" for an occupation of the SOC.\n";
    return NULL;
}
