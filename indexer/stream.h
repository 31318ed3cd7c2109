/* stream.h - the tokens of a range of statements: new ones, and those that stay in the last generation.
 *
 * After a small change almost all tokens are those of the last generation. They are not copied: a stream refers to
 * them, and they are written from there. */
#ifndef SKS_STREAM_H
#define SKS_STREAM_H

#include "core/base/buffer.h"
#include "core/index/rows.h"

typedef struct sks_stream {
    sks_buffer own;    /* the new tokens; sks_buffer_reserve makes space for more of them */
    sks_slice *slices; /* in their order; own ones have no address, as the buffer may move */
    size_t slice_count, capacity;
    uint64_t size; /* of all of them */
} sks_stream;

/* An empty stream; free with sks_stream_free. */
void sks_stream_begin (sks_stream *stream);
void sks_stream_free (sks_stream *stream);

/* Add bytes that have been written at the end of `own`. */
void sks_stream_add (sks_stream *stream, size_t size);

/* Add bytes that stay where they are. */
void sks_stream_borrow (sks_stream *stream, const void *bytes, size_t size);

/* Whether all was added: 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_stream_status (const sks_stream *stream, sks_error *err);

/* The bytes of several streams, one after another. */
typedef struct sks_streams {
    sks_slice *slices;
    size_t count; /* of the slices; 0 when they were joined */
    uint64_t size;
    char *whole; /* NULL: they are in the slices */
} sks_streams;

/* List the slices of streams.
 *   *out   valid until one of the streams grows or is freed; free with sks_streams_free, also after a failure
 * Returns 0, SKS_ELIMIT or SKS_ENOMEM. */
int sks_streams_gather (sks_streams *out, const sks_stream *const *streams, size_t count, sks_error *err);

/* Copy the bytes into one place: then the streams are no longer needed. */
int sks_streams_join (sks_streams *streams, sks_error *err);
void sks_streams_free (sks_streams *streams);

#endif
