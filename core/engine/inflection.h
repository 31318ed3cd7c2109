/* inflection.h - whether two forms of a stem are inflections of one word: "organ" and
 * "organs", "carry" and "carried". "organize" has the stem of "organ" too, and is
 * another word. */
#ifndef SKS_INFLECTION_H
#define SKS_INFLECTION_H

#include <skillsearch.h>
#include <stddef.h>

/* What all inflections of a folded word have in common: of two forms of one stem that
 * agree in it, one is an inflection of the other. Not a word to show. Writes to out,
 * returns its length. */
size_t sks_inflection_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

#endif
