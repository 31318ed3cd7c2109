/* inflection.h - whether two forms of a stem are inflections of one word: "organ" and "organs", "carry" and
 * "carried". "organize" also has the stem of "organ", but is another word. */
#ifndef SKS_INFLECTION_H
#define SKS_INFLECTION_H

#include <skillsearch.h>
#include <stdbool.h>
#include <stddef.h>

/* Write to out a key that all inflections of a folded word have in common; returns its length. Two forms of one
 * stem with equal keys are inflections of one word. The key is not a word for display. */
size_t sks_inflection_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES]);

/* The bytes at the beginning of a folded word that all its regular inflections share: "carr" of "carried", "fit" of
 * "fitted". */
size_t sks_inflection_root (const char *form, size_t size);

/* Whether two folded words, of which at least one is a participle, are regular inflections of one: "experience" and
 * "experienced". Stricter than equal keys, which "maill" and "mail" have, too. */
bool sks_inflection_related (const char *a, size_t a_size, const char *b, size_t b_size);

#endif
