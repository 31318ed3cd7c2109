/* run.c - runs all suites, or those named on the command line. Each suite prints one line when it ends, with its
 * failures below; the last line has the counts in Check's own form. */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seconds for one test, unless its case sets its own: many times the time on an idle machine, because this one may be
 * busy. */
#define DEFAULT_TIMEOUT_S "120"

static const struct {
    const char *name;
    Suite *(*make) (void);
} table[] = {
#define ROW(name) { #name, suite_##name },
    SUITES (ROW)
#undef ROW
};

static int
is_wanted (const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp (argv[i], name) == 0)
            return 1;
    return argc < 2;
}

static void
print_failures (SRunner *runner, const char *suite)
{
    int count = srunner_ntests_failed (runner);
    TestResult **results = srunner_failures (runner);
    for (int i = 0; i < count; i++)
        printf ("not ok %s/%s: %s:%d: %s\n", suite, tr_tcname (results[i]), tr_lfile (results[i]), tr_lno (results[i]),
                tr_msg (results[i]));
    free (results);
}

int
main (int argc, char **argv)
{
    int run = 0, failed = 0;
    setenv ("CK_DEFAULT_TIMEOUT", DEFAULT_TIMEOUT_S, 0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!is_wanted (table[i].name, argc, argv))
            continue;
        SRunner *runner = srunner_create (table[i].make ());
        srunner_run_all (runner, CK_SILENT);
        run += srunner_ntests_run (runner);
        failed += srunner_ntests_failed (runner);
        printf ("%s %s: %d tests\n", srunner_ntests_failed (runner) ? "failed" : "ok", table[i].name,
                srunner_ntests_run (runner));
        print_failures (runner, table[i].name);
        fflush (stdout);
        srunner_free (runner);
    }
    printf ("%d%%: Checks: %d, Failures: %d, Errors: 0\n", run ? (run - failed) * 100 / run : 0, run, failed);
    return failed || !run ? EXIT_FAILURE : EXIT_SUCCESS;
}
