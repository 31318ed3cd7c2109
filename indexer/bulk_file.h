/* bulk_file.h - a file of a bulk export, written through a buffer of limited size. */
#ifndef SKS_BULK_FILE_H
#define SKS_BULK_FILE_H

#include "core/base/buffer.h"

#include <stdbool.h>

/* The size at which a file of a series ends and the next one begins. A server limits the size of one request:
 * OpenSearch's limit is 100 MB by default, and its documentation advises 5 to 15 MB. */
#define SKS_BULK_FILE_BYTES (UINT64_C (10) << 20)

/* One file at a time. Set `folder` and `shown`, the rest to 0. */
typedef struct sks_bulk_file {
    const char *folder; /* where it is written */
    const char *shown;  /* the same for messages: where it will be */
    sks_buffer buffer;  /* add to it; then call sks_bulk_file_pass */
    sks_buffer list;    /* the complete files, as items of JSON */
    char name[64];
    int descriptor;
    uint64_t bytes; /* written to the current file */
    uint64_t total; /* of all complete files */
    unsigned files;
    unsigned number; /* of the last file of statements */
} sks_bulk_file;

/* Begin a file. Returns 0 or SKS_EIO, whose text names the file, as do those below. */
int sks_bulk_file_begin (sks_bulk_file *file, const char *name, sks_error *err);

/* Begin the next file of statements, "statements-00001.ENDING". */
int sks_bulk_file_begin_next (sks_bulk_file *file, const char *ending, sks_error *err);

/* Write the buffer if it is large. */
int sks_bulk_file_pass (sks_bulk_file *file, sks_error *err);

/* The same, but end the file if it has SKS_BULK_FILE_BYTES. */
int sks_bulk_file_pass_or_end (sks_bulk_file *file, sks_error *err);

/* Bytes of the current file, with those in the buffer. */
uint64_t sks_bulk_file_bytes (const sks_bulk_file *file);

/* Write what is left, sync and close. Does nothing if no file is open. */
int sks_bulk_file_end (sks_bulk_file *file, sks_error *err);

/* Write a file of these bytes. */
int sks_bulk_file_copy (sks_bulk_file *file, const char *name, const char *bytes, size_t size, sks_error *err);

/* Close what is open, and free the memory. */
void sks_bulk_file_close (sks_bulk_file *file);

#endif
