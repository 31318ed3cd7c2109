/* result.c - the result lives inside its own arena. */
#include "result.h"

sks_result *
sks_result_create (void)
{
    sks_arena *arena = sks_arena_create ();
    sks_result *result = arena ? sks_arena_alloc (arena, sizeof *result) : NULL;
    if (!result) {
        sks_arena_destroy (&arena);
        return NULL;
    }
    result->memory = arena;
    return result;
}

sks_arena *
sks_result_arena (sks_result *result)
{
    return result->memory;
}

void
sks_result_destroy (sks_result **result_p)
{
    if (!result_p || !*result_p)
        return;
    sks_arena *arena = (*result_p)->memory;
    *result_p = NULL;
    sks_arena_destroy (&arena);
}
