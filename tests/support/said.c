/* said.c - searches a text for a part. */
#include "said.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LOG_BYTES (1 << 16)

void
assert_has (const char *text, const char *part)
{
    ck_assert_msg (strstr (text, part) != NULL, "\"%s\" is not in: %.2000s", part, text);
}

unsigned long long
number_after (const char *text, const char *part)
{
    assert_has (text, part);
    return strtoull (strstr (text, part) + strlen (part), NULL, 10);
}

void
assert_log_has (const sks_test_daemon *daemon, const char *part)
{
    static char text[LOG_BYTES];
    sks_test_file_read (daemon->log, text, sizeof text);
    assert_has (text, part);
}
