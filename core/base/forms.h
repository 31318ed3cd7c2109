/* forms.h - word forms that no rule of the stemmer brings together: child and
 * children, buses and bus, wrote and write, colour and color, organise and organize.
 *
 * Looked up before a word is stemmed, in the index and in queries. Exact forms are
 * not stemmed, so "=" still tells them apart. */
#ifndef SKS_FORMS_H
#define SKS_FORMS_H

#include <skillsearch.h>
#include <stdbool.h>
#include <stddef.h>

/* The form to stem in place of a folded word: written to out, returns its length.
 * It is the word itself for nearly all. */
#ifdef __cplusplus
extern "C"
#endif
    size_t
    sks_forms_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

#endif
