/* run.c - run all suites, or those named on the command line. */
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int
main (int argc, char **argv)
{
    SRunner *runner = srunner_create (NULL);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (is_wanted (table[i].name, argc, argv))
            srunner_add_suite (runner, table[i].make ());
    srunner_run_all (runner, CK_NORMAL);
    int failed = srunner_ntests_failed (runner);
    srunner_free (runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
