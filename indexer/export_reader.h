/* export_reader.h - an export, and the state while it is read. Its readers share this: of JSON (export.h), of a
 * CFPackage (case_package.h), of rows (csv_export.h). */
#ifndef SKS_EXPORT_READER_H
#define SKS_EXPORT_READER_H

#include "core/base/arena.h"
#include "edition.h"
#include "report.h"
#include "statement_ids.h"

typedef struct sks_export {
    const char *soc, *title;
    const char *group;                     /* the title of the SOC major group if missing */
    const char *exported_at, *description; /* "" if missing */
    const char *sector;                    /* NULL if missing */
    int zone;                              /* 1..5, 0 for none */
    int inferred;                          /* SKS_INFERRED_... */
    sks_edition edition;
    uint64_t content; /* hash of the export's bytes */
    const sks_locator *locator;
    sks_statement *statements; /* by level name, then digits: the order of ids */
    size_t count;
    sks_arena *memory; /* owns all of the above */
} sks_export;

enum sks_export_kind {
    SKS_EXPORT_GOOD,     /* it can be indexed */
    SKS_EXPORT_REJECTED, /* reported as a problem */
    SKS_EXPORT_SKIPPED   /* not an export, and none was expected; reported as skipped */
};

typedef struct sks_export_reader {
    sks_export *export;
    sks_arena *memory; /* of the export; it holds all texts */
    sks_report *report;
    const char *file;
    uint32_t *slots; /* of export_statements.c: a table of the statements by level and text; numbers + 1 */
    size_t mask;
    uint8_t *places;            /* likewise: which positions are taken, by level and position */
    uint32_t sizes[SKS_LEVELS]; /* likewise: statements of each level */
    bool has_invisible;         /* the warning about invisible characters has been given */
    bool bad;                   /* the whole export is rejected */
    bool no_memory;             /* not caused by the input: the call fails */
} sks_export_reader;

#endif
