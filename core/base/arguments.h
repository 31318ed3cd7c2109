/* arguments.h - the command line of a program: options of a table, and words.
 *
 * All programs follow one rule. Names of options are written in full: "--index DIR" or "--index=DIR"; nothing is
 * shortened, so that a new option never changes what an old command means. Letters may be joined, and a value may
 * follow its letter: "-qv", "-n5". Options and words may be mixed; "--" ends the options, and "-" alone is a word. Text
 * that was pasted as one argument is a word, too: dashes before a blank, or an argument with a blank or a line end that
 * does not begin with the name of an option, as "- Sort mail" and "-Sort mail". */
#ifndef SKS_ARGUMENTS_H
#define SKS_ARGUMENTS_H

#include <skillsearch.h>
#include <stdbool.h>
#include <stdio.h>

/* One option. */
typedef struct sks_argument {
    const char *name;
    char letter;         /* 0: only the long name */
    const char *value;   /* what it takes, as help and completion show it: FILE, DIR, N ...; NULL: nothing */
    const char *choices; /* words that it takes, blank-separated; NULL: others */
    const char *help;    /* may have line ends */
} sks_argument;

/* A table: the rows of a program have an sks_argument as their first member. */
typedef struct sks_argument_table {
    const void *rows;
    size_t count, row_size;
    const char *dash_hint; /* added to the failure of an unknown "-word"; NULL: nothing */
} sks_argument_table;

#define SKS_ARGUMENT_TABLE(rows)                                                                                       \
    {                                                                                                                  \
        rows, sizeof rows / sizeof *rows, sizeof *rows, NULL                                                           \
    }

/* A command line that is being read. */
typedef struct sks_arguments {
    const sks_argument_table *table; /* borrowed */
    char *const *rest;               /* the unread arguments, up to NULL */
    const char *letters;             /* the unread ones of joined letters; NULL: none */
    bool words_only;                 /* "--" was read */
    const sks_argument *open;        /* the option at the end of the line without its value; NULL: none */
} sks_arguments;

/* rest: the arguments after the program's name, up to NULL; borrowed. */
void sks_arguments_begin (sks_arguments *arguments, const sks_argument_table *table, char *const *rest);

/* Read the next option or word.
 *   *option   its row; NULL: *value is a word.
 *   *value    of the option, NULL if it takes none; borrowed from the command line.
 * Returns 1, 0 at the end, or SKS_EINVALID; its text suggests similar names. */
int sks_arguments_next (sks_arguments *arguments, const sks_argument **option, const char **value, sks_error *err);

/* The row of a name of size bytes; NULL if there is none. */
const sks_argument *sks_arguments_find (const sks_argument_table *table, const char *name, size_t size);

/* The option that an unknown name may stand for: a common name in other programs, or a typing error. NULL if there is
 * none. */
const sks_argument *sks_arguments_nearest (const sks_argument_table *table, const char *name);

/* Report a wrong command line on standard error. */
void sks_arguments_complain (const char *program, const sks_error *err);

/* Write the options for shell completion, one line each, its fields separated by tabs: name, letter, what it takes,
 * choices, help. */
void sks_arguments_list (const sks_argument_table *table, FILE *out);

#endif
