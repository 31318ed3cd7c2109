/* text_fold.c - folding. ASCII has a fast path; everything else goes through utf8proc. */
#include "text_fold.h"

#include "character.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

/* A folded word that is being written. */
struct folded {
    char *bytes; /* SKS_MAX_WORD_BYTES */
    size_t size;
    bool full; /* the word was cut; nothing more is added */
};

static void
put (struct folded *out, const char *bytes, size_t size)
{
    out->full |= out->size + size > SKS_MAX_WORD_BYTES;
    if (out->full)
        return;
    memcpy (out->bytes + out->size, bytes, size);
    out->size += size;
}

/* Whether the rest of a word, in lower case, is an English suffix after an apostrophe: patient's, he'll, she'd,
 * we've, they're, I'm. */
static bool
is_clitic (const char *rest, size_t size)
{
    static const char *const clitics[] = { "s", "d", "m", "ll", "ve", "re" };
    for (size_t i = 0; i < sizeof clitics / sizeof *clitics; i++)
        if (strlen (clitics[i]) == size && strncasecmp (rest, clitics[i], size) == 0)
            return true;
    return false;
}

/* Fold a word that is all ASCII; false when it is not. */
static bool
fold_ascii (const char *word, size_t size, struct folded *out)
{
    for (size_t i = 0; i < size; i++)
        if ((unsigned char) word[i] >= 0x80)
            return false;
    if (size && word[0] == '.' && word[1] >= '0' && word[1] <= '9')
        put (out, "0", 1);
    for (size_t i = 0; i < size; i++) {
        char c = word[i];
        if (c == '\'' || c == '`') {
            if (is_clitic (word + i + 1, size - i - 1))
                break;
        } else if (c != ',') {
            c = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
            put (out, &c, 1);
        }
    }
    return true;
}

/* Write the word with plain signs and apostrophes and without invisible characters. The result is not longer than the
 * word. */
static size_t
plain_signs (const char *word, size_t size, char *out)
{
    size_t used = 0;
    sks_character c;
    for (size_t at = 0; at < size; at += c.length) {
        c = sks_character_at (word, size, at);
        if (c.kind == SKS_APOSTROPHE)
            out[used++] = '\'';
        else if (c.kind == SKS_SIGN)
            out[used++] = c.sign;
        else if (c.kind != SKS_IGNORABLE) {
            memcpy (out + used, word + at, c.length);
            used += c.length;
        }
    }
    return used;
}

/* Marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters, all below U+0700, and those of any letter. In other
 * scripts a mark is a vowel, or makes another consonant. */
static bool
is_diacritic (uint32_t point)
{
    utf8proc_category_t category = utf8proc_category ((utf8proc_int32_t) point);
    if (category != UTF8PROC_CATEGORY_MN && category != UTF8PROC_CATEGORY_MC && category != UTF8PROC_CATEGORY_ME)
        return false;
    return point < 0x0700 || (point >= 0x1AB0 && point <= 0x1AFF) || (point >= 0x1DC0 && point <= 0x1DFF) ||
           (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE20 && point <= 0xFE2F);
}

/* Fold what utf8proc does not change: diacritics are dropped; Latin letters without a decomposition and the slash of a
 * fraction are replaced. Blanks or signs from a compatibility form are dropped. */
static void
fold_mapped (const char *mapped, size_t size, struct folded *out)
{
    const char *at = mapped, *end = mapped + size;
    while (at < end) {
        const char *start = at;
        uint32_t point = sks_utf8_next (&at);
        const char *latin = point >= 0x80 ? sks_character_latin (point) : NULL;
        sks_character c = sks_character_at (start, (size_t) (end - start), 0);
        if (is_diacritic (point))
            continue;
        if (latin)
            put (out, latin, strlen (latin));
        else if (point == 0x2044)
            put (out, "/", 1);
        else if (c.kind == SKS_LETTER || c.kind == SKS_DIGIT || point == '+' || point == '#' ||
                 (point == '.' && at < end))
            put (out, start, (size_t) (at - start));
        else if (c.kind == SKS_APOSTROPHE && is_clitic (at, (size_t) (end - at)))
            return;
    }
}

/* Fold any word. A very long word is cut before it is mapped: only its first characters count. */
static void
fold_any (const char *word, size_t size, struct folded *out)
{
    char plain[SKS_MAX_WORD_BYTES * 16];
    utf8proc_uint8_t *mapped = NULL;
    if (size > sizeof plain)
        size = sks_utf8_start (word, sizeof plain);
    size = plain_signs (word, size, plain);
    utf8proc_ssize_t length =
        utf8proc_map ((const utf8proc_uint8_t *) plain, (utf8proc_ssize_t) size, &mapped,
                      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (length > 0)
        fold_mapped ((const char *) mapped, (size_t) length, out);
    free (mapped);
}

/* Bytes of a number without the ".00" of an amount of money. */
static size_t
without_cents (const char *form, size_t size)
{
    if (size < 4 || memcmp (form + size - 3, ".00", 3) != 0)
        return size;
    for (size_t i = 0; i < size - 3; i++)
        if (!sks_character_is_digit (form[i]))
            return size;
    return size - 3;
}

/* Whether folding does not change a word: it has only small letters and digits, as most have. */
static bool
is_folded (const char *word, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!((word[i] >= 'a' && word[i] <= 'z') || sks_character_is_digit (word[i])))
            return false;
    return size <= SKS_MAX_WORD_BYTES;
}

size_t
sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    struct folded folded = { out, 0, false };
    if (is_folded (word, size)) {
        memcpy (out, word, size);
        return size;
    }
    if (!fold_ascii (word, size, &folded))
        fold_any (word, size, &folded);
    return without_cents (out, folded.size);
}

size_t
sks_text_join (const char *text, const sks_compound *compound, char out[SKS_MAX_WORD_BYTES])
{
    struct folded joined = { out, 0, false };
    for (size_t i = 0; i < compound->count; i++) {
        char piece[SKS_MAX_WORD_BYTES] = "", sign = i ? compound->signs[i - 1] : ' ';
        size_t size = sks_text_fold (text + compound->pieces[i].start,
                                     compound->pieces[i].end - compound->pieces[i].start, piece);
        bool digits =
            joined.size && size && sks_character_is_digit (out[joined.size - 1]) && sks_character_is_digit (piece[0]);
        if (sign == '&' || (digits && sign != '(' && sign != ','))
            put (&joined, &sign, 1);
        bool dot = joined.size && size && *piece == '.'; /* ASP.NET */
        put (&joined, piece + dot, size - dot);
    }
    return compound->count > 1 && !joined.full ? joined.size : 0;
}
