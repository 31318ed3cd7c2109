/* package.h - one occupation as its writers see it: its record, the statements that a query chose, and their
 * identifiers. docs/exports.md has the rules. For the files of packages only. */
#ifndef SKS_PACKAGE_H
#define SKS_PACKAGE_H

#include "core/base/arena.h"
#include "core/base/table.h"
#include "core/base/uuid.h"
#include <skillsearch.h>

#define SKS_PACKAGE_NAME_BYTES 320   /* of a name that a UUID is made from; a document has a longer one */
#define SKS_PACKAGE_TIME_BYTES 48    /* of a date with time */
#define SKS_PACKAGE_TITLE_LETTERS 60 /* of a text that is used as a title */

typedef struct sks_package_statement {
    const char *id, *text;
    const char *duty;  /* NULL: it has none */
    const char *title; /* the duty, else the text; its beginning if it is long */
    int level;
    uint32_t position;
} sks_package_statement;

typedef struct sks_package_content {
    const sks_package_options *options;
    const sks_record *record;
    const sks_package_statement *statements; /* those chosen, by level and position */
    size_t count;
    size_t total;                      /* statements of the occupation */
    bool part;                         /* some are left out */
    sks_uuid document, space, project; /* the name space of its parts, and that of whole occupations */
    char *title;                       /* of the document */
    char time[SKS_PACKAGE_TIME_BYTES];
    sks_buffer *out;
    sks_table *table; /* that writes to out; for tables */
} sks_package_content;

/* How a package is written, piece by piece. A failure is kept in the buffer. */
typedef void sks_package_piece (const sks_package_content *content);
typedef void sks_package_each (const sks_package_content *content, const sks_package_statement *statement);

typedef struct sks_package_writer {
    sks_package_piece *begin; /* reads no record if there are no statements */
    sks_package_each *statement;
    sks_package_piece *between; /* this and the next two may be NULL */
    sks_package_each *again;    /* for each statement, after all of them */
    sks_package_piece *end;
} sks_package_writer;

extern const sks_package_writer sks_package_case, sks_package_ctdl, sks_package_rsd, sks_package_markdown;

/* Set the identifiers, title and time from the other members.
 *   request   the canonical request; of a part only.
 * The title is allocated in `memory`. Returns 0 or SKS_ENOMEM. */
int sks_package_identify (sks_package_content *content, const char *request, sks_arena *memory, sks_error *err);

/* The identifier of something in this package: "KIND/KEY". For a part, `canonical` gives that of the same thing in
 * the package of the whole occupation. */
sks_uuid sks_package_uuid (const sks_package_content *content, bool canonical, const char *kind, const char *key);
sks_uuid sks_package_level_uuid (const sks_package_content *content, bool canonical, int level);

/* Write the URI of a UUID; it needs no escapes. */
void sks_package_write_uri (sks_buffer *out, const sks_package_options *options, const sks_uuid *uuid);

/* Write "name":"URI", or the URI in quotes alone if name is NULL. */
void sks_package_put_uri (const sks_package_content *content, const char *name, const sks_uuid *uuid);

/* The author: the one of the options, else the attribution, else "Unknown". */
const char *sks_package_creator (const sks_package_content *content);

/* The label of a level: the export's, else its name. */
const char *sks_package_label (const sks_package_content *content, int level);

/* A copy of a hit in `memory`. False when out of memory. */
bool sks_package_copy (sks_package_statement *out, const sks_hit *hit, sks_arena *memory);

/* Whether the package contains a level. */
bool sks_package_has_level (const sks_package_content *content, int level);

#endif
