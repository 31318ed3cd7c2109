/* character.c - kinds of characters: a table for ASCII, utf8proc for the rest. */
#include "character.h"

#include <stdlib.h>
#include <utf8proc.h>

const unsigned char sks_character_kinds[128] = {
    ['0' ... '9'] = SKS_DIGIT, ['A' ... 'Z'] = SKS_LETTER, ['a' ... 'z'] = SKS_LETTER, ['\''] = SKS_APOSTROPHE,
    ['`'] = SKS_APOSTROPHE,    ['-'] = SKS_SIGN,           ['/'] = SKS_SIGN,           ['\\'] = SKS_SIGN,
    ['.'] = SKS_SIGN,          [','] = SKS_SIGN,           [':'] = SKS_SIGN,           ['@'] = SKS_SIGN,
    ['_'] = SKS_SIGN,          ['&'] = SKS_SIGN,           ['+'] = SKS_SIGN,           ['#'] = SKS_SIGN,
    ['('] = SKS_SIGN,          [')'] = SKS_SIGN,
};

/* Whether a character is an apostrophe or is typed in place of one: quotation marks, primes, accents and letters that
 * look like it. */
static bool
is_apostrophe (uint32_t point)
{
    switch (point) {
    case 0x00B4: /* acute accent */
    case 0x02B9: /* modifier letter prime */
    case 0x02BB: /* modifier letter turned comma */
    case 0x02BC: /* modifier letter apostrophe */
    case 0x02BD:
    case 0x02BE:
    case 0x02BF:
    case 0x02C8: /* modifier letter vertical line */
    case 0x02CA: /* modifier letter acute accent */
    case 0x02CB: /* modifier letter grave accent */
    case 0x055A: /* Armenian apostrophe */
    case 0x05F3: /* Hebrew geresh */
    case 0x2018: /* left single quotation mark */
    case 0x2019: /* right single quotation mark */
    case 0x201A:
    case 0x201B: /* single high-reversed-9 quotation mark */
    case 0x2032: /* prime */
    case 0x2035: /* reversed prime */
    case 0xA78B:
    case 0xA78C: /* saltillo */
    case 0xFF07: /* full-width apostrophe */
    case 0xFF40: /* full-width grave accent */
        return true;
    default:
        return false;
    }
}

/* The ASCII sign that a character represents, 0 if it is not a sign. The em dash is not a sign: it separates
 * words. */
static char
sign_of (uint32_t point)
{
    switch (point) {
    case 0x2010: /* hyphen */
    case 0x2011: /* non-breaking hyphen */
    case 0x2012: /* figure dash */
    case 0x2013: /* en dash */
    case 0x2043: /* hyphen bullet */
    case 0x2212: /* minus */
    case 0xFE58: /* small em dash */
    case 0xFE63: /* small hyphen-minus */
    case 0xFF0D: /* full-width hyphen-minus */
        return '-';
    case 0x2044: /* fraction slash */
    case 0x2215: /* division slash */
    case 0xFF0F:
        return '/';
    case 0x2024: /* one dot leader */
    case 0xFF0E:
        return '.';
    case 0xFF0C:
        return ',';
    case 0x00D7: /* multiplication sign */
        return 'x';
    case 0x2236: /* ratio */
    case 0xFF1A:
        return ':';
    case 0xFE60:
    case 0xFF06:
        return '&';
    case 0xFE6B:
    case 0xFF20:
        return '@';
    case 0xFE62:
    case 0xFF0B:
        return '+';
    case 0x266F: /* music sharp */
    case 0xFE5F:
    case 0xFF03:
        return '#';
    case 0xFF08:
        return '(';
    case 0xFF09:
        return ')';
    case 0xFF3C:
        return '\\';
    case 0xFF3F:
        return '_';
    default:
        return 0;
    }
}

static int
kind_of_category (uint32_t point)
{
    switch (utf8proc_category ((utf8proc_int32_t) point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return SKS_LETTER;
    case UTF8PROC_CATEGORY_ND:
        return SKS_DIGIT;
    case UTF8PROC_CATEGORY_NO:
        return point >= 0x2080 && point <= 0x2089 ? SKS_LETTER : SKS_NUMBER; /* subscripts: CO2 */
    default:
        return SKS_OTHER;
    }
}

sks_character
sks_character_beyond_ascii (const char *text, size_t size, size_t at)
{
    utf8proc_int32_t read;
    utf8proc_ssize_t length =
        utf8proc_iterate ((const utf8proc_uint8_t *) text + at, (utf8proc_ssize_t) (size - at), &read);
    if (length <= 0)
        return (sks_character) { SKS_OTHER, 1, 0 };
    uint32_t point = (uint32_t) read;
    sks_character out = { SKS_OTHER, (size_t) length, sign_of (point) };
    if (out.sign)
        out.kind = SKS_SIGN;
    else if (is_apostrophe (point))
        out.kind = SKS_APOSTROPHE;
    else if (point == 0x200B) /* Unicode ignores it, but it marks a possible line break, so it separates words */
        out.kind = SKS_OTHER;
    else if (utf8proc_get_property (read)->ignorable)
        out.kind = SKS_IGNORABLE;
    else
        out.kind = kind_of_category (point);
    return out;
}

/* Usual ASCII spellings of small Latin letters that casefolding and decomposition do not change. Written by hand on
 * the model of ICU's Latin-ASCII, and not compared with it row by row. Sorted. */
static const struct latin {
    uint32_t point;
    const char *ascii;
} latins[] = {
    { 0x00E6, "ae" }, { 0x00F0, "d" }, { 0x00F8, "o" },  { 0x00FE, "th" }, { 0x0111, "d" },  { 0x0127, "h" },
    { 0x0131, "i" },  { 0x0138, "q" }, { 0x0142, "l" },  { 0x014B, "n" },  { 0x0153, "oe" }, { 0x0167, "t" },
    { 0x0180, "b" },  { 0x0183, "b" }, { 0x0188, "c" },  { 0x018C, "d" },  { 0x0192, "f" },  { 0x0199, "k" },
    { 0x019A, "l" },  { 0x019E, "n" }, { 0x01A5, "p" },  { 0x01AB, "t" },  { 0x01AD, "t" },  { 0x01B4, "y" },
    { 0x01B6, "z" },  { 0x01E5, "g" }, { 0x0221, "d" },  { 0x0225, "z" },  { 0x0234, "l" },  { 0x0235, "n" },
    { 0x0236, "t" },  { 0x0237, "j" }, { 0x0238, "db" }, { 0x0239, "qp" }, { 0x023C, "c" },  { 0x023F, "s" },
    { 0x0240, "z" },  { 0x0247, "e" }, { 0x0249, "j" },  { 0x024D, "r" },  { 0x024F, "y" },  { 0x0253, "b" },
    { 0x0255, "c" },  { 0x0256, "d" }, { 0x0257, "d" },  { 0x025B, "e" },  { 0x025F, "j" },  { 0x0260, "g" },
    { 0x0261, "g" },  { 0x0262, "g" }, { 0x0266, "h" },  { 0x0268, "i" },  { 0x026A, "i" },  { 0x026B, "l" },
    { 0x026D, "l" },  { 0x0271, "m" }, { 0x0272, "n" },  { 0x0273, "n" },  { 0x0274, "n" },  { 0x0276, "oe" },
    { 0x027D, "r" },  { 0x0280, "r" }, { 0x0282, "s" },  { 0x0288, "t" },  { 0x0289, "u" },  { 0x028B, "v" },
    { 0x028F, "y" },  { 0x0290, "z" }, { 0x0291, "z" },  { 0x029F, "l" },  { 0x1E9C, "s" },  { 0x1E9D, "s" },
    { 0x1EFB, "ll" }, { 0x1EFD, "v" }, { 0x1EFF, "y" },  { 0x2C61, "l" },  { 0x2C65, "a" },  { 0x2C66, "t" },
};

static int
compare_point (const void *key, const void *element)
{
    uint32_t point = *(const uint32_t *) key, other = ((const struct latin *) element)->point;
    return (point > other) - (point < other);
}

const char *
sks_character_latin (uint32_t point)
{
    const struct latin *found = bsearch (&point, latins, sizeof latins / sizeof *latins, sizeof *latins, compare_point);
    return found ? found->ascii : NULL;
}
