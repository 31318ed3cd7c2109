/* skip.h - skips a test that this machine cannot run. */
#ifndef SKS_TEST_SKIP_H
#define SKS_TEST_SKIP_H

#include <stdio.h>

/* Print the test and the reason, and end the test. tests/check.sh counts the line
 * as skipped, not as passed. */
#define SKIP(reason)                                                                                                   \
    do {                                                                                                               \
        printf ("skipped %s: %s\n", __func__, reason);                                                                 \
        fflush (stdout);                                                                                               \
        return;                                                                                                        \
    } while (0)

#endif
