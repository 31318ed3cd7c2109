/* forms.h - word forms that the stemmer's rules do not join: child and children, buses and bus, wrote and write,
 * colour and color, organise and organize. Also words that the rules join but should not: organ and organize.
 *
 * Looked up before a word is stemmed, in the index and in queries. Exact forms are
 * not stemmed, so "=" still distinguishes them. */
#ifndef SKS_FORMS_H
#define SKS_FORMS_H

#include <skillsearch.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Write to out the form that is stemmed in place of a folded word; returns its length. For nearly all words this is
 * the word itself. */
size_t sks_forms_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

/* Write the stem of such a form to out, if it is a word that the stemmer would join with words of another meaning;
 * returns its length, or 0 if the stemmer should stem the word. */
size_t sks_forms_stem (const char *base, size_t size, char out[SKS_MAX_WORD_BYTES]);

#ifdef __cplusplus
}
#endif

#endif
