/* feedback.c - counts the stems of the best statements, then iterates over them twice: to collect the words of
 * the models, and to add the gains. */
#include "feedback.h"

#include <math.h>
#include <stdlib.h>

/* A stem of a statement and its position weight there. */
struct held {
    uint32_t stem;
    float tf;
};

struct model {
    const sks_scorer *scorer;
    const float *idf_of_stem;
    struct valued {
        float weight;  /* of a stem in the models */
        float worth;   /* the weight with idf and all else that does not depend on a statement */
    } * stems;         /* by stem */
    uint32_t *latest;  /* by stem: its last index in held */
    float *limits;     /* by number of query words: the lowest score of earlier statements with twice as many */
    struct held *held; /* the stems of the best statements, one statement after the other */
    uint32_t starts[SKS_RANK_FEEDBACK_DEPTH + 1];
};

/* Record a statement's distinct stems after those held so far; returns the end. */
static uint32_t
hold_stems (struct model *model, const uint32_t *stems, uint32_t stem_count, uint32_t start)
{
    const float *position = model->scorer->rank->position;
    uint32_t count = start;
    for (uint32_t i = 0; i < stem_count; i++) {
        uint32_t stem = stems[i], latest = model->latest[stem];
        if (latest >= start && latest < count && model->held[latest].stem == stem)
            model->held[latest].tf += position[i];
        else {
            model->latest[stem] = count;
            model->stems[stem] = (struct valued) { 0, 0 };
            model->held[count++] = (struct held) { stem, position[i] };
        }
    }
    return count;
}

/* Add the stems of one model statement. */
static void
gather (struct model *model, size_t i, float influence)
{
    for (uint32_t k = model->starts[i]; k < model->starts[i + 1]; k++)
        model->stems[model->held[k].stem].weight += influence * model->held[k].tf;
}

/* Exclude the query's own words, which are scored already: a weight below 0 marks them. */
static void
leave_out (struct model *model)
{
    const sks_scorer *scorer = model->scorer;
    for (size_t i = 0; i < scorer->count; i++)
        model->stems[scorer->words[i].stem].weight = -1;
}

/* Compute the worth of the stems of the models. */
static void
value_stems (struct model *model, size_t models)
{
    for (uint32_t k = 0; k < model->starts[models]; k++) {
        uint32_t stem = model->held[k].stem;
        struct valued *valued = &model->stems[stem];
        if (valued->weight > 0 && valued->worth == 0)
            valued->worth = valued->weight * model->idf_of_stem[stem] * (SKS_RANK_K1 + 1);
    }
}

/* The gain of a statement; *words grows by the number of the query's words that it contains. */
static float
gain (const struct model *model, size_t i, uint32_t statement, size_t *words)
{
    const sks_scorer *scorer = model->scorer;
    float length = (float) scorer->store->lengths[statement];
    float norm = SKS_RANK_K1 * (1 - SKS_RANK_B + SKS_RANK_B * length / scorer->rank->length), sum = 0;
    for (uint32_t k = model->starts[i]; k < model->starts[i + 1]; k++) {
        struct held held = model->held[k];
        struct valued valued = model->stems[held.stem];
        sum += valued.worth * held.tf / (held.tf + norm); /* most are 0, in no pattern: no branch on it */
        *words += valued.weight < 0;
    }
    float weight = scorer->count && scorer->words->flat ? SKS_RANK_FEEDBACK_ALONE
                   : scorer->nearness                   ? SKS_RANK_NEAR_FEEDBACK
                                                        : SKS_RANK_FEEDBACK;
    return weight * sum;
}

/* Add the gain of each statement. If the query has three words or more, feedback lifts no statement above an earlier
 * one that contains twice as many of them. */
static void
apply_gains (const struct model *model, sks_scored *best, size_t count)
{
    float *limits = model->limits;
    size_t words = model->scorer->count;
    for (size_t k = 0; k <= words; k++)
        limits[k] = INFINITY;
    for (size_t i = 0; i < count; i++) {
        size_t held = 0;
        float score = best[i].score, gained = gain (model, i, best[i].statement, &held);
        best[i].score = score + gained;
        if (score + gained >= limits[held])
            best[i].score = fmaxf (score, nextafterf (limits[held], -INFINITY));
        best[i].feedback = best[i].score - score;
        for (size_t k = 0; words > 2 && k < held && 2 * k <= held; k++)
            limits[k] = fminf (limits[k], best[i].score);
    }
}

static struct model *
make_model (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, const sks_scored *best, size_t count)
{
    size_t all = m->store->stems + (size_t) 1, most = 0;
    struct model *model = sks_arena_alloc (m->arena, sizeof *model);
    if (!model)
        return NULL;
    for (size_t i = 0; i < count; i++)
        most += stems->starts[best[i].place + 1] - stems->starts[best[i].place];
    *model = (struct model) { .scorer = scorer, .idf_of_stem = m->snapshot->idf_of_stem };
    model->stems = sks_arena_room (m->arena, all, sizeof *model->stems);
    model->latest = sks_arena_array (m->arena, all, sizeof *model->latest);
    model->held = sks_arena_room (m->arena, most + 1, sizeof *model->held);
    model->limits = sks_arena_room (m->arena, scorer->count + 1, sizeof *model->limits);
    if (!model->limits || !model->stems || !model->latest || !model->held)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        uint32_t stem_count;
        const uint32_t *held = sks_stems_of (stems, best[i].place, &stem_count);
        model->starts[i + 1] = hold_stems (model, held, stem_count, model->starts[i]);
    }
    return model;
}

int
sks_feedback_apply (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, sks_scored *best, size_t count,
                    size_t wanted)
{
    if (count < 2)
        return 0;
    struct model *model = make_model (scorer, m, stems, best, count);
    if (!model)
        return sks_fail_memory (m->err);
    float says[SKS_RANK_FEEDBACK_MODELS], sum = 0;
    size_t models = count < SKS_RANK_FEEDBACK_MODELS ? count : SKS_RANK_FEEDBACK_MODELS;
    for (size_t i = 0; i < models; i++)
        sum += says[i] = expf ((best[i].score - best[0].score) / SKS_RANK_FEEDBACK_SCALE);
    for (size_t i = 0; i < models; i++)
        gather (model, i, says[i] / sum);
    leave_out (model);
    value_stems (model, models);
    apply_gains (model, best, count);
    sks_scored_sort_first (best, count, wanted);
    return 0;
}
