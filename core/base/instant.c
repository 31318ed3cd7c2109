/* instant.c - tries several formats with strptime(3). */
#include "instant.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#define LONGEST 64 /* bytes of a time; longer texts are not times */

struct form {
    const char *format;
    size_t size; /* of a text in this format; checked because strptime accepts fewer digits, and blanks */
};

static const struct form dates[] = { { "%Y-%m-%d", 10 }, { "%Y%m%d", 8 } };
static const struct form seconds[] = { { "%H:%M:%S", 8 }, { "%H%M%S", 6 } };
static const struct form minutes[] = { { "%H:%M", 5 }, { "%H%M", 4 }, { "%H", 2 } };
static const struct form offsets[] = { { "%z", 6 }, { "%z", 5 }, { "%z", 3 } };
#define COUNT(table) (sizeof (table) / sizeof *(table))

/* Read the beginning of *text and move *text past it; false if it has none of the formats. */
static bool
take (const char **text, const struct form *forms, size_t count, struct tm *out)
{
    for (size_t i = 0; i < count; i++) {
        struct tm tm = *out;
        const char *end = strptime (*text, forms[i].format, &tm);
        if (!end || (size_t) (end - *text) != forms[i].size || strcspn (*text, " \t") < forms[i].size)
            continue;
        *text = end;
        *out = tm;
        return true;
    }
    return false;
}

/* ".420" or ",420"; may be missing. */
static bool
take_fraction (const char **text, sks_instant *out)
{
    if (**text != '.' && **text != ',')
        return true;
    if (!isdigit ((unsigned char) *++*text))
        return false;
    for (uint32_t unit = 100000000; isdigit ((unsigned char) **text); ++*text, unit /= 10) {
        out->nanoseconds += unit * (uint32_t) (**text - '0');
        out->digits += unit > 0;
    }
    return true;
}

static bool
take_time (const char **text, struct tm *tm, sks_instant *out)
{
    if (take (text, seconds, COUNT (seconds), tm))
        return tm->tm_sec <= 60 && take_fraction (text, out);
    return take (text, minutes, COUNT (minutes), tm);
}

/* An offset, "Z", "UTC", "GMT", or nothing, which is UTC. */
static bool
take_zone (const char **text, struct tm *tm)
{
    if (**text == ' ')
        ++*text;
    if (take (text, offsets, COUNT (offsets), tm))
        return tm->tm_gmtoff > -86400 && tm->tm_gmtoff < 86400;
    *text += **text == 'Z' ? 1 : strncmp (*text, "UTC", 3) == 0 || strncmp (*text, "GMT", 3) == 0 ? 3 : 0;
    return true;
}

bool
sks_instant_read (sks_instant *out, const char *text)
{
    char upper[LONGEST];
    size_t size = strlen (text);
    struct tm tm = { .tm_mday = 1 };
    if (!size || size >= sizeof upper || text[size - 1] == ' ')
        return false;
    for (size_t i = 0; i <= size; i++)
        upper[i] = (char) toupper ((unsigned char) text[i]);
    text = upper;
    *out = (sks_instant) { 0 };
    if (!take (&text, dates, COUNT (dates), &tm))
        return false;
    struct tm day = tm;
    timegm (&day); /* turns February 30 into a day in March */
    if (day.tm_mday != tm.tm_mday)
        return false;
    if (*text == 'T' || (*text == ' ' && isdigit ((unsigned char) text[1]))) {
        text++;
        if (!take_time (&text, &tm, out) || !take_zone (&text, &tm))
            return false;
    }
    out->offset = (int32_t) tm.tm_gmtoff;
    out->seconds = timegm (&tm) - out->offset;
    return !*text;
}

int
sks_instant_compare (const char *left, const char *right)
{
    sks_instant a, b;
    bool read_a = sks_instant_read (&a, left), read_b = sks_instant_read (&b, right);
    if (!read_a || !read_b)
        return (int) read_a - (int) read_b;
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanoseconds > b.nanoseconds) - (a.nanoseconds < b.nanoseconds);
}
