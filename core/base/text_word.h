/* text_word.h - the words of a text.
 *
 * A word is a run of Unicode letters, digits and marks. It may also contain invisible characters, apostrophes between
 * letters, dots and commas inside numbers, up to three "+" or "#" after a letter, the dot of ".NET" and
 * ".5". Positions are bytes; texts are valid UTF-8. */
#ifndef SKS_TEXT_WORD_H
#define SKS_TEXT_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* A word in a text: bytes [start, end). */
typedef struct sks_word {
    size_t start, end;
} sks_word;

/* The first word at or after byte `from`. False at the end. */
bool sks_text_word (const char *text, size_t size, size_t from, sks_word *out);

#endif
