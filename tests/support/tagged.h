/* tagged.h - fixture for the tests of what a query finds: a small index written by hand. Each statement ends in a
 * unique word, its tag.
 *
 * What a query finds is given as the sorted list of tags. tagged_open and
 * tagged_close are an unchecked fixture of a test case; the other calls fail
 * the test by themselves. */
#ifndef SKS_TEST_TAGGED_H
#define SKS_TEST_TAGGED_H

#include "engine.h"

extern engine tagged;

typedef struct tagged_finding {
    const char *text, *expected;
} tagged_finding;

void tagged_open (void);
void tagged_close (void);

/* Caller owns it; free with sks_result_destroy. */
sks_result *tagged_ask (const char *text, int match);

/* The tags of a result's hits. Borrowed: valid until the next call. */
const char *tagged_list (const sks_result *result);

/* Assert what a text finds; what texts find when all their words must occur. */
void tagged_finds_by (const char *text, int match, const char *expected);
void tagged_finds (const tagged_finding *findings, size_t count);

/* Assert whether AUTO relaxes a text. */
void tagged_relaxes (const char *text, bool expected);

#endif
