/* bulk_writer.h - the formats of a bulk export. A new format is a file with a writer, and a row in bulk.c. */
#ifndef SKS_BULK_WRITER_H
#define SKS_BULK_WRITER_H

#include "bulk_file.h"
#include "bulk_record.h"

/* A file that is part of the program. */
typedef struct sks_bulk_asset {
    const char *name, *start, *end;
} sks_bulk_asset;

typedef struct sks_bulk_writer {
    const char *name;             /* of the format */
    const sks_bulk_asset *assets; /* copied unchanged */
    size_t asset_count;

    int (*write) (sks_bulk_file *file, const sks_store *store, sks_error *err); /* all other files */
} sks_bulk_writer;

/* Write one file: put() adds what it has of a statement. */
int sks_bulk_writer_write (sks_bulk_file *file, const sks_store *store, const char *name,
                           void (*put) (sks_buffer *out, const sks_bulk_record *record), sks_error *err);

extern const sks_bulk_writer sks_bulk_writer_opensearch, sks_bulk_writer_postgresql, sks_bulk_writer_manticore;

#endif
