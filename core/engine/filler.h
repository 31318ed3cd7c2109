/* filler.h - words of questions and requests. They also occur in statements, so the index has them; next to other
 * words of a query they mean nothing. */
#ifndef SKS_FILLER_H
#define SKS_FILLER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a folded word is a filler. */
bool sks_filler (const char *form, size_t size);

#endif
