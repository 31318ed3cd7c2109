/* nearness.c - compares all pairs of one export; 64-bit marks rule out nearly all of them. */
#include "nearness.h"

#include "locator.h"
#include "overlap.h"

#include <stdio.h>
#include <stdlib.h>

/* A statement as the set of its words. */
struct near {
    const sks_line *line;
    uint32_t *words;
    size_t count;
};

struct looking {
    const sks_framework *framework;
    const sks_export *export;
    struct near *near;
    uint64_t *marks;
    uint32_t *words;  /* of all */
    uint16_t *counts; /* words of each statement, next to its mark */
    int64_t work;     /* remaining work */
};

static int
place_of (const sks_line *line)
{
    return line->position & SKS_POSITION;
}

static int
in_reading_order (const void *left, const void *right)
{
    const sks_line *a = ((const struct near *) left)->line, *b = ((const struct near *) right)->line;
    return a->level != b->level ? a->level - b->level : place_of (a) - place_of (b);
}

static int
prepare (struct looking *l, sks_error *err)
{
    const sks_framework *f = l->framework;
    const sks_collection *c = f->collection;
    size_t total = 0;
    for (size_t i = 0; i < f->count; i++)
        total += c->lines[f->first + i].count;
    l->near = calloc (f->count + 1, sizeof *l->near);
    l->marks = malloc ((f->count + 1) * sizeof *l->marks);
    l->counts = malloc ((f->count + 1) * sizeof *l->counts);
    l->words = malloc ((total + 1) * sizeof *l->words);
    if (!l->near || !l->marks || !l->counts || !l->words)
        return sks_fail_memory (err);
    for (size_t i = 0; i < f->count; i++)
        l->near[i].line = &c->lines[f->first + i];
    if (f->count)
        qsort (l->near, f->count, sizeof *l->near, in_reading_order);
    uint32_t *next = l->words;
    for (size_t i = 0; i < f->count; i++) {
        struct near *near = &l->near[i];
        near->words = next;
        for (size_t e = near->line->first; e < near->line->first + near->line->count; e++) {
            const sks_vocabulary_entry *entry = sks_vocabulary_entry_at (c->vocabulary, c->entries[e]);
            if (entry->form != SKS_NONE && !(entry->word & SKS_ENTRY_JOINED))
                *next++ = entry->form;
        }
        near->count = sks_overlap_prepare (near->words, (size_t) (next - near->words));
        next = near->words + near->count;
        l->work += SKS_NEARNESS_WORK * (int64_t) (near->line->count + 1);
        l->marks[i] = sks_overlap_mark (near->words, near->count);
        l->counts[i] = (uint16_t) near->count;
    }
    return 0;
}

/* The first statement in the window before the i-th that nearly equals it; i if there is no such statement, or when
 * the work is used up. A statement without words equals no other. */
static size_t
find_before (struct looking *l, size_t i, unsigned *likeness)
{
    const struct near *near = &l->near[i];
    size_t from = i > SKS_NEARNESS_WINDOW ? i - SKS_NEARNESS_WINDOW : 0;
    for (size_t k = from; near->count && k < i && l->work > 0; k++) {
        size_t words = near->count + l->counts[k], slack = sks_overlap_slack (words, SKS_OVERLAP_NEAR_DUPLICATE);
        l->work -= 1;
        if (!sks_overlap_possible (l->marks[i], l->marks[k], slack))
            continue;
        l->work -= (int64_t) words;
        *likeness = sks_overlap (near->words, near->count, l->near[k].words, l->near[k].count);
        if (*likeness >= SKS_OVERLAP_NEAR_DUPLICATE)
            return k;
    }
    return i;
}

/* The statement that a line was made of: both lists have the same order. */
static const sks_statement *
statement_of (const struct looking *l, const struct near *near)
{
    const sks_framework *f = l->framework;
    return &l->export->statements[near->line - &f->collection->lines[f->first]];
}

static void
warn_of (struct looking *l, size_t i, size_t before, unsigned likeness, sks_report *report)
{
    const sks_locator *locator = l->export->locator;
    const sks_statement *like = statement_of (l, &l->near[before]);
    sks_location here, there;
    sks_locator_find (&here, locator, l->framework->name, statement_of (l, &l->near[i]));
    sks_locator_find (&there, locator, l->framework->name, like);
    if (locator->form == SKS_LOCATOR_ROWS)
        snprintf (there.pointer, sizeof there.pointer, "line %lu", like->origin);
    sks_report_warn (report, here.file, here.pointer, "%u%% similar: %s", likeness, there.pointer);
}

static void
warn (struct looking *l, sks_report *report)
{
    size_t found = 0, i = 1;
    for (; i < l->framework->count && l->work > 0; i++) {
        unsigned likeness;
        size_t before = find_before (l, i, &likeness);
        if (before == i || ++found > SKS_MAX_WARNINGS)
            continue;
        warn_of (l, i, before, likeness, report);
    }
    if (found > SKS_MAX_WARNINGS)
        sks_report_warn (report, l->framework->name, l->export->locator->statements, "%zu more near duplicate%s",
                         found - SKS_MAX_WARNINGS, found - SKS_MAX_WARNINGS == 1 ? "" : "s");
    if (i < l->framework->count)
        sks_report_warn (report, l->framework->source, l->export->locator->statements,
                         "too much to compare: %zu of %zu statements were not checked for near duplicates",
                         l->framework->count - i, l->framework->count);
}

int
sks_nearness_warn (const sks_framework *framework, const sks_export *export, sks_report *report, sks_error *err)
{
    struct looking l = { .framework = framework, .export = export };
    int code = prepare (&l, err);
    if (!code)
        warn (&l, report);
    free (l.near);
    free (l.marks);
    free (l.counts);
    free (l.words);
    return code;
}
