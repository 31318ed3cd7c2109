/* option_values.c - stores the values of options. Limits of the protocol are checked here, so that mistakes are
 * reported without a daemon. */
#include "option_values.h"

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_INTERVAL_S 3600
#define MOST_VIEWS 1000000
#define SORTS (SKS_SORT_ID + 1)

static int
fail_value (const sks_option *option, const char *value, sks_error *err)
{
    size_t found = 0;
    char choices[SKS_NEAREST_LIST_BYTES];
    sks_nearest_list (choices, option->argument.choices, "or");
    const char *nearest = sks_nearest_find (value, option->argument.choices, &found);
    if (nearest)
        return sks_fail (err, SKS_EINVALID, "--%s: unknown value '%s'; did you mean %.*s?", option->argument.name,
                         value, (int) found, nearest);
    return sks_fail (err, SKS_EINVALID, "--%s: unknown value '%s'; use %s", option->argument.name, value, choices);
}

/* The index of value among the choices of its option, in any letter case, -1 if it is not one of them. */
static int
find_choice (const sks_option *option, const char *value)
{
    size_t size = strlen (value);
    int index = 0;
    for (const char *item = option->argument.choices; *item; item += strspn (item, " "), index++) {
        size_t item_size = strcspn (item, " ");
        if (size == item_size && strncasecmp (item, value, size) == 0)
            return index;
        item += item_size;
    }
    return -1;
}

/* The index of the only choice that begins with value, which has two letters or more; -1 if there is none. */
static int
find_beginning (const sks_option *option, const char *value)
{
    size_t size = strlen (value);
    int index = 0, found = -1, many = 0;
    for (const char *item = option->argument.choices; *item; item += strspn (item, " "), index++) {
        if (size > 1 && strncasecmp (item, value, size) == 0) {
            found = index;
            many++;
        }
        item += strcspn (item, " ");
    }
    return many == 1 ? found : -1;
}

/* The index of value into *out, for an option whose choices are in the order of an enum. */
static int
read_choice (const sks_option *option, const char *value, int *out, sks_error *err)
{
    int index = find_choice (option, value);
    if (index < 0)
        return fail_value (option, value, err);
    *out = index;
    return 0;
}

static int
read_number (const sks_option *option, const char *text, uint32_t least, uint32_t most, uint32_t *out, sks_error *err)
{
    size_t digits = strspn (text, "0123456789");
    unsigned long value = digits && digits < 10 && !text[digits] ? strtoul (text, NULL, 10) : most + 1ul;
    if (value < least || value > most)
        return sks_fail (err, SKS_EINVALID, "--%s: '%s' is not a number from %u to %u", option->argument.name, text,
                         least, most);
    *out = (uint32_t) value;
    return 0;
}

int
sks_option_set_flag (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) value, (void) err;
    *(bool *) (void *) ((char *) options + option->detail) = true;
    return 0;
}

int
sks_option_set_text (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    if (!*value)
        return sks_fail (err, SKS_EINVALID, "--%s: no %s is given", option->argument.name, option->argument.value);
    *(const char **) (void *) ((char *) options + option->detail) = value;
    return 0;
}

int
sks_option_set_want (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) value, (void) err;
    options->query.want |= (unsigned) option->detail;
    return 0;
}

int
sks_option_set_match (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    options->query.match = option->detail;
    return value ? read_choice (option, value, &options->query.match, err) : 0;
}

int
sks_option_set_sort (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    int order = 0, rc = read_choice (option, value, &order, err);
    options->query.reverse = order >= SORTS;
    options->query.sort = order % SORTS;
    return rc;
}

int
sks_option_set_limit (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    options->has_limit = true;
    return read_number (option, value, 0, SKS_MAX_LIMIT, &options->query.limit, err);
}

int
sks_option_set_offset (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_number (option, value, 0, SKS_MAX_WINDOW, &options->query.offset, err);
}

int
sks_option_set_query (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) value, (void) err;
    *(int *) (void *) ((char *) &options->query + option->detail) = 1;
    return 0;
}

int
sks_option_set_explain (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) option, (void) value, (void) err;
    options->query.want |= SKS_WANT_EXPLAIN;
    options->full = true;
    return 0;
}

int
sks_option_set_collapse (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_number (option, value, 1, SKS_MAX_COLLAPSE, &options->query.collapse, err);
}

int
sks_option_add_exclude (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    for (;;) {
        size_t size = strcspn (value, ",");
        char *name = sks_arena_copy (options->memory, value, size);
        if (!name)
            return sks_fail_memory (err);
        int choice = find_choice (option, name);
        if (choice < 0)
            return fail_value (option, name, err);
        options->exclude |= choice == 0 ? SKS_EXCLUDE_OCCUPATION : SKS_EXCLUDE_LEVEL;
        if (!value[size])
            return 0;
        value += size + 1;
    }
}

int
sks_option_add_columns (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    size_t most = options->column_count + 1;
    for (const char *at = value; *at; at++)
        most += *at == ',';
    const char **columns = sks_arena_array (options->memory, most, sizeof *columns);
    if (!columns)
        return sks_fail_memory (err);
    for (size_t i = 0; i < options->column_count; i++)
        columns[i] = options->columns[i];
    options->columns = columns;
    for (;; value++) {
        size_t size = strcspn (value, ",");
        const char *name = sks_arena_copy (options->memory, value, size);
        if (!name)
            return sks_fail_memory (err);
        if (!*name)
            return sks_fail (err, SKS_EINVALID, "--%s: a name is empty", option->argument.name);
        if (find_choice (option, name) < 0)
            return fail_value (option, name, err);
        columns[options->column_count++] = name;
        value += size;
        if (!*value)
            return 0;
    }
}

static int
set_output (sks_options *options, int output, sks_error *err)
{
    if (options->has_output && options->output != output)
        return sks_fail (err, SKS_EINVALID, "--format, --json, --tsv, --prometheus: one format only");
    options->output = output;
    options->has_output = true;
    return 0;
}

int
sks_option_set_format (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    int output = 0, rc = read_choice (option, value, &output, err);
    return rc ? rc : set_output (options, output, err);
}

static bool
is_chosen (const sks_filter *filter, const char *value)
{
    for (size_t i = 0; i < filter->count; i++)
        if (strcmp (filter->values[i], value) == 0)
            return true;
    return false;
}

/* Copies value; a value given twice counts once. The first value of a facet allocates space for the maximum. */
static int
add_value (sks_options *options, const sks_option *option, const char *value, size_t size, sks_error *err)
{
    sks_filter *filter = &options->query.filter[option->detail];
    if (size == 0)
        return sks_fail (err, SKS_EINVALID, "--%s: a value is empty", option->argument.name);
    const char **values = options->filter_values[option->detail];
    if (!values)
        values = sks_arena_array (options->memory, SKS_MAX_FILTER_VALUES, sizeof *values);
    filter->values = options->filter_values[option->detail] = values;
    char *copy = sks_arena_copy (options->memory, value, size);
    if (!values || !copy)
        return sks_fail_memory (err);
    int choice = option->argument.choices ? find_choice (option, copy) : 0;
    if (choice < 0)
        choice = find_beginning (option, copy);
    if (choice < 0)
        return fail_value (option, copy, err);
    if (option->detail == SKS_FACET_LEVEL)
        copy = (char *) (uintptr_t) sks_level_name (choice);
    if (is_chosen (filter, copy))
        return 0;
    if (filter->count == SKS_MAX_FILTER_VALUES)
        return sks_fail (err, SKS_EINVALID, "--%s: at most %d values", option->argument.name, SKS_MAX_FILTER_VALUES);
    values[filter->count++] = copy;
    return 0;
}

/* The bytes up to the comma that ends a value. In a label, a comma has a blank after
 * it and then a letter ("Arts, Entertainment, and Recreation"). */
static size_t
value_size (const sks_option *option, const char *value)
{
    for (size_t size = strcspn (value, ",");; size += 1 + strcspn (value + size + 1, ",")) {
        if (!value[size] || option->argument.choices || value[size + 1] != ' ')
            return size;
        const char *next = value + size + 1 + strspn (value + size + 1, " ");
        if (!*next || strchr ("0123456789,", *next))
            return size;
    }
}

int
sks_option_add_filter (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    for (;;) {
        value += strspn (value, " ");
        size_t size = value_size (option, value);
        int rc = add_value (options, option, value, size, err);
        if (rc || !value[size])
            return rc;
        value += size + 1;
    }
}

/* One zone, each zone of a range, or what has letters: "none" or a label, which the daemon reads. */
static int
add_zone_range (sks_options *options, const sks_option *option, const char *text, size_t size, sks_error *err)
{
    bool range = size == 3 && text[1] == '-';
    size_t at = 0;
    while (at < size && !((unsigned char) (text[at] | 0x20) >= 'a' && (unsigned char) (text[at] | 0x20) <= 'z'))
        at++;
    if (at < size)
        return add_value (options, option, text, size, err);
    if (!range && size != 1)
        return sks_fail (err, SKS_EINVALID, "--zone: '%.*s' is not 1 to 5, a range as in 2-3, none or a label",
                         (int) size, text);
    char first = text[0], last = text[size - 1];
    if (first < '1' || last > '0' + SKS_ZONES || first > last)
        return sks_fail (err, SKS_EINVALID, "--zone: '%.*s' is not a zone or range from 1 to 5", (int) size, text);
    int rc = 0;
    for (char zone = first; rc == 0 && zone <= last; zone++)
        rc = add_value (options, option, &zone, 1, err);
    return rc;
}

int
sks_option_add_zones (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    for (;;) {
        size_t size = strcspn (value, ",");
        int rc = add_zone_range (options, option, value, size, err);
        if (rc || !value[size])
            return rc;
        value += size + 1;
    }
}

/* The place of a facet among the requested ones; a new facet is added at their end. */
static sks_facet_ask *
ask_for (sks_query *query, int facet)
{
    for (size_t i = 0; i < query->facet_count; i++)
        if (query->facets[i].facet == facet)
            return &query->facets[i];
    query->facets[query->facet_count] = (sks_facet_ask) { .facet = facet, .limit = SKS_DEFAULT_FACET_LIMIT };
    return &query->facets[query->facet_count++];
}

/* NAME, NAME:LIMIT, NAME:LIMIT:FIND or NAME::FIND; a facet that is named again is requested once, in its last form. */
int
sks_option_add_facet (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    size_t size = strlen (value);
    char *name = sks_arena_copy (options->memory, value, size);
    if (!name)
        return sks_fail_memory (err);
    char *limit = name + strcspn (name, ":"), *find = limit + (*limit != '\0');
    find += strcspn (find, ":");
    bool has_limit = *limit && find > limit + 1, has_find = *find && find[1];
    if (*find)
        *find++ = '\0';
    if (*limit)
        *limit++ = '\0';
    sks_facet_ask ask = { .limit = SKS_DEFAULT_FACET_LIMIT, .find = has_find ? find : NULL };
    int rc = read_choice (option, name, &ask.facet, err);
    if (rc == 0 && has_limit)
        rc = read_number (option, limit, 1, SKS_MAX_FACET_LIMIT, &ask.limit, err);
    if (rc)
        return rc;
    sks_facet_ask *place = ask_for (&options->query, ask.facet);
    ask.tree = place->tree;
    *place = ask;
    return 0;
}

int
sks_option_set_tree (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) option, (void) value, (void) err;
    ask_for (&options->query, SKS_FACET_OCCUPATION)->tree = 1;
    return 0;
}

int
sks_option_set_output (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) value;
    options->bare = option->detail == SKS_OUTPUT_TSV;
    return set_output (options, option->detail, err);
}

int
sks_option_set_tags (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    const char *comma = strchr (value, ',');
    if (!comma || strchr (comma + 1, ','))
        return sks_fail (err, SKS_EINVALID, "--%s: two tags are needed, with a comma between them",
                         option->argument.name);
    if (comma - value > SKS_MAX_TAG_BYTES || strlen (comma + 1) > SKS_MAX_TAG_BYTES)
        return sks_fail (err, SKS_EINVALID, "--%s: a tag has at most %d bytes", option->argument.name,
                         SKS_MAX_TAG_BYTES);
    options->query.want |= SKS_WANT_MARKED;
    options->query.tag_open = sks_arena_copy (options->memory, value, (size_t) (comma - value));
    options->query.tag_close = comma + 1;
    return options->query.tag_open ? 0 : sks_fail_memory (err);
}

int
sks_option_set_escape (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    options->query.want |= SKS_WANT_MARKED;
    return read_choice (option, value, &options->query.escape, err);
}

int
sks_option_set_units (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_choice (option, value, &options->query.units, err);
}

int
sks_option_set_color (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    options->has_color = true;
    return read_choice (option, value, &options->color, err);
}

int
sks_option_set_timeout (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    int rc = read_number (option, value, 1, SKS_MAX_DEADLINE_MS, &options->timeout_ms, err);
    options->query.deadline_ms = options->timeout_ms;
    return rc;
}

int
sks_option_set_print (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_choice (option, value, &options->print, err);
}

int
sks_option_set_interval (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_number (option, value, 1, MOST_INTERVAL_S, &options->interval_s, err);
}

int
sks_option_set_count (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    return read_number (option, value, 1, MOST_VIEWS, &options->count, err);
}

int
sks_option_set_ask (sks_options *options, const sks_option *option, const char *value, sks_error *err)
{
    (void) value, (void) err;
    if (options->ask == SKS_ASK_NOTHING)
        options->ask = option->detail;
    return 0;
}
