/* settings.c - reads the configuration file. */
#include "settings.h"

#include "core/base/endpoint.h"
#include "core/base/error.h"
#include "input.h"
#include "core/base/nearest.h"
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_BYTES 65536
#define PATH_BYTES 4096
#define BLANKS " \t\r"
#define MOST_DIGITS 18                 /* of a time, with leading zeros; all such numbers fit */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF" /* some editors begin a text with it */

static const char names[] = "endpoint server-key client-key color pager limit";

static bool
find_path (char path[PATH_BYTES])
{
    const char *config = getenv ("XDG_CONFIG_HOME"), *home = getenv ("HOME");
    bool own = config && *config == '/'; /* a relative path is ignored, as the XDG specification requires */
    if (!own && (!home || *home != '/'))
        return false;
    int size = snprintf (path, PATH_BYTES, "%s%s/skillsearch/config", own ? config : home, own ? "" : "/.config");
    return size > 0 && size < PATH_BYTES && access (path, F_OK) == 0;
}

/* Set a text unless an option or a variable has set it. */
static void
take (const char **place, const char *variable, const char *value)
{
    if (!*place && !getenv (variable))
        *place = value;
}

/* A key file: "~/" is the home. NULL without memory. */
static const char *
expand (sks_options *options, const char *value)
{
    char path[PATH_BYTES];
    const char *home = getenv ("HOME");
    if (strncmp (value, "~/", 2) != 0 || !home)
        return value;
    int size = snprintf (path, sizeof path, "%s%s", home, value + 1);
    return size > 0 && size < PATH_BYTES ? sks_arena_copy (options->memory, path, (size_t) size) : NULL;
}

static int
set_color (sks_options *options, const char *value, sks_error *err)
{
    static const char *const words[] = { "auto", "always", "never" };
    int color = 0;
    while (color <= SKS_COLOR_NEVER && strcmp (words[color], value) != 0)
        color++;
    if (color > SKS_COLOR_NEVER)
        return sks_fail (err, SKS_EINVALID, "color is auto, always or never");
    const char *refused = getenv ("NO_COLOR");
    if (!options->has_color && !(refused && *refused))
        options->color = color;
    return 0;
}

static int
set_limit (sks_options *options, const char *value, sks_error *err)
{
    size_t digits = strspn (value, "0123456789");
    unsigned long limit = digits && digits < 4 && !value[digits] ? strtoul (value, NULL, 10) : 0;
    if (limit < 1 || limit > SKS_MAX_LIMIT)
        return sks_fail (err, SKS_EINVALID, "limit is a number from 1 to %d", SKS_MAX_LIMIT);
    bool page = options->command == SKS_COMMAND_SEARCH || options->command == SKS_COMMAND_SIMILAR;
    if (page && !options->has_limit) {
        options->query.limit = (uint32_t) limit;
        options->has_limit = true;
    }
    return 0;
}

static int
set_endpoint (sks_options *options, const char *value, sks_error *err)
{
    sks_endpoints endpoints;
    if (sks_endpoints_parse (&endpoints, value, err) != 0)
        return SKS_EINVALID;
    sks_endpoints_free (&endpoints);
    take (&options->endpoint, "SKILLSEARCH_ENDPOINT", value);
    return 0;
}

static int
set (sks_options *options, const char *name, const char *value, sks_error *err)
{
    if (!*value)
        return sks_fail (err, SKS_EINVALID, "%s has no value", name);
    if (strcmp (name, "color") == 0)
        return set_color (options, value, err);
    if (strcmp (name, "limit") == 0)
        return set_limit (options, value, err);
    if (strcmp (name, "endpoint") == 0)
        return set_endpoint (options, value, err);
    if (strcmp (name, "pager") == 0)
        options->pager = value;
    else {
        const char *path = expand (options, value);
        if (!path)
            return sks_fail (err, SKS_EINVALID, "%s: the path is too long", name);
        if (strcmp (name, "server-key") == 0)
            take (&options->server_key, "SKILLSEARCH_SERVER_KEY", path);
        else
            take (&options->client_key, "SKILLSEARCH_CLIENT_KEY", path);
    }
    return 0;
}

/* The bit of a setting; 0 for an unknown name. */
static unsigned
find_name (const char *word)
{
    size_t size = strlen (word);
    unsigned bit = 1;
    for (const char *at = names; *at; at += strspn (at, " "), bit <<= 1) {
        size_t length = strcspn (at, " ");
        if (length == size && memcmp (at, word, size) == 0)
            return bit;
        at += length;
    }
    return 0;
}

/* Remove the blanks around a text. */
static char *
trim (char *text)
{
    text += strspn (text, BLANKS);
    for (size_t size = strlen (text); size && strchr (BLANKS, text[size - 1]); size--)
        text[size - 1] = '\0';
    return text;
}

/* seen: the bits of the names before this line. */
static int
read_line (sks_options *options, char *line, unsigned *seen, sks_error *err)
{
    char all[SKS_NEAREST_LIST_BYTES];
    size_t found = 0;
    line = trim (line);
    if (!*line || *line == '#')
        return 0;
    char *value = strchr (line, '=');
    if (!value || value == line)
        return sks_fail (err, SKS_EINVALID, "a line is NAME = VALUE");
    *value++ = '\0';
    const char *name = trim (line);
    unsigned bit = find_name (name);
    if (*seen & bit)
        return sks_fail (err, SKS_EINVALID, "%s is set twice", name);
    *seen |= bit;
    if (bit)
        return set (options, name, trim (value), err);
    const char *nearest = sks_nearest_find (name, names, &found);
    if (nearest)
        return sks_fail (err, SKS_EINVALID, "no setting %s; did you mean %.*s?", name, (int) found, nearest);
    sks_nearest_list (all, names, "and");
    return sks_fail (err, SKS_EINVALID, "no setting %s; there are %s", name, all);
}

int
sks_settings_time (const char *variable, uint32_t *time_ms, sks_error *err)
{
    const char *text = getenv (variable);
    size_t digits = text ? strspn (text, "0123456789") : 0;
    if (!text || !*text)
        return 0;
    unsigned long value = digits && digits <= MOST_DIGITS && !text[digits] ? strtoul (text, NULL, 10) : 0;
    if (!value || value > SKS_MAX_DEADLINE_MS)
        return sks_fail (err, SKS_EINVALID, "%s: '%s' is not a number from 1 to %d", variable, text,
                         SKS_MAX_DEADLINE_MS);
    *time_ms = (uint32_t) value;
    return 0;
}

static int
read_file (sks_options *options, sks_error *err)
{
    char path[PATH_BYTES], *text;
    sks_error wrong;
    if (!find_path (path))
        return 0;
    int rc = sks_input_read (options->memory, path, MOST_BYTES, &text, err);
    size_t number = 0;
    unsigned seen = 0;
    if (rc == 0 && strncmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
        text += strlen (BYTE_ORDER_MARK);
    for (char *line; rc == 0 && (line = strsep (&text, "\n"));) {
        number++;
        rc = read_line (options, line, &seen, &wrong);
        if (rc)
            return sks_fail (err, rc, "%s:%zu: %s", path, number, wrong.text);
    }
    return rc;
}

int
sks_settings_read (sks_options *options, sks_error *err)
{
    /* keygen asks nothing, and completion has a time of its own. */
    const unsigned without = 1u << SKS_COMMAND_KEYGEN | 1u << SKS_COMMAND_COMPLETE;
    int rc = read_file (options, err);
    if (rc == 0 && !options->timeout_ms && !(without & 1u << options->command)) {
        rc = sks_settings_time ("SKILLSEARCH_TIMEOUT_MS", &options->timeout_ms, err);
        options->query.deadline_ms = options->timeout_ms;
    }
    return rc;
}
