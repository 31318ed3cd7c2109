/* check_semantics.c - vectors of statements, and their effect on answers.
 *
 * The index is small, and its words and their vectors are written by hand: words of one group have nearly equal
 * vectors, and the groups have nothing in common. Vectors of statements are compared with sums of doubles over their
 * texts. */
#include "core/engine/semantics.h"
#include "core/engine/snapshot.h"
#include "core/index/centroid.h"
#include "core/index/posting.h"
#include "indexer/statement_vectors.h"
#include "tests/support/engine.h"
#include "tests/support/word_vectors.h"

#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_semantics (void);

#define WORDS                                                                                                          \
    "children 9 1\nkids 9 2\npupils 9 3 1\nteach 0 0 9 1\ntrain 0 0 9 2\nread 0 0 0 0 9\nvalves 1 0 0 0 0 9\n"         \
    "pumps 0 1 0 0 0 9\nrepair 0 0 0 0 0 0 9 1\nfix 0 0 0 0 0 0 9 2\nnight 0 0 0 0 0 0 0 0 9\nelephants 0 9 0 9\n"     \
    "engines 0 0 1 0 0 9\nyoungsters 9 2 2\n"
#define THREADS 4

static const sample_occupation school = {
    .soc = "25-2021.00",
    .title = "Teachers",
    .zone = 4,
    .levels = { "Teach pumps to read at night.\nTeach pupils to read at night.\nTeach kids.",
                "Sweep halls before the first bell.\nRepair valves at night.", "Count elephants twice.",
                "Repair pumps with care, then repair the valves and read." },
};
static const sample_occupation workshop = {
    .soc = "49-9071.00",
    .title = "Mechanics",
    .zone = 3,
    .levels = { "Fix pumps.", "Train children.", "Repair a pump-valves unit.", "Sweep halls." },
};

static sks_buffer bytes = SKS_BUFFER_INIT (1 << 20), other_bytes = SKS_BUFFER_INIT (1 << 20);
static sks_vectors *vectors;
static engine index_;
static sks_error err;

/* The index has vectors; the searcher uses them from `use` on. */
static void
begin (void)
{
    sks_buffer_clear (&bytes);
    sample_vectors = vectors = word_vectors_make (&bytes, WORDS);
    const sample_occupation both[] = { school, workshop };
    engine_open_occupations (&index_, both, 2);
}

static void
end (void)
{
    sample_vectors = NULL;
    engine_close (&index_);
    sks_vectors_close (&vectors);
}

static const sks_snapshot *
snapshot_of (const engine *e)
{
    return sks_generation_snapshot (e->generation);
}

/* The engine takes ownership of the vectors. */
static void
use (void)
{
    sks_vectors *given = vectors;
    sks_buffer_clear (&other_bytes);
    vectors = NULL;
    sample_vectors = NULL;
    ck_assert_msg (sks_generation_use_vectors (index_.generation, &given, &err) == 0, "%s", err.text);
    ck_assert_ptr_null (given);
    ck_assert (sks_generation_uses_vectors (index_.generation));
}

static uint32_t
statement_of (const char *text)
{
    for (size_t i = 0; i < index_.count; i++)
        if (strcmp (index_.statements[i].text, text) == 0)
            return (uint32_t) i;
    ck_abort_msg ("no statement \"%s\"", text);
}

/* ----------------------------------------------------------------- statements */

/* The vector of a stem by doubles: the sum over its forms. */
static bool
stem_vector (const sks_store *s, uint32_t stem, double out[SKS_VECTOR_DIMENSIONS])
{
    double square = 0;
    memset (out, 0, SKS_VECTOR_DIMENSIONS * sizeof *out);
    for (uint32_t i = s->stem[stem].forms; i < s->stem[stem + 1].forms; i++) {
        const sks_form *form = &s->form[s->stem_forms[i]];
        uint32_t word = sks_vectors_find (vectors, s->strings + form->text, form->size);
        for (int k = 0; word != SKS_NO_VECTOR && k < SKS_VECTOR_DIMENSIONS; k++)
            out[k] += form->statements * (double) vectors->scales[word] *
                      vectors->rows[(size_t) word * SKS_VECTOR_BYTES + (size_t) k];
    }
    for (int k = 0; k < SKS_VECTOR_DIMENSIONS; k++)
        square += out[k] * out[k];
    for (int k = 0; square > 0 && k < SKS_VECTOR_DIMENSIONS; k++)
        out[k] /= sqrt (square);
    return square > 0;
}

START_TEST (a_statement_has_the_weighted_sum_of_its_words)
{
    const sks_store *s = snapshot_of (&index_)->store;
    double words = 0;
    for (uint32_t i = 0; i < s->stems; i++)
        words += s->stem[i].statements;
    ck_assert_uint_eq (s->vectors, vectors->hash);
    for (uint32_t i = 0; i < s->statements; i++) {
        double sum[SKS_CENTROID_DIMENSIONS] = { 0 }, vector[SKS_VECTOR_DIMENSIONS], product = 0, left = 0, right = 0;
        const uint8_t *at = s->tokens + s->offsets[i], *stop = s->tokens + s->offsets[i + 1];
        uint32_t before = 0;
        while (at < stop) {
            const sks_entry *entry = &s->entry[sks_token_next (&at)];
            bool joined = entry->word & SKS_ENTRY_JOINED;
            uint32_t form = joined ? entry->text : entry->form;
            if (form == SKS_NONE || s->form[form].stop)
                continue;
            if (stem_vector (s, s->form[form].stem, vector)) {
                double share = s->stem[s->form[form].stem].statements / words;
                for (int k = 0; k < SKS_CENTROID_DIMENSIONS; k++)
                    sum[k] += pow (1 + before, -.6) * .01 / (.01 + share) * vector[k];
            }
            before += !joined;
        }
        for (int k = 0; k < SKS_CENTROID_DIMENSIONS; k++) {
            int8_t number = s->vector[i * SKS_CENTROID_DIMENSIONS + (uint32_t) k];
            product += sum[k] * number;
            left += sum[k] * sum[k];
            right += number * number;
            ck_assert_int_ge (number, -127);
        }
        if (left == 0)
            ck_assert_double_eq (right, 0);
        else
            ck_assert_double_gt (product / sqrt (left * right), .999);
    }
}
END_TEST

START_TEST (words_without_a_vector_make_none)
{
    const sks_store *s = snapshot_of (&index_)->store;
    const int8_t *none = s->vector + (size_t) statement_of ("Sweep halls.") * SKS_CENTROID_DIMENSIONS;
    sks_centroid_part part = { { 1, 2, 3 } };
    for (int k = 0; k < SKS_CENTROID_DIMENSIONS; k++)
        ck_assert_int_eq (none[k], 0);
    ck_assert_double_eq (sks_centroid_cosine (&part, none), 0);
}
END_TEST

/* An occupation with a unique statement and one that all others have, too. */
static void
put_numbered (const char *exports, int number)
{
    char soc[32], name[32], own[64];
    snprintf (soc, sizeof soc, "11-%04d.00", number);
    snprintf (name, sizeof name, "%d.json", number);
    snprintf (own, sizeof own, "Repair pumps of hall x%dx.\nTeach children", number);
    sample_put (exports, name, &(sample_occupation) { .soc = soc, .title = "Staff", .levels = { own, "Fix valves." } });
}

/* Neither the number of threads nor reused postings may change a byte. */
START_TEST (vectors_do_not_depend_on_threads_or_reuse)
{
    enum { MOST = 40 };
    char *once = sample_folder (), *twice = sample_folder (), *exports = sample_folder ();
    for (int i = 1; i < MOST; i++)
        put_numbered (exports, i);
    sample_index (twice, exports);
    put_numbered (exports, MOST);
    sample_index (twice, exports);
    sample_index (once, exports);
    sks_store *fresh = sample_store (once), *grown = sample_store (twice);
    size_t size = fresh->statements * (size_t) SKS_CENTROID_DIMENSIONS;
    ck_assert_uint_gt (grown->documents, 0);
    ck_assert_uint_eq (fresh->documents, 0);
    ck_assert_uint_eq (grown->statements, fresh->statements);
    ck_assert_mem_eq (grown->vector, fresh->vector, size);
    for (unsigned threads = 1; threads <= 16; threads += 5) {
        int8_t *made;
        sks_store copy = *fresh;
        ck_assert_int_eq (sks_statement_vectors_make (&made, &copy, vectors, threads, &err), 0);
        ck_assert_mem_eq (made, fresh->vector, size);
        free (made);
    }
    sks_store_close (&fresh);
    sks_store_close (&grown);
    sample_remove (once);
    sample_remove (twice);
    sample_remove (exports);
}
END_TEST

START_TEST (sums_are_scaled_by_their_largest_number)
{
    sks_centroid_sum sum = { { 0 } };
    sks_centroid_part part = { { 3, -2, 1 } }, out;
    ck_assert (!sks_centroid_round (&out, &sum));
    sks_centroid_add (&sum, &part, 5);
    sks_centroid_add (&sum, &part, 1);
    ck_assert_int_eq (sum.number[1], -12);
    ck_assert (sks_centroid_round (&out, &sum));
    ck_assert_int_eq (out.number[0], SKS_CENTROID_MOST);
    ck_assert_int_eq (out.number[1], -SKS_CENTROID_MOST * 2 / 3);
    ck_assert_int_eq (out.number[2], SKS_CENTROID_MOST / 3);
}
END_TEST

/* --------------------------------------------------------------------- opening */

START_TEST (a_file_other_than_that_of_the_index_is_refused)
{
    sks_vectors *other = word_vectors_make (&other_bytes, WORDS "more 1 1 1\n");
    ck_assert (sks_generation_has_vectors (index_.generation));
    ck_assert_int_eq (sks_generation_use_vectors (index_.generation, &other, &err), SKS_EINVALID);
    ck_assert_ptr_null (other);
    ck_assert_ptr_nonnull (strstr (err.text, "another file"));
    ck_assert (!sks_generation_uses_vectors (index_.generation));
    sks_buffer_clear (&other_bytes);
}
END_TEST

START_TEST (an_index_without_vectors_uses_none)
{
    engine plain;
    sample_vectors = NULL;
    engine_open_occupations (&plain, &school, 1);
    sks_vectors *given = vectors;
    vectors = NULL;
    ck_assert (!sks_generation_has_vectors (plain.generation));
    ck_assert_uint_eq (snapshot_of (&plain)->store->vectors, 0);
    ck_assert_int_eq (sks_generation_use_vectors (plain.generation, &given, &err), SKS_EINVALID);
    ck_assert_ptr_nonnull (strstr (err.text, "without word vectors"));
    engine_close (&plain);
}
END_TEST

/* ------------------------------------------------------------------ near words */

static size_t
near_of (sks_stemmer *stemmer, const char *form, const char *stem, sks_relative out[SKS_MAX_NEAR])
{
    const sks_snapshot *snapshot = snapshot_of (&index_);
    size_t count;
    sks_semantic_word word = { form, strlen (form), sks_store_stem (snapshot->store, stem, strlen (stem)), 1 };
    ck_assert_int_eq (sks_semantics_near (snapshot->semantics, stemmer, &word, out, &count, &err), 0);
    return count;
}

static bool
is_near (const sks_relative *relatives, size_t count, const char *stem)
{
    uint32_t number = sks_store_stem (snapshot_of (&index_)->store, stem, strlen (stem));
    for (size_t i = 0; i < count; i++)
        if (relatives[i].stem == number)
            return true;
    return false;
}

START_TEST (near_words_are_stems_of_the_index)
{
    sks_stemmer *stemmer;
    sks_relative first[SKS_MAX_NEAR], again[SKS_MAX_NEAR];
    use ();
    ck_assert_int_eq (sks_stemmer_create (&stemmer, &err), 0);
    size_t count = near_of (stemmer, "children", "child", first);
    ck_assert (is_near (first, count, "kid") && is_near (first, count, "pupil"));
    ck_assert (!is_near (first, count, "child") && !is_near (first, count, "pump"));
    for (size_t i = 0; i < count; i++) {
        ck_assert_float_le (first[i].weight, i ? first[i - 1].weight : 1);
        ck_assert_float_gt (first[i].weight, 0);
    }
    ck_assert_uint_eq (near_of (stemmer, "children", "child", again), count);
    ck_assert_mem_eq (again, first, count * sizeof *first);
    ck_assert_uint_eq (near_of (stemmer, "halls", "hall", again), 0);
    sks_stemmer_destroy (&stemmer);
}
END_TEST

static void *
ask_near (void *argument)
{
    sks_stemmer *stemmer;
    sks_error ignored;
    size_t *counts = argument;
    if (sks_stemmer_create (&stemmer, &ignored))
        return NULL;
    const sks_snapshot *snapshot = snapshot_of (&index_);
    for (uint32_t f = 0; f < snapshot->store->forms; f++) {
        const sks_form *form = &snapshot->store->form[f];
        sks_relative out[SKS_MAX_NEAR];
        size_t count;
        sks_semantic_word word = { snapshot->store->strings + form->text, form->size, form->stem, 1 };
        if (sks_semantics_near (snapshot->semantics, stemmer, &word, out, &count, &ignored) == 0)
            *counts += count;
    }
    sks_stemmer_destroy (&stemmer);
    return NULL;
}

START_TEST (threads_find_the_same_near_words)
{
    pthread_t threads[THREADS];
    size_t counts[THREADS] = { 0 };
    use ();
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq (pthread_create (&threads[i], NULL, ask_near, &counts[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    ck_assert_uint_gt (counts[0], 0);
    for (int i = 1; i < THREADS; i++)
        ck_assert_uint_eq (counts[i], counts[0]);
}
END_TEST

/* --------------------------------------------------------------------- answers */

static sks_result *
ask (const char *text, bool plain, bool explain)
{
    sks_query query = SKS_QUERY_INIT;
    query.text = text;
    query.match = SKS_MATCH_ANY;
    query.plain = plain;
    query.want = explain ? SKS_WANT_EXPLAIN : 0;
    query.facet_count = 1;
    query.facets[0] = (sks_facet_ask) { SKS_FACET_OCCUPATION, 10, NULL, 0 };
    query.limit = SKS_MAX_LIMIT;
    return engine_search (&index_, &query);
}

/* Two statements differ in one word; no statement has the word of the query. By words alone, the same statement is
 * first for both queries. */
START_TEST (the_statement_with_the_meaning_of_the_query_ranks_first)
{
    static const struct {
        const char *text, *first;
    } queries[] = { { "teach engines night", "Teach pumps to read at night." },
                    { "teach youngsters night", "Teach pupils to read at night." } };
    char first[2][64];
    for
        EACH (row, queries)
        {
            sks_result *without = ask (queries[row].text, false, false);
            snprintf (first[row], sizeof first[row], "%s", without->hits[0].text);
            sks_result_destroy (&without);
        }
    ck_assert_str_eq (first[0], first[1]);
    use ();
    for
        EACH (row, queries)
        {
            sks_result *with = ask (queries[row].text, false, false), *plain = ask (queries[row].text, true, false);
            ck_assert_str_eq (with->hits[0].text, queries[row].first);
            ck_assert_str_eq (plain->hits[0].text, first[row]);
            sks_result_destroy (&with);
            sks_result_destroy (&plain);
        }
}
END_TEST

/* Statements with the words themselves stay before those with near words. */
START_TEST (statements_with_the_words_themselves_rank_first)
{
    static const char *const queries[][2] = { { "teach kids", "Teach kids." },
                                              { "fix pumps", "Fix pumps." },
                                              { "train children", "Train children." } };
    use ();
    for
        EACH (row, queries)
        {
            sks_result *result = ask (queries[row][0], false, false);
            ck_assert_str_eq (result->hits[0].text, queries[row][1]);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (totals_and_facets_do_not_change)
{
    static const char *const texts[] = { "teach children night", "repair valves", "kids", "elephants read" };
    use ();
    for
        EACH (row, texts)
        {
            sks_result *plain = ask (texts[row], true, false), *with = ask (texts[row], false, false);
            ck_assert_uint_eq (plain->total, with->total);
            ck_assert_uint_eq (plain->facets[0].count, with->facets[0].count);
            for (size_t i = 0; i < plain->facets[0].count; i++)
                ck_assert_uint_eq (plain->facets[0].values[i].count, with->facets[0].values[i].count);
            sks_result_destroy (&plain);
            sks_result_destroy (&with);
        }
}
END_TEST

START_TEST (the_shares_of_a_score_add_up_and_name_a_pair)
{
    bool named = false;
    use ();
    sks_result *result = ask ("teach children night", false, true);
    for (size_t i = 0; i < result->hit_count; i++) {
        double sum = 0;
        for (size_t k = 0; k < result->hits[i].share_count; k++) {
            const sks_share *share = &result->hits[i].shares[k];
            sum += share->score;
            named |= strcmp (share->part, "meaning") == 0 && share->word && *share->term;
        }
        ck_assert_double_eq_tol (sum, result->hits[i].score, 1e-4);
        ck_assert (!i || result->hits[i - 1].score >= result->hits[i].score - 1e-4);
    }
    ck_assert (named);
    sks_result_destroy (&result);
}
END_TEST

/* Ids, scores and shares of some queries, to the last bit, with one kernel. Near words are computed once for each form
 * and index, so the index is opened again. */
static void
answer_by (const sks_product_kernel *kernel, sks_buffer *out)
{
    static const char *const texts[] = { "teach children night", "fix kids pumps train", "engines", "youngsters read" };
    end ();
    begin ();
    sks_vectors *used = vectors;
    used->multiply = kernel->multiply;
    use ();
    for
        EACH (row, texts)
        {
            sks_result *result = ask (texts[row], false, true);
            for (size_t i = 0; i < result->hit_count; i++) {
                const sks_hit *hit = &result->hits[i];
                sks_buffer_printf (out, "%s %a", hit->id, hit->score);
                for (size_t k = 0; k < hit->share_count; k++)
                    sks_buffer_printf (out, " %s %a", hit->shares[k].part, hit->shares[k].score);
                sks_buffer_printf (out, "\n");
            }
            sks_result_destroy (&result);
        }
}

START_TEST (answers_are_the_same_with_every_kernel)
{
    sks_product_kernel kernels[SKS_MAX_KERNELS];
    size_t count = sks_product_kernels (kernels);
    sks_buffer wanted = SKS_BUFFER_INIT (1 << 16), outcome = SKS_BUFFER_INIT (1 << 16);
    answer_by (&kernels[count - 1], &wanted);
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&wanted), " near "));
    ck_assert_ptr_nonnull (strstr (sks_buffer_text (&wanted), " meaning "));
    for (size_t k = 0; k + 1 < count; k++) {
        if (!kernels[k].usable)
            continue;
        sks_buffer_clear (&outcome);
        answer_by (&kernels[k], &outcome);
        ck_assert_str_eq (sks_buffer_text (&outcome), sks_buffer_text (&wanted));
    }
    sks_buffer_free (&wanted);
    sks_buffer_free (&outcome);
}
END_TEST

/* "elephants" of the file stands for a word that the statements lack. */
START_TEST (a_word_outside_the_index_has_an_effect)
{
    engine_close (&index_);
    engine_open_occupations (&index_, &workshop, 1);
    use ();
    sks_result *plain = ask ("fix kids pumps train", true, false), *with = ask ("fix kids pumps train", false, true);
    bool near = false;
    ck_assert_uint_eq (plain->total, with->total);
    for (size_t i = 0; i < with->hit_count; i++)
        for (size_t k = 0; k < with->hits[i].share_count; k++) {
            const sks_share *share = &with->hits[i].shares[k];
            near |= strcmp (share->part, "near") == 0 && strcmp (share->term, "kids") == 0 &&
                    strcmp (share->word, "children") == 0;
        }
    ck_assert (near);
    sks_result_destroy (&plain);
    sks_result_destroy (&with);
}
END_TEST

START_TEST (a_query_without_vectors_is_answered_as_before)
{
    sks_result *before = ask ("sweep halls", false, false), *after;
    use ();
    after = ask ("sweep halls", false, false);
    ck_assert_uint_eq (before->hit_count, after->hit_count);
    for (size_t i = 0; i < before->hit_count; i++)
        ck_assert_str_eq (before->hits[i].id, after->hits[i].id);
    sks_result_destroy (&before);
    sks_result_destroy (&after);
}
END_TEST

Suite *
suite_semantics (void)
{
    Suite *suite = suite_create ("semantics");
    TCase *core = tcase_create ("core");
    tcase_add_checked_fixture (core, begin, end);
    tcase_add_test (core, a_statement_has_the_weighted_sum_of_its_words);
    tcase_add_test (core, words_without_a_vector_make_none);
    tcase_add_test (core, vectors_do_not_depend_on_threads_or_reuse);
    tcase_add_test (core, sums_are_scaled_by_their_largest_number);
    tcase_add_test (core, a_file_other_than_that_of_the_index_is_refused);
    tcase_add_test (core, an_index_without_vectors_uses_none);
    tcase_add_test (core, near_words_are_stems_of_the_index);
    tcase_add_test (core, threads_find_the_same_near_words);
    tcase_add_test (core, the_statement_with_the_meaning_of_the_query_ranks_first);
    tcase_add_test (core, statements_with_the_words_themselves_rank_first);
    tcase_add_test (core, totals_and_facets_do_not_change);
    tcase_add_test (core, the_shares_of_a_score_add_up_and_name_a_pair);
    tcase_add_test (core, answers_are_the_same_with_every_kernel);
    tcase_add_test (core, a_word_outside_the_index_has_an_effect);
    tcase_add_test (core, a_query_without_vectors_is_answered_as_before);
    suite_add_tcase (suite, core);
    return suite;
}
