/* statement_ids.c - short ids, long ones where short ones collide, and no two the same. */
#include "statement_ids.h"

#include "core/base/schema.h"
#include "core/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* By short id, then by bytes. */
static int
by_short_id (const void *left, const void *right)
{
    const sks_statement *a = left, *b = right;
    int order = strcmp (sks_level_name (a->level), sks_level_name (b->level));
    uint64_t x = sks_short_hash (a->hash), y = sks_short_hash (b->hash);
    return order ? order : x != y ? (x > y) - (x < y) : strcmp (a->text, b->text);
}

/* By long id, then by bytes. */
static int
by_id (const void *left, const void *right)
{
    const sks_statement *a = left, *b = right;
    int order = strcmp (sks_level_name (a->level), sks_level_name (b->level));
    uint64_t x = sks_short_hash (a->hash), y = sks_short_hash (b->hash);
    if (order || x != y)
        return order ? order : (x > y) - (x < y);
    if (a->long_id != b->long_id)
        return a->long_id ? 1 : -1;
    return a->hash != b->hash ? (a->hash > b->hash) - (a->hash < b->hash) : strcmp (a->text, b->text);
}

static bool
same_id (const sks_statement *a, const sks_statement *b)
{
    return a->level == b->level && a->long_id == b->long_id &&
           (a->long_id ? a->hash == b->hash : sks_short_hash (a->hash) == sks_short_hash (b->hash));
}

/* Give the long id to all but the first statement of each short id, with a warning. */
static void
lengthen_ids (sks_statement *list, size_t count, const char *soc, const sks_locator *locator, const char *file,
              sks_report *report)
{
    size_t first = 0;
    for (size_t i = 1; i < count; i++) {
        sks_location location;
        if (list[i].level != list[first].level || sks_short_hash (list[i].hash) != sks_short_hash (list[first].hash)) {
            first = i;
            continue;
        }
        list[i].long_id = true;
        sks_locator_find (&location, locator, file, &list[i]);
        sks_report_warn (report, location.file, location.pointer,
                         "another statement has the id %.10s/%s/%012" PRIx64
                         "; this one gets a longer one, %016" PRIx64,
                         soc, sks_level_name (list[i].level), sks_short_hash (list[i].hash), list[i].hash);
    }
}

/* Leave out statements whose long id is also taken. This needs three texts that agree in 48 bits, two of them in all
 * 64. */
static void
drop_same_ids (sks_statement *list, size_t *count, const sks_locator *locator, const char *file, sks_report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        sks_location location;
        if (!kept || !same_id (&list[kept - 1], &list[i])) {
            list[kept++] = list[i];
            continue;
        }
        sks_locator_find (&location, locator, file, &list[i]);
        sks_report_add (report, SKS_PROBLEM_SAME_ID, location.file, location.pointer, -1,
                        "another statement has the same short and long id; left out");
    }
    *count = kept;
}

void
sks_statement_ids_give (sks_statement *statements, size_t *count, const char *soc, const sks_locator *locator,
                        const char *file, sks_report *report)
{
    qsort (statements, *count, sizeof *statements, by_short_id);
    lengthen_ids (statements, *count, soc, locator, file, report);
    qsort (statements, *count, sizeof *statements, by_id);
    drop_same_ids (statements, count, locator, file, report);
}
