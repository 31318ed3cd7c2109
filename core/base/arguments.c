/* arguments.c - options are looked up by their whole name. */
#include "arguments.h"

#include "error.h"
#include "nearest.h"

#include <string.h>

#define NAMES_BYTES 1024 /* the names of a table */
#define BLANKS " \t\n\v\f\r"

static const sks_argument *
find_row (const sks_argument_table *table, size_t index)
{
    return (const sks_argument *) (const void *) ((const char *) table->rows + index * table->row_size);
}

const sks_argument *
sks_arguments_find (const sks_argument_table *table, const char *name, size_t size)
{
    for (size_t i = 0; i < table->count; i++) {
        const sks_argument *row = find_row (table, i);
        if (strlen (row->name) == size && memcmp (row->name, name, size) == 0)
            return row;
    }
    return NULL;
}

static const sks_argument *
find_letter (const sks_argument_table *table, char letter)
{
    for (size_t i = 0; i < table->count; i++)
        if (find_row (table, i)->letter == letter)
            return find_row (table, i);
    return NULL;
}

/* Whether an argument that begins with a dash is text, as a line of a list that was pasted: "- Sort mail". No name of
 * an option contains a blank; only a value that is attached to a name, or to a letter, may. */
static bool
is_text (const sks_argument_table *table, const char *given)
{
    const char *name = given + strspn (given, "-");
    size_t size = strcspn (name, "=" BLANKS);
    const sks_argument *option = NULL;
    if (*name && strchr (BLANKS, *name))
        return true;
    if (!strpbrk (name, BLANKS))
        return false;
    if (given[1] == '-')
        return name > given + 2 || !sks_arguments_find (table, name, size);
    for (size_t i = 0; i < size && (i == 0 || (option && !option->value)); i++)
        option = find_letter (table, name[i]);
    return !option;
}

/* Names that options for the same purpose have in other programs, and the names here, the likeliest first. */
static const struct {
    const char *names;
    const char *ours[3];
} foreign[] = {
    { "bind addr address host port hostname", { "listen", "connect" } },
    { "endpoint url uri daemon", { "connect", "listen" } },
    { "db database dir directory data path", { "index" } },
    { "jobs parallel processes", { "threads", "workers" } },
    { "top max size rows", { "limit" } },
    { "skip start from", { "offset" } },
    { "timeout deadline", { "timeout", "deadline-ms" } },
    { "silent", { "quiet" } },
    { "dry-run validate test", { "check" } },
    { "delete", { "remove" } },
    { "verbose debug loglevel", { "verbose", "log-level" } },
};

/* Whether a blank-separated list has a name. */
static bool
has_name (const char *list, const char *name)
{
    size_t size = strlen (name);
    for (const char *item = list; *item; item += strspn (item, " ")) {
        if (strcspn (item, " ") == size && strncmp (item, name, size) == 0)
            return true;
        item += strcspn (item, " ");
    }
    return false;
}

/* Whether other programs have the name; *found is the option here for the same purpose, NULL without one. */
static bool
find_foreign (const sks_argument_table *table, const char *name, const sks_argument **found)
{
    bool known = false;
    *found = NULL;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        bool has = has_name (foreign[i].names, name);
        known |= has;
        for (size_t k = 0; has && !*found && foreign[i].ours[k]; k++)
            *found = sks_arguments_find (table, foreign[i].ours[k], strlen (foreign[i].ours[k]));
    }
    return known;
}

const sks_argument *
sks_arguments_nearest (const sks_argument_table *table, const char *name)
{
    char names[NAMES_BYTES] = "";
    char *end = names;
    size_t size = 0;
    const sks_argument *found;
    if (find_foreign (table, name, &found))
        return found; /* or none: an option with similar letters has another purpose */
    for (size_t i = 0; i < table->count; i++) {
        const char *known = find_row (table, i)->name;
        if (end + strlen (known) + 2 < names + sizeof names)
            end = stpcpy (stpcpy (end, known), " ");
    }
    const char *nearest = sks_nearest_find (name, names, &size);
    return nearest ? sks_arguments_find (table, nearest, size) : NULL;
}

/* given: a dash and at least one more byte; an attached value is not shown. */
static int
fail_unknown (const sks_argument_table *table, const char *given, sks_error *err)
{
    char word[SKS_NEAREST_BYTES + 1] = "";
    size_t dashes = strspn (given, "-"), size = strcspn (given, "="), end_of_name = strcspn (given, "=" BLANKS);
    if (end_of_name > dashes && end_of_name - dashes < sizeof word)
        memcpy (word, given + dashes, end_of_name - dashes);
    const sks_argument *nearest = sks_arguments_nearest (table, word);
    if (nearest)
        return sks_fail (err, SKS_EINVALID, "unknown option %.*s; did you mean --%s?", (int) size, given,
                         nearest->name);
    if (dashes == 1 && table->dash_hint)
        return sks_fail (err, SKS_EINVALID, "unknown option %.*s; %s", (int) size, given, table->dash_hint);
    return sks_fail (err, SKS_EINVALID, "unknown option %.*s", (int) size, given);
}

/* The value of an option: attached, or the next argument. */
static int
take_value (sks_arguments *arguments, const sks_argument *option, const char *attached, const char **value,
            sks_error *err)
{
    *value = attached;
    if (!option->value)
        return attached ? sks_fail (err, SKS_EINVALID, "--%s takes no value", option->name) : 1;
    if (!attached) {
        *value = *arguments->rest;
        if (!*value) {
            arguments->open = option;
            return sks_fail (err, SKS_EINVALID, "--%s needs a value: --%s %s", option->name, option->name,
                             option->value);
        }
        arguments->rest++;
    }
    return 1;
}

/* given: the argument that contains the letters. */
static int
take_letter (sks_arguments *arguments, const char *given, const sks_argument **option, const char **value,
             sks_error *err)
{
    *option = find_letter (arguments->table, *arguments->letters++);
    if (!*option)
        return fail_unknown (arguments->table, given, err);
    const char *attached = *arguments->letters && (*option)->value ? arguments->letters : NULL;
    if (attached || !*arguments->letters)
        arguments->letters = NULL;
    return take_value (arguments, *option, attached, value, err);
}

void
sks_arguments_begin (sks_arguments *arguments, const sks_argument_table *table, char *const *rest)
{
    *arguments = (sks_arguments) { .table = table, .rest = rest };
}

int
sks_arguments_next (sks_arguments *arguments, const sks_argument **option, const char **value, sks_error *err)
{
    *option = NULL;
    *value = NULL;
    if (arguments->letters)
        return take_letter (arguments, arguments->rest[-1], option, value, err);
    const char *given = *arguments->rest;
    if (!given)
        return 0;
    arguments->rest++;
    if (!arguments->words_only && strcmp (given, "--") == 0) {
        arguments->words_only = true;
        return sks_arguments_next (arguments, option, value, err);
    }
    if (arguments->words_only || given[0] != '-' || !given[1] || is_text (arguments->table, given)) {
        *value = given;
        return 1;
    }
    if (given[1] != '-') {
        arguments->letters = given + 1;
        return take_letter (arguments, given, option, value, err);
    }
    size_t size = strcspn (given, "=");
    *option = sks_arguments_find (arguments->table, given + 2, size - 2);
    if (!*option)
        return fail_unknown (arguments->table, given, err);
    return take_value (arguments, *option, given[size] ? given + size + 1 : NULL, value, err);
}

void
sks_arguments_complain (const char *program, const sks_error *err)
{
    fprintf (stderr, "%s: %s\nRun '%s --help' for all options.\n", program, err->text, program);
}

static void
write_field (const char *text, FILE *out)
{
    for (; text && *text; text++)
        putc (*text == '\n' ? ' ' : *text, out);
}

void
sks_arguments_list (const sks_argument_table *table, FILE *out)
{
    for (size_t i = 0; i < table->count; i++) {
        const sks_argument *row = find_row (table, i);
        const char letter[] = { row->letter, '\0' };
        const char *const fields[] = { row->name, letter, row->value, row->choices, row->help };
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            write_field (fields[k], out);
            putc (k + 1 < sizeof fields / sizeof *fields ? '\t' : '\n', out);
        }
    }
}
