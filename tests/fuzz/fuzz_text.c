/* fuzz_text.c - any bytes as a text: split into words and compounds, folded, joined.
 *
 * The memory ends where the input ends, and each word is folded from its own copy, so that AddressSanitizer detects
 * reading beyond either. Checks that words follow each other, consist of complete characters, and have forms that are
 * folded and not too long. */
#include "core/base/markup.h"
#include "core/base/text.h"
#include "core/base/text_fold.h"
#include "core/base/utf8.h"
#include "require.h"

#include <stdlib.h>
#include <string.h>

/* A copy whose memory ends with it. */
static char *
copy_bytes (const char *bytes, size_t size)
{
    char *copy = malloc (size);
    require (copy || !size);
    if (size)
        memcpy (copy, bytes, size);
    return copy;
}

static void
check_fold (const char *text, sks_word word)
{
    char form[SKS_MAX_WORD_BYTES], again[SKS_MAX_WORD_BYTES];
    char *bytes = copy_bytes (text + word.start, word.end - word.start);
    size_t size = sks_text_fold (bytes, word.end - word.start, form);
    require (size <= sizeof form && sks_utf8_valid (form, size, NULL));
    require (sks_text_fold (text + word.start, word.end - word.start, again) == size);
    require (memcmp (form, again, size) == 0);
    free (bytes);
}

static void
check_compound (const char *text, size_t size, sks_word first)
{
    sks_compound compound;
    char form[SKS_MAX_WORD_BYTES];
    size_t count = sks_text_compound (text, size, first, &compound), end = first.start;
    require (count == compound.count && count && count <= SKS_MAX_COMPOUND && compound.end <= size);
    for (size_t i = 0; i < count; i++) {
        require (compound.pieces[i].start >= end && compound.pieces[i].end > compound.pieces[i].start);
        end = compound.pieces[i].end;
    }
    require (end <= compound.end);
    size_t joined = sks_text_join (text, &compound, form);
    require (joined <= sizeof form && sks_utf8_valid (form, joined, NULL) && (count > 1 || !joined));
}

/* Masked text keeps its length, decoded text does not grow, and both still consist of complete characters. */
static void
check_markup (const char *text, size_t size)
{
    char *copy = malloc (size + 1);
    bool references, mojibake;
    require (copy);
    memcpy (copy, text, size);
    for (size_t at = 0, length; at < size; at += length) {
        if (!sks_markup_cover (copy, size, at, &length))
            length = 1;
        require (length && length <= size - at);
    }
    require (sks_utf8_valid (copy, size, NULL));
    memcpy (copy, text, size);
    size_t decoded = sks_markup_decode (copy, size, &references, &mojibake);
    require (decoded <= size && (references || mojibake || decoded == size) && sks_utf8_valid (copy, decoded, NULL));
    free (copy);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    const char *text = (const char *) data;
    sks_word word;
    if (!sks_utf8_valid (text, size, NULL))
        return 0;
    for (size_t from = 0; sks_text_word (text, size, from, &word); from = word.end) {
        require (word.start >= from && word.end > word.start && word.end <= size);
        require (sks_utf8_valid (text + word.start, word.end - word.start, NULL));
        check_fold (text, word);
        check_compound (text, size, word);
    }
    check_markup (text, size);
    for (size_t at = 0, length; at < size; at += length) {
        sks_text_case (text, size, at, &length);
        require (length && length <= size - at);
        require (sks_text_blank (text, size, at) <= size - at);
    }
    return 0;
}
