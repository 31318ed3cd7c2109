/* posting.c - the log scale of position weights. */
#include "posting.h"

#include <math.h>

#define DECAY 0.6f       /* exponent of the position weight */
#define MIN_WEIGHT 0.05f /* code 0: the 147th word; later ones count like it */
#define STEP 1.072f      /* from code to code; code 63 is 4.0 */

float
sks_posting_position_weight (uint32_t before)
{
    return powf (1.0f + (float) before, -DECAY);
}

unsigned
sks_posting_weight_code (float weight)
{
    if (weight <= MIN_WEIGHT)
        return 0;
    float code = logf (weight / MIN_WEIGHT) / logf (STEP) + 0.5f;
    return code >= SKS_WEIGHT_CODES ? SKS_WEIGHT_CODES - 1 : (unsigned) code;
}

float
sks_posting_saturation (float weight, uint32_t length, float average)
{
    float norm = 1 - SKS_RANK_B + SKS_RANK_B * (float) length / average;
    return (SKS_RANK_K1 + 1) * weight / (weight + SKS_RANK_K1 * norm);
}

float
sks_posting_average (uint64_t words, uint64_t statements)
{
    return words && statements ? (float) words / (float) statements : 1;
}

float
sks_posting_weight (unsigned code)
{
    return MIN_WEIGHT * powf (STEP, (float) code);
}
