/* export.h - reads one export as JSON: an occupation and its statements.
 *
 * The reader is strict: each violation of the schema is reported with its JSON pointer. Broken parts are left out and
 * good parts stay: a bad statement costs only that statement, a bad level only that level. An export is rejected only
 * when it has no usable SOC code, title or statement. */
#ifndef SKS_EXPORT_H
#define SKS_EXPORT_H

#include "export_reader.h"

#define SKS_SCHEMA_VERSION "1.0"

/* What a text is expected to be. It is a problem if it is something else. */
enum sks_expected {
    SKS_EXPECT_NOTHING, /* a file in a folder, of any name */
    SKS_EXPECT_JSON,    /* its name says that it is JSON */
    SKS_EXPECT_EXPORT   /* the user named it, or it was an export in the last generation */
};

/* Read an export, or a CFPackage, from its bytes.
 *   file      what the report calls it.
 *   expected  enum sks_expected.
 *   level_from_type   see case_package.h.
 *   *kind     enum sks_export_kind.
 *   *out      caller owns it; free with sks_export_destroy. NULL unless good.
 * Returns 0 or SKS_ENOMEM; bad input is never a failure of the call. */
int sks_export_read (sks_export **out, int *kind, const char *file, int expected, bool level_from_type,
                     const char *bytes, size_t size, sks_report *report, sks_error *err);

void sks_export_destroy (sks_export **export_p);

#endif
