/* posting.c - the log scale of position weights. */
#include "posting.h"

#include <math.h>

#define DECAY 0.6f         /* exponent of the position weight */
#define LEAST_WEIGHT 0.05f /* code 0: the 147th word; later ones count the same */
#define STEP 1.072f        /* between codes; code 63 is 4.0 */

float
sks_position_weight (uint32_t before)
{
    return powf (1.0f + (float) before, -DECAY);
}

unsigned
sks_weight_code (float weight)
{
    if (weight <= LEAST_WEIGHT)
        return 0;
    float code = logf (weight / LEAST_WEIGHT) / logf (STEP) + 0.5f;
    return code >= SKS_WEIGHT_CODES ? SKS_WEIGHT_CODES - 1 : (unsigned) code;
}

float
sks_weight_of_code (unsigned code)
{
    return LEAST_WEIGHT * powf (STEP, (float) code);
}
