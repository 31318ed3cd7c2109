/* suggest_parts.h - what suggest.c and suggest_duties.c share: the words that
 * were typed, and the best of what may be meant by them. */
#ifndef SKS_SUGGEST_PARTS_H
#define SKS_SUGGEST_PARTS_H

#include <skillsearch.h>
#include "match.h"

typedef struct sks_typed {
    sks_matcher matchers[SKS_MAX_QUERY_WORDS];
    size_t count;
    bool open;       /* the last word goes on */
    bool opening;    /* a duty must begin with it */
    uint64_t *takes; /* by form: the words that it may be, a bit each */
    uint64_t all;    /* the bits of all words that a duty or a title must hold */
    uint32_t stem;   /* of the open word, read as a whole one; SKS_NONE: it has none */
} sks_typed;

/* Whether all words are among these forms; *begins, whether they open them. */
bool sks_typed_holds (const sks_typed *typed, const uint32_t *forms, size_t count, bool *begins);

/* What may be meant, with what orders it: what follows the words before in the
 * most statements first, then what the most statements hold, then what begins as
 * the text does, then the lower number. */
typedef struct sks_candidate {
    uint64_t follows;
    uint64_t count;
    bool begins;
    uint32_t number;
} sks_candidate;

typedef struct sks_best {
    sks_candidate items[SKS_MAX_SUGGESTIONS];
    size_t count, limit;
} sks_best;

void sks_best_offer (sks_best *best, sks_candidate candidate);

/* Values of a field that begin as was typed, or whose label has a word that does:
 * "level:advanced". They go where words go. */
int sks_suggest_values (sks_matching *m, int field, const char *typed, uint32_t limit, sks_arena *arena,
                        sks_completions *out);

/* The duties part of sks_searcher_suggest. */
int sks_suggest_duties (sks_matching *m, const sks_typed *typed, uint32_t limit, sks_arena *arena,
                        sks_completions *out);

#endif
