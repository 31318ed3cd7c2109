/* feedback.c - two walks over the words of the best: gather, then add. */
#include "feedback.h"

#include <math.h>
#include <stdlib.h>

struct model {
    const sks_scorer *scorer;
    sks_matching *m;
    float *weights;   /* by stem: its place in the list, idf included */
    float *tf;        /* by stem: position weight in the statement at hand */
    uint32_t found[SKS_MAX_STATEMENT_WORDS];  /* stems of the statement at hand */
    uint32_t count;
};

/* Read a statement's stems and their position weights. */
static void
read_stems (struct model *model, uint32_t statement)
{
    const sks_store *store = model->m->store;
    const sks_words *words = model->m->words;
    uint32_t before = 0;
    model->count = 0;
    sks_words_read (model->m->words, store, statement);
    for (uint32_t i = 0; i < words->count && before < SKS_RANK_LENGTHS; i++) {
        uint32_t stem = store->form[words->form[i]].stem;
        if (stem == SKS_NONE)
            continue;
        if (model->tf[stem] == 0)
            model->found[model->count++] = stem;
        model->tf[stem] += model->scorer->rank->position[before++];
    }
}

/* Let one model statement have its say. */
static void
gather (struct model *model, uint32_t statement, float say)
{
    read_stems (model, statement);
    for (uint32_t i = 0; i < model->count; i++) {
        uint32_t stem = model->found[i];
        model->weights[stem] += say * model->tf[stem];
        model->tf[stem] = 0;
    }
}

/* What a statement gains. */
static float
gain (struct model *model, uint32_t statement)
{
    const sks_scorer *scorer = model->scorer;
    float length = (float) scorer->store->lengths[statement];
    float norm = SKS_RANK_K1 * (1 - SKS_RANK_B + SKS_RANK_B * length / scorer->rank->length), sum = 0;
    read_stems (model, statement);
    for (uint32_t i = 0; i < model->count; i++) {
        uint32_t stem = model->found[i];
        float tf = model->tf[stem];
        if (model->weights[stem] > 0)
            sum += model->weights[stem] * sks_rank_idf (scorer->store->statements, scorer->store->stem[stem].statements)
                   * (SKS_RANK_K1 + 1) * tf / (tf + norm);
        model->tf[stem] = 0;
    }
    return SKS_RANK_FEEDBACK * sum;
}

/* The query's own words have had their say already. */
static void
leave_out (struct model *model)
{
    const sks_scorer *scorer = model->scorer;
    for (size_t i = 0; i < scorer->count; i++)
        model->weights[scorer->words[i].stem] = 0;
}

static int
best_first (const void *left, const void *right)
{
    const sks_scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return (a->statement > b->statement) - (a->statement < b->statement);
}

int
sks_feedback_apply (const sks_scorer *scorer, sks_matching *m, sks_scored *best, size_t count)
{
    if (count < 2)
        return 0;
    struct model *model = sks_arena_alloc (m->arena, sizeof *model);
    if (!model)
        return sks_fail_memory (m->err);
    *model = (struct model) { .scorer = scorer, .m = m };
    model->weights = sks_arena_array (m->arena, m->store->stems + (size_t) 1, sizeof (float));
    model->tf = sks_arena_array (m->arena, m->store->stems + (size_t) 1, sizeof (float));
    if (!model->weights || !model->tf)
        return sks_fail_memory (m->err);
    float says[SKS_RANK_FEEDBACK_MODELS], sum = 0;
    size_t models = count < SKS_RANK_FEEDBACK_MODELS ? count : SKS_RANK_FEEDBACK_MODELS;
    for (size_t i = 0; i < models; i++)
        sum += says[i] = expf ((best[i].score - best[0].score) / SKS_RANK_FEEDBACK_SCALE);
    for (size_t i = 0; i < models; i++)
        gather (model, best[i].statement, says[i] / sum);
    leave_out (model);
    for (size_t i = 0; i < count; i++) {
        best[i].feedback = gain (model, best[i].statement);
        best[i].score += best[i].feedback;
    }
    qsort (best, count, sizeof *best, best_first);
    return 0;
}
