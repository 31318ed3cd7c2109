/* locator.c - writes file and pointer of a statement. */
#include "locator.h"

#include "core/base/schema.h"

#include <stdio.h>
#include <string.h>

const sks_locator sks_locator_export = {
    .form = SKS_LOCATOR_LEVELS, .soc = "/occupation/soc", .time = "/exportedAt", .statements = "/framework/levels"
};

const sks_locator sks_locator_package = {
    .form = SKS_LOCATOR_ITEMS, .soc = "/CFDocument", .time = "/CFDocument", .statements = "/CFItems"
};

const sks_locator *
sks_locator_copy (sks_arena *arena, const sks_locator *locator)
{
    if (locator->form != SKS_LOCATOR_ROWS)
        return locator;
    sks_locator *copy = sks_arena_alloc (arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = (sks_locator) { .form = locator->form,
                            .soc = sks_arena_copy (arena, locator->soc, strlen (locator->soc)),
                            .time = sks_arena_copy (arena, locator->time, strlen (locator->time)),
                            .statements = sks_arena_copy (arena, locator->statements, strlen (locator->statements)),
                            .cell = sks_arena_copy (arena, locator->cell, strlen (locator->cell)),
                            .path = sks_arena_copy (arena, locator->path, strlen (locator->path)) };
    return copy->soc && copy->time && copy->statements && copy->cell && copy->path ? copy : NULL;
}

void
sks_locator_point_at (char pointer[SKS_POINTER_BYTES], int level, uint32_t position)
{
    snprintf (pointer, SKS_POINTER_BYTES, "/framework/levels/%s/statements/%u", sks_level_name (level), position - 1);
}

void
sks_locator_find (sks_location *out, const sks_locator *locator, const char *file, const sks_statement *statement)
{
    if (locator->form == SKS_LOCATOR_ROWS) {
        snprintf (out->file, sizeof out->file, "%s:%lu", locator->path, statement->origin);
        snprintf (out->pointer, sizeof out->pointer, "%s", locator->cell);
        return;
    }
    snprintf (out->file, sizeof out->file, "%s", file);
    if (locator->form == SKS_LOCATOR_ITEMS)
        snprintf (out->pointer, sizeof out->pointer, "/CFItems/%lu/fullStatement", statement->origin);
    else
        sks_locator_point_at (out->pointer, statement->level, statement->position);
}
