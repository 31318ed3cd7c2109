/* shard_writer.h - writes the database of a shard (shard.h): postings with positions, values and metadata.
 *
 * Here libxapian builds the postings; builder.h is faster, but has none of the rest.
 *
 * An object may be used by only one thread at a time. */
#ifndef SKS_SHARD_WRITER_H
#define SKS_SHARD_WRITER_H

#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sks_shard_writer sks_shard_writer;

/* One posting of the next document; the term is borrowed for the call. */
typedef struct sks_shard_term {
    const char *bytes;
    size_t size;
    uint32_t count;
    uint32_t position; /* 0: none */
} sks_shard_term;

/* A value of the next document; borrowed for the call. */
typedef struct sks_shard_value {
    const char *bytes;
    size_t size;
} sks_shard_value;

/* A new database in the folder `path`, which must not exist. It is temporary: not synced, and not crash-safe until
 * compacted. */
int sks_shard_writer_open (sks_shard_writer **out, const char *path, sks_error *err);

/* Add the next document. Values are numbered from 0. Terms have 1..SKS_MAX_TERM_BYTES (index.h) bytes (else
 * SKS_EINVALID) and no NUL; one may be repeated with other positions: then its counts add up. After a failure the
 * database is unusable: remove it. */
int sks_shard_writer_add (sks_shard_writer *writer, const sks_shard_term *terms, size_t count,
                          const sks_shard_value *values, size_t value_count, sks_error *err);

/* Set a metadata entry of the database. */
int sks_shard_writer_note (sks_shard_writer *writer, const char *key, const char *value, sks_error *err);

/* Write all added documents. Call it last, and check the result. */
int sks_shard_writer_commit (sks_shard_writer *writer, sks_error *err);

/* Close without an error for unwritten documents. Sets *writer_p to NULL. */
void sks_shard_writer_close (sks_shard_writer **writer_p);

#ifdef __cplusplus
}
#endif
#endif
