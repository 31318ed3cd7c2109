/* runs.c - loops without a branch. */
#include "runs.h"

#include "core/base/clones.h"
#include "rows.h"

SKS_CLONES
bool
sks_runs_ascend (const uint32_t *numbers)
{
    uint32_t wrong = 0;
    for (unsigned i = 0; i < SKS_RUN; i++)
        wrong |= numbers[i] >= numbers[i + 1];
    return !wrong;
}

bool
sks_runs_ascend_throughout (const uint32_t *numbers, uint32_t count)
{
    bool ascends = true;
    uint32_t i = 0;
    for (; count - i >= SKS_RUN; i += SKS_RUN)
        ascends &= sks_runs_ascend (numbers + i);
    for (; i < count; i++)
        ascends &= numbers[i] < numbers[i + 1];
    return ascends;
}

SKS_CLONES
bool
sks_runs_columns (const uint16_t *positions, const uint8_t *lengths, uint64_t *words)
{
    uint32_t sum = 0, invalid = 0;
    for (unsigned i = 0; i < SKS_RUN; i++) {
        sum += lengths[i];
        invalid |= (uint32_t) (positions[i] & SKS_POSITION) - 1 >= SKS_MAX_LEVEL_STATEMENTS;
    }
    *words += sum;
    return !invalid;
}
