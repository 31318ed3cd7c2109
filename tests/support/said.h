/* said.h - assertions about a text: a reply, a log, the output of a program. All calls fail the test by themselves and
 * show the text. */
#ifndef SKS_TEST_SAID_H
#define SKS_TEST_SAID_H

#include "daemon.h"

void assert_has (const char *text, const char *part);

/* The number directly after a part of a text, as in "\"total\":7". */
unsigned long long number_after (const char *text, const char *part);

/* Assert that a daemon has logged it. */
void assert_log_has (const sks_test_daemon *daemon, const char *part);

#endif
