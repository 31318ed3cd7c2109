/* words.h - a statement's words, read from the token stream.
 *
 * Phrases, exact forms and spans need the positions of words; they are read here. */
#ifndef SKS_WORDS_H
#define SKS_WORDS_H

#include "store.h"

#include <stdbool.h>

typedef struct sks_words {
    uint32_t count;
    uint32_t duty; /* words of the duty; 0 for a plain statement */
    uint64_t seen; /* sks_words_bit of all stems, including those of joined forms */
    uint32_t form[SKS_MAX_STATEMENT_WORDS];
    uint32_t stem[SKS_MAX_STATEMENT_WORDS];  /* SKS_NONE for a stop word */
    uint32_t entry[SKS_MAX_STATEMENT_WORDS]; /* in the dictionary; it has the spelling */
    uint16_t start[SKS_MAX_STATEMENT_WORDS]; /* bytes in the text */
    uint16_t end[SKS_MAX_STATEMENT_WORDS];
    uint32_t joined[SKS_MAX_STATEMENT_WORDS]; /* joined form of the compound that starts here, or SKS_NONE */
    uint8_t span[SKS_MAX_STATEMENT_WORDS];    /* the number of words in that compound */
} sks_words;

/* Read the words of a statement. */
void sks_words_read (sks_words *words, const sks_store *store, uint32_t statement);

/* The bit of a stem in sks_words.seen: if it is not set, the statement has no word of the stem. Stems share bits. */
static inline uint64_t
sks_words_bit (uint32_t stem)
{
    return (uint64_t) 1 << stem % 64;
}

/* What one word of a query matches in the index: all forms of a stem, or a range of forms. For a prefix, only its
 * most frequent forms may match. */
typedef struct sks_matcher {
    uint32_t stem;       /* any form of this stem; SKS_NONE: the range of forms counts */
    uint32_t first, end; /* forms in [first, end): one form, or a prefix's forms */
    uint32_t form;       /* the form as in the query, or SKS_NONE */
    bool exact;          /* as written: no joined form of a compound */
    uint32_t min;        /* of the range, only forms in more statements match, */
    uint32_t ties;       /* and those in exactly `min` statements before this form */
    bool capitals;       /* only if written in capitals */
} sks_matcher;

/* Whether a form in [first, end) matches. */
static inline bool
sks_matcher_takes_form (const sks_matcher *matcher, const sks_store *store, uint32_t form)
{
    uint32_t statements = store->form[form].statements;
    return store->form[form].joined != SKS_FORM_ABSENT &&
           (!matcher->min || statements > matcher->min || (statements == matcher->min && form < matcher->ties));
}

static inline bool
sks_matcher_takes (const sks_matcher *matcher, const sks_store *store, uint32_t form)
{
    if (matcher->stem != SKS_NONE)
        return store->form[form].stem == matcher->stem;
    return form >= matcher->first && form < matcher->end && sks_matcher_takes_form (matcher, store, form);
}

/* The number of adjacent words, from word `at` on and before word `limit`, that match the matchers in order; 0 if
 * they do not match. A matcher may match a complete compound by its joined form. */
uint32_t sks_words_match (const sks_words *words, const sks_store *store, uint32_t at, uint32_t limit,
                          const sks_matcher *matchers, size_t count);

#endif
