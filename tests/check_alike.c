/* check_alike.c - likeness, similar, compare, crosswalk, map and sentences.
 *
 * A small index made by hand tells rows, pairs and words one by one; on the
 * sample exports, and on statements drawn from few words, answers are held
 * against their rules, worked out anew here. */
#include "../core/index.h"
#include "../core/text.h"
#include "../searchd/engine/likeness.h"
#include "../searchd/engine/operations.h"
#include "../searchd/engine/search_parts.h"
#include "../searchd/engine/sentence.h"
#include "engine.h"
#include "sample.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_alike (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)
#define DRAWS 60
#define NEAR 1e-6
#define MAIL "43-9051.00"
#define REPAIR "49-9099.00"
#define PLAIN "51-9199.00"

static engine small, corpus, drawn, wide;
static sks_arena *arena;
static sks_stemmer *stemmer;

/* ----------------------------------------------------------------- fixtures */

static void
open_small (void)
{
    static const sample_occupation occupations[] = {
        { .soc = MAIL, .title = "Mail Clerks", .group = "Office & Administrative Support", .zone = 2,
          .levels = { "Incoming letters — open, sort, and route by hand\n"
                      "Filing cabinets — keep in order\n"
                      "Telephones — answer politely",
                      "Incoming letters for six floors — route alone\n"
                      "Stamps — count weekly",
                      "Filing rooms — plan for a year\n"
                      "Routing of letters — teach",
                      "Telephone exchanges — choose and buy\n"
                      "Budgets — forecast" } },
        { .soc = REPAIR, .title = "Repair Workers", .group = "Installation, Maintenance & Repair",
          .levels = { "Filing cabinet — repair in order\n"
                      "Lathe chucks — clean",
                      "Stamps — count daily\n"
                      "Lathe beds — oil",
                      "Budgets — forecast",
                      "Budgets — quickly forecast" } },
        { .soc = PLAIN, .title = "Assemblers",
          .levels = { "Sort the letters\nOf the and", "Rivets and zinc plates — count", "Route letters quickly",
                      "Routed parcels quickly" } },
    };
    char *exports = sample_folder ();
    for EACH (i, occupations) {
        char name[32];
        snprintf (name, sizeof name, "%zu.json", i);
        sample_put (exports, name, &occupations[i]);
    }
    engine_open (&small, exports);
    sample_remove (exports);
    arena = sks_arena_create ();
}

static void
close_small (void)
{
    sks_arena_destroy (&arena);
    engine_close (&small);
}

/* Lines of words, the first ones of the vocabulary more often than the last. */
static char *
draw_lines (unsigned *state)
{
    sks_buffer lines = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int line = 0; line < 10; line++) {
        unsigned words = 2 + engine_draw (state, 40);
        for (unsigned i = 0; i < words; i++) {
            unsigned word = engine_draw (state, 1 + engine_draw (state, 60));
            sks_buffer_printf (&lines, "%sz%c%ct%s", i ? " " : "", 'a' + word / 8, 'k' + word % 8,
                               engine_draw (state, 3) ? "" : "ing");
            if (i == 1 && words % 2)
                sks_buffer_puts (&lines, SKS_DUTY_MARK "of the");
        }
        sks_buffer_putc (&lines, '\n');
    }
    ck_assert_ptr_nonnull (sks_buffer_text (&lines));
    return lines.bytes;
}

static void
open_drawn (void)
{
    char *exports = sample_folder ();
    unsigned state = 1;
    for (int i = 0; i < 8; i++) {
        char name[32], soc[32], *levels[SKS_LEVELS];
        snprintf (name, sizeof name, "%d.json", i);
        snprintf (soc, sizeof soc, "%d-1011.00", 11 + 2 * i);
        sample_occupation occupation = { .soc = soc, .title = "Drawn", .zone = i % 5 + 1 };
        for (int level = 0; level < SKS_LEVELS; level++)
            occupation.levels[level] = levels[level] = draw_lines (&state);
        sample_put (exports, name, &occupation);
        for (int level = 0; level < SKS_LEVELS; level++)
            free (levels[level]);
    }
    engine_open (&drawn, exports);
    sample_remove (exports);
}

static void
open_corpus (void)
{
    engine_open (&corpus, sample_corpus ());
    open_drawn ();
    arena = sks_arena_create ();
    ck_assert_int_eq (sks_stemmer_create (&stemmer, NULL), 0);
}

static void
close_corpus (void)
{
    sks_stemmer_destroy (&stemmer);
    sks_arena_destroy (&arena);
    engine_close (&corpus);
    engine_close (&drawn);
}

/* An occupation of one more statement at a level than may be compared. */
static void
open_wide (void)
{
    sks_buffer lines = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int i = 0; i <= SKS_MAX_ALIKE; i++)
        sks_buffer_printf (&lines, "Part %d\n", i);
    const sample_occupation many = { .soc = MAIL, .title = "Many", .levels = { sks_buffer_text (&lines) } };
    const sample_occupation few = { .soc = REPAIR, .title = "Few", .levels = { "Part 7" } };
    char *exports = sample_folder ();
    sample_put (exports, "many.json", &many);
    sample_put (exports, "few.json", &few);
    engine_open (&wide, exports);
    sample_remove (exports);
    sks_buffer_free (&lines);
    arena = sks_arena_create ();
}

static void
close_wide (void)
{
    sks_arena_destroy (&arena);
    engine_close (&wide);
}

/* ----------------------------------------------------------------- plumbing */

/* The statement whose text begins so. */
static const engine_statement *
find (const engine *e, const char *start)
{
    for (size_t i = 0; i < e->count; i++)
        if (strncmp (e->statements[i].text, start, strlen (start)) == 0)
            return &e->statements[i];
    ck_abort_msg ("no statement begins with \"%s\"", start);
}

/* The statement of an occupation that has this text; two may share a text. */
static const char *
id_of (const engine *e, const char *soc, const char *start)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp (e->statements[i].soc, soc) == 0
            && strncmp (e->statements[i].text, start, strlen (start)) == 0)
            return e->statements[i].id;
    ck_abort_msg ("no statement of %s begins with \"%s\"", soc, start);
}

static sks_result *
similar (engine *e, const char *id, unsigned exclude, const sks_query *options)
{
    static const sks_query all = { .version = 1, .limit = SKS_MAX_LIMIT, .want = SKS_WANT_EXPLAIN };
    sks_result *result;
    sks_error err;
    int code = sks_searcher_similar (e->searcher, id, exclude, options ? options : &all, &result, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return result;
}

static sks_comparison
compare (engine *e, const char *soc, const char *duty)
{
    sks_comparison out;
    sks_error err;
    ck_assert_msg (sks_searcher_compare (e->searcher, soc, duty, arena, &out, &err) == 0, "%s", err.text);
    return out;
}

static sks_crosswalk
crosswalk (engine *e, const char *left, const char *right, int level)
{
    sks_crosswalk out;
    sks_error err;
    int code = sks_searcher_crosswalk (e->searcher, left, right, level, arena, &out, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return out;
}

static sks_mapping
map (engine *e, const char *text, uint32_t limit)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    sks_error err;
    options.limit = limit;
    ck_assert_msg (sks_searcher_map (e->searcher, text, &options, arena, &out, &err) == 0, "%s", err.text);
    return out;
}

/* The profile of a statement; valid until the next call of the searcher. */
static sks_profile
profile (sks_matching *m, const char *id)
{
    sks_profile out;
    ck_assert_int_eq (sks_profile_make (&out, m, sks_store_find (m->store, id)), 0);
    return out;
}

static double
likeness (engine *e, const char *left, const char *right)
{
    sks_matching m = sks_searcher_matching (e->searcher, NULL);
    sks_profile a = profile (&m, left), b = profile (&m, right);
    return sks_likeness (&a, &b);
}

/* The words of a list, a blank between two. Borrowed: valid until the next call. */
static const char *
join (const char *const *words, size_t count)
{
    static char line[1024];
    *line = '\0';
    for (size_t i = 0; i < count; i++)
        strcat (strcat (line, i ? " " : ""), words[i]);
    return line;
}

/* The text of spans, a bar between two. Borrowed: valid until the next call. */
static const char *
cut (const char *text, const sks_span *spans, size_t count)
{
    static char line[1024];
    *line = '\0';
    for (size_t i = 0; i < count; i++)
        sprintf (line + strlen (line), "%s%.*s", i ? "|" : "", (int) (spans[i].end - spans[i].start),
                 text + spans[i].start);
    return line;
}

/* ----------------------------------------------------------------- likeness */

START_TEST (likeness_is_1_for_the_same_words_and_0_for_none_in_common)
{
    const char *budgets = id_of (&small, MAIL, "Budgets");
    const char *same = id_of (&small, REPAIR, "Budgets — forecast");
    ck_assert_double_eq_tol (likeness (&small, budgets, same), 1, NEAR);
    ck_assert_double_eq (likeness (&small, budgets, id_of (&small, MAIL, "Stamps")), 0);
    ck_assert_double_eq (likeness (&small, budgets, id_of (&small, PLAIN, "Of the and")), 0);
}
END_TEST

START_TEST (a_common_duty_counts_more_than_a_common_detail)
{
    /* "count" is in the details of both; "stamps" is the duty of both. */
    const char *weekly = id_of (&small, MAIL, "Stamps"), *daily = id_of (&small, REPAIR, "Stamps");
    sks_matching m = sks_searcher_matching (small.searcher, NULL);
    sks_profile a = profile (&m, weekly), b = profile (&m, daily);
    sks_common common[8];
    ck_assert_uint_eq (sks_likeness_explain (&a, &b, common), 2);
    const sks_form *form = &m.store->form[common[0].form];
    ck_assert_int_eq (strncmp (m.store->strings + form->text, "stamps", form->size), 0);
    ck_assert_double_gt (common[0].share, 4 * common[1].share);
}
END_TEST

START_TEST (the_same_form_counts_a_little_more_than_the_same_stem)
{
    const char *route = id_of (&small, PLAIN, "Route letters"), *routed = id_of (&small, PLAIN, "Routed");
    sks_matching m = sks_searcher_matching (small.searcher, NULL);
    sks_profile a = profile (&m, route), b = profile (&m, routed);
    sks_common other_form[8], same_form[8];
    ck_assert_uint_eq (sks_likeness_explain (&a, &b, other_form), 2);
    ck_assert_uint_eq (sks_likeness_explain (&a, &a, same_form), 3);
    ck_assert_int_eq (other_form[0].same_form + other_form[1].same_form, 1);
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++)
            if (other_form[i].stem == same_form[k].stem && !other_form[i].same_form) {
                double of_stem = other_form[i].share * a.length * b.length;
                double of_form = same_form[k].share * a.length * a.length;
                ck_assert_double_gt (of_form, of_stem * 1.1);
                ck_assert_double_lt (of_form, of_stem * 1.5);
            }
}
END_TEST

START_TEST (shares_add_up_to_a_likeness_that_is_the_same_both_ways)
{
    unsigned state = 11;
    sks_matching m = sks_searcher_matching (corpus.searcher, NULL);
    for (int i = 0; i < 2000; i++) {
        sks_profile a = profile (&m, corpus.statements[engine_draw (&state, (unsigned) corpus.count)].id);
        sks_profile b = profile (&m, corpus.statements[engine_draw (&state, (unsigned) corpus.count)].id);
        sks_common common[200];
        double sum = 0, value = sks_likeness (&a, &b);
        size_t count = sks_likeness_explain (&a, &b, common);
        for (size_t k = 0; k < count; k++)
            sum += common[k].share;
        ck_assert_double_ge (value, 0);
        ck_assert_double_le (value, 1);
        ck_assert_double_eq (value, sks_likeness (&b, &a));
        ck_assert_double_eq_tol (sum, value, NEAR);
        ck_assert_double_eq_tol (sks_likeness (&a, &a), 1, NEAR);
    }
}
END_TEST

/* ------------------------------------------------------------------ similar */

/* A statement's stems as this file finds them. */
struct stems {
    char text[64][SKS_MAX_WORD_BYTES + 1];
    uint32_t weight[64];
    size_t count;
};

static void
read_stems (const char *text, struct stems *out)
{
    sks_word word = { 0, 0 };
    out->count = 0;
    while (sks_text_word (text, strlen (text), word.end, &word)) {
        char form[SKS_MAX_WORD_BYTES], stem[SKS_MAX_WORD_BYTES + 1];
        size_t size = sks_text_fold (text + word.start, word.end - word.start, form), length, k = 0;
        if (!size || sks_text_stop_word (form, size))
            continue;
        ck_assert_int_eq (sks_stemmer_stem (stemmer, form, size, stem, SKS_MAX_WORD_BYTES, &length, NULL), 0);
        stem[length] = '\0';
        while (k < out->count && strcmp (out->text[k], stem) != 0)
            k++;
        if (k == out->count)
            strcpy (out->text[out->count++], stem);
        ck_assert_uint_lt (out->count, 64);
    }
}

static bool
holds (const struct stems *stems, const char *stem)
{
    for (size_t i = 0; i < stems->count; i++)
        if (strcmp (stems->text[i], stem) == 0)
            return true;
    return false;
}

static struct stems all_stems[1000];

static void
read_all_stems (void)
{
    ck_assert_uint_le (drawn.count, COUNT (all_stems));
    for (size_t i = 0; i < drawn.count; i++)
        read_stems (drawn.statements[i].text, &all_stems[i]);
}

/* Keep the 24 words of the highest idf. */
static void
keep_telling (struct stems *stems)
{
    for (size_t i = 0; i < stems->count; i++) {
        double holding = 0, all = (double) drawn.count;
        for (size_t k = 0; k < drawn.count; k++)
            holding += holds (&all_stems[k], stems->text[i]);
        stems->weight[i] = (uint32_t) (logf ((float) (1 + (all - holding + .5) / (holding + .5))) * 1024);
    }
    while (stems->count > 24) {
        size_t least = 0;
        for (size_t i = 1; i < stems->count; i++)
            if (stems->weight[i] <= stems->weight[least])
                least = i;
        size_t behind = --stems->count - least;
        memmove (stems->text[least], stems->text[least + 1], behind * sizeof *stems->text);
        memmove (&stems->weight[least], &stems->weight[least + 1], behind * sizeof *stems->weight);
    }
}

static bool
holds_all (const struct stems *asked, const struct stems *other)
{
    for (size_t i = 0; i < asked->count; i++)
        if (!holds (other, asked->text[i]))
            return false;
    return true;
}

/* Whether a statement holds an eighth: 1 yes, -1 no, 0 too near to tell, since
 * idf is rounded. */
static int
compare_with_eighth (const struct stems *asked, const struct stems *other)
{
    int64_t sum = 0, all = 0, rounding = (int64_t) asked->count;
    for (size_t i = 0; i < asked->count; i++) {
        all += asked->weight[i];
        sum += holds (other, asked->text[i]) ? asked->weight[i] : 0;
    }
    return 8 * sum >= all + 8 * rounding ? 1 : 8 * sum < all - 8 * rounding ? -1 : 0;
}

START_TEST (similar_counts_those_that_share_an_eighth_of_the_weight)
{
    unsigned state = 5;
    uint64_t seen = 0;
    read_all_stems ();
    for (int i = 0; i < DRAWS; i++) {
        size_t at = engine_draw (&state, (unsigned) drawn.count);
        struct stems asked = all_stems[at];
        uint64_t least = 0, most = 0, all = 0;
        keep_telling (&asked);
        for (size_t k = 0; k < drawn.count; k++) {
            int order = k == at ? -1 : compare_with_eighth (&asked, &all_stems[k]);
            least += order > 0;
            most += order >= 0;
            all += k != at && holds_all (&asked, &all_stems[k]);
        }
        sks_result *result = similar (&drawn, drawn.statements[at].id, 0, NULL);
        ck_assert_uint_ge (result->total, least);
        ck_assert_uint_le (result->total, most);
        ck_assert_uint_eq (result->matched_all, all);
        ck_assert_uint_eq (result->hit_count, result->total < SKS_MAX_LIMIT ? result->total : SKS_MAX_LIMIT);
        seen += result->total;
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (seen, 10 * DRAWS);
}
END_TEST

START_TEST (similar_explains_and_marks_every_hit_and_never_gives_the_statement_itself)
{
    unsigned state = 6;
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = &drawn.statements[engine_draw (&state, (unsigned) drawn.count)];
        sks_result *result = similar (&drawn, s->id, 0, NULL);
        for (size_t k = 0; k < result->hit_count; k++) {
            const sks_hit *hit = &result->hits[k];
            double sum = 0;
            for (size_t w = 0; w < hit->share_count; w++)
                sum += hit->shares[w].score;
            ck_assert_double_eq_tol (sum, hit->score, 1e-4);
            ck_assert_str_ne (hit->id, s->id);
            ck_assert_uint_gt (hit->span_count, 0);
            ck_assert (!k || result->hits[k - 1].score >= hit->score - 1e-4);
        }
        sks_result_destroy (&result);
    }
}
END_TEST

START_TEST (similar_leaves_out_what_is_excluded_or_filtered)
{
    unsigned state = 7, compared = 0;
    const char *levels[] = { "emerging", "advanced" };
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = &corpus.statements[engine_draw (&state, (unsigned) corpus.count)];
        sks_query options = { .version = 1, .limit = SKS_MAX_LIMIT };
        sks_result *all = similar (&corpus, s->id, 0, &options);
        compared += all->total > 0 && all->total <= SKS_MAX_LIMIT;
        for (unsigned exclude = 0; exclude < 8; exclude++) {
            uint64_t expected = 0;
            options.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, exclude & 4 ? 2 : 0, 0, 0 };
            sks_result *some = similar (&corpus, s->id, exclude & 3, &options);
            for (size_t k = 0; k < all->hit_count; k++) {
                const sks_hit *hit = &all->hits[k];
                expected += !(exclude & 1 && strcmp (hit->soc, s->soc) == 0)
                            && !(exclude & 2 && hit->level == s->level)
                            && engine_passes (&corpus.statements[engine_number (&corpus, hit->id)], &options, -1);
            }
            ck_assert_uint_le (some->total, all->total);
            ck_assert (all->total > SKS_MAX_LIMIT || some->total == expected);
            ck_assert (all->total > SKS_MAX_LIMIT || some->hit_count == expected);
            sks_result_destroy (&some);
        }
        sks_result_destroy (&all);
    }
    ck_assert_uint_gt (compared, DRAWS / 4);
}
END_TEST

START_TEST (similar_finds_something_for_most_statements)
{
    unsigned found = 0;
    for (size_t i = 0; i < corpus.count; i++) {
        sks_result *result = similar (&corpus, corpus.statements[i].id, 1, NULL);
        found += result->total > 0;
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (found, corpus.count * 2 / 3);
}
END_TEST

START_TEST (similar_puts_the_same_wording_first)
{
    sks_result *result = similar (&small, id_of (&small, MAIL, "Budgets"), 0, NULL);
    ck_assert_uint_eq (result->total, 2);
    ck_assert_uint_eq (result->matched_all, 2);
    ck_assert_str_eq (result->read_as, "EIGHTH(budgets forecast)");
    ck_assert_str_eq (cut (result->hits[0].text, result->hits[0].spans, result->hits[0].span_count),
                      "Budgets|forecast");
    sks_result_destroy (&result);
}
END_TEST

/* ------------------------------------------------------------------ compare */

/* A row as "duty: text | text | - | text", each cut at its duty. */
static const char *
row_line (const sks_compare_row *row)
{
    static char line[512];
    *line = '\0';
    for (int level = 0; level < SKS_LEVELS; level++) {
        const sks_hit *hit = row->cells[level].hit;
        strcat (strcat (line, level ? " | " : ""), !hit ? "-" : hit->duty ? hit->duty : hit->text);
    }
    return line;
}

START_TEST (compare_aligns_the_levels_by_duty_and_may_skip_one)
{
    static const char *const expected[] = {
        "Incoming letters | Incoming letters for six floors | Routing of letters | -",
        "Filing cabinets | - | Filing rooms | -",
        "Telephones | - | - | Telephone exchanges",
        "- | Stamps | - | -",
        "- | - | - | Budgets",
    };
    sks_comparison c = compare (&small, MAIL, NULL);
    ck_assert_str_eq (c.soc, MAIL);
    ck_assert_str_eq (c.occupation, "Mail Clerks");
    ck_assert_uint_eq (c.row_count, COUNT (expected));
    for EACH (i, expected)
        ck_assert_str_eq (row_line (&c.rows[i]), expected[i]);
}
END_TEST

START_TEST (compare_tells_the_words_gained_and_lost_as_written)
{
    sks_comparison c = compare (&small, MAIL, NULL);
    const sks_compare_cell *first = c.rows[0].cells, *next = first + 1, *last = first + 2;
    ck_assert_uint_eq (first->gained_count + first->lost_count, 0);
    ck_assert_double_eq (first->likeness, 0);
    ck_assert_str_eq (join (next->gained, next->gained_count), "six floors alone");
    ck_assert_str_eq (join (next->lost, next->lost_count), "open sort hand");
    ck_assert_str_eq (join (last->gained, last->gained_count), "teach");
    ck_assert_str_eq (join (last->lost, last->lost_count), "Incoming six floors alone");
    ck_assert_double_eq_tol (next->likeness, likeness (&small, first->hit->id, next->hit->id), NEAR);
}
END_TEST

START_TEST (compare_keeps_the_rows_whose_duty_holds_all_the_words)
{
    static const struct {
        const char *duty;
        size_t rows;
    } filters[] = {
        { "letter", 1 },       { "FILED", 1 },     { "letters six", 1 }, { "letters telephones", 0 },
        { "route", 1 },        { "hand", 0 },      { "", 5 },            { "the of", 5 },
        { "telephone", 1 },    { "zorbing", 0 },   { "exchange the", 1 },
    };
    for EACH (i, filters)
        ck_assert_msg (compare (&small, MAIL, filters[i].duty).row_count == filters[i].rows, "%s: %zu rows",
                       filters[i].duty, compare (&small, MAIL, filters[i].duty).row_count);
    ck_assert_uint_eq (compare (&small, PLAIN, "sorting").row_count, 1);
}
END_TEST

/* Check a cell against the one before it: each word gained or lost is told once. */
static void
check_cell (engine *e, const sks_compare_cell *before, const sks_compare_cell *cell)
{
    struct stems gained, lost;
    read_stems (join (cell->gained, cell->gained_count), &gained);
    read_stems (join (cell->lost, cell->lost_count), &lost);
    ck_assert_uint_eq (gained.count, cell->gained_count);
    ck_assert_uint_eq (lost.count, cell->lost_count);
    for (size_t i = 0; i < gained.count; i++)
        ck_assert (!holds (&lost, gained.text[i]));
    ck_assert_double_ge (cell->likeness, .1);
    ck_assert_double_eq_tol (cell->likeness, likeness (e, before->hit->id, cell->hit->id), NEAR);
}

/* Check the rows of one occupation, which has so many statements. */
static void
check_rows (engine *e, const char *soc, size_t statements)
{
    sks_comparison c = compare (e, soc, NULL);
    size_t seen = 0;
    int level_before = 0;
    uint32_t place_before = 0;
    for (size_t r = 0; r < c.row_count; r++) {
        const sks_compare_cell *cells = c.rows[r].cells;
        int first = 0;
        while (!cells[first].hit)
            first++;
        const sks_compare_cell *before = &cells[first];
        seen++;
        for (int level = first + 1; level < SKS_LEVELS; level++) {
            if (!cells[level].hit)
                continue;
            check_cell (e, before, &cells[level]);
            before = &cells[level];
            seen++;
        }
        uint32_t place = cells[first].hit->position;
        ck_assert (first > level_before || (first == level_before && place > place_before));
        level_before = first;
        place_before = place;
    }
    ck_assert_uint_eq (seen, statements);
}

START_TEST (compare_shows_each_statement_once_and_rows_in_the_order_of_the_lists)
{
    engine *engines[] = { &corpus, &drawn };
    for EACH (which, engines) {
        engine *e = engines[which];
        for (size_t i = 0, end; i < e->count; i = end) {
            for (end = i; end < e->count && strcmp (e->statements[end].soc, e->statements[i].soc) == 0;)
                end++;
            check_rows (e, e->statements[i].soc, end - i);
        }
    }
}
END_TEST

/* ---------------------------------------------------------------- crosswalk */

START_TEST (crosswalk_pairs_what_answers_each_other_and_lists_the_rest)
{
    sks_crosswalk c = crosswalk (&small, MAIL, REPAIR, -1);
    ck_assert_str_eq (c.left_title, "Mail Clerks");
    ck_assert_str_eq (c.right_soc, REPAIR);
    ck_assert_uint_eq (c.pair_count, 3);
    ck_assert_str_eq (c.pairs[0].left->duty, "Budgets");
    ck_assert_str_eq (c.pairs[1].left->duty, "Filing cabinets");
    ck_assert_str_eq (c.pairs[2].left->duty, "Stamps");
    ck_assert_str_eq (cut (c.pairs[2].right->text, c.pairs[2].right->spans, c.pairs[2].right->span_count),
                      "Stamps|count");
    ck_assert_uint_eq (c.pairs[1].share_count, 3);
    ck_assert_str_eq (c.pairs[1].shares[0].term, "cabinets");
    ck_assert_str_eq (c.pairs[1].shares[0].part, "stem");
    ck_assert_str_eq (c.pairs[1].shares[1].term, "filing");
    ck_assert_str_eq (c.pairs[1].shares[1].part, "form");
    ck_assert_uint_eq (c.left_count, 6);
    ck_assert_str_eq (c.left_only[0].duty, "Incoming letters");
    ck_assert_str_eq (c.left_only[5].duty, "Telephone exchanges");
    ck_assert_uint_eq (c.right_count, 3);
    ck_assert_str_eq (c.right_only[2].text, "Budgets — forecast");
}
END_TEST

START_TEST (crosswalk_of_one_level_looks_at_that_level_alone)
{
    sks_crosswalk c = crosswalk (&small, MAIL, REPAIR, SKS_DEVELOPING);
    ck_assert_uint_eq (c.pair_count, 1);
    ck_assert_uint_eq (c.left_count, 1);
    ck_assert_uint_eq (c.right_count, 1);
}
END_TEST

/* Check that no statement is more alike to one of another pair than both to the
 * one they are paired with. */
static void
check_preferences (engine *e, const sks_crosswalk *c)
{
    for (size_t i = 0; i < c->pair_count; i++)
        for (size_t k = i + 1; k < c->pair_count; k++) {
            const sks_crosswalk_pair *one = &c->pairs[i], *two = &c->pairs[k];
            if (one->left->level != two->left->level)
                continue;
            ck_assert_double_le (likeness (e, one->left->id, two->right->id), one->likeness + NEAR);
            ck_assert_double_le (likeness (e, two->left->id, one->right->id), one->likeness + NEAR);
        }
    for (size_t i = 0; i < c->pair_count; i++)
        for (size_t k = 0; k < c->left_count; k++)
            if (c->left_only[k].level == c->pairs[i].left->level)
                ck_assert_double_le (likeness (e, c->left_only[k].id, c->pairs[i].right->id),
                                     c->pairs[i].likeness + NEAR);
}

/* Check one crosswalk against its rule. */
static void
check_crosswalk (engine *e, const char *left, const char *right, int level)
{
    sks_crosswalk c = crosswalk (e, left, right, level);
    uint64_t lefts = 0, rights = 0;
    for (size_t i = 0; i < e->count; i++) {
        const engine_statement *s = &e->statements[i];
        lefts += strcmp (s->soc, left) == 0 && (level < 0 || s->level == level);
        rights += strcmp (s->soc, right) == 0 && (level < 0 || s->level == level);
    }
    ck_assert_uint_eq (c.pair_count + c.left_count, lefts);
    ck_assert_uint_eq (c.pair_count + c.right_count, rights);
    for (size_t i = 0; i < c.pair_count; i++) {
        const sks_crosswalk_pair *pair = &c.pairs[i];
        double sum = 0;
        for (size_t k = 0; k < pair->share_count; k++)
            sum += pair->shares[k].score;
        ck_assert_double_eq_tol (sum, pair->likeness, NEAR);
        ck_assert_double_ge (pair->likeness, .2);
        ck_assert_int_eq (pair->left->level, pair->right->level);
        ck_assert (!i || pair->likeness <= pair[-1].likeness);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne (c.pairs[k].left->id, pair->left->id);
    }
    check_preferences (e, &c);
    for (size_t i = 0; i < c.left_count; i++)
        for (size_t k = 0; k < c.right_count; k++)
            if (c.left_only[i].level == c.right_only[k].level)
                ck_assert_double_lt (likeness (e, c.left_only[i].id, c.right_only[k].id), .2);
}

START_TEST (crosswalk_uses_each_statement_once_and_leaves_no_pair_over)
{
    unsigned state = 9;
    for (int i = 0; i < 40; i++) {
        engine *e = i % 2 ? &corpus : &drawn;
        const char *left = e->statements[engine_draw (&state, (unsigned) e->count)].soc;
        const char *right = e->statements[engine_draw (&state, (unsigned) e->count)].soc;
        check_crosswalk (e, left, right, -1);
        check_crosswalk (e, left, right, (int) engine_draw (&state, SKS_LEVELS));
    }
}
END_TEST

/* ---------------------------------------------------------------- sentences */

/* The sentences of a text, a bar between two. Borrowed: valid until the next call. */
static const char *
split (const char *text)
{
    static char line[1024];
    sks_sentence at = { 0, 0 };
    *line = '\0';
    while (sks_sentence_next (text, strlen (text), at.end, &at))
        sprintf (line + strlen (line), "%s%.*s", *line ? "|" : "", (int) (at.end - at.start), text + at.start);
    return line;
}

START_TEST (sentences_end_where_a_reader_ends_them)
{
    static const struct {
        const char *text, *expected;
    } texts[] = {
        { "One two. Three four! Five? Six", "One two.|Three four!|Five?|Six" },
        { "Use tools, e.g. Hammers, etc. Then rest.", "Use tools, e.g. Hammers, etc. Then rest." },
        { "In the U.S. Army. At 5 p.m. Monday. By J. Doe.", "In the U.S. Army.|At 5 p.m. Monday.|By J. Doe." },
        { "See No. 5. I said no. Then I left.", "See No. 5.|I said no.|Then I left." },
        { "Dr. Who met Mr. X Inc. Ltd. people. End.", "Dr. Who met Mr. X Inc. Ltd. people.|End." },
        { "Weigh 3.5 kg. 7 lb. is more.", "Weigh 3.5 kg.|7 lb. is more." },
        { "He said \"go.\" She went. (All of them.) \"Why?\" Because...",
          "He said \"go.\"|She went.|(All of them.)|\"Why?\"|Because..." },
        { "lower. case goes on. Here not", "lower. case goes on.|Here not" },
        { "Wait... What?! Éclair. été", "Wait...|What?!|Éclair. été" },
        { "Duties:\n- open mail\n- sort it\n\nNext part", "Duties:|open mail|sort it|Next part" },
        { "\xE2\x80\xA2 One\n\xE2\x80\xA2 Two\r\n 3. Three\n4) Four\nb) Five", "One|Two|Three|Four|Five" },
        { "A wrapped\nline goes on\nand on", "A wrapped\nline goes on\nand on" },
        { "3.5 kg\n12.5 kg", "3.5 kg\n12.5 kg" },
        { "Well - known - words", "Well - known - words" },
        { "---\n***\n!!! ??? ...", "" },
        { "", "" },
        { " \n\t ", "" },
        { "Wörter. Über. 日本。", "Wörter.|Über.|日本。" },
    };
    for EACH (i, texts)
        ck_assert_str_eq (split (texts[i].text), texts[i].expected);
}
END_TEST

START_TEST (sentences_of_any_bytes_are_in_order_and_end)
{
    static const char signs[] = "aB.!? \n-1)\"'(\xC3\xA9";
    unsigned state = 3;
    for (int i = 0; i < 3000; i++) {
        char text[64];
        size_t size = engine_draw (&state, sizeof text), before = 0, count = 0;
        for (size_t k = 0; k < size; k++)
            text[k] = signs[engine_draw (&state, sizeof signs - 1)];
        for (sks_sentence at = { 0, 0 }; sks_sentence_next (text, size, at.end, &at); before = at.end) {
            ck_assert_uint_ge (at.start, before);
            ck_assert_uint_lt (at.start, at.end);
            ck_assert_uint_le (at.end, size);
            ck_assert_uint_lt (count++, size);
        }
    }
}
END_TEST

/* ---------------------------------------------------------------------- map */

START_TEST (map_tells_where_each_match_is_and_how_much_it_holds)
{
    static const char text[] = "We are kind. Open and sort incoming letters by hand! Count the stamp daily; stamps!";
    sks_mapping all = map (&small, text, 2);
    ck_assert_uint_eq (all.sentence_count, 3);
    ck_assert_uint_eq (all.sentences[0].match_count, 0);
    ck_assert_double_eq (all.sentences[0].coverage, 0);
    const sks_map_sentence *second = &all.sentences[1], *third = &all.sentences[2];
    ck_assert_str_eq (second->matches[0].hit->duty, "Incoming letters");
    ck_assert_str_eq (cut (text, second->matches[0].evidence, second->matches[0].evidence_count),
                      "Open|sort|incoming|letters|hand");
    ck_assert_double_eq (second->matches[0].share, 1);
    ck_assert_double_eq (second->coverage, 1);
    ck_assert_str_eq (third->matches[0].hit->soc, REPAIR);
    ck_assert_str_eq (cut (text, third->matches[0].evidence, third->matches[0].evidence_count),
                      "Count|stamp|daily|stamps");
    ck_assert_uint_eq (all.levels[SKS_EMERGING], 1);
    ck_assert_uint_eq (all.levels[SKS_DEVELOPING], 1);
    ck_assert_uint_eq (all.levels[SKS_PROFICIENT] + all.levels[SKS_ADVANCED], 0);
    ck_assert_double_gt (all.coverage, .6);
    ck_assert_double_lt (all.coverage, 1);
}
END_TEST

START_TEST (map_weighs_an_unknown_word_as_if_one_statement_held_it)
{
    /* "lathe" is in two statements, "forecast" in three, "beds" in one. */
    double known = map (&small, "forecast lathe beds", 1).sentences[0].matches[0].share;
    double unknown = map (&small, "forecast lathe zorbing", 1).sentences[0].matches[0].share;
    float statements = (float) small.count;
    double one = logf (1 + (statements - .5f) / 1.5f), two = logf (1 + (statements - 1.5f) / 2.5f);
    double three = logf (1 + (statements - 2.5f) / 3.5f);
    ck_assert_double_eq_tol (known, (two + one) / (one + two + three), 2e-3);
    ck_assert_double_eq_tol (unknown, (two > three ? two : three) / (one + two + three), 2e-3);
}
END_TEST

START_TEST (map_finds_a_statement_by_its_own_text)
{
    unsigned state = 21;
    for (int i = 0; i < DRAWS; i++) {
        const engine_statement *s = &corpus.statements[engine_draw (&state, (unsigned) corpus.count)];
        sks_mapping all = map (&corpus, s->text, 1);
        for (size_t k = 0; k < all.sentence_count && all.sentence_count == 1; k++) {
            ck_assert_uint_eq (all.sentences[0].match_count, 1);
            ck_assert_str_eq (all.sentences[0].matches[0].hit->id, s->id);
            ck_assert_double_eq (all.sentences[0].matches[0].share, 1);
            ck_assert_double_eq (all.coverage, 1);
        }
    }
}
END_TEST

START_TEST (map_gives_matches_of_a_quarter_and_evidence_that_they_hold)
{
    unsigned state = 22;
    for (int i = 0; i < DRAWS; i++) {
        char text[256] = "", word[64];
        for (int k = 0; k < 6; k++) {
            size_t at = engine_draw (&state, (unsigned) drawn.count);
            engine_draw_word (&state, drawn.statements[at].text, word, 32);
            strcat (strcat (text, word), " ");
        }
        sks_mapping all = map (&drawn, text, 5);
        for (size_t k = 0; k < all.sentence_count; k++)
            for (size_t n = 0; n < all.sentences[k].match_count; n++) {
                const sks_map_match *match = &all.sentences[k].matches[n];
                struct stems own;
                read_stems (match->hit->text, &own);
                ck_assert_double_ge (match->share, .25);
                ck_assert_double_le (match->share, all.sentences[k].coverage + NEAR);
                ck_assert_uint_gt (match->evidence_count, 0);
                ck_assert_uint_gt (match->hit->span_count, 0);
                for (size_t w = 0; w < match->evidence_count; w++) {
                    struct stems one;
                    read_stems (cut (text, &match->evidence[w], 1), &one);
                    ck_assert_uint_eq (one.count, 1);
                    ck_assert (holds (&own, one.text[0]));
                }
            }
    }
}
END_TEST

START_TEST (map_looks_at_filters)
{
    const char *levels[] = { "advanced" };
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 1, 0, 0 };
    ck_assert_int_eq (sks_searcher_map (small.searcher, "Forecast budgets", &options, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.sentences[0].match_count, 2);
    ck_assert_uint_eq (out.levels[SKS_ADVANCED], 1);
}
END_TEST

/* ------------------------------------------------------------------- limits */

START_TEST (unknown_ids_and_occupations_are_not_found)
{
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    sks_comparison c;
    sks_crosswalk w;
    sks_searcher *s = small.searcher;
    ck_assert_int_eq (sks_searcher_similar (s, "43-9051.00/emerging/000000000000", 0, &options, &result, NULL),
                      SKS_ENOTFOUND);
    ck_assert_ptr_null (result);
    ck_assert_int_eq (sks_searcher_similar (s, "", 0, &options, &result, NULL), SKS_ENOTFOUND);
    ck_assert_int_eq (sks_searcher_compare (s, "43-", NULL, arena, &c, NULL), SKS_ENOTFOUND);
    ck_assert_int_eq (sks_searcher_crosswalk (s, MAIL, "11-1011.00", -1, arena, &w, NULL), SKS_ENOTFOUND);
    ck_assert_int_eq (sks_searcher_crosswalk (s, "", MAIL, -1, arena, &w, NULL), SKS_ENOTFOUND);
}
END_TEST

START_TEST (a_statement_of_stop_words_is_similar_to_none)
{
    sks_result *result = similar (&small, find (&small, "Of the and")->id, 0, NULL);
    ck_assert_uint_eq (result->total, 0);
    ck_assert_uint_eq (result->hit_count, 0);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (too_many_hits_are_refused)
{
    sks_query options = SKS_QUERY_INIT;
    sks_result *result;
    sks_mapping out;
    options.limit = SKS_MAX_LIMIT + 1;
    const char *id = small.statements[0].id;
    ck_assert_int_eq (sks_searcher_similar (small.searcher, id, 0, &options, &result, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_searcher_map (small.searcher, "letters", &options, arena, &out, NULL), SKS_ELIMIT);
}
END_TEST

/* `count` sentences. Caller owns it; free with sks_buffer_free. */
static sks_buffer
sentences (size_t count)
{
    sks_buffer out = SKS_BUFFER_INIT (1 << 20);
    for (size_t i = 0; i < count; i++)
        sks_buffer_puts (&out, "Sort letters.\n\n");
    ck_assert_ptr_nonnull (sks_buffer_text (&out));
    return out;
}

START_TEST (map_takes_so_many_sentences_and_no_more)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    options.limit = SKS_MAX_WINDOW / SKS_MAX_MAP_SENTENCES;
    sks_buffer most = sentences (SKS_MAX_MAP_SENTENCES), more = sentences (SKS_MAX_MAP_SENTENCES + 1);
    ck_assert_int_eq (sks_searcher_map (small.searcher, most.bytes, &options, arena, &out, NULL), 0);
    ck_assert_uint_eq (out.sentence_count, SKS_MAX_MAP_SENTENCES);
    ck_assert_uint_eq (out.levels[SKS_EMERGING], SKS_MAX_MAP_SENTENCES);
    ck_assert_int_eq (sks_searcher_map (small.searcher, more.bytes, &options, arena, &out, NULL), SKS_ELIMIT);
    options.limit++;
    ck_assert_int_eq (sks_searcher_map (small.searcher, most.bytes, &options, arena, &out, NULL), SKS_ELIMIT);
    sks_buffer_free (&most);
    sks_buffer_free (&more);
}
END_TEST

START_TEST (map_takes_so_many_bytes_and_no_more)
{
    static const char *const fillers[] = { "x ", ".", "a.", "\n", ". ", "- ", "\xE2\x80\x9D" };
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    char *text = calloc (1, SKS_MAX_MAP_BYTES + 2);
    for EACH (i, fillers) {
        size_t step = strlen (fillers[i]), size = 0;
        for (; size + step <= SKS_MAX_MAP_BYTES; size += step)
            memcpy (text + size, fillers[i], step);
        memset (text + size, ' ', SKS_MAX_MAP_BYTES - size);
        ck_assert_int_eq (sks_searcher_map (small.searcher, text, &options, arena, &out, NULL), 0);
        ck_assert_uint_le (out.sentence_count, 1);
    }
    text[SKS_MAX_MAP_BYTES] = ' ';
    ck_assert_int_eq (sks_searcher_map (small.searcher, text, &options, arena, &out, NULL), SKS_ELIMIT);
    free (text);
}
END_TEST

START_TEST (map_reads_a_sentence_by_its_64_most_telling_words)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_MAP_BYTES);
    sks_buffer_puts (&text, "letters");
    for (int i = 0; i < 64; i++)
        sks_buffer_printf (&text, " unheard%c%c", 'a' + i / 8, 'a' + i % 8);
    sks_mapping all = map (&small, sks_buffer_text (&text), 5);
    ck_assert_uint_eq (all.sentence_count, 1);
    ck_assert_uint_eq (all.sentences[0].match_count, 0);
    ck_assert_double_eq (all.coverage, 0);
    sks_buffer_free (&text);
}
END_TEST

START_TEST (empty_texts_have_no_sentences)
{
    static const char *const texts[] = { "", "  \n ", "...", "- \n- " };
    for EACH (i, texts) {
        sks_mapping all = map (&small, texts[i], 10);
        ck_assert_uint_eq (all.sentence_count, 0);
        ck_assert_double_eq (all.coverage, 0);
    }
    ck_assert_uint_eq (map (&small, "of the", 10).sentences[0].match_count, 0);
}
END_TEST

START_TEST (text_that_is_not_utf8_is_refused_with_its_place)
{
    sks_query options = SKS_QUERY_INIT;
    sks_mapping out;
    sks_comparison c;
    sks_error err;
    ck_assert_int_eq (sks_searcher_map (small.searcher, "ab\xFF", &options, arena, &out, &err), SKS_EBADREQUEST);
    ck_assert_int_eq (err.at, 2);
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, "a\xC3", arena, &c, &err), SKS_EBADREQUEST);
    ck_assert_int_eq (err.at, 1);
}
END_TEST

START_TEST (a_duty_of_too_many_words_is_refused)
{
    sks_comparison c;
    sks_buffer words = SKS_BUFFER_INIT (SKS_MAX_QUERY_BYTES + 2);
    for (int i = 0; i <= SKS_MAX_QUERY_WORDS; i++)
        sks_buffer_printf (&words, "unheard%c%c ", 'a' + i / 8, 'a' + i % 8);
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, sks_buffer_text (&words), arena, &c, NULL),
                      SKS_ELIMIT);
    while (words.size <= SKS_MAX_QUERY_BYTES)
        sks_buffer_putc (&words, ' ');
    ck_assert_int_eq (sks_searcher_compare (small.searcher, MAIL, sks_buffer_text (&words), arena, &c, NULL),
                      SKS_ELIMIT);
    sks_buffer_free (&words);
}
END_TEST

START_TEST (an_occupation_is_its_own_answer)
{
    sks_crosswalk c = crosswalk (&small, MAIL, MAIL, -1);
    ck_assert_uint_eq (c.pair_count, 9);
    ck_assert_double_eq_tol (c.pairs[8].likeness, 1, NEAR);
    ck_assert_uint_eq (c.left_count + c.right_count, 0);
}
END_TEST

START_TEST (more_than_a_thousand_statements_of_a_level_are_not_compared)
{
    sks_comparison c;
    sks_crosswalk w;
    ck_assert_int_eq (sks_searcher_compare (wide.searcher, MAIL, NULL, arena, &c, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_searcher_crosswalk (wide.searcher, REPAIR, MAIL, -1, arena, &w, NULL), SKS_ELIMIT);
    ck_assert_int_eq (sks_searcher_crosswalk (wide.searcher, REPAIR, MAIL, SKS_ADVANCED, arena, &w, NULL), 0);
    ck_assert_uint_eq (compare (&wide, REPAIR, NULL).row_count, 1);
}
END_TEST

Suite *
suite_alike (void)
{
    Suite *suite = suite_create ("alike");
    TCase *core = tcase_create ("Core"), *sample = tcase_create ("Core, sample exports");
    TCase *limits = tcase_create ("Limits"), *large = tcase_create ("Limits, large");
    tcase_add_unchecked_fixture (core, open_small, close_small);
    tcase_add_unchecked_fixture (sample, open_corpus, close_corpus);
    tcase_add_unchecked_fixture (limits, open_small, close_small);
    tcase_add_unchecked_fixture (large, open_wide, close_wide);
    tcase_set_timeout (sample, 60);
    tcase_set_timeout (limits, 60);

    tcase_add_test (core, likeness_is_1_for_the_same_words_and_0_for_none_in_common);
    tcase_add_test (core, a_common_duty_counts_more_than_a_common_detail);
    tcase_add_test (core, the_same_form_counts_a_little_more_than_the_same_stem);
    tcase_add_test (core, similar_puts_the_same_wording_first);
    tcase_add_test (core, compare_aligns_the_levels_by_duty_and_may_skip_one);
    tcase_add_test (core, compare_tells_the_words_gained_and_lost_as_written);
    tcase_add_test (core, compare_keeps_the_rows_whose_duty_holds_all_the_words);
    tcase_add_test (core, crosswalk_pairs_what_answers_each_other_and_lists_the_rest);
    tcase_add_test (core, crosswalk_of_one_level_looks_at_that_level_alone);
    tcase_add_test (core, sentences_end_where_a_reader_ends_them);
    tcase_add_test (core, map_tells_where_each_match_is_and_how_much_it_holds);
    tcase_add_test (core, map_weighs_an_unknown_word_as_if_one_statement_held_it);
    tcase_add_test (core, map_looks_at_filters);
    suite_add_tcase (suite, core);

    tcase_add_test (sample, shares_add_up_to_a_likeness_that_is_the_same_both_ways);
    tcase_add_test (sample, similar_counts_those_that_share_an_eighth_of_the_weight);
    tcase_add_test (sample, similar_finds_something_for_most_statements);
    tcase_add_test (sample, similar_explains_and_marks_every_hit_and_never_gives_the_statement_itself);
    tcase_add_test (sample, similar_leaves_out_what_is_excluded_or_filtered);
    tcase_add_test (sample, compare_shows_each_statement_once_and_rows_in_the_order_of_the_lists);
    tcase_add_test (sample, crosswalk_uses_each_statement_once_and_leaves_no_pair_over);
    tcase_add_test (sample, map_finds_a_statement_by_its_own_text);
    tcase_add_test (sample, map_gives_matches_of_a_quarter_and_evidence_that_they_hold);
    suite_add_tcase (suite, sample);

    tcase_add_test (limits, unknown_ids_and_occupations_are_not_found);
    tcase_add_test (limits, a_statement_of_stop_words_is_similar_to_none);
    tcase_add_test (limits, too_many_hits_are_refused);
    tcase_add_test (limits, sentences_of_any_bytes_are_in_order_and_end);
    tcase_add_test (limits, map_takes_so_many_sentences_and_no_more);
    tcase_add_test (limits, map_takes_so_many_bytes_and_no_more);
    tcase_add_test (limits, map_reads_a_sentence_by_its_64_most_telling_words);
    tcase_add_test (limits, empty_texts_have_no_sentences);
    tcase_add_test (limits, text_that_is_not_utf8_is_refused_with_its_place);
    tcase_add_test (limits, a_duty_of_too_many_words_is_refused);
    tcase_add_test (limits, an_occupation_is_its_own_answer);
    suite_add_tcase (suite, limits);

    tcase_add_test (large, more_than_a_thousand_statements_of_a_level_are_not_compared);
    suite_add_tcase (suite, large);
    return suite;
}
