/* sentence.h - a text -> its sentences.
 *
 * A sentence ends
 *   - after . ! or ? (and closing quotes or brackets) when a blank of any kind
 *     follows and then a capital, a digit, an opening quote or bracket, or any
 *     character outside ASCII but a small Latin letter; not after an
 *     abbreviation ("e.g.", "U.S.", an initial), nor after "No." before a digit.
 *     "etc." and "p.m." do end one before a capital;
 *   - at a blank line, at a tag that ends a block (</li>, <br>, <p> ...);
 *   - at the end of a line when the next one opens with a bullet (bullet.h);
 *   - at the end of a line of a list without bullets: the next line opens with a
 *     capital, and this one ends in no word that wants another ("the", "and", a
 *     comma) and is not so long that it was wrapped;
 *   - at ";" in a list of them: two or more in one line or one at a line's end.
 * Bullets, tags, and blanks around it, are no part of a sentence; what holds no
 * word is not a sentence. */
#ifndef SKS_SENTENCE_H
#define SKS_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_sentence {
    size_t start, end; /* bytes of the text */
} sks_sentence;

/* The first sentence at or after byte `from`, which is 0 or the end of the
 * sentence before. text is valid UTF-8. False when there is none. */
bool sks_sentence_next (const char *text, size_t size, size_t from, sks_sentence *out);

#endif
