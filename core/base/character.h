/* character.h - the role of a character in a word. */
#ifndef SKS_CHARACTER_H
#define SKS_CHARACTER_H

#include "utf8.h"

enum sks_character_kind {
    SKS_OTHER,      /* separates */
    SKS_LETTER,     /* letters and marks of any script, subscripts */
    SKS_DIGIT,      /* decimal digits of any script */
    SKS_NUMBER,     /* superscripts, fractions, numbers in circles: words of their own */
    SKS_IGNORABLE,  /* invisible: soft hyphen, joiners, direction marks, variation selectors */
    SKS_APOSTROPHE, /* apostrophe, and all characters typed in its place */
    SKS_SIGN        /* it may join words or belong to one; see `sign` */
};

typedef struct sks_character {
    int kind;
    size_t length; /* bytes */
    char sign;     /* of a sign: the ASCII sign that it represents: - / \ . , : @ _ & + # ( ), x for U+00D7 */
} sks_character;

/* The kinds of ASCII characters; the character of any other code point. */
extern const unsigned char sks_character_kinds[128];
sks_character sks_character_beyond_ascii (const char *text, size_t size, size_t at);

/* The character that starts at byte `at` < size of valid UTF-8. */
static inline sks_character
sks_character_at (const char *text, size_t size, size_t at)
{
    unsigned char c = (unsigned char) text[at];
    return c < 0x80 ? (sks_character) { sks_character_kinds[c], 1, (char) c }
                    : sks_character_beyond_ascii (text, size, at);
}

/* Whether a byte is an ASCII digit, or an ASCII letter. */
static inline bool
sks_character_is_digit (char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
sks_character_is_letter (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a character of this kind begins or continues a word. */
static inline bool
sks_character_is_alnum (int kind)
{
    return kind == SKS_LETTER || kind == SKS_DIGIT;
}

/* The first visible character at or after *at; *at becomes its position. At the end: kind SKS_OTHER and 0 bytes. */
static inline sks_character
sks_character_visible_at (const char *text, size_t size, size_t *at)
{
    sks_character c = { SKS_OTHER, 0, 0 };
    for (; *at < size; *at += c.length) {
        c = sks_character_at (text, size, *at);
        if (c.kind != SKS_IGNORABLE)
            return c;
    }
    return (sks_character) { SKS_OTHER, 0, 0 };
}

/* The replacement of a Latin letter that Unicode does not decompose (ø, æ, ł): one
 * or two ASCII letters in lower case; NULL for all others. Takes the lower-case letter. */
const char *sks_character_latin (uint32_t point);

#endif
