/* bulk_words.h - the words of a text as a bulk export lists them, each as its stem or its form.
 *
 * Another engine finds what this one finds if it compares the same words. So it gets four lists, and splits them at
 * blanks only:
 *
 *   STEMS      each word as its stem. A stop word has no stem: it is its form, with SKS_BULK_FORM before it, as some
 *              stems have the letters of a stop word ("useful": "use").
 *   WHOLE      only for a text with compounds: the same, with the joined form of each compound in place of its pieces;
 *              after that the stop words that are written in capitals, which may be names ("IT"), in capitals.
 *   FORMS      each word as its form.
 *   COMPOUNDS  the joined forms of its compounds. */
#ifndef SKS_BULK_WORDS_H
#define SKS_BULK_WORDS_H

#include "core/index/words.h"

#include <stdbool.h>

#define SKS_BULK_FORM '=' /* no word has it */

enum sks_bulk_list { SKS_BULK_STEMS, SKS_BULK_WHOLE, SKS_BULK_FORMS, SKS_BULK_COMPOUNDS, SKS_BULK_LISTS };

typedef struct sks_bulk_word {
    const char *bytes; /* borrowed from the store, or from the lists */
    uint32_t size;
    bool stop;   /* of STEMS and WHOLE: the form of a stop word */
    bool joined; /* of WHOLE: of a compound */
    bool duty;   /* in the duty of a statement */
} sks_bulk_word;

typedef struct sks_bulk_words {
    uint32_t count[SKS_BULK_LISTS];
    sks_bulk_word word[SKS_BULK_LISTS][2 * SKS_MAX_STATEMENT_WORDS];
    char capitals[SKS_MAX_STATEMENT_BYTES]; /* of names */
    size_t capitals_size;
    sks_words words; /* of a statement */
} sks_bulk_words;

/* List the words of a statement. */
void sks_bulk_words_read (sks_bulk_words *out, const sks_store *store, uint32_t statement);

/* List the words of an occupation's title; longer ones than a statement may be are cut. */
void sks_bulk_words_read_title (sks_bulk_words *out, const sks_store *store, uint32_t occupation);

/* Whether a list has a word in the duty. */
bool sks_bulk_words_have_duty (const sks_bulk_words *words);

#endif
