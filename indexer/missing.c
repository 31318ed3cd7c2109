/* missing.c - counts, for each path that could not be read, which exports the plan has from elsewhere. */
#include "missing.h"

#include "core/base/printable_put.h"
#include "path.h"

#include <stdlib.h>
#include <string.h>

struct count {
    size_t exports, moved;
    const char *place; /* the file of one that moved */
};

static struct count
count_exports (const sks_plan *plan, const char *path)
{
    struct count count = { 0 };
    const sks_store *last = plan->last;
    for (uint32_t i = 0; last && i < last->occupations; i++) {
        if (!sks_path_is_below (sks_store_string (last, last->occupation[i].source), path, strlen (path)))
            continue;
        const sks_framework *now = sks_plan_find (plan, sks_store_string (last, last->occupation[i].soc));
        count.exports++;
        if (!now || now->stale)
            continue;
        count.moved++;
        count.place = count.place ? count.place : now->source;
    }
    return count;
}

/* gone: the path does not exist. */
static int
explain (const struct count *count, const char *path, bool gone, sks_report *report, sks_error *err)
{
    sks_buffer notes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_buffer_printf (&notes, "Exports from it: %zu. ", count->exports);
    if (count->moved) {
        sks_buffer_printf (&notes, "Read from other files now: %zu, such as ", count->moved);
        sks_printable_put_word (&notes, count->place);
        sks_buffer_puts (&notes, ".\n");
    }
    if (count->moved < count->exports)
        sks_buffer_printf (&notes, "%s stay in the index and are stale.\nTo remove them: --remove PATH%s.\n",
                           count->moved ? "The others" : "They", gone ? ", or --allow-empty" : "");
    else
        sks_buffer_puts (&notes, "If it was moved, name only its new place.\n");
    const char *text = sks_buffer_text (&notes);
    if (text)
        sks_report_explain_file (report, path, text);
    int code = sks_buffer_status (&notes, err);
    sks_buffer_free (&notes);
    return code;
}

int
sks_missing_explain (const sks_plan *plan, const sks_sources *sources, sks_report *report, sks_error *err)
{
    const char *path;
    bool gone;
    int code = 0;
    for (size_t i = 0; !code && (path = sks_sources_missing (sources, i, &gone)); i++) {
        struct count count = count_exports (plan, path);
        code = explain (&count, path, gone, report, err);
    }
    return code ? code : sks_report_status (report, err);
}
