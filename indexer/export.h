/* export.h - reads one export: an occupation and its statements.
 *
 * The reader is strict: each violation of the schema is reported with its JSON pointer. Broken parts are left out and
 * good parts stay: a bad statement costs only that statement, a bad level only that level. An export is rejected only
 * when it has no usable SOC code, title or statement. */
#ifndef SKS_EXPORT_H
#define SKS_EXPORT_H

#include "edition.h"
#include "report.h"
#include "statement_ids.h"

#define SKS_SCHEMA_VERSION "1.0"

typedef struct sks_export {
    const char *soc, *title;
    const char *group;                     /* the title of the SOC major group if missing */
    const char *exported_at, *description; /* "" if missing */
    const char *sector;                    /* NULL if missing */
    int zone;                              /* 1..5, 0 for none */
    int inferred;                          /* SKS_INFERRED_... */
    sks_edition edition;
    uint64_t content;          /* hash of the export's bytes */
    sks_statement *statements; /* by level name, then digits: the order of ids */
    size_t count;
    sks_arena *memory; /* owns all of the above */
} sks_export;

/* What a text is expected to be. It is a problem if it is something else. */
enum sks_expected {
    SKS_EXPECT_NOTHING, /* a file in a folder, of any name */
    SKS_EXPECT_JSON,    /* its name says that it is JSON */
    SKS_EXPECT_EXPORT   /* the user named it, or it was an export in the last generation */
};

enum sks_export_kind {
    SKS_EXPORT_GOOD,     /* *out is set */
    SKS_EXPORT_REJECTED, /* reported as a problem */
    SKS_EXPORT_SKIPPED   /* not an export, and none was expected; reported as skipped */
};

/* Read an export from its bytes.
 *   file      what the report calls it.
 *   expected  enum sks_expected.
 *   *kind     enum sks_export_kind.
 *   *out      caller owns it; free with sks_export_destroy. NULL unless good.
 * Returns 0 or SKS_ENOMEM; bad input is never a failure of the call. */
int sks_export_read (sks_export **out, int *kind, const char *file, int expected, const char *bytes, size_t size,
                     sks_report *report, sks_error *err);

void sks_export_destroy (sks_export **export_p);

#endif
