/* nearest.h - finds the word that a misspelt one may stand for. */
#ifndef SKS_NEAREST_H
#define SKS_NEAREST_H

#include <stddef.h>

/* Longer words have no nearest word. */
#define SKS_NEAREST_BYTES 24

/* The word of a blank-separated list that is nearest to `word`, if one is near enough to be a typing error or begins
 * with it: *size bytes from there on. NULL if there is none. */
const char *sks_nearest_find (const char *word, const char *list, size_t *size);

/* The words of such a list for a message, `last` before the last one: "a, b or c". */
#define SKS_NEAREST_LIST_BYTES 256
void sks_nearest_list (char out[SKS_NEAREST_LIST_BYTES], const char *list, const char *last);

#endif
