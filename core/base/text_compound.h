/* text_compound.h - words that one sign joins without a blank are a compound: it is indexed as its words and as the
 * joined form (text_fold.h). */
#ifndef SKS_TEXT_COMPOUND_H
#define SKS_TEXT_COMPOUND_H

#include "text_word.h"

/* Maximum number of words in a compound; a longer run is several compounds. */
#define SKS_MAX_COMPOUND 8

/* A compound, or a word alone: e-mail, on-site, A/B, 24/7, 401(k), jane@x.org. */
typedef struct sks_compound {
    sks_word pieces[SKS_MAX_COMPOUND + 1]; /* one more is scratch */
    char signs[SKS_MAX_COMPOUND];          /* between them: "-", "/" ...; a blank when there is no sign */
    size_t count;                          /* 1: a word alone */
    size_t end;                            /* after the last piece and its closing parenthesis */
} sks_compound;

/* The compound that starts with the word `first`; returns its count. To read on, continue at the end of the last
 * piece. */
size_t sks_text_compound (const char *text, size_t size, sks_word first, sks_compound *out);

#endif
