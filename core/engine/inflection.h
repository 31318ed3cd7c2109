/* inflection.h - whether two forms of a stem are inflections of one word: "organ" and "organs", "carry" and
 * "carried". "organize" also has the stem of "organ", but is another word. */
#ifndef SKS_INFLECTION_H
#define SKS_INFLECTION_H

#include <skillsearch.h>
#include <stddef.h>

/* Write to out a key that all inflections of a folded word have in common; returns its length. Two forms of one
 * stem with equal keys are inflections of one word. The key is not a word for display. */
size_t sks_inflection_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

#endif
