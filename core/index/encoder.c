/* encoder.c - the file of a sentence encoder, checked once and then read. */
#include "encoder.h"

#include "core/base/utf8.h"
#include "heading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Positions in the head, after those that all formats share. */
enum { AT_PIECES = 20, AT_NARROW = 24, AT_WIDE = 28, AT_HIDDEN = 32, AT_TEXT = 36, AT_ZEROS = 40 };

static const sks_heading heading = { SKS_ENCODER_MAGIC, "a sentence encoder", SKS_ENCODER_VERSION, AT_ZEROS,
                                     SKS_ENCODER_HEAD };

/* ------------------------------------------------------------------- places */

static const float *
take (const float *floats, size_t *at, size_t count)
{
    const float *start = floats ? floats + *at : NULL;
    *at += count;
    return start;
}

static const float *
take_dense (const float *floats, size_t *at, uint32_t ins, uint32_t outs)
{
    return take (floats, at, SKS_DENSE_FLOATS (ins, outs));
}

size_t
sks_encoder_place (sks_encoder *e, const float *floats)
{
    size_t at = 0;
    e->embedding = take (floats, &at, (size_t) e->pieces * e->narrow);
    e->timing = take (floats, &at, (size_t) SKS_MAX_PIECES * e->narrow);
    for (int i = 0; i < SKS_ENCODER_LAYERS; i++) {
        sks_encoder_layer *layer = &e->layer[i];
        uint32_t ins = i ? e->wide : e->narrow;
        layer->ins = ins;
        layer->attention_norm = take (floats, &at, (size_t) 2 * ins);
        layer->norm = take (floats, &at, (size_t) 2 * e->wide);
        layer->attention = take_dense (floats, &at, ins, 3 * ins);
        layer->output = take_dense (floats, &at, ins, e->wide);
        layer->expand = take_dense (floats, &at, e->wide, e->hidden);
        layer->contract = take_dense (floats, &at, e->hidden, e->wide);
        layer->adjust = i ? NULL : take_dense (floats, &at, ins, e->wide);
    }
    e->last = take_dense (floats, &at, e->wide, e->wide);
    e->projection = take_dense (floats, &at, e->wide, SKS_ENCODER_OUTPUTS);
    return at;
}

/* Places of the parts after the weights, from the start of the file. */
struct places {
    size_t floats, scores, starts, text, end;
};

static struct places
places_of (const sks_encoder *e, uint32_t text_size)
{
    sks_encoder copy = *e;
    struct places p = { .floats = sks_encoder_place (&copy, NULL) };
    p.scores = SKS_ENCODER_HEAD + p.floats * sizeof (float);
    p.starts = p.scores + e->pieces * sizeof (double);
    p.text = p.starts + ((size_t) e->pieces + 1) * sizeof (uint32_t);
    p.end = p.text + text_size;
    return p;
}

/* ------------------------------------------------------------------- checks */

static bool
is_width (uint32_t number)
{
    return number && number <= SKS_MAX_ENCODER_WIDTH && number % SKS_DENSE_PANEL == 0;
}

static int
read_head (sks_encoder *e, const char *bytes, size_t size, const char *name, sks_error *err)
{
    int code = sks_heading_check (&heading, bytes, size, name, err);
    if (code)
        return code;
    e->pieces = sks_heading_number (bytes, AT_PIECES);
    e->narrow = sks_heading_number (bytes, AT_NARROW);
    e->wide = sks_heading_number (bytes, AT_WIDE);
    e->hidden = sks_heading_number (bytes, AT_HIDDEN);
    if (e->pieces < 2 || e->pieces > SKS_MAX_VOCABULARY)
        return sks_fail_at (err, SKS_EINDEX, AT_PIECES, "%s: damaged: %u pieces", name, e->pieces);
    if (!is_width (e->narrow) || !is_width (e->wide) || !is_width (e->hidden))
        return sks_fail_at (err, SKS_EINDEX, AT_NARROW, "%s: damaged: rows of %u, %u and %u numbers", name, e->narrow,
                            e->wide, e->hidden);
    size_t end = places_of (e, sks_heading_number (bytes, AT_TEXT)).end;
    return size == end ? 0
                       : sks_fail_at (err, SKS_EINDEX, (long) size, "%s: damaged: %zu bytes where its head says %zu",
                                      name, size, end);
}

static int
check_head (const char *bytes, size_t size, const char *name, sks_error *err)
{
    sks_encoder head;
    return read_head (&head, bytes, size, name, err);
}

/* Every weight is a number, and none is so large that a sum of products could overflow. */
static int
check_weights (const float *floats, size_t count, const char *name, sks_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabsf (floats[i]) <= SKS_MAX_ENCODER_WEIGHT)) {
            size_t byte = SKS_ENCODER_HEAD + i * sizeof *floats;
            return sks_fail_at (err, SKS_EINDEX, (long) byte, "%s: damaged: the weight at byte %zu", name, byte);
        }
    return 0;
}

static int
compare_pieces (const sks_encoder *e, uint32_t one, uint32_t other)
{
    size_t one_size = e->starts[one + 1] - e->starts[one], other_size = e->starts[other + 1] - e->starts[other];
    int order =
        memcmp (e->text + e->starts[one], e->text + e->starts[other], one_size < other_size ? one_size : other_size);
    return order ? order : (one_size > other_size) - (one_size < other_size);
}

/* Piece 0 has no bytes; the others ascend by their bytes, and each one is UTF-8. */
static int
check_pieces (const sks_encoder *e, uint32_t text, const char *name, sks_error *err)
{
    if (e->starts[0] || e->starts[1] || e->starts[e->pieces] != text)
        return sks_fail (err, SKS_EINDEX, "%s: damaged: the pieces end elsewhere", name);
    for (uint32_t p = 1; p < e->pieces; p++)
        if (e->starts[p] >= e->starts[p + 1] || e->starts[p + 1] > text ||
            e->starts[p + 1] - e->starts[p] > SKS_MAX_PIECE_BYTES)
            return sks_fail (err, SKS_EINDEX, "%s: damaged: the place of piece %u", name, p);
    for (uint32_t p = 1; p < e->pieces; p++)
        if (!sks_utf8_valid (e->text + e->starts[p], e->starts[p + 1] - e->starts[p], NULL) ||
            (p > 1 && compare_pieces (e, p - 1, p) >= 0) || !(fabs (e->scores[p]) <= SKS_MAX_PIECE_SCORE))
            return sks_fail (err, SKS_EINDEX, "%s: damaged: the order, the bytes or the score of piece %u", name, p);
    return 0;
}

static void
list_first_bytes (sks_encoder *e)
{
    uint32_t piece = 1;
    for (unsigned byte = 0; byte < 256; byte++) {
        while (piece < e->pieces && (unsigned char) e->text[e->starts[piece]] < byte)
            piece++;
        e->first[byte] = piece;
    }
    e->first[256] = e->pieces;
}

int
sks_encoder_map (sks_encoder **out, const void *bytes, size_t size, const char *name, sks_error *err)
{
    sks_encoder *e = *out = calloc (1, sizeof *e);
    if (!e)
        return sks_fail_memory (err);
    e->multiply = sks_dense_kernel_of_processor ();
    int code = read_head (e, bytes, size, name, err);
    if (!code)
        code = sks_heading_check_hash (&e->hash, bytes, size, name, err);
    if (!code) {
        const char *start = bytes;
        uint32_t text = sks_heading_number (bytes, AT_TEXT);
        struct places p = places_of (e, text);
        const float *floats = (const float *) (const void *) (start + SKS_ENCODER_HEAD);
        sks_encoder_place (e, floats);
        e->scores = (const double *) (const void *) (start + p.scores);
        e->starts = (const uint32_t *) (const void *) (start + p.starts);
        e->text = start + p.text;
        code = check_weights (floats, p.floats, name, err);
        if (!code)
            code = check_pieces (e, text, name, err);
    }
    if (code)
        sks_encoder_close (out);
    else
        list_first_bytes (e);
    return code;
}

int
sks_encoder_open (sks_encoder **out, const char *path, sks_error *err)
{
    sks_image image;
    *out = NULL;
    int code = sks_heading_read (&image, path, SKS_ENCODER_HEAD, check_head, err);
    if (!code)
        code = sks_encoder_map (out, image.bytes, image.size, path, err);
    if (code)
        sks_image_drop (&image);
    else
        (*out)->image = image;
    return code;
}

void
sks_encoder_close (sks_encoder **encoder_p)
{
    sks_encoder *e = *encoder_p;
    if (!e)
        return;
    sks_image_drop (&e->image);
    free (e);
    *encoder_p = NULL;
}
