/* schema.c - the tables, and one function to look up a name.
 *
 * Every table is ordered by its enum, so the enum value is the index. The tables are short, so linear search is
 * fastest. */
#include "schema.h"

#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))

static const char *const level_names[SKS_LEVELS] = { "emerging", "developing", "proficient", "advanced" };
static const char *const level_labels[SKS_LEVELS] = { "Emerging", "Developing", "Proficient", "Advanced" };

/* SKS_FIELD_TEXT is for words without a field, so it has no name. */
static const char *const word_fields[SKS_FIELD_FACET] = { NULL, "duty", "title" };

static const char *const match_names[] = { "auto", "all", "any", "meaning" };
static const char *const sort_names[] = { "relevance", "level", "occupation", "id" };

static const char *const escape_names[] = { "auto", "html", "none" };
static const char *const units_names[] = { "bytes", "utf16", "codepoints" };

/* The bit is 1 << index. */
static const char *const want_names[] = { "marked", "explain", "provenance" };

static const char *const zone_values[SKS_ZONES + 1] = { "none", "1", "2", "3", "4", "5" };
static const char *const zone_labels[SKS_ZONES + 1] = {
    "No job zone",
    "Job Zone 1: little or no preparation",
    "Job Zone 2: some preparation",
    "Job Zone 3: medium preparation",
    "Job Zone 4: considerable preparation",
    "Job Zone 5: extensive preparation",
};

struct title {
    const char *code, *label;
};

/* NAICS 2022; three sectors span several two-digit codes. */
static const struct title sectors[] = {
    { "11", "Agriculture, Forestry, Fishing and Hunting" },
    { "21", "Mining, Quarrying, and Oil and Gas Extraction" },
    { "22", "Utilities" },
    { "23", "Construction" },
    { "31-33", "Manufacturing" },
    { "42", "Wholesale Trade" },
    { "44-45", "Retail Trade" },
    { "48-49", "Transportation and Warehousing" },
    { "51", "Information" },
    { "52", "Finance and Insurance" },
    { "53", "Real Estate and Rental and Leasing" },
    { "54", "Professional, Scientific, and Technical Services" },
    { "55", "Management of Companies and Enterprises" },
    { "56", "Administrative and Support and Waste Management and Remediation Services" },
    { "61", "Educational Services" },
    { "62", "Health Care and Social Assistance" },
    { "71", "Arts, Entertainment, and Recreation" },
    { "72", "Accommodation and Food Services" },
    { "81", "Other Services (except Public Administration)" },
    { "92", "Public Administration" },
};

/* SOC 2018 major groups, written as the exports write them: "&" for "and",
 * without "Occupations". */
static const struct title groups[] = {
    { "11", "Management" },
    { "13", "Business & Financial Operations" },
    { "15", "Computer & Mathematical" },
    { "17", "Architecture & Engineering" },
    { "19", "Life, Physical & Social Science" },
    { "21", "Community & Social Service" },
    { "23", "Legal" },
    { "25", "Educational Instruction & Library" },
    { "27", "Arts, Design, Entertainment, Sports & Media" },
    { "29", "Healthcare Practitioners & Technical" },
    { "31", "Healthcare Support" },
    { "33", "Protective Service" },
    { "35", "Food Preparation & Serving Related" },
    { "37", "Building & Grounds Cleaning & Maintenance" },
    { "39", "Personal Care & Service" },
    { "41", "Sales & Related" },
    { "43", "Office & Administrative Support" },
    { "45", "Farming, Fishing & Forestry" },
    { "47", "Construction & Extraction" },
    { "49", "Installation, Maintenance & Repair" },
    { "51", "Production" },
    { "53", "Transportation & Material Moving" },
    { "55", "Military Specific" },
};

/* The index of name in a table that may have gaps, -1 if it is not there. */
static int
find (const char *const *names, size_t count, const char *name, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (names[i] && strlen (names[i]) == size && memcmp (names[i], name, size) == 0)
            return (int) i;
    return -1;
}

static const char *
at (const char *const *names, size_t count, int index)
{
    return index >= 0 && (size_t) index < count ? names[index] : NULL;
}

static const char *
label_of (const struct title *titles, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (titles[i].code, code) == 0)
            return titles[i].label;
    return NULL;
}

const char *
sks_level_name (int level)
{
    return at (level_names, SKS_LEVELS, level);
}

const char *
sks_schema_level_label (int level)
{
    return at (level_labels, SKS_LEVELS, level);
}

int
sks_schema_level_of (const char *name, size_t size)
{
    return find (level_names, SKS_LEVELS, name, size);
}

const char *
sks_schema_sector_label (const char *code)
{
    const char *label = label_of (sectors, COUNT (sectors), code);
    return label ? label : code;
}

size_t
sks_schema_dash (const char *text, size_t size)
{
    static const char *const dashes[] = { "-",      "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
                                          "\u2015", "\u2212", "\uFE58", "\uFE63", "\uFF0D" };
    for (size_t i = 0; i < COUNT (dashes); i++) {
        size_t dash = strlen (dashes[i]);
        if (dash <= size && memcmp (text, dashes[i], dash) == 0)
            return dash;
    }
    return 0;
}

/* Read a number of two digits at *at and move *at past it and the blanks after it; 0 if there is none. */
static int
take_code (const char **at)
{
    int code = 0;
    for (; **at >= '0' && **at <= '9' && code < 100; ++*at)
        code = code * 10 + **at - '0';
    *at += strspn (*at, " ");
    return code >= 10 && code < 100 ? code : 0;
}

/* The length of the sign between the codes of a range at the beginning of text, 0 if there is none. */
static size_t
range_sign (const char *text)
{
    size_t dash = sks_schema_dash (text, strlen (text));
    return dash ? dash : *text == '/' ? 1 : strncmp (text, "to ", 3) == 0 ? 2 : 0;
}

/* The next letter of a title in lower case, "&" as "and"; 0 at its end. *rest is the unread part of the "and". */
static char
next_letter (const char **at, const char **rest)
{
    if (**rest)
        return *(*rest)++;
    for (; **at; ++*at) {
        char c = **at >= 'A' && **at <= 'Z' ? (char) (**at - 'A' + 'a') : **at;
        size_t dash = c & 0x80 ? sks_schema_dash (*at, strlen (*at)) : 0;
        if (dash) {
            *at += dash - 1;
            continue;
        }
        if (c == '&') {
            ++*at;
            *rest = "and" + 1;
            return 'a';
        }
        if ((c >= 'a' && c <= 'z') || (c & 0x80)) {
            ++*at;
            return c;
        }
    }
    return 0;
}

static bool
is_title (const char *text, const char *title)
{
    const char *text_rest = "", *title_rest = "";
    for (;;) {
        char c = next_letter (&text, &text_rest);
        if (c != next_letter (&title, &title_rest))
            return false;
        if (!c)
            return true;
    }
}

const char *
sks_schema_sector_of (const char *text)
{
    const char *at = text;
    int first = take_code (&at), last = first;
    size_t sign = first ? range_sign (at) : 0;
    if (sign) {
        const char *after = at + sign + strspn (at + sign, " ");
        int code = take_code (&after);
        /* Without a code, the sign separates the title. */
        last = code ? code : last;
        at = code ? after : at;
    }
    for (size_t i = 0; i < COUNT (sectors); i++) {
        const char *code = sectors[i].code;
        int low = take_code (&code), high = *code ? (code++, take_code (&code)) : low;
        bool has_code = first >= low && first <= last && last <= high;
        if (*at ? (!first || has_code) && is_title (text, sectors[i].label) : has_code)
            return sectors[i].code;
    }
    return NULL;
}

const char *
sks_schema_group_label (const char *code)
{
    return label_of (groups, COUNT (groups), code);
}

const char *
sks_schema_sector_at (size_t index)
{
    return index < COUNT (sectors) ? sectors[index].code : NULL;
}

const char *
sks_schema_group_at (size_t index)
{
    return index < COUNT (groups) ? groups[index].code : NULL;
}

bool
sks_schema_soc_begins (const char *text)
{
    static const char shape[SKS_SOC_BYTES + 1] = "00-0000.00";
    size_t size = strlen (text);
    if (size < 3 || size > SKS_SOC_BYTES)
        return false;
    for (size_t i = 0; i < size; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            return false;
    return true;
}

bool
sks_schema_soc_valid (const char *text)
{
    return strlen (text) == SKS_SOC_BYTES && sks_schema_soc_begins (text);
}

bool
sks_schema_soc_read (const char *text, char out[SKS_SOC_BYTES + 1])
{
    static const char shape[SKS_SOC_BYTES + 1] = "00-0000.00";
    size_t size = 0;
    text += strspn (text, " ");
    while (*text && *text != ' ' && size < SKS_SOC_BYTES) {
        size_t dash = shape[size] == '-' ? sks_schema_dash (text, strlen (text)) : 0;
        out[size++] = dash ? '-' : *text;
        text += dash ? dash : 1;
    }
    out[size] = '\0';
    text += strspn (text, " ");
    return !*text && (size == SKS_SOC_BYTES - 3 || size == SKS_SOC_BYTES) && sks_schema_soc_begins (out);
}

const char *
sks_schema_zone_value (int zone)
{
    return at (zone_values, COUNT (zone_values), zone);
}

const char *
sks_schema_zone_label (int zone)
{
    return at (zone_labels, COUNT (zone_labels), zone);
}

int
sks_schema_zone_of (const char *value)
{
    return find (zone_values, COUNT (zone_values), value, strlen (value));
}

const char *
sks_schema_match_name (int match)
{
    return at (match_names, COUNT (match_names), match);
}

const char *
sks_schema_sort_name (int sort)
{
    return at (sort_names, COUNT (sort_names), sort);
}

int
sks_schema_sort_of (const char *name)
{
    return find (sort_names, COUNT (sort_names), name, strlen (name));
}

const char *
sks_schema_escape_name (int escape)
{
    return at (escape_names, COUNT (escape_names), escape);
}

const char *
sks_schema_units_name (int units)
{
    return at (units_names, COUNT (units_names), units);
}

const char *
sks_schema_want_name (unsigned bit)
{
    for (size_t i = 0; i < COUNT (want_names); i++)
        if (bit == 1u << i)
            return want_names[i];
    return NULL;
}

/* ------------------------------------------------------------- facets and fields */

static bool
is_level (const char *value)
{
    return sks_schema_level_of (value, strlen (value)) >= 0;
}

static bool
is_group (const char *value)
{
    return strlen (value) == 2 && strspn (value, "0123456789") == 2;
}

static bool
is_known_group (const char *value)
{
    return sks_schema_group_label (value) != NULL;
}

static bool
is_zone (const char *value)
{
    return sks_schema_zone_of (value) >= 0;
}

/* Whether a value may be the beginning of a SOC code, whose last digits are not typed yet. */
static bool
is_soc_part (const char *value)
{
    return strspn (value, "0123456789-.") == strlen (value) && strlen (value) <= SKS_SOC_BYTES;
}

/* How values are written. Where a function is NULL, any text is a value. */
struct writing {
    bool (*valid) (const char *value);
    const char *values;                     /* message about a refused value: the possible ones */
    const char *(*code) (const char *text); /* the form in an index; NULL: the value itself */
};

/* The properties of a facet that are the same for every index. */
static const struct facet {
    const char *name, *field;
    struct writing in_filter, in_field;
} facets[SKS_FACETS] = {
    [SKS_FACET_LEVEL] = { "level",
                          "level",
                          { is_level, "there are emerging, developing, proficient, advanced", NULL },
                          { is_level, "levels are emerging, developing, proficient and advanced", NULL } },
    [SKS_FACET_SECTOR] = { "sector",
                           "sector",
                           { NULL, NULL, sks_schema_sector_of },
                           { NULL, NULL, sks_schema_sector_of } },
    [SKS_FACET_GROUP] = { "group",
                          "group",
                          { is_group, "a group is two digits, as in 43", NULL },
                          { is_known_group,
                            "group: takes two digits or a label, as 43 or \"office and administrative support\"",
                            NULL } },
    [SKS_FACET_OCCUPATION] = { "occupation",
                               "soc",
                               { sks_schema_soc_begins, "a SOC code is written 43-9061.00, its beginning 43-", NULL },
                               { is_soc_part,
                                 "soc: takes a SOC code or its beginning, as 43- or 43-9061.00, or a title", NULL } },
    [SKS_FACET_ZONE] = { "zone",
                         "zone",
                         { is_zone, "there are 1 to 5, and none", NULL },
                         { is_zone, "zones are 1 to 5, and none", NULL } },
    [SKS_FACET_VERSION] = { "version", "version", { NULL, NULL, NULL }, { NULL, NULL, NULL } },
};

const char *
sks_facet_name (int facet)
{
    return facet >= 0 && facet < SKS_FACETS ? facets[facet].name : NULL;
}

int
sks_schema_facet_of (const char *name)
{
    int facet = 0;
    while (facet < SKS_FACETS && strcmp (facets[facet].name, name) != 0)
        facet++;
    return facet < SKS_FACETS ? facet : -1;
}

static const char *
code_of (const struct writing *writing, const char *text)
{
    const char *code = writing->code ? writing->code (text) : NULL;
    return code ? code : text;
}

static const char *
refusal_of (const struct writing *writing, const char *value)
{
    return writing->valid && !writing->valid (value) ? writing->values : NULL;
}

const char *
sks_schema_facet_code (int facet, const char *text)
{
    return code_of (&facets[facet].in_filter, text);
}

const char *
sks_schema_facet_refusal (int facet, const char *value)
{
    return refusal_of (&facets[facet].in_filter, value);
}

const char *
sks_schema_field_name (int field)
{
    if (field >= SKS_FIELD_FACET && field < SKS_FIELDS)
        return facets[field - SKS_FIELD_FACET].field;
    return at (word_fields, SKS_FIELD_FACET, field);
}

int
sks_schema_field_of (const char *name, size_t size)
{
    for (int field = 0; field < SKS_FIELDS; field++) {
        const char *known = sks_schema_field_name (field);
        if (known && strlen (known) == size && memcmp (known, name, size) == 0)
            return field;
    }
    const char *occupation = facets[SKS_FACET_OCCUPATION].name; /* the same as soc: */
    return size == strlen (occupation) && memcmp (name, occupation, size) == 0 ? SKS_FIELD_SOC : -1;
}

int
sks_schema_field_facet (int field)
{
    return field >= SKS_FIELD_FACET && field < SKS_FIELDS ? field - SKS_FIELD_FACET : -1;
}

const char *
sks_schema_field_refusal (int field, const char *value)
{
    return refusal_of (&facets[field - SKS_FIELD_FACET].in_field, value);
}

bool
sks_schema_field_takes_any (int field)
{
    const struct writing *writing = &facets[field - SKS_FIELD_FACET].in_field;
    return !writing->valid && !writing->code;
}
