/* wrap.h - text for a terminal, broken at blanks. */
#ifndef SKS_WRAP_H
#define SKS_WRAP_H

#include "core/base/buffer.h"

#define SKS_WRAP_INDENT 6 /* blanks before what a broken line continues with */

/* Columns of the terminal that standard output is; 0: it is not a terminal. */
unsigned sks_wrap_columns (void);

/* Write lines of UTF-8, those that are wider than `columns` in several; 0: as they are. A character counts as one column. */
void sks_wrap_put (sks_buffer *out, const char *text, unsigned columns);

#endif
