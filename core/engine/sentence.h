/* sentence.h - splits a text into sentences.
 *
 * A sentence ends
 *   - after . ! or ? (and closing quotes or brackets) when a blank of any kind follows and then a capital, a digit,
 *     an opening quote or bracket, or any character outside ASCII except a small Latin letter; not after an
 *     abbreviation ("e.g.", "U.S.", an initial), nor after "No." before a digit. "etc." and "p.m." do end one
 *     before a capital;
 *   - at a blank line, at a tag that ends a block (</li>, <br>, <p> ...);
 *   - at the end of a line if the next one begins with a bullet (bullet.h);
 *   - at the end of a line of a list without bullets: the next line begins with a capital, and this one does not
 *     end in a word that needs a continuation ("the", "and") or a comma, and is not so long that it was wrapped;
 *   - at ";" in a list: two or more of them in a line, or one at the end of a line.
 * Bullets, tags and blanks around a sentence are not part of it; text without a word is not a sentence. */
#ifndef SKS_SENTENCE_H
#define SKS_SENTENCE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct sks_sentence {
    size_t start, end; /* bytes of the text */
} sks_sentence;

/* The first sentence at or after byte `from`, which is 0 or the end of the previous sentence. text is valid UTF-8.
 * False if there is none. */
bool sks_sentence_next (const char *text, size_t size, size_t from, sks_sentence *out);

#endif
