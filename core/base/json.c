/* json.c - the checker: one pass over the bytes with a small stack of open
 * levels, no recursion and no tree; then cJSON parses the text.
 *
 * The names of all open objects are in one growing list; closing an object compares its names and drops them. Many
 * names are sorted first, so an object crafted to be slow costs n log n. UTF-8 is checked first: after that, every
 * byte from 0x80 up is a plain part of a string. */
#include "json.h"
#include "json_scan.h"
#include "utf8.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 63 /* cJSON reads at most this many bytes of a number */
#define FEW_NAMES 16    /* up to this number, comparing all pairs is faster than sorting */
#define OWN_NAMES 64    /* this number of names is kept without allocation */
#define ENDS "the text ends too early"
#define NAME_EXCERPT 60 /* bytes of a name in an error text */

struct name {
    const char *bytes; /* between its quotes */
    size_t size;
    bool escaped; /* holds a backslash */
};

struct level {
    const char *opening;
    size_t first_name;
    size_t commas; /* of an array */
};

struct reader {
    const char *start, *at, *end;
    const sks_json_limits *limits;
    sks_error *err;
    unsigned depth;
    struct level levels[SKS_JSON_DEPTH];
    const char *string; /* the opening quote of the string that is being read, or NULL */
    struct name own_names[OWN_NAMES];
    struct name *names;
    size_t name_count, name_capacity;
    size_t value_count;
};

/* Refuse a text that is invalid only because it ends here. Its string, or else its innermost array or object, is not
 * closed. */
static int
refuse_cut (const struct reader *r)
{
    if (r->string)
        return sks_fail_at (r->err, SKS_EINVALID, r->string - r->start, ENDS ", in the string that begins here");
    const char *open = !r->depth                                 ? ""
                       : *r->levels[r->depth - 1].opening == '[' ? ": an array is not closed"
                                                                 : ": an object is not closed";
    return sks_fail_at (r->err, SKS_EINVALID, r->end - r->start, ENDS "%s", open);
}

static int
refuse (const struct reader *r, const char *at, const char *text)
{
    return at == r->end ? refuse_cut (r) : sks_fail_at (r->err, SKS_EINVALID, at - r->start, "%s", text);
}

static inline void
skip_white (struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

/* ---------------------------------------------------------------- strings */

/* The value of four hexadecimal digits, -1 if they are not. */
static int
hex4 (const char *at, const char *end)
{
    int value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Whether the text ends within the escape, or within the pair of escapes, at `from`. */
static bool
is_cut (const char *from, const char *end)
{
    static const char pair[] = "\\u0000\\u0000";
    size_t size = (size_t) (end - from);
    if (size >= sizeof pair - 1)
        return false;
    for (size_t i = 0; i < size; i++)
        if (pair[i] == '0' ? !strchr ("0123456789abcdefABCDEF", from[i]) || !from[i] : from[i] != pair[i])
            return false;
    return true;
}

/* Check \uXXXX, and the low surrogate that must follow a high one. */
static int
check_unicode (struct reader *r, const char *from)
{
    int unit = hex4 (r->at, r->end);
    if (unit < 0)
        return is_cut (from, r->end) ? refuse_cut (r) : refuse (r, from, "\\u needs four hexadecimal digits");
    if (unit == 0)
        return refuse (r, from, "\\u0000 is not allowed");
    r->at += 4;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 0;
    int low = r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u' ? hex4 (r->at + 2, r->end) : -1;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return is_cut (from, r->end) ? refuse_cut (r) : refuse (r, from, "half of a surrogate pair");
    r->at += 6;
    return 0;
}

static int
check_escape (struct reader *r)
{
    const char *from = r->at++;
    if (r->at == r->end)
        return refuse (r, r->at, "");
    char c = *r->at++;
    if (c == 'u')
        return check_unicode (r, from);
    if (c == '\0' || !strchr ("\"\\/bfnrt", c))
        return refuse (r, from, "an unknown escape");
    return 0;
}

/* Check a string from its opening quote on. *inner becomes its content. */
static int
check_string (struct reader *r, struct name *inner)
{
    r->string = r->at++;
    inner->bytes = r->at;
    inner->escaped = false;
    for (;;) {
        r->at = sks_json_plain_end (r->at, r->end);
        if (r->at == r->end)
            return refuse_cut (r);
        if (*r->at == '"')
            break;
        /* A line end or a NUL may follow a text that is cut. */
        if (*r->at != '\\' && r->at + 1 == r->end)
            return refuse_cut (r);
        if (*r->at == '\n' || *r->at == '\r')
            return refuse (r, r->string,
                           "this string is not closed in its line; a line end in a string is written \\n");
        if (*r->at != '\\')
            return refuse (r, r->at, "a control character in a string");
        inner->escaped = true;
        int rc = check_escape (r);
        if (rc)
            return rc;
    }
    inner->size = (size_t) (r->at++ - inner->bytes);
    r->string = NULL;
    return 0;
}

/* ------------------------------------------------------------------ names */

/* The character of a checked escape. */
static uint32_t
unescape (const char **at)
{
    static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    char c = (*at)[1];
    *at += 2;
    if (c != 'u')
        return (uint32_t) bytes[strchr (letters, c) - letters];
    uint32_t unit = (uint32_t) hex4 (*at, *at + 4);
    *at += 4;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    uint32_t low = (uint32_t) hex4 (*at + 2, *at + 6);
    *at += 6;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

/* The next character of a checked name. */
static uint32_t
next_character (const char **at)
{
    return **at == '\\' ? unescape (at) : sks_utf8_next (at);
}

/* Order by characters. UTF-8 bytes have the same order, so names without escapes, which are nearly all, are compared
 * as bytes. */
static int
compare_names (const struct name *a, const struct name *b)
{
    if (!a->escaped && !b->escaped) {
        int order = memcmp (a->bytes, b->bytes, a->size < b->size ? a->size : b->size);
        return order ? order : (a->size > b->size) - (a->size < b->size);
    }
    const char *left = a->bytes, *left_end = left + a->size;
    const char *right = b->bytes, *right_end = right + b->size;
    for (;;) {
        while (left < left_end && right < right_end && *left == *right && *left != '\\')
            left++, right++;
        if (left == left_end || right == right_end)
            return (left < left_end) - (right < right_end);
        if (*left != '\\' && *right != '\\')
            return (unsigned char) *left < (unsigned char) *right ? -1 : 1;
        uint32_t one = next_character (&left), other = next_character (&right);
        if (one != other)
            return one < other ? -1 : 1;
    }
}

static int
compare_names_and_places (const void *a, const void *b)
{
    const struct name *left = a, *right = b;
    int order = compare_names (left, right);
    return order ? order : (left->bytes > right->bytes) - (left->bytes < right->bytes);
}

/* The first name in the text that repeats an earlier one of its object, NULL if all differ. */
static const struct name *
find_twin (struct name *names, size_t count)
{
    const struct name *twin = NULL;
    if (count <= FEW_NAMES) {
        for (size_t i = 1; i < count; i++)
            for (size_t j = 0; j < i; j++)
                if (compare_names (&names[i], &names[j]) == 0)
                    return &names[i];
        return NULL;
    }
    qsort (names, count, sizeof *names, compare_names_and_places);
    for (size_t i = 1; i < count; i++)
        if (compare_names (&names[i - 1], &names[i]) == 0 && (!twin || names[i].bytes < twin->bytes))
            twin = &names[i];
    return twin;
}

static int
refuse_twin (const struct reader *r, const struct name *twin)
{
    size_t size = twin->size < NAME_EXCERPT ? twin->size : NAME_EXCERPT;
    if (size < twin->size)
        size = sks_utf8_start (twin->bytes, size);
    long at = twin->bytes - 1 - r->start;
    return sks_fail_at (r->err, SKS_EINVALID, at, "\"%.*s\" occurs twice in one object", (int) size, twin->bytes);
}

static bool
grow_names (struct reader *r)
{
    bool own = r->names == r->own_names;
    size_t capacity = r->name_capacity * 4;
    struct name *names = realloc (own ? NULL : r->names, capacity * sizeof *names);
    if (!names)
        return false;
    if (own)
        memcpy (names, r->own_names, sizeof r->own_names);
    r->names = names;
    r->name_capacity = capacity;
    return true;
}

/* Check "name" and its colon. */
static int
check_name (struct reader *r)
{
    skip_white (r);
    const char *from = r->at;
    if (from == r->end || *from != '"')
        return refuse (r, from, "a name in quotes was expected");
    if (r->name_count - r->levels[r->depth - 1].first_name == r->limits->members)
        return sks_fail_at (r->err, SKS_ELIMIT, from - r->start, "an object of more than %zu members",
                            r->limits->members);
    if (r->name_count == r->name_capacity && !grow_names (r))
        return sks_fail_memory (r->err);
    int rc = check_string (r, &r->names[r->name_count]);
    if (rc)
        return rc;
    r->name_count++;
    skip_white (r);
    if (r->at == r->end || *r->at != ':')
        return refuse (r, r->at, "':' was expected");
    r->at++;
    return 0;
}

/* ---------------------------------------------------------------- numbers */

/* Whether a well-formed number stays below infinity as a double. It compares digits, because strtod depends on the
 * caller's locale. */
static bool
number_finite (const char *at, const char *end)
{
    /* Half a unit above the largest double: from here on numbers round to infinity. */
    static const char edge[] = "17976931348623158079";
    char digits[] = "00000000000000000000";
    size_t kept = 0;
    int power = 0; /* power of ten of the first digit that is not 0 */
    bool fraction = false, started = false;
    for (; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.')
            fraction = true;
        if (*at < '0')
            continue;
        if (fraction ? !started : started)
            power += fraction ? -1 : 1;
        started |= *at != '0';
        if (started && kept < sizeof digits - 1)
            digits[kept++] = *at;
    }
    if (!started || at == end)
        return true;
    int sign = *++at == '-' ? -1 : 1, exponent = 0;
    for (at += *at == '-' || *at == '+'; at < end; at++)
        exponent = exponent < 100000 ? exponent * 10 + (*at - '0') : exponent;
    power += sign * exponent;
    return power < 308 || (power == 308 && memcmp (digits, edge, sizeof digits - 1) < 0);
}

/* Skip digits; false if there is no digit. */
static bool
skip_digits (struct reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > from;
}

static bool
skip_any (struct reader *r, char one, char other)
{
    if (r->at == r->end || (*r->at != one && *r->at != other))
        return false;
    r->at++;
    return true;
}

static int
check_number (struct reader *r)
{
    static const char no_digit[] = "a number lacks a digit here";
    const char *from = r->at;
    skip_any (r, '-', '-');
    const char *whole = r->at;
    if (!skip_digits (r))
        return refuse (r, r->at, no_digit);
    if (*whole == '0' && r->at - whole > 1)
        return refuse (r, whole, "a number with a leading zero");
    if (skip_any (r, '.', '.') && !skip_digits (r))
        return refuse (r, r->at, no_digit);
    if (skip_any (r, 'e', 'E')) {
        skip_any (r, '+', '-');
        if (!skip_digits (r))
            return refuse (r, r->at, no_digit);
    }
    if (r->at - from > NUMBER_BYTES)
        return sks_fail_at (r->err, SKS_ELIMIT, from - r->start, "a number of more than %d bytes", NUMBER_BYTES);
    if (!number_finite (from, r->at))
        return refuse (r, from, "a number too large for a double");
    return 0;
}

/* ------------------------------------------------------------------ values */

static int
open_level (struct reader *r)
{
    if (r->depth == r->limits->depth)
        return sks_fail_at (r->err, SKS_ELIMIT, r->at - r->start, "nested deeper than %u levels", r->limits->depth);
    r->levels[r->depth++] = (struct level) { r->at++, r->name_count, 0 };
    skip_white (r);
    return 0;
}

static int
close_level (struct reader *r)
{
    const struct level *level = &r->levels[r->depth - 1];
    const struct name *twin = find_twin (r->names + level->first_name, r->name_count - level->first_name);
    if (twin)
        return refuse_twin (r, twin);
    r->name_count = level->first_name;
    r->depth--;
    r->at++;
    return 0;
}

static int
check_word (struct reader *r)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen (words[i]);
        if ((size_t) (r->end - r->at) >= size && memcmp (r->at, words[i], size) == 0) {
            r->at += size;
            return 0;
        }
        if ((size_t) (r->end - r->at) < size && memcmp (r->at, words[i], (size_t) (r->end - r->at)) == 0)
            return refuse_cut (r);
    }
    return refuse (r, r->at, "a value was expected");
}

/* Check the beginning of a value. *value_next says whether another one must follow at once, as after an opening
 * bracket or a name. */
static int
begin_value (struct reader *r, bool *value_next)
{
    struct name unused;
    *value_next = false;
    if (r->at == r->end)
        return refuse (r, r->at, "");
    if (r->value_count++ == r->limits->values)
        return sks_fail_at (r->err, SKS_ELIMIT, r->at - r->start, "more than %zu values", r->limits->values);
    char c = *r->at;
    if (c == '"')
        return check_string (r, &unused);
    if (c == '-' || (c >= '0' && c <= '9'))
        return check_number (r);
    if (c != '{' && c != '[')
        return check_word (r);
    int rc = open_level (r);
    if (rc)
        return rc;
    if (r->at < r->end && *r->at == (c == '{' ? '}' : ']'))
        return close_level (r);
    *value_next = true;
    return c == '{' ? check_name (r) : 0;
}

/* Check what follows a value inside an array or object. */
static int
end_value (struct reader *r, bool *value_next)
{
    bool object = *r->levels[r->depth - 1].opening == '{';
    if (r->at < r->end && *r->at == (object ? '}' : ']'))
        return close_level (r);
    if (r->at == r->end || *r->at != ',')
        return refuse (r, r->at, object ? "',' or '}' was expected" : "',' or ']' was expected");
    if (!object && ++r->levels[r->depth - 1].commas == r->limits->items)
        return sks_fail_at (r->err, SKS_ELIMIT, r->at - r->start, "an array of more than %zu items", r->limits->items);
    r->at++;
    *value_next = true;
    return object ? check_name (r) : 0;
}

/* Whether the bytes from `at` to the end begin a character whose other bytes are missing. */
static bool
ends_in_character (const char *at, const char *end)
{
    unsigned char lead = (unsigned char) *at;
    long size = lead >= 0xF5 ? 0 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (end - at >= size)
        return false;
    for (at++; at < end; at++)
        if (((unsigned char) *at & 0xC0) != 0x80)
            return false;
    return true;
}

static int
check_text (struct reader *r)
{
    size_t bad_at;
    const char *end = r->end;
    if (!sks_utf8_valid (r->start, (size_t) (end - r->start), &bad_at)) {
        if (!ends_in_character (r->start + bad_at, end))
            return refuse (r, r->start + bad_at, SKS_JSON_NOT_UTF8);
        r->end = r->start + bad_at; /* to find what the text ends in */
    }
    if (r->end - r->start >= 3 && memcmp (r->start, "\xEF\xBB\xBF", 3) == 0)
        return refuse (r, r->start, "a byte order mark");
    bool value_next = true;
    do {
        skip_white (r);
        int rc = value_next ? begin_value (r, &value_next) : end_value (r, &value_next);
        if (rc)
            return rc;
    } while (value_next || r->depth > 0);
    skip_white (r);
    return r->at == end ? 0 : r->at == r->end ? refuse_cut (r) : refuse (r, r->at, "unexpected text after the value");
}

int
sks_json_check (const char *bytes, size_t size, const sks_json_limits *limits, sks_error *err)
{
    assert (limits->depth <= SKS_JSON_DEPTH);
    if (size > limits->bytes)
        return sks_fail_at (err, SKS_ELIMIT, (long) limits->bytes, "more than %zu bytes", limits->bytes);
    if (size == 0)
        return sks_fail_at (err, SKS_EINVALID, 0, "the text is empty");
    struct reader r;
    r.start = r.at = bytes;
    r.end = bytes + size;
    r.limits = limits;
    r.err = err;
    r.depth = 0;
    r.string = NULL;
    r.names = r.own_names;
    r.name_count = 0;
    r.name_capacity = OWN_NAMES;
    r.value_count = 0;
    int rc = check_text (&r);
    if (r.names != r.own_names)
        free (r.names);
    return rc;
}

int
sks_json_parse (cJSON **out, const char *bytes, size_t size, const sks_json_limits *limits, sks_error *err)
{
    *out = NULL;
    int rc = sks_json_check (bytes, size, limits, err);
    if (rc)
        return rc;
    char *text = malloc (size + 1);
    if (!text)
        return sks_fail_memory (err);
    memcpy (text, bytes, size);
    text[size] = '\0';
    /* The length must include the NUL, or cJSON refuses valid text. After the check it can fail only for lack of
     * memory. */
    *out = cJSON_ParseWithLengthOpts (text, size + 1, NULL, 1);
    free (text);
    return *out ? 0 : sks_fail_memory (err);
}
