/* wrap.h - text for a terminal, broken at blanks. */
#ifndef SKS_WRAP_H
#define SKS_WRAP_H

#include "core/base/buffer.h"

#define SKS_WRAP_INDENT 6 /* blanks at the start of a continuation line */

/* Columns of the terminal at standard output; 0: not a terminal, or too narrow. */
unsigned sks_wrap_columns (void);

/* Write lines of UTF-8; those wider than `columns` are broken, unless it is 0. A character counts as one column. */
void sks_wrap_put (sks_buffer *out, const char *text, unsigned columns);

#endif
