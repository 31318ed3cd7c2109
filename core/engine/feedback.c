/* feedback.c - finds the stems of the models in the best statements, then iterates over them twice: to weigh the stems,
 * and to add the gains. */
#include "feedback.h"

#include "core/base/clones.h"

#include <math.h>
#include <string.h>

/* Statements whose gains are computed together, each in a lane of vectors: their loops over stems would end after
 * numbers of rounds that follow no pattern. */
#define LANES 16
#define BLOCKS ((SKS_RANK_FEEDBACK_DEPTH + LANES - 1) / LANES)
typedef float lanes __attribute__ ((vector_size (LANES * sizeof (float))));
typedef uint16_t counts __attribute__ ((vector_size (LANES * sizeof (uint16_t))));

/* Stems of the query and of the models have numbers from 1: those of the query are the lowest. Others have 0, and no
 * gain. */
#define MOST_NUMBERS                                                                                                   \
    (SKS_RANK_FEEDBACK_MODELS * SKS_RANK_LENGTHS + 2 * SKS_MAX_QUERY_WORDS +                                           \
     SKS_MAX_QUERY_WORDS * SKS_MAX_PREFIX_EXPANSIONS)
_Static_assert(MOST_NUMBERS < UINT16_MAX, "a number has 16 bits");

/* The numbered stems of LANES statements: a row has one of each, or 0. A statement has each stem once. */
struct block {
    uint32_t rows;
    uint16_t *numbers;
    float *tf; /* position weights */
};

struct model {
    const sks_scorer *scorer;
    const sks_stems *read;
    uint16_t *number_of; /* by stem */
    uint32_t *stem;      /* by number, as the next ones */
    float *weight;       /* in the models */
    float *worth;        /* the weight with idf and all else that does not depend on a statement; 0 for the query's */
    struct latest {
        uint16_t statement, row;
    } * latest;          /* the last statement with the stem, plus one, and its row there */
    uint32_t own, count; /* numbers of the query, and all */
    struct block blocks[BLOCKS];
    uint32_t rows[SKS_RANK_FEEDBACK_DEPTH]; /* by statement: its stems */
    float gains[BLOCKS * LANES];            /* by statement, as the next one */
    uint16_t words[BLOCKS * LANES];         /* how many of the query's stems it has */
    float *limits; /* by number of query words: the lowest score of earlier statements with twice as many */
};

/* Number a stem unless it has a number. There is no branch on that: it follows no pattern. */
static inline void
number_stem (struct model *model, uint32_t stem)
{
    uint32_t before = model->number_of[stem], number = model->count + 1;
    model->stem[number] = stem;
    model->number_of[stem] = (uint16_t) (before ? before : number);
    model->count += !before;
}

static void
number_stems (struct model *model, const sks_scored *best, size_t models)
{
    for (size_t i = 0; i < model->scorer->count; i++)
        number_stem (model, model->scorer->words[i].stem);
    model->own = model->count;
    for (size_t i = 0; i < models; i++) {
        uint32_t stem_count;
        const uint32_t *stems = sks_stems_of (model->read, best[i].place, &stem_count);
        for (uint32_t k = 0; k < stem_count; k++)
            number_stem (model, stems[k]);
    }
    memset (model->weight, 0, (model->count + 1) * sizeof *model->weight);
    memset (model->latest, 0, (model->count + 1) * sizeof *model->latest);
}

/* Write a statement's numbers and position weights to its lane. Returns how many there are. */
static uint32_t
pick_stems (const struct model *model, uint16_t place, uint16_t *numbers, float *tf)
{
    const float *position = model->scorer->rank->position;
    const uint16_t *number_of = model->number_of;
    uint32_t stem_count, row = 0;
    const uint32_t *stems = sks_stems_of (model->read, place, &stem_count);
    for (uint32_t k = 0; k < stem_count; k++) {
        uint16_t number = number_of[stems[k]];
        numbers[row * LANES] = number;
        tf[row * LANES] = position[k];
        row += number != 0;
    }
    return row;
}

/* Hold the numbered stems of a statement, each once. */
static void
hold_stems (struct model *model, size_t i, uint16_t place)
{
    const struct block *block = &model->blocks[i / LANES];
    uint16_t *numbers = block->numbers + i % LANES;
    float *tf = block->tf + i % LANES;
    struct latest *latest = model->latest, own = { (uint16_t) (i + 1), 0 };
    uint32_t count = pick_stems (model, place, numbers, tf), kept = 0;
    for (uint32_t k = 0; k < count; k++) {
        uint16_t number = numbers[k * LANES];
        if (latest[number].statement == own.statement) {
            tf[latest[number].row * LANES] += tf[k * LANES];
            continue;
        }
        own.row = (uint16_t) kept;
        latest[number] = own;
        numbers[kept * LANES] = number;
        tf[kept * LANES] = tf[k * LANES];
        kept++;
    }
    for (uint32_t k = kept; k < count; k++)
        numbers[k * LANES] = 0;
    model->rows[i] = kept;
}

/* Add the stems of one model statement. */
static void
gather (struct model *model, size_t i, float influence)
{
    const struct block *block = &model->blocks[i / LANES];
    size_t end = i % LANES + (size_t) model->rows[i] * LANES;
    for (size_t at = i % LANES; at < end; at += LANES)
        model->weight[block->numbers[at]] += influence * block->tf[at];
}

/* Compute the worth of the stems, except the query's own words, which are scored already. */
static void
value_stems (struct model *model, const float *idf_of_stem)
{
    for (uint32_t i = 0; i <= model->count; i++)
        model->worth[i] = i <= model->own ? 0 : model->weight[i] * idf_of_stem[model->stem[i]] * (SKS_RANK_K1 + 1);
}

/* Compute the gains of a block's statements, each in the order of its stems. */
static inline __attribute__ ((always_inline)) void
add_rows (struct model *model, size_t b, const float *norms, float weight)
{
    const struct block *block = &model->blocks[b];
    const uint16_t own = (uint16_t) model->own;
    lanes norm, sum = { 0 };
    counts words = { 0 };
    memcpy (&norm, norms, sizeof norm);
    for (uint32_t row = 0; row < block->rows; row++) {
        const uint16_t *numbers = block->numbers + row * LANES;
        const float *w = model->worth;
        const lanes worth = { w[numbers[0]],  w[numbers[1]],  w[numbers[2]],  w[numbers[3]],
                              w[numbers[4]],  w[numbers[5]],  w[numbers[6]],  w[numbers[7]],
                              w[numbers[8]],  w[numbers[9]],  w[numbers[10]], w[numbers[11]],
                              w[numbers[12]], w[numbers[13]], w[numbers[14]], w[numbers[15]] };
        lanes tf;
        counts number;
        memcpy (&tf, block->tf + row * LANES, sizeof tf);
        memcpy (&number, numbers, sizeof number);
        sum += worth * tf / (tf + norm);
        words -= (counts) (number - 1 < own);
    }
    sum *= weight;
    memcpy (model->gains + b * LANES, &sum, sizeof sum);
    memcpy (model->words + b * LANES, &words, sizeof words);
}

SKS_CLONES
static void
add_gains (struct model *model, const sks_scored *best, size_t count)
{
    const sks_scorer *scorer = model->scorer;
    float weight = scorer->count && scorer->words->flat ? SKS_RANK_FEEDBACK_ALONE
                   : scorer->nearness                   ? SKS_RANK_NEAR_FEEDBACK
                                                        : SKS_RANK_FEEDBACK;
    for (size_t b = 0; b * LANES < count; b++) {
        float norms[LANES];
        for (size_t i = 0; i < LANES; i++) {
            size_t at = b * LANES + i < count ? b * LANES + i : count - 1;
            float length = (float) scorer->store->lengths[best[at].statement];
            norms[i] = SKS_RANK_K1 * (1 - SKS_RANK_B + SKS_RANK_B * length / scorer->rank->length);
        }
        add_rows (model, b, norms, weight);
    }
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
        size_t held = model->words[i];
        float score = best[i].score, gained = model->gains[i];
        best[i].score = score + gained;
        if (score + gained >= limits[held])
            best[i].score = fmaxf (score, nextafterf (limits[held], -INFINITY));
        best[i].feedback = best[i].score - score;
        for (size_t k = 0; words > 2 && k < held && 2 * k <= held; k++)
            limits[k] = best[i].score < limits[k] ? best[i].score : limits[k];
    }
}

/* Reserve the rows of the blocks, all 0. */
static bool
make_blocks (struct model *model, sks_arena *arena, const sks_scored *best, size_t count)
{
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        uint32_t stem_count, *rows = &model->blocks[i / LANES].rows;
        sks_stems_of (model->read, best[i].place, &stem_count);
        *rows = i % LANES && *rows > stem_count ? *rows : stem_count;
    }
    for (size_t b = 0; b * LANES < count; b++) {
        struct block *block = &model->blocks[b];
        block->numbers = sks_arena_array (arena, block->rows * (size_t) LANES + 1, sizeof *block->numbers);
        block->tf = sks_arena_array (arena, block->rows * (size_t) LANES + 1, sizeof *block->tf);
        complete &= block->numbers && block->tf;
    }
    return complete;
}

static struct model *
make_model (const sks_scorer *scorer, sks_matching *m, const sks_stems *stems, const sks_scored *best, size_t count)
{
    size_t numbers = scorer->count + 2;
    struct model *model = sks_arena_room (m->arena, 1, sizeof *model);
    if (!model)
        return NULL;
    model->scorer = scorer;
    model->read = stems;
    model->count = 0;
    for (size_t i = 0; i < count && i < SKS_RANK_FEEDBACK_MODELS; i++)
        numbers += stems->starts[best[i].place + 1] - stems->starts[best[i].place];
    model->number_of = sks_arena_array (m->arena, m->store->stems + (size_t) 1, sizeof *model->number_of);
    model->stem = sks_arena_room (m->arena, numbers, sizeof *model->stem);
    model->weight = sks_arena_room (m->arena, numbers, sizeof *model->weight);
    model->worth = sks_arena_room (m->arena, numbers, sizeof *model->worth);
    model->latest = sks_arena_room (m->arena, numbers, sizeof *model->latest);
    model->limits = sks_arena_room (m->arena, scorer->count + 1, sizeof *model->limits);
    bool complete = model->number_of && model->stem && model->weight && model->worth && model->latest && model->limits;
    return complete && make_blocks (model, m->arena, best, count) ? model : NULL;
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
    number_stems (model, best, models);
    for (size_t i = 0; i < count; i++)
        hold_stems (model, i, best[i].place);
    for (size_t i = 0; i < models; i++)
        sum += says[i] = expf ((best[i].score - best[0].score) / SKS_RANK_FEEDBACK_SCALE);
    for (size_t i = 0; i < models; i++)
        gather (model, i, says[i] / sum);
    value_stems (model, m->snapshot->idf_of_stem);
    add_gains (model, best, count);
    apply_gains (model, best, count);
    sks_scored_sort_first (best, count, wanted);
    return 0;
}
