/* coarse.c - the scale, and the contexts of occupations. */
#include "coarse.h"

#include "core/base/clones.h"

#include <string.h>

/* The greatest sum of all parts before they are rounded; the rest is for rounding errors, and for contexts from 1 on. */
#define GREATEST 65500.0f

/* Parts of a score besides the words': its context, and what it gains by having all words and by near words. */
#define OTHER_PARTS 3

/* Parts whose rounding errors of floats are less than a unit in all. */
#define PARTS_OF_UNIT 16

/* Contexts that are converted at a time. */
typedef float sixteen __attribute__ ((vector_size (64)));
typedef float anywhere __attribute__ ((vector_size (64), aligned (4), may_alias)); /* at any float */
typedef int32_t numbers __attribute__ ((vector_size (64)));
typedef uint16_t codes __attribute__ ((vector_size (32)));
#define SIXTEEN (sizeof (sixteen) / sizeof (float))

/* The range of the contexts, with 0. */
SKS_CLONES
static void
find_range (const float *contexts, uint32_t count, float *lowest_p, float *highest_p)
{
    sixteen low = { 0 }, high = { 0 };
    float lowest = 0, highest = 0;
    uint32_t i = 0;
    for (; i + SIXTEEN <= count; i += SIXTEEN) {
        sixteen some = *(const anywhere *) (contexts + i);
        numbers lower = some<low, higher = some> high;
        low = (sixteen) ((lower & (numbers) some) | (~lower & (numbers) low));
        high = (sixteen) ((higher & (numbers) some) | (~higher & (numbers) high));
    }
    for (; i < count; i++) {
        low[0] = contexts[i] < low[0] ? contexts[i] : low[0];
        high[0] = contexts[i] > high[0] ? contexts[i] : high[0];
    }
    for (unsigned k = 0; k < SIXTEEN; k++) {
        lowest = low[k] < lowest ? low[k] : lowest;
        highest = high[k] > highest ? high[k] : highest;
    }
    *lowest_p = lowest;
    *highest_p = highest;
}

SKS_CLONES
static void
convert (uint16_t *out, const float *contexts, uint32_t count, float lowest, float scale)
{
    uint32_t i = 0;
    for (; i + SIXTEEN <= count; i += SIXTEEN) {
        sixteen scaled = (*(const anywhere *) (contexts + i) - lowest) * scale;
        codes some = __builtin_convertvector(__builtin_convertvector(scaled, numbers), codes) + 1;
        memcpy (out + i, &some, sizeof some);
    }
    for (; i < count; i++)
        out[i] = (uint16_t) ((uint16_t) ((contexts[i] - lowest) * scale) + 1);
}

/* The most that a word adds. */
static float
find_greatest_share (const sks_scorer *scorer, const sks_ranked_word *word)
{
    float worth = 0, flat = 0;
    for (unsigned kin = 0; kin < SKS_KINSHIPS; kin++) {
        worth = word->worth[kin] > worth ? word->worth[kin] : worth;
        flat = word->flat && word->flat[kin] > flat ? word->flat[kin] : flat;
    }
    return worth * scorer->rank->greatest + flat;
}

int
sks_coarse_make (sks_coarse *out, const sks_scorer *scorer, const float *contexts, sks_error *err)
{
    uint32_t occupations = scorer->store->occupations;
    uint32_t parts = (uint32_t) scorer->count + OTHER_PARTS;
    float lowest = 0, highest = 0, gain = 0;
    find_range (contexts, occupations, &lowest, &highest);
    float greatest = highest - lowest + scorer->gain;
    for (size_t w = 0; w < scorer->count; w++)
        greatest += find_greatest_share (scorer, &scorer->words[w]);
    for (size_t i = 0; i < scorer->brought_count; i++)
        gain = scorer->brought_gains[i] > gain ? scorer->brought_gains[i] : gain;
    greatest += gain;
    out->scale = greatest > 0 ? GREATEST / greatest : 1;
    out->margin = parts + parts / PARTS_OF_UNIT + 1;
    out->contexts = sks_arena_room (scorer->arena, occupations + (size_t) 1, sizeof *out->contexts);
    if (!out->contexts)
        return sks_fail_memory (err);
    convert (out->contexts, contexts, occupations, lowest, out->scale);
    return 0;
}
