/* typed.h - the words of a text that is being typed, and the forms of the dictionary that each matches: all forms
 * that begin with the last word if nothing follows it yet, and for other words the forms of their stem. */
#ifndef SKS_TYPED_H
#define SKS_TYPED_H

#include "match.h"

typedef struct sks_typed {
    sks_matcher matchers[SKS_MAX_QUERY_WORDS];
    size_t count;
    bool open;       /* the last word may be incomplete */
    bool opening;    /* a duty must begin with it */
    uint64_t *takes; /* by form: the words that match it, one bit each */
    uint64_t all;    /* the bits of all words that a duty or a title must hold */
    uint32_t stem;   /* of the open word, read as a complete one; SKS_NONE if it has none */
} sks_typed;

/* Read a text of `size` bytes of valid UTF-8. Memory comes from m->arena. Returns 0, SKS_ELIMIT or a failure. */
int sks_typed_read (sks_matching *m, const char *text, size_t size, sks_typed *out);

/* Whether all words are among these forms; *begins is set to whether the forms begin with them. */
bool sks_typed_holds (const sks_typed *typed, const uint32_t *forms, size_t count, bool *begins);

#endif
