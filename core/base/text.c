/* text.c - splitting and folding. ASCII takes a short way; all else goes
 * through utf8proc, whose only door this is. xxHash's only door this is too. */
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <xxhash.h>

/* ------------------------------------------------------------------ words */

enum kind { OTHER, LETTER, APOSTROPHE };

static inline bool
ascii_alnum (unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The kind of the character at `at`; *length its bytes. */
static enum kind
kind_at (const char *text, size_t size, size_t at, size_t *length)
{
    unsigned char c = (unsigned char) text[at];
    *length = 1;
    if (c < 0x80)
        return ascii_alnum (c) ? LETTER : c == '\'' ? APOSTROPHE : OTHER;
    utf8proc_int32_t point;
    utf8proc_ssize_t read =
        utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
    if (read <= 0)
        return OTHER;
    *length = (size_t) read;
    if (point == 0x2019)
        return APOSTROPHE;
    switch (utf8proc_category (point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return LETTER;
    default:
        return OTHER;
    }
}

char
sks_text_case (const char *text, size_t size, size_t at, size_t *length)
{
    utf8proc_int32_t point = 0;
    *length = 1;
    if ((unsigned char) text[at] < 0x80)
        return text[at] >= 'a' && text[at] <= 'z' ? 'a' : text[at] >= 'A' && text[at] <= 'Z' ? 'A' : '\0';
    utf8proc_ssize_t read =
        utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &point);
    *length = read > 0 ? (size_t) read : 1;
    utf8proc_category_t category = read > 0 ? utf8proc_category (point) : UTF8PROC_CATEGORY_CN;
    bool capital = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
    return capital ? 'A' : category == UTF8PROC_CATEGORY_LL ? 'a' : '\0';
}

bool
sks_text_word (const char *text, size_t size, size_t from, sks_word *out)
{
    size_t at = from, length;
    while (at < size && kind_at (text, size, at, &length) != LETTER)
        at += length;
    if (at >= size)
        return false;
    out->start = at;
    while (at < size) {
        enum kind kind = kind_at (text, size, at, &length);
        size_t next = at + length, after;
        if (kind == OTHER)
            break;
        if (kind == APOSTROPHE && (next >= size || kind_at (text, size, next, &after) != LETTER))
            break;
        at = next;
    }
    out->end = at;
    return true;
}

/* Lower case for a word of ASCII alone; false when it is not. */
static bool
fold_ascii (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES], size_t *length)
{
    size_t used = 0;
    if (size > SKS_MAX_WORD_BYTES)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char) word[i];
        if (c >= 0x80)
            return false;
        if (c == '\'') {
            bool possessive = i + 2 == size && (word[i + 1] == 's' || word[i + 1] == 'S');
            if (possessive)
                break;
            continue;
        }
        out[used++] = (char) (c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    *length = used;
    return true;
}

/* Bytes of the word without a possessive 's at its end. */
static size_t
without_possessive (const char *word, size_t size)
{
    if (size < 2 || (word[size - 1] != 's' && word[size - 1] != 'S'))
        return size;
    if (word[size - 2] == '\'')
        return size - 2;
    if (size >= 4 && memcmp (word + size - 4, "\xE2\x80\x99", 3) == 0)
        return size - 4;
    return size;
}

size_t
sks_text_fold (const char *word, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    size_t length;
    if (fold_ascii (word, size, out, &length))
        return length;
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t whole =
        utf8proc_map ((const utf8proc_uint8_t *) word, (utf8proc_ssize_t) without_possessive (word, size), &folded,
                      UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
                          UTF8PROC_STRIPMARK);
    if (whole <= 0) {
        free (folded);
        return 0;
    }
    length = 0;
    for (size_t i = 0, step; i < (size_t) whole; i += step) {
        /* A compatibility form may bring blanks or signs; only letters stay. */
        bool keep = kind_at ((const char *) folded, (size_t) whole, i, &step) == LETTER;
        if (keep && length + step > SKS_MAX_WORD_BYTES)
            break;
        if (keep) {
            memcpy (out + length, folded + i, step);
            length += step;
        }
    }
    free (folded);
    return length;
}

/* ------------------------------------------------------------- statements */

size_t
sks_text_blank (const char *text, size_t size, size_t at)
{
    const unsigned char *b = (const unsigned char *) text + at;
    size_t left = size - at;
    if (b[0] == ' ' || (b[0] >= 0x09 && b[0] <= 0x0D))
        return 1;
    if (left >= 2 && b[0] == 0xC2 && (b[1] == 0xA0 || b[1] == 0x85))
        return 2;
    if (left >= 3 && b[0] == 0xE2 && b[1] == 0x80 && (b[2] <= 0x8A || b[2] == 0xA8 || b[2] == 0xA9 || b[2] == 0xAF))
        return 3;
    if (left >= 3 && b[0] == 0xE3 && b[1] == 0x80 && b[2] == 0x80)
        return 3;
    return 0;
}

size_t
sks_text_squeeze (const char *text, size_t size, char *out)
{
    size_t used = 0, blank;
    bool pending = false;
    for (size_t i = 0; i < size;) {
        if ((blank = sks_text_blank (text, size, i))) {
            pending = used > 0;
            i += blank;
            continue;
        }
        if (pending)
            out[used++] = ' ';
        pending = false;
        out[used++] = text[i++];
    }
    return used;
}

size_t
sks_text_duty (const char *text, size_t size)
{
    const char *mark = memmem (text, size, SKS_DUTY_MARK, sizeof SKS_DUTY_MARK - 1);
    return mark ? (size_t) (mark - text) : 0;
}

/* Lucene's 33 English stop words and words that open or pad these sentences;
 * sorted. The second part is from measurements on statements (docs/ranking.md). */
static const char *const stop_words[] = {
    "a",    "all",  "an",    "and",     "any",  "are",   "as",     "at",    "be",   "but",     "by",
    "each", "etc",  "for",   "from",    "how",  "if",    "in",     "into",  "is",   "it",      "its",
    "no",   "not",  "of",    "on",      "or",   "other", "others", "own",   "per",  "related", "such",
    "that", "the",  "their", "them",    "then", "there", "these",  "they",  "this", "to",      "use",
    "used", "uses", "using", "various", "was",  "what",  "when",   "which", "who",  "will",    "with",
};

struct form {
    const char *bytes;
    size_t size;
};

static int
compare_form (const void *key, const void *element)
{
    const struct form *form = key;
    const char *word = *(const char *const *) element;
    int order = strncmp (form->bytes, word, form->size);
    return order ? order : word[form->size] ? -1 : 0;
}

bool
sks_text_stop_word (const char *form, size_t size)
{
    struct form key = { form, size };
    return size && bsearch (&key, stop_words, sizeof stop_words / sizeof *stop_words, sizeof *stop_words, compare_form);
}

uint64_t
sks_bytes_hash (const void *bytes, size_t size)
{
    return XXH3_64bits (bytes, size);
}

uint64_t
sks_text_hash (const char *text, size_t size)
{
    return sks_bytes_hash (text, size) >> 16;
}
