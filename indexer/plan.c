/* plan.c - one sorted list of all candidates; the first of each SOC code wins. */
#include "plan.h"

#include "array.h"
#include "core/base/instant.h"
#include "core/base/printable_put.h"
#include "core/base/text.h"
#include "locator.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
compare_strings (const void *left, const void *right)
{
    return strcmp (*(const char *const *) left, *(const char *const *) right);
}

/* The stamp of the file of an export that is taken over: as this run found it, or as the last generation has it. */
static uint64_t
stamp_of (const sks_intake *intake, const sks_sources *sources, uint32_t occupation)
{
    const uint64_t *before = sks_sources_request (sources)->stamps;
    return intake->same[occupation] ? intake->stamps[occupation] : before ? before[occupation] : 0;
}

static int
carry_over (sks_plan *plan, const sks_losses *losses, const sks_intake *intake, const sks_sources *sources,
            const sks_store *last, sks_error *err)
{
    sks_collection *carried = plan->carried;
    size_t most = last ? last->occupations : 0;
    if (!sks_array_reserve (&carried->frameworks, &carried->framework_capacity, most, sizeof *carried->frameworks))
        return sks_fail_memory (err);
    for (uint32_t i = 0; i < most; i++) {
        enum sks_fate fate = sks_losses_fate (losses, i);
        if (fate == SKS_FATE_GONE || fate == SKS_FATE_DROPPED)
            continue;
        int code = sks_collection_carry (carried, last, i, err);
        if (code)
            return code;
        sks_framework *framework = &carried->frameworks[carried->framework_count - 1];
        framework->stamp = stamp_of (intake, sources, i);
        framework->carried = fate != SKS_FATE_SAME;
        framework->stale = fate == SKS_FATE_STALE || fate == SKS_FATE_LOST;
    }
    return 0;
}

static int
compare_codes (const void *left, const void *right)
{
    const sks_framework *a = *(const sks_framework *const *) left, *b = *(const sks_framework *const *) right;
    return strcmp (a->soc, b->soc);
}

/* Merge the sorted candidates with those that are taken over, which are in the order of the last generation. Of equal
 * codes, those that were read are first. */
static void
merge_carried (sks_plan *plan)
{
    const sks_collection *c = plan->carried;
    size_t read = plan->count, carried = c->framework_count, end = read + carried;
    plan->count = end;
    while (carried) {
        const sks_framework *next = &c->frameworks[carried - 1];
        bool later = read && strcmp (plan->frameworks[read - 1]->soc, next->soc) > 0;
        plan->frameworks[--end] = later ? plan->frameworks[--read] : next;
        carried -= !later;
    }
}

static int
list_candidates (sks_plan *plan, const sks_intake *intake, sks_error *err)
{
    size_t capacity = plan->carried->framework_count;
    for (size_t i = 0; i < intake->count; i++)
        capacity += intake->collections[i]->framework_count;
    plan->frameworks = calloc (capacity + 1, sizeof *plan->frameworks);
    if (!plan->frameworks)
        return sks_fail_memory (err);
    for (size_t i = 0; i < intake->count; i++)
        for (size_t k = 0; k < intake->collections[i]->framework_count; k++)
            plan->frameworks[plan->count++] = &intake->collections[i]->frameworks[k];
    qsort (plan->frameworks, plan->count, sizeof *plan->frameworks, compare_codes);
    merge_carried (plan);
    return 0;
}

/* The priority of an export among others of the same SOC code and date; the lowest wins. row is the last generation's
 * occupation of that code, or NULL. A file may have two exports of that code: the one with equal bytes was indexed. */
static int
claim (const sks_framework *framework, const sks_store *last, const sks_occupation *row)
{
    bool file = strcmp (framework->source, SKS_STANDARD_INPUT) != 0, same = row && row->content == framework->content;
    if (framework->carried)
        return file && access (framework->source, F_OK) == 0 ? 2 : 5;
    if (row && file && strcmp (sks_store_string (last, row->source), framework->source) == 0)
        return same ? 0 : 1;
    return same ? 3 : 4;
}

/* Whether a is preferred to b, of the same SOC code. A date that was read decides first: an export with a problem may
 * lack statements, but an earlier one may be outdated. A stale one is kept only for lack of another of its date, even
 * if that has a problem: the problem can be seen and mended, while the file of the stale one cannot be read. */
static bool
is_better (const sks_framework *a, const sks_framework *b, const sks_store *last)
{
    int order = sks_instant_compare (a->exported_at, b->exported_at);
    if (order)
        return order > 0;
    if (a->stale != b->stale)
        return b->stale;
    if (a->faulty != b->faulty)
        return b->faulty;
    uint32_t occupation = last ? sks_store_occupation (last, a->soc) : SKS_NONE;
    const sks_occupation *row = occupation == SKS_NONE ? NULL : &last->occupation[occupation];
    order = claim (b, last, row) - claim (a, last, row);
    if (!order)
        order = (a->modified > b->modified) - (a->modified < b->modified);
    if (!order)
        order = strcmp (b->source, a->source);
    return order > 0;
}

/* Add to the last problem how the export could be indexed after all. */
static void
explain_loser (const sks_framework *loser, const sks_framework *winner, sks_report *report)
{
    sks_buffer mine = SKS_BUFFER_INIT (SIZE_MAX / 2), other = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_printable_put_word (&mine, loser->source);
    sks_printable_put_word (&other, winner->source);
    const char *this = sks_buffer_text (&mine), *that = sks_buffer_text (&other);
    if (this && that)
        sks_report_explain (report,
                            "To index it instead: --remove %s, or --only %s, which indexes nothing else,\n"
                            "or a later exportedAt in it (exported_at in CSV).\n%s",
                            that, this,
                            loser->locator->form == SKS_LOCATOR_ROWS && winner->locator->form == SKS_LOCATOR_ROWS
                                ? "If each file has a part of the occupation, put all its rows into one file.\n"
                                : "");
    sks_buffer_free (&mine);
    sks_buffer_free (&other);
}

/* Report an export that is not indexed, if this run's sources gave it.
 *   *explained   whether the run has already named the options that help */
static void
report_loser (const sks_framework *loser, const sks_framework *winner, bool *explained, sks_report *report)
{
    sks_instant unused;
    if (loser->carried)
        return;
    sks_report_within (report, loser->pointer, 0);
    if (loser->content == winner->content)
        sks_report_warn (report, loser->name, "", "it has the same bytes as %s; it is indexed once", winner->name);
    else {
        char group[PATH_MAX + 64];
        const char *date = !sks_instant_compare (winner->exported_at, loser->exported_at)
                               ? loser->faulty && !winner->faulty ? "the same, and which has no problems" : "the same"
                           : sks_instant_read (&unused, loser->exported_at) ? "later"
                                                                            : "a date, which this one lacks";
        sks_report_add (report, SKS_PROBLEM_SAME_SOC, loser->name, loser->locator->soc, -1,
                        "%s is also in %s, whose exportedAt is %s; that one is kept", loser->soc, winner->name, date);
        snprintf (group, sizeof group, "%s %s", date, winner->source);
        sks_report_group (report, group, "occupation");
        if (!*explained && strcmp (loser->source, winner->source) != 0) {
            explain_loser (loser, winner, report);
            *explained = true;
        }
    }
    sks_report_within (report, "", 0);
}

/* Keep the best export of each SOC code. */
static void
choose_winners (sks_plan *plan, sks_report *report)
{
    size_t kept = 0;
    bool explained = false;
    for (size_t i = 0, end; i < plan->count; i = end) {
        const sks_framework *winner = plan->frameworks[i];
        for (end = i + 1; end < plan->count && strcmp (plan->frameworks[end]->soc, winner->soc) == 0; end++)
            if (is_better (plan->frameworks[end], winner, plan->last))
                winner = plan->frameworks[end];
        for (size_t k = i; k < end; k++)
            if (plan->frameworks[k] != winner)
                report_loser (plan->frameworks[k], winner, &explained, report);
        plan->frameworks[kept++] = winner;
        plan->statements += winner->count;
    }
    plan->count = kept;
}

static void
report_stale (const sks_plan *plan, sks_report *report)
{
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        char reason[96];
        if (!framework->stale)
            continue;
        snprintf (reason, sizeof reason, "%.10s is kept from the last generation", framework->soc);
        sks_report_keep (report, framework->source, reason);
    }
}

/* Warn of an export that was replaced by an earlier one, or that lost most of its statements, or some with a problem:
 * such an export is indexed, but looks like an old or an incomplete file. */
static void
warn_of_change (const sks_plan *plan, const sks_framework *framework, uint32_t occupation, sks_report *report)
{
    const sks_store *last = plan->last;
    const char *before = sks_store_string (last, last->occupation[occupation].exported_at);
    size_t count = last->cells[(occupation + 1) * SKS_LEVELS] - last->cells[occupation * SKS_LEVELS];
    sks_instant unused;
    sks_report_within (report, framework->pointer, 0);
    if (sks_instant_read (&unused, framework->exported_at) && sks_instant_compare (framework->exported_at, before) < 0)
        sks_report_warn (report, framework->name, framework->locator->time,
                         "%s is earlier than that of the last generation, %s", framework->exported_at, before);
    if (2 * framework->count < count || (framework->faulty && framework->count < count))
        sks_report_drop (report, framework->name, framework->locator->statements,
                         "%s has %zu of the %zu statements it had", framework->soc, framework->count, count);
    sks_report_within (report, "", 0);
}

/* presence must be 0 for each occupation of the last generation. */
static void
count_changes (sks_plan *plan, uint8_t *presence, sks_report *report)
{
    const sks_store *last = plan->last;
    for (size_t i = 0; i < plan->count; i++) {
        const sks_framework *framework = plan->frameworks[i];
        uint32_t occupation = framework->last;
        if (last && occupation == SKS_NONE)
            occupation = sks_store_occupation (last, framework->soc);
        if (!last || occupation == SKS_NONE) {
            plan->added++;
            continue;
        }
        const sks_occupation *row = &last->occupation[occupation];
        presence[occupation] = framework->carried ? SKS_CARRIED : SKS_READ;
        bool kept = row->content == framework->content;
        plan->kept += kept;
        plan->changed += !kept;
        if (!kept)
            warn_of_change (plan, framework, occupation, report);
        bool moved = strcmp (sks_store_string (last, row->source), framework->source) != 0;
        plan->moved += moved;
        plan->renamed += kept && moved;
    }
    plan->removed = last ? last->occupations - plan->kept - plan->changed : 0;
}

static int
report_changes (sks_plan *plan, const sks_losses *losses, sks_report *report, sks_error *err)
{
    uint8_t *presence = calloc ((plan->last ? plan->last->occupations : 0) + (size_t) 1, 1);
    if (!presence)
        return sks_fail_memory (err);
    count_changes (plan, presence, report);
    int code = sks_losses_report (losses, presence, &plan->shrunk, report, err);
    report_stale (plan, report);
    free (presence);
    return code ? code : sks_report_status (report, err);
}

int
sks_plan_make (sks_plan **out, const sks_intake *intake, const sks_sources *sources, const sks_store *last,
               sks_report *report, sks_error *err)
{
    sks_plan *plan = calloc (1, sizeof *plan);
    *out = NULL;
    if (!plan)
        return sks_fail_memory (err);
    plan->last = last;
    qsort (intake->rejected, intake->rejected_count, sizeof *intake->rejected, compare_strings);
    sks_losses *losses = NULL;
    int code = sks_collection_create (&plan->carried, err);
    if (!code)
        code = sks_losses_find (&losses, intake, sources, last, err);
    if (!code)
        code = carry_over (plan, losses, intake, sources, last, err);
    if (!code)
        code = list_candidates (plan, intake, err);
    if (!code) {
        choose_winners (plan, report);
        code = report_changes (plan, losses, report, err);
    }
    sks_losses_destroy (&losses);
    if (code)
        sks_plan_destroy (&plan);
    *out = plan;
    return code;
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

const sks_framework *
sks_plan_find (const sks_plan *plan, const char *soc)
{
    const sks_framework *const *found =
        plan->count ? bsearch (soc, plan->frameworks, plan->count, sizeof *plan->frameworks, by_soc) : NULL;
    return found ? *found : NULL;
}

bool
sks_plan_has (const sks_plan *plan, const char *soc)
{
    return sks_plan_find (plan, soc);
}

bool
sks_plan_is_unchanged (const sks_plan *plan)
{
    return !plan->added && !plan->changed && !plan->removed && !plan->renamed;
}

int
sks_plan_fill (sks_plan *plan, sks_error *err)
{
    return plan->carried->framework_count ? sks_collection_adopt (plan->carried, plan->last, err) : 0;
}

void
sks_plan_count_levels (const sks_plan *plan, const sks_framework *f, uint32_t counts[SKS_LEVELS])
{
    memset (counts, 0, SKS_LEVELS * sizeof *counts);
    for (size_t i = f->first; f->last == SKS_NONE && i < f->first + f->count; i++)
        counts[f->collection->lines[i].level]++;
    for (uint32_t k = 0; f->last != SKS_NONE && k < SKS_LEVELS; k++) {
        uint32_t cell = f->last * SKS_LEVELS + k;
        counts[sks_cell_level (cell)] = plan->last->cells[cell + 1] - plan->last->cells[cell];
    }
}

int
sks_plan_hash (const sks_plan *plan, const sks_framework *framework, size_t i, uint64_t *hash, sks_error *err)
{
    if (framework->last == SKS_NONE) {
        *hash = framework->collection->lines[framework->first + i].hash;
        return 0;
    }
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES + 1);
    sks_store_text (plan->last, plan->last->cells[framework->last * SKS_LEVELS] + (uint32_t) i, &text);
    int code = sks_buffer_status (&text, err);
    if (!code)
        *hash = sks_text_hash (text.bytes, text.size);
    sks_buffer_free (&text);
    return code;
}
