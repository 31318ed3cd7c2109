/* forms.h - word forms that the stemmer's rules do not join: child and
 * children, buses and bus, wrote and write, colour and color, organise and organize.
 *
 * Looked up before a word is stemmed, in the index and in queries. Exact forms are
 * not stemmed, so "=" still distinguishes them. */
#ifndef SKS_FORMS_H
#define SKS_FORMS_H

#include <skillsearch.h>
#include <stdbool.h>
#include <stddef.h>

/* Write the form to stem instead of a folded word to out; returns its length. For nearly all words this is the word
 * itself. */
#ifdef __cplusplus
extern "C"
#endif
    size_t
    sks_forms_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

#endif
