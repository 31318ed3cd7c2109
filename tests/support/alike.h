/* alike.h - fixture of the tests of likeness and of what is built on it: three
 * indexes, and small words for looking into their answers.
 *
 * A small index made by hand shows rows, pairs and words one by one; on the
 * sample exports, and on statements drawn from few words, answers are held
 * against their rules, worked out again. */
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

extern engine small;     /* made by hand */
extern engine drawn;     /* statements drawn from few words */
extern engine wide;      /* one more statement at a level than may be compared */
extern sks_arena *arena; /* what answers are made in */

void alike_open_small (void);
void alike_close_small (void);

/* The sample exports (corpus.h) and the drawn statements. */
void alike_open_corpus (void);
void alike_close_corpus (void);

void alike_open_wide (void);
void alike_close_wide (void);

/* The id of an occupation's statement whose text begins so. Fails the test when
 * there is none. Borrowed: valid until the index is closed. */
const char *alike_id (const engine *e, const char *soc, const char *start);

/* The profile of a statement; valid until the next call of its searcher. */
sks_profile alike_profile (sks_matching *m, const char *id);
/* The reasons of a likeness; returns how many. */
size_t alike_explain (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common **out);
double alike_likeness (engine *e, const char *left, const char *right);

/* The text of spans, a bar between two. Borrowed: valid until the next call. */
const char *alike_cut (const char *text, const sks_span *spans, size_t count);

/* A statement's stems as the tests find them, each once, without stop words. */
typedef struct alike_stems {
    char text[64][SKS_MAX_WORD_BYTES + 1];
    uint32_t weight[64]; /* for the caller */
    size_t count;
} alike_stems;

void alike_read_stems (const char *text, alike_stems *out);
bool alike_holds (const alike_stems *stems, const char *stem);

#endif
