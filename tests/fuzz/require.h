/* require.h - what must hold for every input; the process ends otherwise. */
#ifndef SKS_REQUIRE_H
#define SKS_REQUIRE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static inline void
require (bool holds)
{
    if (!holds)
        abort ();
}

#endif
