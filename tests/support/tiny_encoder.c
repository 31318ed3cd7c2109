/* tiny_encoder.c - writes the file as docs/encoder.md describes it, with pseudo-random weights. */
#include "tiny_encoder.h"

#include "core/index/heading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
put_number (sks_buffer *bytes, size_t number)
{
    uint32_t written = (uint32_t) number;
    sks_buffer_add (bytes, &written, sizeof written);
}

void
tiny_encoder_seal (sks_buffer *bytes)
{
    static const sks_heading heading = { SKS_ENCODER_MAGIC, "", SKS_ENCODER_VERSION, 0, 0 };
    sks_heading_write (&heading, bytes->bytes, bytes->size);
}

void
tiny_encoder_write (sks_buffer *bytes, const tiny_piece *pieces, size_t count, uint32_t width, unsigned seed)
{
    sks_encoder e = { .pieces = (uint32_t) count + 1, .narrow = width, .wide = width, .hidden = width };
    size_t floats = sks_encoder_place (&e, NULL), text = 0;
    for (size_t i = 0; i < count; i++)
        text += strlen (pieces[i].text);
    sks_buffer_clear (bytes);
    sks_buffer_add (bytes, SKS_ENCODER_MAGIC "hashhashvers", 20);
    put_number (bytes, count + 1);
    for (int i = 0; i < 3; i++)
        put_number (bytes, width);
    put_number (bytes, text);
    while (bytes->size < SKS_ENCODER_HEAD)
        sks_buffer_putc (bytes, '\0');
    for (size_t i = 0; i < floats; i++) {
        seed = seed * 1664525u + 1013904223u;
        float weight = (float) (seed >> 8) / (1 << 24) - .5f;
        sks_buffer_add (bytes, &weight, sizeof weight);
    }
    for (size_t i = 0; i <= count; i++) {
        double score = i ? pieces[i - 1].score : 0;
        sks_buffer_add (bytes, &score, sizeof score);
    }
    put_number (bytes, 0);
    for (size_t i = 0, at = 0; i <= count; at += i < count ? strlen (pieces[i].text) : 0, i++)
        put_number (bytes, at);
    for (size_t i = 0; i < count; i++)
        sks_buffer_puts (bytes, pieces[i].text);
    if (sks_buffer_status (bytes, NULL))
        abort ();
    tiny_encoder_seal (bytes);
}

sks_encoder *
tiny_encoder_make (sks_buffer *bytes, unsigned seed)
{
    static const tiny_piece pieces[] = {
        { "a", -4 }, { "b", -4 },    { "c", -4 },      { "d", -4 },       { "e", -4 },          { "er", -5 },
        { "f", -4 }, { "fi", -5 },   { "i", -4 },      { "l", -4 },       { "n", -4 },          { "o", -4 },
        { "p", -4 }, { "pump", -6 }, { "r", -4 },      { "re", -5 },      { "s", -4 },          { "t", -4 },
        { "u", -4 }, { "x", -4 },    { "\u2581", -3 }, { "\u2581a", -4 }, { "\u2581pump", -6 }, { "\u2581re", -5 },
    };
    sks_encoder *encoder;
    sks_error err;
    tiny_encoder_write (bytes, pieces, sizeof pieces / sizeof *pieces, SKS_DENSE_PANEL, seed);
    if (sks_encoder_map (&encoder, bytes->bytes, bytes->size, "made", &err)) {
        fprintf (stderr, "%s\n", err.text);
        abort ();
    }
    return encoder;
}
