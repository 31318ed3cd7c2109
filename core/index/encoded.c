/* encoded.c - the file of the statements' vectors. */
#include "encoded.h"

#include "heading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Positions in the head, after those that all formats share. */
enum { AT_STATEMENTS = 20, AT_ENCODER = 24, AT_CONTENT = 32, AT_ZEROS = 40 };

#define BATCH 64 /* vectors that are projected at a time */

static const sks_heading heading = { SKS_ENCODED_MAGIC, "encoded statements", SKS_ENCODED_VERSION, AT_ZEROS,
                                     SKS_ENCODED_HEAD };

static int
read_head (const char *bytes, size_t size, const char *name, sks_error *err)
{
    int code = sks_heading_check (&heading, bytes, size, name, err);
    if (code)
        return code;
    size_t statements = sks_heading_number (bytes, AT_STATEMENTS);
    size_t end = SKS_ENCODED_HEAD + statements * (sizeof (uint64_t) + SKS_ENCODER_OUTPUTS);
    return size == end ? 0
                       : sks_fail_at (err, SKS_EINDEX, (long) size, "%s: damaged: %zu bytes where its head says %zu",
                                      name, size, end);
}

int
sks_encoded_map (sks_encoded *out, const void *bytes, size_t size, const char *name, sks_error *err)
{
    const char *start = bytes;
    uint64_t hash;
    *out = (sks_encoded) { 0 };
    int code = read_head (start, size, name, err);
    if (!code)
        code = sks_heading_check_hash (&hash, start, size, name, err);
    if (code)
        return code;
    sks_encoded e = { .statements = sks_heading_number (start, AT_STATEMENTS) };
    memcpy (&e.encoder, start + AT_ENCODER, sizeof e.encoder);
    memcpy (&e.content, start + AT_CONTENT, sizeof e.content);
    e.hashes = (const uint64_t *) (const void *) (start + SKS_ENCODED_HEAD);
    e.vectors = (const int8_t *) (e.hashes + e.statements);
    if (memchr (e.vectors, (uint8_t) INT8_MIN, (size_t) e.statements * SKS_ENCODER_OUTPUTS))
        return sks_fail (err, SKS_EINDEX, "%s: damaged: a number of a vector is -128", name);
    *out = e;
    return 0;
}

int
sks_encoded_open (sks_encoded *out, const char *folder, sks_error *err)
{
    char *path;
    sks_image image;
    *out = (sks_encoded) { 0 };
    if (asprintf (&path, "%s/" SKS_ENCODED_FILE, folder) < 0)
        return sks_fail_memory (err);
    int code = access (path, F_OK) == 0 ? sks_heading_read (&image, path, SKS_ENCODED_HEAD, read_head, err)
                                        : sks_fail (err, SKS_ENOTFOUND, "%s: the statements are not encoded", path);
    if (!code) {
        code = sks_encoded_map (out, image.bytes, image.size, path, err);
        if (code)
            sks_image_drop (&image);
        else
            out->image = image;
    }
    free (path);
    return code;
}

void
sks_encoded_close (sks_encoded *encoded)
{
    sks_image_drop (&encoded->image);
    *encoded = (sks_encoded) { 0 };
}

bool
sks_encoded_fits (const sks_encoded *encoded, const sks_store *store)
{
    return encoded->content == store->content && encoded->statements == store->statements;
}

int
sks_encoded_write (const sks_encoded *e, const char *folder, sks_error *err)
{
    size_t hashes = e->statements * sizeof *e->hashes, vectors = (size_t) e->statements * SKS_ENCODER_OUTPUTS;
    size_t size = SKS_ENCODED_HEAD + hashes + vectors;
    char *bytes = calloc (1, size), *path = NULL;
    int code = bytes && asprintf (&path, "%s/" SKS_ENCODED_FILE, folder) >= 0 ? 0 : sks_fail_memory (err);
    if (!code) {
        memcpy (bytes + AT_STATEMENTS, &e->statements, sizeof e->statements);
        memcpy (bytes + AT_ENCODER, &e->encoder, sizeof e->encoder);
        memcpy (bytes + AT_CONTENT, &e->content, sizeof e->content);
        memcpy (bytes + SKS_ENCODED_HEAD, e->hashes, hashes);
        memcpy (bytes + SKS_ENCODED_HEAD + hashes, e->vectors, vectors);
        sks_heading_write (&heading, bytes, size);
        code = sks_image_replace (path, bytes, size, err);
    }
    free (bytes);
    free (path);
    return code;
}

void
sks_encoded_round (const sks_transformer *transformer, const float *vectors, size_t count, int8_t *out)
{
    float projected[BATCH][SKS_ENCODER_OUTPUTS];
    uint32_t wide = sks_transformer_width (transformer);
    for (size_t from = 0; from < count; from += BATCH) {
        size_t taken = count - from < BATCH ? count - from : BATCH;
        sks_transformer_project (transformer, vectors + from * wide, taken, projected[0]);
        for (size_t i = 0; i < taken; i++) {
            float largest = 0;
            for (int k = 0; k < SKS_ENCODER_OUTPUTS; k++)
                largest = fmaxf (largest, fabsf (projected[i][k]));
            for (int k = 0; k < SKS_ENCODER_OUTPUTS; k++)
                *out++ = (int8_t) (largest > 0 ? lrintf (projected[i][k] / largest * INT8_MAX) : 0);
        }
    }
}
