/* program_options.h - the options of the other programs, which they list themselves (--list-options). */
#ifndef SKS_PROGRAM_OPTIONS_H
#define SKS_PROGRAM_OPTIONS_H

#include "core/base/arena.h"
#include "core/base/arguments.h"

/* Run a program of the project.
 *   program     as typed, with or without its folder; another program is not run.
 *   arguments   argv: its name first, ended by NULL.
 * Returns its output, allocated from `memory`; NULL if it is not found or fails, or without memory. */
char *sks_program_options_run (sks_arena *memory, const char *program, char *const *arguments);

/* Run a program of the project to learn its options.
 *   program   as typed, with or without its folder.
 *   *table    in memory. Empty if the program is not found, is not of the project, or fails. */
void sks_program_options_read (sks_arena *memory, const char *program, sks_argument_table *table);

#endif
