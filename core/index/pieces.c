/* pieces.c - the best split: for each place of the text the best score up to there, and the piece that ends there. */
#include "pieces.h"

#include "core/base/text.h"
#include "core/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* U+2581, which stands for a space. */
#define BLANK "\xE2\x96\x81"
#define BLANK_BYTES (sizeof BLANK - 1)

/* The best split up to a place between two characters. */
struct place {
    double score; /* 0 also for a place that no piece ends at */
    uint32_t piece;
};

/* Replace blanks by U+2581, as in pieces. *out: caller owns it; free with free. */
static int
replace_blanks (char **out, size_t *out_size, const char *text, size_t size, sks_error *err)
{
    size_t blanks = 1, at = BLANK_BYTES;
    for (size_t i = 0; i < size; i++)
        blanks += text[i] == ' ';
    char *copy = *out = malloc (size + blanks * BLANK_BYTES);
    if (!copy)
        return sks_fail_memory (err);
    memcpy (copy, BLANK, BLANK_BYTES);
    for (size_t i = 0; i < size; i++)
        if (text[i] == ' ') {
            memcpy (copy + at, BLANK, BLANK_BYTES);
            at += BLANK_BYTES;
        } else
            copy[at++] = text[i];
    *out_size = at;
    return 0;
}

/* Narrow the pieces [*first, *end), which agree up to byte `depth`, to those with this byte there. */
static void
narrow_range (const sks_encoder *e, uint32_t *first, uint32_t *end, uint32_t depth, unsigned char byte)
{
    uint32_t low = *first, high = *end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, at = e->starts[middle] + depth;
        if (at >= e->starts[middle + 1] || (unsigned char) e->text[at] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    for (high = *end; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if ((unsigned char) e->text[e->starts[middle] + depth] == byte)
            low = middle + 1;
        else
            high = middle;
    }
    *end = low;
}

static void
reach (struct place *place, double score, uint32_t piece)
{
    if (place->score == 0 || score >= place->score)
        *place = (struct place) { score, piece };
}

/* Try each piece that starts at a byte of the text, or piece 0 for one character. */
static void
extend (const sks_encoder *e, struct place *places, const char *text, size_t size, size_t from)
{
    bool found = false;
    unsigned char byte = (unsigned char) text[from];
    uint32_t first = e->first[byte], end = e->first[byte + 1];
    for (uint32_t depth = 1; first < end; depth++) {
        if (e->starts[first + 1] - e->starts[first] == depth) {
            reach (&places[from + depth], places[from].score + e->scores[first], first);
            found = true;
        }
        if (from + depth >= size)
            break;
        narrow_range (e, &first, &end, depth, (unsigned char) text[from + depth]);
    }
    if (!found)
        reach (&places[sks_utf8_end (text, size, from)], places[from].score, 0);
}

/* Collect the pieces from the end of the text to its start; then return the first ones in the order of the text. */
static size_t
collect (const sks_encoder *e, const struct place *places, const char *text, size_t size, uint32_t *all,
         uint32_t out[SKS_MAX_PIECES])
{
    size_t count = 0, taken = 0;
    for (size_t at = size; at;) {
        uint32_t piece = places[at].piece;
        if (piece || !count || all[count - 1])
            all[count++] = piece;
        at = piece ? at - (e->starts[piece + 1] - e->starts[piece]) : sks_utf8_start (text, at - 1);
    }
    while (count && taken < SKS_MAX_PIECES)
        out[taken++] = all[--count];
    return taken;
}

int
sks_pieces_split (const sks_encoder *encoder, const char *text, size_t size, uint32_t out[SKS_MAX_PIECES],
                  size_t *count, sks_error *err)
{
    char *composed = NULL, *marked = NULL;
    size_t marked_size = 0;
    *count = 0;
    if (!size)
        return 0;
    size = sks_text_compose_compatible (text, size, &composed);
    int code = composed ? 0 : sks_fail (err, SKS_EINVALID, "the text is not UTF-8, or memory ran out");
    if (!code)
        code = replace_blanks (&marked, &marked_size, composed, size, err);
    free (composed);
    struct place *places = code ? NULL : calloc (marked_size + 1, sizeof *places);
    uint32_t *all = code ? NULL : malloc (marked_size * sizeof *all);
    if (!code && (!places || !all))
        code = sks_fail_memory (err);
    if (!code) {
        for (size_t at = 0; at < marked_size; at = sks_utf8_end (marked, marked_size, at))
            extend (encoder, places, marked, marked_size, at);
        *count = collect (encoder, places, marked, marked_size, all, out);
    }
    free (marked);
    free (places);
    free (all);
    return code;
}
