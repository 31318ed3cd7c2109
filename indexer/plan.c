/* plan.c - one sorted list of all candidates; the first of each SOC code wins. */
#include "plan.h"

#include "core/base/text.h"
#include "instant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_strings (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

/* Whether the last generation's export from `source`, which was not read as it was
 * then, stays: it is none of this run's business, or broken or out of reach now. */
static bool
stays (const sks_intake *intake, const sks_sources *sources, const char *source, bool only)
{
    if (!sks_sources_cover (sources, source))
        return !only;
    return sks_sources_lost (sources, source) ||
           bsearch (&source, intake->rejected, intake->rejected_count, sizeof *intake->rejected, compare_strings);
}

static int
carry_over (sks_plan *plan, const sks_intake *intake, const sks_sources *sources, const sks_store *last, bool only,
            sks_error *err)
{
    int code = 0;
    for (uint32_t i = 0; !code && last && i < last->occupations; i++) {
        if (!intake->same[i] && !stays (intake, sources, sks_store_string (last, last->occupation[i].source), only))
            continue;
        code = sks_collection_carry (plan->carried, last, i, err);
        if (!code)
            plan->carried->frameworks[plan->carried->framework_count - 1].carried = !intake->same[i];
    }
    return code;
}

/* By SOC code, the winner first. */
static int
compare_frameworks (const void *left, const void *right)
{
    const sks_framework *a = *(const sks_framework *const *) left, *b = *(const sks_framework *const *) right;
    int order = strcmp (a->soc, b->soc);
    if (!order)
        order = sks_instant_compare (b->exported_at, a->exported_at);
    if (!order)
        order = (int) a->carried - (int) b->carried;
    return order ? order : strcmp (a->source, b->source);
}

static int
list_candidates (sks_plan *plan, const sks_intake *intake, sks_error *err)
{
    size_t room = plan->carried->framework_count;
    for (size_t i = 0; i < intake->count; i++)
        room += intake->collections[i]->framework_count;
    plan->frameworks = calloc (room + 1, sizeof *plan->frameworks);
    if (!plan->frameworks)
        return sks_fail_memory (err);
    for (size_t i = 0; i <= intake->count; i++) {
        const sks_collection *c = i < intake->count ? intake->collections[i] : plan->carried;
        for (size_t k = 0; k < c->framework_count; k++)
            plan->frameworks[plan->count++] = &c->frameworks[k];
    }
    qsort (plan->frameworks, plan->count, sizeof *plan->frameworks, compare_frameworks);
    return 0;
}

/* Keep the first of each SOC code; tell of losers that this run's sources gave. */
static void
choose_winners (sks_plan *plan, sks_report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        const sks_framework *winner = kept ? plan->frameworks[kept - 1] : NULL;
        if (!winner || strcmp (winner->soc, framework->soc) != 0) {
            plan->frameworks[kept++] = framework;
            plan->statements += framework->count;
        } else if (!framework->carried) {
            int later = sks_instant_compare (winner->exported_at, framework->exported_at);
            sks_report_add (report, SKS_PROBLEM_SAME_SOC, framework->source, "/occupation/soc", -1,
                            "%s is also in %s, whose exportedAt is %s; that one is kept", framework->soc,
                            winner->source, later ? "later" : "the same");
        }
    }
    plan->count = kept;
}

/* Tell what is in the index although its file could not be read now. */
static void
tell_of_stale (const sks_plan *plan, const sks_sources *sources, sks_report *report)
{
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        char reason[96];
        if (!framework->carried || !sks_sources_cover (sources, framework->source))
            continue;
        snprintf (reason, sizeof reason, "%.10s stays as the last generation has it", framework->soc);
        sks_report_keep (report, framework->source, reason);
    }
}

static bool
is_same (const sks_store *last, uint32_t occupation, const sks_framework *framework)
{
    const sks_occupation *row = &last->occupation[occupation];
    return row->content == framework->content && strcmp (sks_store_string (last, row->source), framework->source) == 0;
}

static void
count_changes (sks_plan *plan, const sks_store *last)
{
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        uint32_t occupation = last ? sks_store_occupation (last, framework->soc) : SKS_NONE;
        if (occupation == SKS_NONE)
            plan->added++;
        else if (is_same (last, occupation, framework))
            plan->kept++;
        else
            plan->changed++;
    }
    plan->removed = last ? last->occupations - plan->kept - plan->changed : 0;
}

int
sks_plan_make (sks_plan **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last, bool only,
               sks_report *report, sks_error *err)
{
    sks_plan *plan = calloc (1, sizeof *plan);
    *out = NULL;
    if (!plan)
        return sks_fail_memory (err);
    plan->last = last;
    qsort (intake->rejected, intake->rejected_count, sizeof *intake->rejected, compare_strings);
    int code = sks_collection_create (&plan->carried, err);
    if (!code)
        code = carry_over (plan, intake, sources, last, only, err);
    if (!code)
        code = list_candidates (plan, intake, err);
    if (code) {
        sks_plan_destroy (&plan);
        return code;
    }
    choose_winners (plan, report);
    tell_of_stale (plan, sources, report);
    count_changes (plan, last);
    *out = plan;
    return sks_report_status (report, err);
}

void
sks_plan_destroy (sks_plan **plan_p)
{
    sks_plan *plan = *plan_p;
    if (!plan)
        return;
    *plan_p = NULL;
    sks_collection_destroy (&plan->carried);
    free (plan->frameworks);
    free (plan);
}

static int
by_soc (const void *soc, const void *framework)
{
    return strcmp (soc, (*(const sks_framework *const *) framework)->soc);
}

bool
sks_plan_has (const sks_plan *plan, const char *soc)
{
    return plan->count && bsearch (soc, plan->frameworks, plan->count, sizeof *plan->frameworks, by_soc);
}

bool
sks_plan_is_unchanged (const sks_plan *plan)
{
    return !plan->added && !plan->changed && !plan->removed;
}

int
sks_plan_fill (sks_plan *plan, sks_error *err)
{
    return plan->last ? sks_collection_fill (plan->carried, plan->last, err) : 0;
}

int
sks_plan_hash (const sks_plan *plan, const sks_framework *framework, size_t i, uint64_t *hash, sks_error *err)
{
    *hash = framework->collection->lines[framework->first + i].hash;
    if (framework->last == SKS_NONE)
        return 0;
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES + 1);
    sks_store_text (plan->last, plan->last->cells[framework->last * SKS_LEVELS] + (uint32_t) i, &text);
    int code = sks_buffer_status (&text, err);
    if (!code)
        *hash = sks_text_hash (text.bytes, text.size);
    sks_buffer_free (&text);
    return code;
}
