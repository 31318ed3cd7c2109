/* said.h - what a text must say: a reply, a log, what a program wrote. All calls
 * fail the test by themselves and show the text. */
#ifndef SKS_TEST_SAID_H
#define SKS_TEST_SAID_H

#include "daemon.h"

void assert_has (const char *text, const char *part);

/* The number directly after a part of a text, as in "\"total\":7". */
unsigned long long number_after (const char *text, const char *part);

/* That a daemon has logged it. */
void assert_log_has (const sks_test_daemon *daemon, const char *part);

#endif
