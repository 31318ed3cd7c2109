/* option.h - the command line: commands, options, and the values that they set.
 *
 * One table holds every option: parsing, --help and the list that shell completion asks for
 * are made from it. */
#ifndef SKS_OPTION_H
#define SKS_OPTION_H

#include "core/base/arena.h"
#include "core/base/arguments.h"
#include "core/base/buffer.h"
#include <stdbool.h>

enum sks_command {
    SKS_COMMAND_SEARCH,
    SKS_COMMAND_FACETS,
    SKS_COMMAND_GET,
    SKS_COMMAND_SIMILAR,
    SKS_COMMAND_OCCUPATION,
    SKS_COMMAND_COMPARE,
    SKS_COMMAND_CROSSWALK,
    SKS_COMMAND_MAP,
    SKS_COMMAND_SUGGEST,
    SKS_COMMAND_ANALYZE,
    SKS_COMMAND_EXPORT,
    SKS_COMMAND_BROWSE,
    SKS_COMMAND_STATS,
    SKS_COMMAND_TOP,
    SKS_COMMAND_PING,
    SKS_COMMAND_KEYGEN,
    SKS_COMMAND_TRY,
    SKS_COMMAND_COMPLETE,
    SKS_COMMANDS
};

/* The name of a command, NULL if there is none; the command of a name, -1 if
 * there is none. Borrowed: valid for ever. */
const char *sks_option_command_name (int command);
int sks_option_command_of (const char *name);

/* The format of an answer: the choices of --format, in their order, and Prometheus. From SKS_OUTPUT_CASE_1_0 on they
 * are those of enum sks_package_format, in its order, and only export has them. */
enum sks_output {
    SKS_OUTPUT_TEXT,
    SKS_OUTPUT_JSON,
    SKS_OUTPUT_NDJSON,
    SKS_OUTPUT_CSV,
    SKS_OUTPUT_TSV,
    SKS_OUTPUT_MARKDOWN,
    SKS_OUTPUT_CASE_1_0,
    SKS_OUTPUT_CASE_1_1,
    SKS_OUTPUT_CTDL,
    SKS_OUTPUT_RSD,
    SKS_OUTPUT_PACKAGE_MARKDOWN,
    SKS_OUTPUT_PROMETHEUS
};

/* What is requested instead of a command. */
enum sks_ask { SKS_ASK_NOTHING, SKS_ASK_HELP, SKS_ASK_VERSION, SKS_ASK_LIST };

typedef struct sks_options {
    int command;     /* enum sks_command */
    int ask;         /* enum sks_ask; not SKS_ASK_NOTHING: no command is run */
    int about;       /* SKS_ASK_HELP: the command to explain; -1: all of them */
    int output;      /* enum sks_output */
    int color;       /* enum sks_color */
    bool has_output; /* the format was given */
    bool bare;       /* no header line above a table */
    bool bom;        /* a byte order mark before it */
    bool excel_safe;
    const char **columns; /* export: those of a table; NULL: those of the format */
    size_t column_count;
    const char *output_file, *output_folder;    /* export: where to; NULL: the standard output */
    const char *base_uri, *creator, *publisher; /* export: as in sks_package_options */
    bool no_facets;
    bool no_pager;
    const char *pager; /* of the configuration file; NULL: none is named there */
    bool has_color;    /* the colour was given */
    bool full;         /* also score and id of each statement */
    bool changes;      /* compare: words that each level gained and lost */
    bool has_limit;    /* the limit was given */
    const char **line; /* the program and its arguments without --offset, ended by NULL */
    size_t line_count;
    const char *search;   /* the command that searches for all words; NULL: this is a search, or they are no query */
    bool fix;             /* search for the suggestion, if there is one */
    unsigned exclude;     /* similar: SKS_EXCLUDE_... */
    const char *file;     /* map: where the text is; "-" for the standard input; NULL: the words */
    const char *endpoint; /* NULL: the library's choice */
    const char *index;    /* folder to search without a daemon; NULL: none was named */
    const char *server_key, *client_key; /* files; NULL: the library's choice */
    int print;                           /* browse: enum browse_print */
    bool null;                           /* browse: NUL after each in place of a line end */
    const char *line_typed;              /* complete: a command line up to the cursor; NULL: the words are the line */
    const char *name;                    /* keygen: whose keys; NULL: the file's */
    bool server;                         /* keygen: a daemon's folder */
    uint32_t timeout_ms;                 /* 0: the library's choice */
    uint32_t interval_s;                 /* top: seconds from one view to the next */
    uint32_t count;                      /* top: number of views; 0: no limit */
    sks_query query;                     /* its text: all words, joined with blanks; of compare, those after the code */
    const char **filter_values[SKS_FACETS]; /* the values of the query's filters; NULL: no value was given */
    const char **words;                     /* all arguments except options and the command */
    size_t word_count;
    sks_arena *memory; /* owns what the pointers above lead to */
} sks_options;

enum sks_section {
    SKS_SECTION_SEARCH,
    SKS_SECTION_FILTERS,
    SKS_SECTION_COUNTS,
    SKS_SECTION_OUTPUT,
    SKS_SECTION_DAEMON,
    SKS_SECTION_KEYS,
    SKS_SECTION_COMPLETION,
    SKS_SECTION_HELP,
    SKS_SECTIONS
};

typedef struct sks_option sks_option;

/* Reads value (NULL for a flag) into options. */
typedef int sks_option_apply (sks_options *options, const sks_option *option, const char *value, sks_error *err);

struct sks_option {
    sks_argument argument; /* first, as sks_option_arguments needs it; its choices are the only values */
    int section;           /* enum sks_section */
    unsigned commands;     /* bits: the commands that take it */
    sks_option_apply *apply;
    int detail; /* of apply */
};

#define SKS_MAX_OPTIONS 64

/* All options; as many as sks_option_arguments counts. */
extern const sks_option sks_option_table[];
extern const sks_argument_table sks_option_arguments;

/* The help of an option in general (command -1), or for one command. Borrowed: valid for ever. */
const char *sks_option_help (const sks_option *option, int command);

/* Write the commands and the options in their sections, as --help shows them. */
void sks_options_describe (sks_buffer *out);

/* The same of one command: examples, then the options that it takes. */
void sks_options_describe_command (sks_buffer *out, int command);

/* The names of all commands with a blank after each. Borrowed: valid for ever. */
const char *sks_option_command_names (void);

#endif
