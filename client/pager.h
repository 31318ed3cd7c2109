/* pager.h - shows long answers page by page in an external program, as git does.
 *
 * There is at most one at a time. Until it has ended, Ctrl-C affects only the pager. */
#ifndef SKS_PAGER_H
#define SKS_PAGER_H

#include <stdbool.h>
#include <stddef.h>

/* Start $SKILLSEARCH_PAGER, else $PAGER, else `command`, else "less", with LESS=FRX and LV=-c unless they are set.
 * False when no pager is wanted (its name is "" or "cat"), or when it cannot be started. */
bool sks_pager_open (const char *command);
bool sks_pager_is_open (void);

/* Write bytes to it. It is not a failure if the user quits before reading them all. */
void sks_pager_write (const char *bytes, size_t size);

/* Wait until the user quits it. False if the shell did not find the program, so that nothing was shown. */
bool sks_pager_close (void);

#endif
