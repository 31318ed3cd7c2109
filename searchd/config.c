/* config.c - the table of options and its four users: command line, file,
 * --help and -n.
 *
 * A value is checked where it is set, so both sources give the same refusals;
 * the caller puts the option's name, or file and line, before them. */
#include "config.h"

#include "core/base/arguments.h"
#include "core/base/printable.h"
#include "log.h"
#include "core/index/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_LINE_BYTES 8192

enum kind { ACTION, INDEX, KEYS, LISTEN, NEAR_WORDS, VECTORS, ENCODER, NUMBER, LEVEL, SWITCH, FILE_NAME, DESCRIPTOR };

struct option {
    sks_argument argument; /* its name is a key of the file, too */
    enum kind kind;
    bool in_file;      /* allowed in the file */
    size_t field;      /* offset in sks_config: NUMBER, DESCRIPTOR */
    uint32_t min, max; /* NUMBER, DESCRIPTOR; ACTION: min is its enum sks_action */
    uint32_t initial;  /* NUMBER */
};

#define FIELD(name) offsetof (sks_config, name)

#define LEVELS "error warn info debug"
#define OPTION(name, letter, value, choices, kind, in_file, field, min, max, initial, help)                            \
    {                                                                                                                  \
        { name, letter, value, choices, help }, kind, in_file, field, min, max, initial                                \
    }

static const struct option options[] = {
    OPTION ("index", 0, "DIR", NULL, INDEX, true, 0, 0, 0, 0,
            "folder of the index (default: $SKILLSEARCH_INDEX,\n"
            "else $XDG_DATA_HOME/skillsearch,\n"
            "else ~/.local/share/skillsearch)"),
    OPTION ("listen", 0, "ENDPOINT", NULL, LISTEN, true, 0, 0, 0, 0,
            "tcp://ADDRESS:PORT or ipc://PATH, up to 8 times;\n"
            "port * means any free port\n"
            "(default: " SKS_DEFAULT_ENDPOINT ")"),
    OPTION ("near-words", 0, "FILE", NULL, NEAR_WORDS, true, 0, 0, 0, 0,
            "add a table of near words to the project's own,\n"
            "up to 7 times; none: use no table at all"),
    OPTION ("vectors", 0, "FILE", NULL, VECTORS, true, 0, 0, 0, 0,
            "word vectors that the index was made with; none: use\n"
            "no file (default: the installed file, if any)"),
    OPTION ("encoder", 0, "FILE", NULL, ENCODER, true, 0, 0, 0, 0,
            "sentence encoder that the statements were encoded with\n"
            "(default: none is used)"),
    OPTION ("workers", 0, "N", NULL, NUMBER, true, FIELD (workers), 1, SKS_MAX_WORKERS, 0,
            "threads that search (default: cores online)"),
    OPTION ("queue", 0, "N", NULL, NUMBER, true, FIELD (queue), 1, SKS_MAX_QUEUE, 256,
            "requests that may wait for a thread"),
    OPTION ("cache-mb", 0, "N", NULL, NUMBER, true, FIELD (cache_mb), 1, SKS_MAX_CACHE_MB, SKS_MAX_CACHE_MB,
            "MiB of memory for decoded lists; all of them take about\n"
            "220 bytes per statement"),
    OPTION ("results-mb", 0, "N", NULL, NUMBER, true, FIELD (results_mb), 0, SKS_MAX_RESULTS_MB, 0,
            "MiB of memory for replies, kept for equal requests\n"
            "until the next index; 0: none are kept (default: 0)"),
    OPTION ("deadline-ms", 0, "N", NULL, NUMBER, true, FIELD (deadline_ms), 1, SKS_MAX_DEADLINE_MS, 1000,
            "longest wait of a request without a deadline"),
    OPTION ("shard-timeout-ms", 0, "N", NULL, NUMBER, true, FIELD (shard_timeout_ms), 1, SKS_MAX_DEADLINE_MS, 2000,
            "longest wait for a server of an index in shards"),
    OPTION ("shard-connect-ms", 0, "N", NULL, NUMBER, true, FIELD (shard_connect_ms), 1, SKS_MAX_DEADLINE_MS, 1000,
            "longest wait to connect to one"),
    OPTION ("slow-ms", 0, "N", NULL, NUMBER, true, FIELD (slow_ms), 0, SKS_MAX_DEADLINE_MS, 250,
            "log requests that take longer"),
    OPTION ("log-level", 0, "LEVEL", LEVELS, LEVEL, true, 0, 0, 0, 0, "error, warn, info or debug (default: info)"),
    OPTION ("curve-keys", 0, "DIR", NULL, KEYS, true, 0, 0, 0, 0,
            "admit only clients whose key is in DIR/clients, and\n"
            "encrypt; make DIR with: skillsearch keygen --server DIR"),
    OPTION ("insecure", 0, NULL, NULL, SWITCH, true, 0, 0, 0, 0,
            "bind addresses that other machines can reach;\n"
            "without keys anyone who reaches the port can search"),
    OPTION ("config", 0, "FILE", NULL, FILE_NAME, false, 0, 0, 0, 0,
            "read options from FILE, lines of \"name = value\""),
    OPTION ("ready-fd", 0, "N", NULL, DESCRIPTOR, false, FIELD (ready_fd), 1, 65535, 0,
            "write the real endpoints to descriptor N once ready"),
    OPTION ("check", 'n', NULL, NULL, ACTION, false, 0, SKS_ACTION_CHECK, 0, 0,
            "print the effective configuration and exit"),
    OPTION ("list-options", 0, NULL, NULL, ACTION, false, 0, SKS_ACTION_LIST, 0, 0,
            "print the options for programs and exit"),
    OPTION ("help", 'h', NULL, NULL, ACTION, false, 0, SKS_ACTION_HELP, 0, 0, "print this and exit"),
    OPTION ("version", 0, NULL, NULL, ACTION, false, 0, SKS_ACTION_VERSION, 0, 0, "print the version and exit"),
};

static const sks_argument_table table = SKS_ARGUMENT_TABLE (options);

#define OPTIONS (sizeof options / sizeof *options)

/* The current source of values. */
struct reading {
    sks_config *config;
    bool replace_listen; /* the next endpoint is the first of its source */
};

static uint32_t *
number_field (sks_config *config, const struct option *option)
{
    return (uint32_t *) (void *) ((char *) config + option->field);
}

static uint32_t
number_of (const sks_config *config, const struct option *option)
{
    uint32_t number;
    memcpy (&number, (const char *) config + option->field, sizeof number);
    return number;
}

/* -------------------------------------------------------- setting a value */
static int
set_number (const struct option *option, uint32_t *out, const char *value, sks_error *err)
{
    errno = 0;
    char *end;
    unsigned long number = strtoul (value, &end, 10);
    if (errno || *end || *value < '0' || *value > '9' || number < option->min || number > option->max)
        return sks_fail (err, SKS_EINVALID, "a number from %u to %u, not \"%s\"", option->min, option->max, value);
    *out = (uint32_t) number;
    return 0;
}

static int
set_text (char *out, size_t size, const char *value, sks_error *err)
{
    if (!*value)
        return sks_fail (err, SKS_EINVALID, "must not be empty");
    size_t length = strlen (value);
    if (length >= size)
        return sks_fail (err, SKS_EINVALID, "at most %zu bytes", size - 1);
    memcpy (out, value, length + 1);
    return 0;
}

static int
add_endpoint (struct reading *reading, const char *value, sks_error *err)
{
    sks_config *config = reading->config;
    if (reading->replace_listen)
        config->listen_count = 0;
    reading->replace_listen = false;
    if (config->listen_count == SKS_MAX_LISTEN)
        return sks_fail (err, SKS_EINVALID, "at most %d endpoints", SKS_MAX_LISTEN);
    int code = set_text (config->listen[config->listen_count], SKS_MAX_ENDPOINT_BYTES, value, err);
    if (code)
        return code;
    config->listen_count++;
    return 0;
}

static int
add_near_words (sks_config *config, const char *value, sks_error *err)
{
    if (config->near_count == SKS_MAX_OWN_NEAR_FILES)
        return sks_fail (err, SKS_EINVALID, "at most %d tables", SKS_MAX_OWN_NEAR_FILES);
    bool none = strcmp (value, SKS_WITHOUT_NEAR_WORDS) == 0;
    if (config->near_count && (none || strcmp (config->near_words[0], SKS_WITHOUT_NEAR_WORDS) == 0))
        return sks_fail (err, SKS_EINVALID, "either tables or %s", SKS_WITHOUT_NEAR_WORDS);
    int code = set_text (config->near_words[config->near_count], SKS_MAX_PATH_BYTES, value, err);
    config->near_count += !code;
    return code;
}

static int
set_level (sks_config *config, const char *value, sks_error *err)
{
    int level = sks_log_level_of (value);
    if (level < 0)
        return sks_fail (err, SKS_EINVALID, "error, warn, info or debug, not \"%s\"", value);
    config->log_level = level;
    return 0;
}

static int
set_switch (bool *out, const char *value, sks_error *err)
{
    if (strcmp (value, "yes") && strcmp (value, "no"))
        return sks_fail (err, SKS_EINVALID, "yes or no, not \"%s\"", value);
    *out = strcmp (value, "yes") == 0;
    return 0;
}

/* The descriptor must be open before the daemon opens any. 0 and 2 are refused: 0 is for input, and 2 is for the
 * log. */
static int
set_descriptor (const struct option *option, uint32_t *out, const char *value, sks_error *err)
{
    int code = set_number (option, out, value, err);
    if (code)
        return code;
    if (*out == STDERR_FILENO)
        return sks_fail (err, SKS_EINVALID, "descriptor 2 is reserved for the log");
    if (fcntl ((int) *out, F_GETFD) == -1)
        return sks_fail (err, SKS_EINVALID, "descriptor %u is not open", *out);
    return 0;
}

static int
set_option (struct reading *reading, const struct option *option, const char *value, sks_error *err)
{
    sks_config *config = reading->config;
    switch (option->kind) {
    case ACTION:
        config->action = (int) option->min;
        return 0;
    case INDEX:
        return set_text (config->index_dir, sizeof config->index_dir, value, err);
    case VECTORS:
        return set_text (config->vectors, sizeof config->vectors, value, err);
    case ENCODER:
        return set_text (config->encoder, sizeof config->encoder, value, err);
    case KEYS:
        return set_text (config->curve_keys, sizeof config->curve_keys, value, err);
    case LISTEN:
        return add_endpoint (reading, value, err);
    case NEAR_WORDS:
        return add_near_words (config, value, err);
    case NUMBER:
        return set_number (option, number_field (config, option), value, err);
    case LEVEL:
        return set_level (config, value, err);
    case SWITCH:
        return set_switch (&config->insecure, value, err);
    case FILE_NAME:
        return set_text (config->file, sizeof config->file, value, err);
    case DESCRIPTOR:
        return set_descriptor (option, number_field (config, option), value, err);
    }
    return sks_fail (err, SKS_EINVALID, "unknown option");
}

/* ----------------------------------------------------------- command line */
/* Set the options of the command line. Early ones decide whether a file is read, and which; the others are applied
 * after the file. */
static int
read_arguments (struct reading *reading, char *const *argv, bool early, sks_error *err)
{
    sks_arguments arguments;
    const sks_argument *found;
    const char *value;
    sks_arguments_begin (&arguments, &table, argv + (*argv != NULL));
    for (int more; (more = sks_arguments_next (&arguments, &found, &value, err)) != 0;) {
        if (more < 0)
            return more;
        if (!found)
            return sks_fail (err, SKS_EINVALID, "%s: only options are taken", value);
        const struct option *option = (const struct option *) (const void *) found;
        if ((option->kind == ACTION || option->kind == FILE_NAME) != early)
            continue;
        sks_error cause;
        if (set_option (reading, option, value ? value : "yes", &cause))
            return sks_fail (err, SKS_EINVALID, "--%s: %s", found->name, cause.text);
    }
    return 0;
}

/* ------------------------------------------------------------------- file */
/* Read one line without its end. Returns its size, -1 at the end of the file, -2 if it is too long or contains a
 * NUL. */
static int
read_line (FILE *file, char *line)
{
    int size = 0, c;
    while ((c = getc (file)) != EOF && c != '\n') {
        if (c == '\0' || size == MAX_LINE_BYTES - 1)
            return -2;
        line[size++] = (char) c;
    }
    line[size] = '\0';
    return c == EOF && size == 0 ? -1 : size;
}

/* Remove the white space at both ends, in place. */
static char *
trim (char *text)
{
    static const char blank[] = " \t\r";
    text += strspn (text, blank);
    size_t size = strlen (text);
    while (size && strchr (blank, text[size - 1]))
        text[--size] = '\0';
    return text;
}

/* Suggest only an option that a file can have. */
static int
fail_unknown (const char *name, sks_error *err)
{
    const sks_argument *nearest = sks_arguments_nearest (&table, name);
    bool helps = nearest && ((const struct option *) (const void *) nearest)->in_file;
    return sks_fail (err, SKS_EINVALID, "%s: no such option%s%s%s", name, helps ? "; did you mean " : "",
                     helps ? nearest->name : "", helps ? "?" : "");
}

static int
set_line (struct reading *reading, char *line, sks_error *err)
{
    char *name = trim (line);
    if (!*name || *name == '#')
        return 0;
    char *equals = strchr (name, '=');
    if (!equals)
        return sks_fail (err, SKS_EINVALID, "\"name = value\" is needed");
    *equals = '\0';
    name = trim (name);
    const sks_argument *found = sks_arguments_find (&table, name, strlen (name));
    const struct option *option = (const struct option *) (const void *) found;
    if (!option)
        return fail_unknown (name, err);
    if (!option->in_file)
        return sks_fail (err, SKS_EINVALID, "%s: only on the command line", name);
    sks_error cause;
    if (set_option (reading, option, trim (equals + 1), &cause))
        return sks_fail (err, SKS_EINVALID, "%s: %s", name, cause.text);
    return 0;
}

static int
read_file (struct reading *reading, sks_error *err)
{
    const char *path = reading->config->file;
    FILE *file = fopen (path, "re");
    if (!file) {
        sks_fail_errno (err, "--config: %s", path);
        return SKS_EINVALID;
    }
    char line[MAX_LINE_BYTES];
    int code = 0, size = 0;
    for (unsigned number = 1; !code && (size = read_line (file, line)) != -1; number++) {
        sks_error cause = { 0 };
        if (size < 0)
            sks_fail (&cause, SKS_EINVALID, "a NUL, or more than %d bytes", MAX_LINE_BYTES - 1);
        else
            set_line (reading, line, &cause);
        if (cause.code)
            code = sks_fail (err, SKS_EINVALID, "%s:%u: %s", path, number, cause.text);
    }
    if (!code && ferror (file)) {
        sks_fail_errno (err, "--config: %s", path);
        code = SKS_EINVALID;
    }
    fclose (file);
    return code;
}

/* --------------------------------------------------------- built-in values */
static void
set_initial_values (sks_config *config)
{
    *config = (sks_config) { .log_level = SKS_LOG_INFO };
    for (size_t i = 0; i < OPTIONS; i++)
        if (options[i].kind == NUMBER)
            *number_field (config, &options[i]) = options[i].initial;
    long cores = sysconf (_SC_NPROCESSORS_ONLN);
    config->workers = cores < 1 ? 1 : cores > SKS_MAX_WORKERS ? SKS_MAX_WORKERS : (uint32_t) cores;
}

/* Endpoints are checked last: --curve-keys or --insecure may follow them. */
static int
check_endpoints (const sks_config *config, sks_error *err)
{
    bool open = config->insecure || *config->curve_keys;
    for (size_t i = 0; i < config->listen_count; i++) {
        const char *text = config->listen[i];
        sks_endpoint endpoint;
        sks_error cause;
        if (sks_endpoint_parse (&endpoint, text, SKS_ENDPOINT_LISTEN, &cause))
            return sks_fail (err, SKS_EINVALID, "--listen: %s", cause.text);
        if (!open && !sks_endpoint_is_local (&endpoint))
            return sks_fail (
                err, SKS_EINVALID,
                "--listen: \"%s\" is not a loopback address such as 127.0.0.1 or [::1]; without keys anyone "
                "who reaches the port can search: give --curve-keys DIR, or --insecure to allow it",
                text);
        for (size_t j = 0; j < i; j++)
            if (strcmp (config->listen[j], text) == 0 && strcmp (endpoint.port, "*") != 0)
                return sks_fail (err, SKS_EINVALID, "--listen: \"%s\" is given twice", text);
    }
    return 0;
}

int
sks_config_read (sks_config *config, char *const *argv, sks_error *err)
{
    set_initial_values (config);
    struct reading reading = { config, true };
    int code = read_arguments (&reading, argv, true, err);
    if (code || config->action == SKS_ACTION_HELP || config->action == SKS_ACTION_VERSION ||
        config->action == SKS_ACTION_LIST)
        return code;
    if (*config->file)
        code = read_file (&reading, err);
    reading.replace_listen = true;
    if (!code)
        code = read_arguments (&reading, argv, false, err);
    if (!code && !*config->index_dir)
        code = sks_place_find (config->index_dir, sizeof config->index_dir, err);
    if (!code && !config->listen_count)
        code = add_endpoint (&reading, SKS_DEFAULT_ENDPOINT, err);
    return code ? code : check_endpoints (config, err);
}

/* ---------------------------------------------------------------- writing */
static const char *
level_name (int level)
{
    static const char *const names[] = { "error", "warn", "info", "debug" };
    return names[level];
}

static void
write_text (FILE *out, const char *name, const char *value)
{
    fprintf (out, "%s = ", name);
    sks_printable_write (out, value);
    fputc ('\n', out);
}

void
sks_config_write (const sks_config *config, FILE *out)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct option *option = &options[i];
        if (!option->in_file)
            continue;
        if (option->kind == INDEX)
            write_text (out, option->argument.name, config->index_dir);
        if (option->kind == VECTORS && *config->vectors)
            write_text (out, option->argument.name, config->vectors);
        if (option->kind == ENCODER && *config->encoder)
            write_text (out, option->argument.name, config->encoder);
        if (option->kind == KEYS && *config->curve_keys)
            write_text (out, option->argument.name, config->curve_keys);
        if (option->kind == NUMBER)
            fprintf (out, "%s = %u\n", option->argument.name, number_of (config, option));
        if (option->kind == LEVEL)
            fprintf (out, "%s = %s\n", option->argument.name, level_name (config->log_level));
        if (option->kind == SWITCH)
            fprintf (out, "%s = %s\n", option->argument.name, config->insecure ? "yes" : "no");
        for (size_t j = 0; option->kind == NEAR_WORDS && j < config->near_count; j++)
            write_text (out, option->argument.name, config->near_words[j]);
        for (size_t j = 0; option->kind == LISTEN && j < config->listen_count; j++)
            write_text (out, option->argument.name, config->listen[j]);
    }
}

static void
write_option_help (const struct option *option, FILE *out)
{
    char left[64];
    int size = option->argument.letter ? snprintf (left, sizeof left, "-%c, ", option->argument.letter) : 0;
    snprintf (left + size, sizeof left - (size_t) size, "%s--%s%s%s", size ? "" : "    ", option->argument.name,
              option->argument.value ? " " : "", option->argument.value ? option->argument.value : "");
    const char *help = option->argument.help;
    for (const char *end; (end = strchr (help, '\n')); help = end + 1) {
        fprintf (out, "  %-22s  %.*s\n", left, (int) (end - help), help);
        left[0] = '\0';
    }
    fprintf (out, "  %-22s  %s", left, help);
    if (option->kind == NUMBER && option->initial)
        fprintf (out, " (default: %u)", option->initial);
    fputc ('\n', out);
}

void
sks_config_write_list (FILE *out)
{
    sks_arguments_list (&table, out);
}

void
sks_config_write_help (FILE *out)
{
    fputs ("Usage: skillsearchd [OPTION]...\n"
           "Answer searches for occupational skill statements over ZeroMQ.\n\n",
           out);
    for (size_t i = 0; i < OPTIONS; i++)
        write_option_help (&options[i], out);
    fputs ("\nAll options but the last six may be set in the file, under the same names.\n"
           "SIGTERM ends after the requests under way, SIGHUP looks for a new index now.\n"
           "Exit: 0 ended normally, 1 failed, 2 usage, 5 another daemon uses the ipc path.\n"
           "See skillsearchd(8).\n",
           out);
}

uint64_t
sks_config_deadline_us (const sks_config *config, const sks_request *request, uint64_t arrived_us)
{
    uint64_t deadline_ms = request->deadline_ms ? request->deadline_ms : config->deadline_ms;
    return arrived_us + deadline_ms * 1000;
}
