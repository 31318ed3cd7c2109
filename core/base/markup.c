/* markup.c - tables of the HTML 4 names that occur in exports and queries, and of Windows-1252. */
#include "markup.h"

#include "character.h"
#include "text.h"
#include "text_list.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_REFERENCE 32 /* bytes from "&" to ";" */
#define MAX_PASSES 3         /* a text that was escaped twice is decoded twice */

/* Sorted by name. */
static const struct name {
    const char *name;
    uint32_t point;
} names[] = {
    { "AElig", 0xC6 },    { "Aacute", 0xC1 },  { "Acirc", 0xC2 },    { "Agrave", 0xC0 },   { "Aring", 0xC5 },
    { "Atilde", 0xC3 },   { "Auml", 0xC4 },    { "Ccedil", 0xC7 },   { "Dagger", 0x2021 }, { "ETH", 0xD0 },
    { "Eacute", 0xC9 },   { "Ecirc", 0xCA },   { "Egrave", 0xC8 },   { "Euml", 0xCB },     { "Iacute", 0xCD },
    { "Icirc", 0xCE },    { "Igrave", 0xCC },  { "Iuml", 0xCF },     { "Ntilde", 0xD1 },   { "OElig", 0x152 },
    { "Oacute", 0xD3 },   { "Ocirc", 0xD4 },   { "Ograve", 0xD2 },   { "Omega", 0x3A9 },   { "Oslash", 0xD8 },
    { "Otilde", 0xD5 },   { "Ouml", 0xD6 },    { "Prime", 0x2033 },  { "Scaron", 0x160 },  { "THORN", 0xDE },
    { "Uacute", 0xDA },   { "Ucirc", 0xDB },   { "Ugrave", 0xD9 },   { "Uuml", 0xDC },     { "Yacute", 0xDD },
    { "Yuml", 0x178 },    { "aacute", 0xE1 },  { "acirc", 0xE2 },    { "acute", 0xB4 },    { "aelig", 0xE6 },
    { "agrave", 0xE0 },   { "alpha", 0x3B1 },  { "amp", 0x26 },      { "apos", 0x27 },     { "aring", 0xE5 },
    { "atilde", 0xE3 },   { "auml", 0xE4 },    { "bdquo", 0x201E },  { "beta", 0x3B2 },    { "brvbar", 0xA6 },
    { "bull", 0x2022 },   { "ccedil", 0xE7 },  { "cedil", 0xB8 },    { "cent", 0xA2 },     { "copy", 0xA9 },
    { "dagger", 0x2020 }, { "darr", 0x2193 },  { "deg", 0xB0 },      { "delta", 0x3B4 },   { "divide", 0xF7 },
    { "eacute", 0xE9 },   { "ecirc", 0xEA },   { "egrave", 0xE8 },   { "emsp", 0x2003 },   { "ensp", 0x2002 },
    { "eth", 0xF0 },      { "euml", 0xEB },    { "euro", 0x20AC },   { "frac12", 0xBD },   { "frac14", 0xBC },
    { "frac34", 0xBE },   { "frasl", 0x2044 }, { "ge", 0x2265 },     { "gt", 0x3E },       { "harr", 0x2194 },
    { "hellip", 0x2026 }, { "iacute", 0xED },  { "icirc", 0xEE },    { "iexcl", 0xA1 },    { "igrave", 0xEC },
    { "iquest", 0xBF },   { "iuml", 0xEF },    { "laquo", 0xAB },    { "larr", 0x2190 },   { "ldquo", 0x201C },
    { "le", 0x2264 },     { "lrm", 0x200E },   { "lsaquo", 0x2039 }, { "lsquo", 0x2018 },  { "lt", 0x3C },
    { "macr", 0xAF },     { "mdash", 0x2014 }, { "micro", 0xB5 },    { "middot", 0xB7 },   { "minus", 0x2212 },
    { "mu", 0x3BC },      { "nbsp", 0xA0 },    { "ndash", 0x2013 },  { "ne", 0x2260 },     { "not", 0xAC },
    { "ntilde", 0xF1 },   { "oacute", 0xF3 },  { "ocirc", 0xF4 },    { "oelig", 0x153 },   { "ograve", 0xF2 },
    { "omega", 0x3C9 },   { "ordf", 0xAA },    { "ordm", 0xBA },     { "oslash", 0xF8 },   { "otilde", 0xF5 },
    { "ouml", 0xF6 },     { "para", 0xB6 },    { "permil", 0x2030 }, { "pi", 0x3C0 },      { "plusmn", 0xB1 },
    { "pound", 0xA3 },    { "prime", 0x2032 }, { "quot", 0x22 },     { "raquo", 0xBB },    { "rarr", 0x2192 },
    { "rdquo", 0x201D },  { "reg", 0xAE },     { "rlm", 0x200F },    { "rsaquo", 0x203A }, { "rsquo", 0x2019 },
    { "sbquo", 0x201A },  { "scaron", 0x161 }, { "sect", 0xA7 },     { "shy", 0xAD },      { "sigma", 0x3C3 },
    { "sup1", 0xB9 },     { "sup2", 0xB2 },    { "sup3", 0xB3 },     { "szlig", 0xDF },    { "thinsp", 0x2009 },
    { "thorn", 0xFE },    { "tilde", 0x2DC },  { "times", 0xD7 },    { "trade", 0x2122 },  { "uacute", 0xFA },
    { "uarr", 0x2191 },   { "ucirc", 0xFB },   { "ugrave", 0xF9 },   { "uml", 0xA8 },      { "uuml", 0xFC },
    { "yacute", 0xFD },   { "yen", 0xA5 },     { "yuml", 0xFF },     { "zwj", 0x200D },    { "zwnj", 0x200C },
};

struct key {
    const char *bytes;
    size_t size;
};

static int
compare_name (const void *left, const void *right)
{
    const struct key *key = left;
    const char *name = ((const struct name *) right)->name;
    size_t length = strlen (name);
    int order = memcmp (key->bytes, name, key->size < length ? key->size : length);
    return order ? order : (key->size > length) - (key->size < length);
}

/* Windows-1252 at 0x80 to 0x9F: browsers decode &#150; in this way. */
static uint32_t
from_windows (uint32_t point)
{
    static const uint16_t points[32] = { 0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021,
                                         0x2C6,  0x2030, 0x160,  0x2039, 0x152,  0,      0x17D,  0,
                                         0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                         0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E,  0x178 };
    return point >= 0x80 && point <= 0x9F ? points[point - 0x80] : point;
}

/* The character of "#8212" or "#x2014"; 0 if a text must not contain it. */
static uint32_t
read_number (const char *digits, size_t size)
{
    char copy[LONGEST_REFERENCE + 1], *end;
    bool hexadecimal = size > 1 && (digits[1] | 0x20) == 'x';
    size_t skip = hexadecimal ? 2 : 1;
    memcpy (copy, digits, size);
    copy[size] = '\0';
    if (size <= skip || !strchr ("0123456789abcdefABCDEF", copy[skip]))
        return 0;
    unsigned long point = strtoul (copy + skip, &end, hexadecimal ? 16 : 10);
    if (*end || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return 0;
    point = from_windows ((uint32_t) point);
    return point >= 0x20 || point == '\t' || point == '\n' || point == '\r' ? (uint32_t) point : 0;
}

/* The character of the reference at `text`, 0 if it is not a reference; *size is the length of the reference. */
static uint32_t
read_reference (const char *text, size_t left, size_t *size)
{
    size_t max = left < LONGEST_REFERENCE ? left : LONGEST_REFERENCE;
    const char *end = memchr (text, ';', max);
    if (!end || end == text + 1)
        return 0;
    struct key key = { text + 1, (size_t) (end - text) - 1 };
    *size = key.size + 2;
    if (key.bytes[0] == '#')
        return read_number (key.bytes, key.size);
    const struct name *name = bsearch (&key, names, sizeof names / sizeof *names, sizeof *names, compare_name);
    return name ? name->point : 0;
}

static size_t
put_utf8 (char *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char) point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const unsigned char first[] = { 0, 0xC0, 0xE0, 0xF0 };
    out[0] = (char) (first[more] | point >> (6 * more));
    for (size_t i = 1; i <= more; i++)
        out[i] = (char) (0x80 | (point >> (6 * (more - i)) & 0x3F));
    return more + 1;
}

/* The same for a reference whose "&" may itself be escaped: "&amp;mdash;". */
static uint32_t
read_escaped (const char *text, size_t left, size_t *size)
{
    uint32_t point = read_reference (text, left, size);
    for (int i = 1; i < MAX_PASSES && point == '&'; i++) {
        char rest[LONGEST_REFERENCE + 1] = "&";
        size_t following = left - *size, length;
        following = following < LONGEST_REFERENCE ? following : LONGEST_REFERENCE;
        memcpy (rest + 1, text + *size, following);
        uint32_t inner = read_reference (rest, following + 1, &length);
        if (!inner)
            return point;
        point = inner;
        *size += length - 1;
    }
    return point;
}

/* The byte of a character in Windows-1252; 0 for ASCII and for characters that it does not have. */
static unsigned
to_windows (uint32_t point)
{
    if (point >= 0x80 && point <= 0xFF)
        return point;
    for (unsigned byte = 0x80; byte <= 0x9F; byte++)
        if (point > 0xFF && from_windows (byte) == point)
            return byte;
    return 0;
}

/* The character whose UTF-8 was read as Windows-1252 at `text`, as U+2019 was in "client\u00E2\u20AC\u2122s"; 0 if none
 * was. Only a few first bytes are tried: those of Latin letters, punctuation and Word's bullets, which in correct
 * text never precede these characters. */
static uint32_t
read_mojibake (const char *text, size_t left, size_t *size)
{
    const char *at = text, *end = text + left;
    uint32_t first = sks_utf8_next (&at), point = first & (first < 0xE0 ? 0x1F : 0x0F);
    size_t more = first == 0xC2 || first == 0xC3 || first == 0xC5 ? 1 : first == 0xE2 || first == 0xEF ? 2 : 0;
    if (!more)
        return 0;
    for (size_t i = 0; i < more; i++) {
        const char *next = at;
        unsigned byte = at < end ? to_windows (sks_utf8_next (&next)) : 0;
        /* The last byte of U+201D is not a character in Windows-1252, and some programs drop it. */
        if (byte < 0x80 || byte > 0xBF) {
            *size = (size_t) (at - text);
            return first == 0xE2 && i == 1 && (point & 0x3F) == 0 ? 0x201D : 0;
        }
        point = point << 6 | (byte & 0x3F);
        at = next;
    }
    *size = (size_t) (at - text);
    return point >= (more == 1 ? 0xA0 : 0x800) ? point : 0;
}

/* Whether a reference or mojibake may begin with this byte. A quick test, as almost no byte of a text does. */
static inline bool
may_open (char c)
{
    return c == '&' || (unsigned char) c >= 0xC3;
}

/* Whether the letter at `at` comes from a no-break space that was read as Windows-1252 and whose second byte became a
 * blank: "5 kg\u00C2 daily". After a capital the letter may belong to the word. */
static bool
is_left_over (const char *text, size_t size, size_t at)
{
    unsigned char before = at ? (unsigned char) text[at - 1] : ' ';
    return size - at > 2 && memcmp (text + at, "\u00C2 ", 3) == 0 && before < 0x80 && !(before >= 'A' && before <= 'Z');
}

uint32_t
sks_markup_at (const char *text, size_t size, size_t at, size_t *length)
{
    if (text[at] == '&')
        return read_escaped (text + at, size - at, length);
    if (!may_open (text[at]))
        return 0;
    if (is_left_over (text, size, at)) {
        *length = 2;
        return 0xA0;
    }
    return read_mojibake (text + at, size - at, length);
}

size_t
sks_markup_decode (char *text, size_t size, bool *references, bool *mojibake)
{
    size_t used = 0, length;
    *references = *mojibake = false;
    if (!memchr (text, '&', size) && sks_utf8_ascii (text, size)) {
        text[size] = '\0';
        return size;
    }
    for (size_t at = 0; at < size;) {
        uint32_t point = may_open (text[at]) ? sks_markup_at (text, size, at, &length) : 0;
        if (!point) {
            text[used++] = text[at++];
            continue;
        }
        *(text[at] == '&' ? references : mojibake) = true;
        used += put_utf8 (text + used, point);
        at += length;
    }
    text[used] = '\0';
    return used;
}

/* Fill bytes with invisible characters that do not separate words. A single byte, which is too small for one, becomes
 * a blank. */
static void
put_nothing (char *out, size_t size)
{
    if (size % 2 && size > 1) {
        memcpy (out, "\u200D", 3);
        out += 3;
        size -= 3;
    }
    for (; size > 1; size -= 2, out += 2)
        memcpy (out, "\u00AD", 2);
    if (size)
        *out = ' ';
}

/* Whether a character separates words and is not a quotation mark, which must touch the word beside it. */
static bool
separates_words (const char *bytes, size_t size, uint32_t point)
{
    static const uint32_t marks[] = { '"', 0xAB, 0xBB, 0x201C, 0x201D, 0x201E, 0x2039, 0x203A };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (marks[i] == point)
            return false;
    return sks_character_at (bytes, size, 0).kind == SKS_OTHER;
}

bool
sks_markup_cover (char *text, size_t size, size_t at, size_t *length)
{
    char bytes[4];
    uint32_t point = sks_markup_at (text, size, at, length);
    if (!point)
        return false;
    size_t used = put_utf8 (bytes, point), rest = *length - used;
    bool separates = separates_words (bytes, used, point);
    char *start = text + at + (point == '<' ? rest : 0), *padding = point == '<' ? text + at : start + used;
    memcpy (start, bytes, used);
    if (separates)
        memset (padding, ' ', rest);
    else
        put_nothing (padding, rest);
    return true;
}

/* Elements whose tags separate sentences, and other elements that occur in pasted text. */
static const char *const blocks[] = {
    "article", "blockquote", "br", "dd", "div", "dl",  "dt",      "h1",    "h2", "h3", "h4", "h5",
    "h6",      "hr",         "li", "ol", "p",   "pre", "section", "table", "td", "th", "tr", "ul",
};
static const char *const others[] = {
    "a",   "b",    "big",   "body", "code",   "em",    "font", "head", "html",  "i",
    "img", "mark", "small", "span", "strong", "style", "sub",  "sup",  "tbody", "u",
};

size_t
sks_markup_tag (const char *text, size_t size, size_t at, sks_markup_element *element)
{
    size_t name = at + 1, end;
    char lower[16];
    *element = SKS_MARKUP_UNKNOWN;
    if (at + 2 >= size || text[at] != '<')
        return 0;
    name += text[name] == '/';
    for (end = name; end < size && (sks_character_is_letter (text[end]) || sks_character_is_digit (text[end])); end++)
        if (end - name < sizeof lower)
            lower[end - name] = (char) (text[end] | 0x20);
    if (end - name <= sizeof lower && sks_text_listed (lower, end - name, blocks, sizeof blocks / sizeof *blocks))
        *element = SKS_MARKUP_BLOCK;
    else if (end - name <= sizeof lower && sks_text_listed (lower, end - name, others, sizeof others / sizeof *others))
        *element = SKS_MARKUP_INLINE;
    if (end == name || end >= size || !(sks_text_blank (text, size, end) || strchr ("/>", text[end])))
        return 0;
    while (end < size && end < at + SKS_LONGEST_TAG && text[end] != '>' && text[end] != '<')
        end++;
    return end < size && text[end] == '>' ? end + 1 - at : 0;
}

bool
sks_markup_has_tag (const char *text, size_t size)
{
    const char *end = text + size;
    for (const char *at = text; (at = memchr (at, '<', (size_t) (end - at)));) {
        at++;
        const char *name = at + (at < end && *at == '/');
        if (name < end && ((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z')) &&
            memchr (name, '>', (size_t) (end - name)))
            return true;
    }
    return false;
}
