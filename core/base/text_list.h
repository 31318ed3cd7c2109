/* text_list.h - lists of words. */
#ifndef SKS_TEXT_LIST_H
#define SKS_TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a form is one of `count` words, which are sorted by their bytes. */
bool sks_text_listed (const char *form, size_t size, const char *const *list, size_t count);

/* Whether a folded word is a stop word: too common to distinguish statements. */
bool sks_text_stop_word (const char *form, size_t size);

#endif
