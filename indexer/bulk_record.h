/* bulk_record.h - a statement as a bulk export writes it. */
#ifndef SKS_BULK_RECORD_H
#define SKS_BULK_RECORD_H

#include "bulk_words.h"

/* What an export says about where a statement comes from. */
enum sks_bulk_origin {
    SKS_BULK_EXPORTED_AT,
    SKS_BULK_SOURCE, /* "NAME: TEXT", several separated by "; " */
    SKS_BULK_ATTRIBUTION,
    SKS_BULK_ORIGINS
};

/* One record is used for all statements, in order: what belongs to the occupation is read once. */
typedef struct sks_bulk_record {
    const sks_store *store;
    uint32_t statement, cell; /* the cell is that of the statement */
    uint32_t occupation;      /* that is read; SKS_NONE: none yet */
    bool first;               /* whether the statement is the first one of its occupation */
    char id[SKS_STATEMENT_ID_BYTES];
    char text[SKS_MAX_STATEMENT_BYTES + 1]; /* with NUL */
    int level;
    uint32_t position;
    const char *value[SKS_FACETS], *label[SKS_FACETS]; /* NUL at the end; borrowed from the store */
    const char *origin[SKS_BULK_ORIGINS];              /* valid for the occupation */
    sks_buffer origins;
    sks_bulk_words words, title;
} sks_bulk_record;

/* A record before the first statement. *out: caller frees it with sks_bulk_record_destroy. */
int sks_bulk_record_create (sks_bulk_record **out, const sks_store *store, sks_error *err);
void sks_bulk_record_destroy (sks_bulk_record **record_p);

/* Read the next statement: false after the last one, and after a failure, which *code holds. */
bool sks_bulk_record_next (sks_bulk_record *record, int *code, sks_error *err);

/* The name of a member of an origin ("exported_at"). Borrowed: valid for ever. */
const char *sks_bulk_record_origin_name (int origin);

#endif
