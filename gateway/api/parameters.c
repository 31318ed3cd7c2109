/* parameters.c - one table of names; no parameter is ignored. */
#include "parameters.h"

#include "gateway/http/route.h"

#include <stdio.h>
#include <string.h>

#define SHOWN_NAME_BYTES 32 /* of a name in a message */
#define MAX_PARAMETERS 300  /* libmicrohttpd has memory for about 400 */

enum kind { TEXT, NUMBER, LIST, FILTER, ZONE_BOUND, COLLAPSE, FACETS, FACET, COLUMNS, SWITCH, FLAG, OUTSIDE };

#define PACKAGES "case1.0 case1.1 ctdl rsd md "

/* Parameters of the kind OUTSIDE are not members of the request: the path's own code reads them. `paths` has the last
 * word of each path that takes the parameter, with blanks around it. Rows of one member are adjacent, in the order of
 * output. */
static const struct parameter {
    const char *name, *paths;
    enum kind kind;
    const char *member;
    bool required;
} parameters[] = {
    { "q", " search facet_values analyze scan ndjson csv tsv " PACKAGES, TEXT, "q", false },
    { "match", " search facet_values analyze scan ndjson csv tsv " PACKAGES, TEXT, "match", false },
    { "text", " suggest ", TEXT, "text", true },
    { "statement", " similar ", TEXT, "statement", true },
    { "occupation", " compare occupation ", TEXT, "occupation", true },
    { "duty", " compare ", TEXT, "duty", false },
    { "level", " crosswalk ", TEXT, "level", false },
    { "cursor", " scan ", TEXT, "cursor", false },
    { "sort", " search scan ndjson csv tsv ", TEXT, "sort", false },
    { "escape", " search similar scan ndjson ", TEXT, "escape", false },
    { "units", " search get similar occupation compare crosswalk suggest facet_values analyze scan ndjson ", TEXT,
      "units", false },
    { "ids", " get ", LIST, "ids", true },
    { "exclude", " similar ", LIST, "exclude", false },
    { "occupations", " crosswalk ", LIST, "occupations", true },
    { "want", " search similar scan ndjson ", LIST, "want", false },
    { "want", " csv tsv ", COLUMNS, "want", false },
    { "tags", " search similar scan ndjson ", LIST, "tags", false },
    { "offset", " search ", NUMBER, "offset", false },
    { "limit", " search similar suggest scan ", NUMBER, "limit", false },
    { "deadline_ms",
      " search get similar occupation compare crosswalk suggest facet_values analyze scan ndjson csv tsv " PACKAGES,
      NUMBER, "deadline_ms", false },
    { "meaning", " search similar compare crosswalk facet_values scan ndjson csv tsv " PACKAGES, SWITCH, "meaning",
      false },
    { "resolve", " search similar occupation compare crosswalk facet_values scan ndjson csv tsv " PACKAGES, SWITCH,
      "resolve", false },
    { "partial", " search facet_values ", SWITCH, "partial", false },
    { "statements", " occupation ", SWITCH, "statements", false },
    { "collapse", " search ", COLLAPSE, "collapse", false },
    { "level", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "level", false },
    { "sector", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "sector", false },
    { "group", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "group", false },
    { "occupation", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "occupation", false },
    { "zone", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "zone", false },
    { "version", " search similar facet_values scan ndjson csv tsv " PACKAGES, FILTER, "version", false },
    { "zone_min", " search similar facet_values scan ndjson csv tsv " PACKAGES, ZONE_BOUND, "min", false },
    { "zone_max", " search similar facet_values scan ndjson csv tsv " PACKAGES, ZONE_BOUND, "max", false },
    { "facet", " search ", FACETS, "facets", false },
    { "facet", " facet_values ", FACET, "facet", true },
    { "columns", " ndjson csv tsv ", OUTSIDE, NULL, false },
    { "base_uri", " case1.0 case1.1 ctdl rsd ", OUTSIDE, NULL, false },
    { "creator", " case1.0 case1.1 ctdl rsd ", OUTSIDE, NULL, false },
    { "publisher", " ctdl ", OUTSIDE, NULL, false },
    { "daemon", " metrics ", FLAG, NULL, false },
};
#define PARAMETERS (sizeof parameters / sizeof *parameters)

struct given {
    const char *name, *value;
    const struct parameter *row;
};

struct reading {
    const char *path;
    struct given given[MAX_PARAMETERS];
    size_t count;
    char *detail;
    size_t size;
    int rc;
};

static int
refuse (struct reading *reading, const char *name, const char *what)
{
    gw_bytes shown = { NULL, 0, 0, false };
    gw_bytes_plain (&shown, name, strnlen (name, SHOWN_NAME_BYTES));
    const char *text = gw_bytes_text (&shown);
    snprintf (reading->detail, reading->size, "%s: %s", text ? text : "", what);
    gw_bytes_free (&shown);
    return reading->rc = -1;
}

/* Whether a path takes a parameter. Its last word follows the last "/", of exports the first ".". */
static bool
is_of (const struct parameter *row, const char *path)
{
    char wanted[32];
    const char *slash = strrchr (path, '/'), *word = slash ? slash + 1 : path, *dot = strchr (word, '.');
    if (dot)
        word = dot + 1;
    snprintf (wanted, sizeof wanted, " %s ", word);
    return strstr (row->paths, wanted) != NULL;
}

static const struct parameter *
find_parameter (const char *path, const char *name)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        if (strcmp (parameters[i].name, name) == 0 && is_of (&parameters[i], path))
            return &parameters[i];
    return NULL;
}

static enum MHD_Result
take (void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct reading *reading = cls;
    (void) kind;
    if (!*name && !value) /* nothing between two "&" */
        return MHD_YES;
    const struct parameter *row = find_parameter (reading->path, name);
    if (!row)
        refuse (reading, *name ? name : "(no name)",
                *reading->path ? "no parameter of this path" : "a POST takes no parameters besides its body");
    else if (!gw_bytes_are_utf8 (value ? value : ""))
        refuse (reading, name, "not UTF-8");
    else if (reading->count == MAX_PARAMETERS)
        refuse (reading, name, "too many parameters");
    else
        reading->given[reading->count++] = (struct given) { name, value ? value : "", row };
    return reading->rc ? MHD_NO : MHD_YES;
}

static bool
is_number (const char *text)
{
    size_t size = strlen (text);
    return size > 0 && size <= 9 && strspn (text, "0123456789") == size && (size == 1 || *text != '0');
}

/* NAME, then :tree and :N (the limit) in any order, then :WORDS to search for. */
static int
put_facet (struct reading *reading, const char *value, gw_bytes *out)
{
    char part[160];
    size_t size = strcspn (value, ":");
    if (size == 0 || size >= sizeof part)
        return refuse (reading, "facet", "NAME[:LIMIT][:WORDS] or occupation:tree is needed");
    snprintf (part, sizeof part, "%.*s", (int) size, value);
    gw_bytes_puts (out, "{\"name\":");
    gw_bytes_json (out, part);
    bool limit = false, tree = false;
    for (value += size; *value == ':';) {
        value++;
        size = strcspn (value, ":");
        snprintf (part, sizeof part, "%.*s", size < sizeof part ? (int) size : 0, value);
        if (!tree && strcmp (part, "tree") == 0) {
            gw_bytes_puts (out, ",\"tree\":true");
            tree = true;
        } else if (!limit && is_number (part)) {
            gw_bytes_printf (out, ",\"limit\":%s", part);
            limit = true;
        } else if (*value) {
            gw_bytes_puts (out, ",\"find\":");
            gw_bytes_json (out, value);
            break;
        } else {
            return refuse (reading, "facet", "a colon is followed by nothing");
        }
        value += size;
    }
    gw_bytes_puts (out, "}");
    return 0;
}

/* Write one value of a parameter. */
static int
put_value (struct reading *reading, const struct given *given, gw_bytes *out)
{
    enum kind kind = given->row->kind;
    if (kind == FACETS || kind == FACET)
        return put_facet (reading, given->value, out);
    if (kind == NUMBER || kind == ZONE_BOUND || kind == COLLAPSE) {
        if (!is_number (given->value))
            return refuse (reading, given->name, "a whole number of at least 0 is needed");
        gw_bytes_puts (out, given->value);
        return 0;
    }
    if (kind == SWITCH) {
        bool off = strcmp (given->value, "false") == 0 || strcmp (given->value, "0") == 0;
        if (!off && strcmp (given->value, "true") != 0 && strcmp (given->value, "1") != 0)
            return refuse (reading, given->name, "true or false is needed");
        gw_bytes_puts (out, off ? "false" : "true");
        return 0;
    }
    if (kind == COLUMNS && strcmp (given->value, "provenance") != 0)
        return refuse (reading, given->name, "a table has additional columns for provenance only");
    if (kind == FILTER && !*given->value)
        return refuse (reading, given->name, "must not be empty");
    gw_bytes_json (out, given->value);
    return 0;
}

/* Write all values of a row, with the name of its member. Returns the number of values. */
static size_t
put_parameter (struct reading *reading, const struct parameter *row, const char *separator, gw_bytes *out)
{
    bool list = row->kind == LIST || row->kind == FILTER || row->kind == FACETS || row->kind == COLUMNS;
    size_t count = 0;
    for (size_t i = 0; i < reading->count && reading->rc == 0; i++) {
        if (reading->given[i].row != row)
            continue;
        if (count == 0)
            gw_bytes_printf (out, "%s\"%s\":%s", separator, row->member,
                             list                    ? "["
                             : row->kind == COLLAPSE ? "{\"by\":\"occupation\",\"keep\":"
                                                     : "");
        else if (list)
            gw_bytes_puts (out, ",");
        else
            refuse (reading, row->name, "takes one value but is given twice");
        put_value (reading, &reading->given[i], out);
        count++;
    }
    if (count)
        gw_bytes_puts (out, list ? "]" : row->kind == COLLAPSE ? "}" : "");
    return count;
}

/* Write the members of one kind as a separate object, "name":{...}. */
static size_t
put_group (struct reading *reading, enum kind kind, const char *separator, const char *name, gw_bytes *out)
{
    size_t before = out->size, count = 0;
    gw_bytes_printf (out, "%s\"%s\":{", separator, name);
    for (size_t i = 0; i < PARAMETERS; i++)
        if (parameters[i].kind == kind)
            count += put_parameter (reading, &parameters[i], count ? "," : "", out) > 0;
    gw_bytes_puts (out, "}");
    if (count == 0)
        out->size = before;
    return count;
}

static void
put_filter (struct reading *reading, gw_bytes *out)
{
    gw_bytes filter = { NULL, 0, 0, false }, zone = { NULL, 0, 0, false };
    size_t lists = put_group (reading, FILTER, ",", "filter", &filter);
    size_t bounds = put_group (reading, ZONE_BOUND, "", "zone", &zone);
    for (size_t i = 0; bounds && i < reading->count; i++)
        if (strcmp (reading->given[i].name, "zone") == 0)
            refuse (reading, "zone", "either values or zone_min and zone_max");
    if (lists && bounds)
        filter.data[filter.size - 1] = ',';
    else if (bounds)
        gw_bytes_puts (&filter, ",\"filter\":{");
    if (bounds) {
        gw_bytes_add (&filter, zone.data, zone.size);
        gw_bytes_puts (&filter, "}");
    }
    gw_bytes_add (out, filter.data, filter.size);
    gw_bytes_free (&filter);
    gw_bytes_free (&zone);
}

/* A parameter that is not written into the request takes one value, too. */
static void
refuse_repeated (struct reading *reading)
{
    for (size_t i = 0; i < reading->count; i++)
        for (size_t k = 0; k < i && reading->given[i].row->kind == OUTSIDE; k++)
            if (reading->given[k].row == reading->given[i].row)
                refuse (reading, reading->given[i].name, "takes one value but is given twice");
}

int
gw_parameters_write (gw_request *request, const char *op, gw_bytes *out, char *detail, size_t size)
{
    struct reading reading = { .path = request->route->path, .detail = detail, .size = size };
    MHD_get_connection_values (request->connection, MHD_GET_ARGUMENT_KIND, take, &reading);
    gw_bytes_printf (out, "{\"op\":\"%s\"", op);
    refuse_repeated (&reading);
    for (size_t i = 0; i < PARAMETERS; i++)
        if (parameters[i].kind != FILTER && parameters[i].kind != ZONE_BOUND && parameters[i].kind != OUTSIDE)
            put_parameter (&reading, &parameters[i], ",", out);
    put_filter (&reading, out);
    gw_bytes_puts (out, "}");
    return reading.rc;
}

int
gw_parameters_refuse (gw_request *request, char *detail, size_t size)
{
    struct reading reading = { .path = "", .detail = detail, .size = size };
    MHD_get_connection_values (request->connection, MHD_GET_ARGUMENT_KIND, take, &reading);
    return reading.rc;
}

int
gw_parameters_read_flag (gw_request *request, const char *name, bool *value, char *detail, size_t size)
{
    struct reading reading = { .path = request->route->path, .detail = detail, .size = size };
    MHD_get_connection_values (request->connection, MHD_GET_ARGUMENT_KIND, take, &reading);
    *value = reading.count > 0;
    for (size_t i = 0; i < reading.count; i++)
        if (strcmp (reading.given[i].value, "1") != 0)
            refuse (&reading, name, "the only value is 1");
    return reading.rc;
}

/* --------------------------------------------------------------- description */

/* Write the schema of one value, or of a list of values. */
static void
put_schema (const struct parameter *row, const char *op, gw_bytes *out)
{
    static const char defs[] = "#/components/schemas/request/$defs/";
    bool of_all = row->member && (strcmp (row->member, "deadline_ms") == 0 || strcmp (row->member, "units") == 0);
    bool zone = row->kind == FILTER && strcmp (row->name, "zone") == 0;
    if (row->kind == FLAG)
        gw_bytes_puts (out, "{\"const\":\"1\"}");
    else if (row->kind == OUTSIDE)
        gw_bytes_puts (out, "{\"type\":\"string\",\"minLength\":1}");
    else if (row->kind == COLUMNS)
        gw_bytes_puts (out, "{\"type\":\"array\",\"maxItems\":8,\"items\":{\"const\":\"provenance\"}}");
    else if (row->kind == FACET)
        gw_bytes_puts (out, "{\"type\":\"string\"}");
    else if (row->kind == FACETS)
        gw_bytes_printf (out, "{\"type\":\"array\",\"maxItems\":%d,\"items\":{\"type\":\"string\"}}", SKS_FACETS);
    else if (row->kind == COLLAPSE)
        gw_bytes_printf (out, "{\"$ref\":\"%scollapse/properties/keep\"}", defs);
    else if (row->kind == ZONE_BOUND)
        gw_bytes_printf (out, "{\"$ref\":\"%szone_range/properties/%s\"}", defs, row->member);
    else if (of_all || zone)
        gw_bytes_printf (out, "{\"$ref\":\"%s%s\"}", defs, zone ? "zones" : row->member);
    else if (row->kind == FILTER)
        gw_bytes_printf (out, "{\"$ref\":\"%sfilter/properties/%s\"}", defs, row->member);
    else
        gw_bytes_printf (out, "{\"$ref\":\"%s%s/properties/%s\"}", defs, op, row->member);
}

void
gw_parameters_describe (const char *path, const char *op, gw_bytes *out)
{
    size_t count = 0;
    for (size_t i = 0; i < PARAMETERS; i++) {
        const struct parameter *row = &parameters[i];
        if (!is_of (row, path))
            continue;
        gw_bytes_printf (out, "%s{\"name\":\"%s\",\"in\":\"query\",\"required\":%s,\"schema\":", count++ ? "," : "",
                         row->name, row->required ? "true" : "false");
        put_schema (row, op, out);
        gw_bytes_puts (out, "}");
    }
}
