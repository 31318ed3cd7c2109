/* sentence.h - a text -> its sentences.
 *
 * A sentence ends
 *   - behind . ! or ? (and closing quotes or brackets) when a blank follows and
 *     then a capital, a digit, an opening quote or bracket, or any character
 *     outside ASCII but a small Latin letter; not behind an abbreviation ("e.g.",
 *     "etc.", "U.S.", an initial), nor behind "No." before a digit;
 *   - at a blank line;
 *   - at the end of a line when the next one opens with a bullet (- * + and the
 *     like, or "3." or "b)").
 * Bullets, and blanks around it, are no part of a sentence; what holds no word is
 * none. A sentence of a list without bullets goes on to the next full stop. */
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
