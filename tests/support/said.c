/* said.c - searches a text for a part. */
#include "said.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

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
    ck_assert_msg (sks_test_file_has (daemon->log, part), "the log has no \"%s\"", part);
}
