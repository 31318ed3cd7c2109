/* statement_ids.h - the statements of an export and their ids. */
#ifndef SKS_STATEMENT_IDS_H
#define SKS_STATEMENT_IDS_H

#include "report.h"

typedef struct sks_statement {
    const char *text; /* squeezed, not empty; NUL at its end */
    size_t size;
    uint64_t hash;     /* sks_text_hash, for its id */
    bool long_id;      /* another statement of its level already has the short id */
    int level;         /* enum sks_level */
    uint32_t position; /* 1-based place in its level's list in the file */
} sks_statement;

/* Put statements in the order of their ids. Of those with the same short id, all but the first get a long one, with a
 * warning; those whose long id is also taken are left out, which is reported.
 *   soc   of their occupation; its code is part of an id. */
void sks_statement_ids_give (sks_statement *statements, size_t *count, const char *soc, const char *file,
                             sks_report *report);

/* The JSON pointer of a statement, for reports. position counts from 1. */
#define SKS_POINTER_BYTES 160
void sks_statement_point_at (char pointer[SKS_POINTER_BYTES], int level, uint32_t position);

#endif
