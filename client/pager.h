/* pager.h - a program that shows long answers page by page, as git has it.
 *
 * There is one at a time. Until it has ended, Ctrl-C is for the pager alone. */
#ifndef SKS_PAGER_H
#define SKS_PAGER_H

#include <stdbool.h>
#include <stddef.h>

/* Start $SKILLSEARCH_PAGER, else $PAGER, else `command`, else "less", with LESS=FRX and LV=-c unless they are set.
 * False when there is to be no pager (its name is "" or "cat"), or when it cannot be started. */
bool sks_pager_open (const char *command);
bool sks_pager_is_open (void);

/* Give it bytes. What it does not read, as its user has left it, is no failure. */
void sks_pager_write (const char *bytes, size_t size);

/* Wait until its user has left it. False when the shell did not find it, so that nothing was shown. */
bool sks_pager_close (void);

#endif
