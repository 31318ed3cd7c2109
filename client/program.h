/* program.h - the other programs of the project, as files to be run. */
#ifndef SKS_PROGRAM_H
#define SKS_PROGRAM_H

#include <stdbool.h>

#define SKS_PROGRAM_BYTES 4096

/* Find a program by its name: beside the program that runs, in ../libexec/skillsearch from there, or in $PATH. False if
 * it is nowhere; path is undefined then. */
bool sks_program_find (char path[SKS_PROGRAM_BYTES], const char *name);

/* How to call a program from a shell in which this one was called as `typed`: in the same way, by its name if it is in
 * $PATH, or by its path. Returns false if it is not found; word is undefined then. */
bool sks_program_call (char word[SKS_PROGRAM_BYTES], const char *typed, const char *name);

#endif
