/* stream.c - slices that follow each other directly become one. */
#include "stream.h"

#include "array.h"
#include "limits.h"

#include <stdlib.h>
#include <string.h>

void
sks_stream_begin (sks_stream *stream)
{
    *stream = (sks_stream) { .own = SKS_BUFFER_INIT (sks_limits_of_index.token_bytes) };
}

void
sks_stream_free (sks_stream *stream)
{
    sks_buffer_free (&stream->own);
    free (stream->slices);
    stream->slices = NULL;
}

/* Whether bytes follow those of the last slice. bytes: NULL for own ones. */
static bool
follows (const sks_stream *stream, const char *bytes)
{
    if (!stream->slice_count)
        return false;
    const sks_slice *last = &stream->slices[stream->slice_count - 1];
    return bytes ? last->bytes && (const char *) last->bytes + last->size == bytes : !last->bytes;
}

static void
add_slice (sks_stream *stream, const char *bytes, size_t size)
{
    stream->size += size;
    if (follows (stream, bytes))
        stream->slices[stream->slice_count - 1].size += size;
    else if (!sks_array_reserve (&stream->slices, &stream->capacity, stream->slice_count + 1, sizeof *stream->slices))
        stream->own.failed = SKS_ENOMEM;
    else
        stream->slices[stream->slice_count++] = (sks_slice) { bytes, size };
}

void
sks_stream_add (sks_stream *stream, size_t size)
{
    stream->own.size += size;
    add_slice (stream, NULL, size);
}

void
sks_stream_borrow (sks_stream *stream, const void *bytes, size_t size)
{
    if (size)
        add_slice (stream, bytes, size);
}

int
sks_stream_status (const sks_stream *stream, sks_error *err)
{
    bool full = stream->own.failed == SKS_ELIMIT || stream->size > stream->own.maximum;
    return full ? sks_limits_refuse ("the texts of the statements", stream->own.maximum, err)
                : sks_buffer_status (&stream->own, err);
}

/* ------------------------------------------------------------- several streams */

/* Append the slices of a stream, with their addresses, to a list; returns the end of the list. */
static sks_slice *
list_slices (const sks_stream *stream, sks_slice *out)
{
    const char *own = stream->own.bytes;
    for (size_t i = 0; i < stream->slice_count; i++, out++) {
        *out = stream->slices[i];
        if (out->bytes)
            continue;
        out->bytes = own;
        own += out->size;
    }
    return out;
}

int
sks_streams_gather (sks_streams *out, const sks_stream *const *streams, size_t count, sks_error *err)
{
    *out = (sks_streams) { 0 };
    for (size_t i = 0; i < count; i++) {
        out->count += streams[i]->slice_count;
        out->size += streams[i]->size;
    }
    if (out->size > sks_limits_of_index.token_bytes)
        return sks_limits_refuse ("the texts of the statements", sks_limits_of_index.token_bytes, err);
    sks_slice *end = out->slices = malloc ((out->count + 1) * sizeof *out->slices);
    if (!end)
        return sks_fail_memory (err);
    for (size_t i = 0; i < count; i++)
        end = list_slices (streams[i], end);
    return 0;
}

int
sks_streams_join (sks_streams *streams, sks_error *err)
{
    char *at = streams->whole = malloc (streams->size + 1);
    if (!at)
        return sks_fail_memory (err);
    for (size_t i = 0; i < streams->count; i++)
        at = mempcpy (at, streams->slices[i].bytes, streams->slices[i].size);
    streams->count = 0;
    return 0;
}

void
sks_streams_free (sks_streams *streams)
{
    free (streams->slices);
    free (streams->whole);
    *streams = (sks_streams) { 0 };
}
