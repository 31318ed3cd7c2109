/* locator.h - where the parts of an export are in its file, as reports name them: JSON pointers, or lines and columns
 * of CSV. */
#ifndef SKS_LOCATOR_H
#define SKS_LOCATOR_H

#include "core/base/arena.h"
#include "statement.h"

#include <limits.h>

/* What the `origin` of a statement is. */
enum sks_locator_form {
    SKS_LOCATOR_LEVELS, /* unused: the pointer has its level and position */
    SKS_LOCATOR_ITEMS,  /* the number of its item in CFItems */
    SKS_LOCATOR_ROWS    /* the line of its row */
};

typedef struct sks_locator {
    int form;
    const char *soc, *time;  /* pointers of the SOC code and the time, */
    const char *statements;  /* and of all statements; "": no single part */
    const char *cell, *path; /* of rows: the column of statements, and the file without a line; else NULL */
} sks_locator;

/* Those of an export, and of a CFPackage. */
extern const sks_locator sks_locator_export, sks_locator_package;

/* A copy that is valid as long as the arena, NULL when out of memory. The two above are not copied. */
const sks_locator *sks_locator_copy (sks_arena *arena, const sks_locator *locator);

#define SKS_POINTER_BYTES 160

/* The JSON pointer of a statement of an export; position counts from 1. */
void sks_locator_point_at (char pointer[SKS_POINTER_BYTES], int level, uint32_t position);

typedef struct sks_location {
    char file[PATH_MAX + 32], pointer[SKS_POINTER_BYTES];
} sks_location;

/* Find a statement.
 *   file   of its export, with the line in a sequence */
void sks_locator_find (sks_location *out, const sks_locator *locator, const char *file, const sks_statement *statement);

#endif
