/* stream.h - the tokens of a run of statements: new ones, and those that stay in the last generation.
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

/* Append the slices of a stream, with their addresses, to a list that has space for them; returns the end of the list.
 * They are valid until the stream grows. */
sks_slice *sks_stream_list (const sks_stream *stream, sks_slice *out);

#endif
