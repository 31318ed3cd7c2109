/* instant.c - a date, a time of day and an offset, each read by its columns. */
#include "instant.h"

#include <string.h>

#define DAY_SECONDS 86400

static bool
is_digit (char c)
{
    return c >= '0' && c <= '9';
}

/* The number of exactly `digits` digits at *text, which is moved behind them;
 * false if they are not there or the number is out of bounds. */
static bool
take_number (const char **text, int digits, int least, int most, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        if (!is_digit ((*text)[i]))
            return false;
        value = value * 10 + ((*text)[i] - '0');
    }
    *text += digits;
    *out = value;
    return value >= least && value <= most;
}

static bool
take_one_of (const char **text, const char *choice, char *out)
{
    if (!**text || !strchr (choice, **text))
        return false;
    *out = *(*text)++;
    return true;
}

/* Days from 1970-01-01. Years begin in March here, so that a leap day is the
 * last of its year. */
static int64_t
days_since_1970 (int year, int month, int day)
{
    int y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    int leap_days = y >= 0 ? y / 4 - y / 100 + y / 400 : -1;
    return (int64_t) y * 365 + leap_days + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int
days_of_month (int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* ".420" and the like; nothing at all is good, too. */
static bool
take_fraction (const char **text, uint32_t *nanoseconds)
{
    uint32_t unit = 100000000;
    *nanoseconds = 0;
    if (**text != '.')
        return true;
    if (!is_digit (*++*text))
        return false;
    for (; is_digit (**text); ++*text, unit /= 10)
        *nanoseconds += unit * (uint32_t) (**text - '0');
    return true;
}

/* "Z" or "+02:00": the seconds that this clock is ahead of UTC. */
static bool
take_offset (const char **text, int *seconds)
{
    char sign, colon;
    int hours, minutes;
    *seconds = 0;
    if (!take_one_of (text, "Zz+-", &sign))
        return false;
    if (sign == 'Z' || sign == 'z')
        return true;
    if (!take_number (text, 2, 0, 23, &hours) || !take_one_of (text, ":", &colon) ||
        !take_number (text, 2, 0, 59, &minutes))
        return false;
    *seconds = (hours * 60 + minutes) * (sign == '-' ? -60 : 60);
    return true;
}

bool
sks_instant_read (sks_instant *out, const char *text)
{
    int year, month, day, hour, minute, second, ahead;
    char mark;
    if (!take_number (&text, 4, 0, 9999, &year) || !take_one_of (&text, "-", &mark) ||
        !take_number (&text, 2, 1, 12, &month) || !take_one_of (&text, "-", &mark) ||
        !take_number (&text, 2, 1, days_of_month (year, month), &day) || !take_one_of (&text, "Tt ", &mark) ||
        !take_number (&text, 2, 0, 23, &hour) || !take_one_of (&text, ":", &mark) ||
        !take_number (&text, 2, 0, 59, &minute) || !take_one_of (&text, ":", &mark) ||
        !take_number (&text, 2, 0, 60, &second) || !take_fraction (&text, &out->nanoseconds) ||
        !take_offset (&text, &ahead))
        return false;
    int of_day = hour * 3600 + minute * 60 + second;
    out->seconds = days_since_1970 (year, month, day) * DAY_SECONDS + of_day - ahead;
    return !*text;
}

int
sks_instant_compare (const char *left, const char *right)
{
    sks_instant a, b;
    bool read_a = sks_instant_read (&a, left), read_b = sks_instant_read (&b, right);
    if (!read_a || !read_b)
        return read_a != read_b ? (int) read_a - (int) read_b : strcmp (left, right);
    if (a.seconds != b.seconds)
        return a.seconds < b.seconds ? -1 : 1;
    return (a.nanoseconds > b.nanoseconds) - (a.nanoseconds < b.nanoseconds);
}
