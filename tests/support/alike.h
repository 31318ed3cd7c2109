/* alike.h - fixture for the tests of likeness and of what is built on it: three indexes, and functions that examine
 * their answers.
 *
 * A small index written by hand shows rows, pairs and words one by one; on the sample exports, and on statements drawn
 * from few words, answers are compared with an independent computation of their rules. */
#ifndef SKS_TEST_ALIKE_H
#define SKS_TEST_ALIKE_H

#include "core/base/buffer.h"
#include "core/engine/likeness.h"
#include "core/engine/operations.h"
#include "corpus.h"

#include <check.h>

#define DRAWS 60
#define NEAR 1e-6

/* Occupations of the small index. */
#define MAIL "43-9051.00"
#define REPAIR "49-9099.00"
#define PLAIN "51-9199.00"

extern engine drawn;     /* statements drawn from few words */
extern engine wide;      /* one statement more at a level than can be compared */
extern sks_arena *arena; /* where answers are allocated */

void alike_open_small (void);
void alike_close_small (void);

/* The sample exports (corpus.h) and the drawn statements. */
void alike_open_corpus (void);
void alike_close_corpus (void);

void alike_open_wide (void);
void alike_close_wide (void);

/* The id of the occupation's statement whose text begins with this. Fails the test when there is none. Borrowed: valid
 * until the index is closed. */
const char *alike_id (const engine *e, const char *soc, const char *start);

/* The profile of a statement; valid until the next call of its searcher. */
sks_profile alike_profile (sks_matching *m, const char *id);

/* The reasons of a likeness; returns how many. */
size_t alike_explain (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common **out);

double alike_likeness (engine *e, const char *left, const char *right);

/* The texts of spans, separated by bars. Borrowed: valid until the next call. */
const char *alike_cut (const char *text, const sks_span *spans, size_t count);

/* The stems of a statement as the tests compute them, each once, without stop words. */
typedef struct alike_stems {
    char text[64][SKS_MAX_WORD_BYTES + 1];
    uint32_t weight[64]; /* for the caller's use */
    size_t count;
} alike_stems;

void alike_read_stems (const char *text, alike_stems *out);
bool alike_holds (const alike_stems *stems, const char *stem);

#endif
