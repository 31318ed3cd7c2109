/* csv_heading.h - recognises a table of statements by its first row, and the files of other systems. */
#ifndef SKS_CSV_HEADING_H
#define SKS_CSV_HEADING_H

#include "csv.h"

/* The columns that are read. The first four are required. */
enum sks_csv_column {
    SKS_CSV_SOC,
    SKS_CSV_TITLE,
    SKS_CSV_LEVEL,
    SKS_CSV_STATEMENT,
    SKS_CSV_REQUIRED,
    SKS_CSV_GROUP = SKS_CSV_REQUIRED,
    SKS_CSV_SECTOR,
    SKS_CSV_ZONE,
    SKS_CSV_POSITION,
    SKS_CSV_VERSION,
    SKS_CSV_ATTRIBUTION,
    SKS_CSV_EXPORTED_AT,
    SKS_CSV_COLUMNS
};

const char *sks_csv_heading_name (int column);

/* The column with this name, or a synonym of it, in any letter case, with blanks around it; -1 if there is none. */
int sks_csv_heading_column (const char *name);

/* Whether a column of this name is expected and has nothing that the others lack: those of our own export. */
bool sks_csv_heading_is_redundant (const char *name);

enum sks_csv_kind {
    SKS_CSV_NONE,   /* no table */
    SKS_CSV_TABLE,  /* a table of statements; its columns are still to be checked */
    SKS_CSV_REFUSED /* statements in another form */
};

/* What a text of a refused kind is, and what can be done. Its texts are valid for ever. */
typedef struct sks_csv_refusal {
    const char *reason, *notes; /* notes: lines that end in a newline */
    unsigned long line;         /* the line that it is about; 0: the file */
} sks_csv_refusal;

/* Find out what a text is.
 *   expected   an export is expected: two of the required columns are then enough
 *   *kind      enum sks_csv_kind
 *   *refusal   set if refused
 * Returns 0 or SKS_ENOMEM. */
int sks_csv_heading_recognise (const char *text, size_t size, bool expected, int *kind, sks_csv_refusal *refusal,
                               sks_error *err);

#endif
