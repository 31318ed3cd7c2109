/* rank.c - the formula's parts. */
#include "rank.h"

#include <math.h>

void
sks_rank_prepare (sks_rank *rank, const sks_store *store)
{
    float average = rank->length = sks_posting_average (store->words, store->statements);
    for (unsigned i = 0; i < SKS_RANK_LENGTHS; i++)
        rank->position[i] = sks_posting_position_weight (i);
    rank->greatest = 0;
    for (unsigned code = 0; code < SKS_WEIGHT_CODES; code++)
        for (unsigned length = 0; length < SKS_RANK_LENGTHS; length++) {
            rank->weight[code][length] = sks_posting_saturation (sks_posting_weight (code), length, average);
            rank->greatest = fmaxf (rank->greatest, rank->weight[code][length]);
        }
    double sum = 0;
    for (uint32_t i = 0; i < store->occupations; i++)
        sum += store->occupation[i].length;
    rank->occupation_length = store->occupations && sum > 0 ? (float) (sum / store->occupations) : 1;
}

float
sks_rank_query (float opening, bool first)
{
    float weight = 1 + SKS_RANK_OPENING * opening;
    if (first)
        weight *= 1 + SKS_RANK_FIRST * fminf (1, SKS_RANK_FIRST_SHARE * opening);
    return weight;
}

float
sks_rank_idf (uint64_t all, uint64_t holding)
{
    return logf (1 + ((float) (all - holding) + 0.5f) / ((float) holding + 0.5f));
}

float
sks_rank_occupation (const sks_rank *rank, const sks_store *store, uint32_t count, uint32_t length, uint32_t holding)
{
    float tf = (float) count;
    float norm = 1 - SKS_RANK_OCCUPATION_B + SKS_RANK_OCCUPATION_B * (float) length / rank->occupation_length;
    return SKS_RANK_OCCUPATION * sks_rank_idf (store->occupations, holding) * (SKS_RANK_OCCUPATION_K1 + 1) * tf /
           (tf + SKS_RANK_OCCUPATION_K1 * norm);
}

float
sks_rank_group (uint64_t count, uint64_t words, uint64_t all, uint64_t all_words)
{
    if (!all)
        return 0;
    float share = (float) all / (float) all_words;
    float inside = ((float) count + SKS_RANK_GROUP_PRIOR * share) / ((float) words + SKS_RANK_GROUP_PRIOR);
    return SKS_RANK_GROUP * logf (inside / share);
}
