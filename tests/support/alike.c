/* alike.c - the indexes that likeness is tested on. */
#include "alike.h"

#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/engine/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

engine drawn, wide;
sks_arena *arena;

void
alike_open_small (void)
{
    static const sample_occupation occupations[] = {
        { .soc = MAIL,
          .title = "Mail Clerks",
          .group = "Office & Administrative Support",
          .zone = 2,
          .levels = { "Incoming letters — open, sort, and route by hand\n"
                      "Filing cabinets — keep in order\n"
                      "Telephones — answer politely",
                      "Incoming letters for six floors — route alone\n"
                      "Stamps — count weekly",
                      "Filing rooms — plan for a year\n"
                      "Routing of letters — teach",
                      "Telephone exchanges — choose and buy\n"
                      "Budgets — forecast" } },
        { .soc = REPAIR,
          .title = "Repair Workers",
          .group = "Installation, Maintenance & Repair",
          .levels = { "Filing cabinet — repair in order\n"
                      "Lathe chucks — clean",
                      "Stamps — count daily\n"
                      "Lathe beds — oil",
                      "Budgets — forecast", "Budgets — quickly forecast" } },
        { .soc = PLAIN,
          .title = "Assemblers",
          .levels = { "Sort the letters\nOf the and", "Rivets and zinc plates — count", "Route letters quickly",
                      "Routed parcels quickly" } },
    };
    engine_small_open (occupations, COUNT (occupations));
    arena = engine_arena;
}

void
alike_close_small (void)
{
    engine_small_close ();
    arena = NULL;
}

/* Lines of words; the first words of the vocabulary occur more often than the last. */
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
                sks_buffer_puts (&lines, " \xE2\x80\x94 of the");
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

void
alike_open_corpus (void)
{
    corpus_open ();
    open_drawn ();
    arena = sks_arena_create ();
}

void
alike_close_corpus (void)
{
    sks_arena_destroy (&arena);
    engine_close (&drawn);
    corpus_close ();
}

void
alike_open_wide (void)
{
    sks_buffer lines = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    for (int i = 0; i <= SKS_MAX_ALIKE; i++)
        sks_buffer_printf (&lines, "Part %d\n", i);
    const sample_occupation occupations[] = { { .soc = MAIL, .title = "Many", .levels = { sks_buffer_text (&lines) } },
                                              { .soc = REPAIR, .title = "Few", .levels = { "Part 7" } } };
    engine_open_occupations (&wide, occupations, COUNT (occupations));
    sks_buffer_free (&lines);
    arena = sks_arena_create ();
}

void
alike_close_wide (void)
{
    sks_arena_destroy (&arena);
    engine_close (&wide);
}

const char *
alike_id (const engine *e, const char *soc, const char *start)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp (e->statements[i].soc, soc) == 0 && strncmp (e->statements[i].text, start, strlen (start)) == 0)
            return e->statements[i].id;
    ck_abort_msg ("no statement of %s begins with \"%s\"", soc, start);
}

const char *
alike_cut (const char *text, const sks_span *spans, size_t count)
{
    static char line[1024];
    *line = '\0';
    for (size_t i = 0; i < count; i++)
        sprintf (line + strlen (line), "%s%.*s", i ? "|" : "", (int) (spans[i].end - spans[i].start),
                 text + spans[i].start);
    return line;
}

sks_profile
alike_profile (sks_matching *m, const char *id)
{
    sks_profile out;
    ck_assert_int_eq (sks_profile_read (&out, m, sks_store_find (m->store, id)), 0);
    return out;
}

size_t
alike_explain (sks_matching *m, const sks_profile *left, const sks_profile *right, sks_common **out)
{
    size_t count;
    ck_assert_int_eq (sks_likeness_explain (m, left, right, out, &count), 0);
    return count;
}

double
alike_likeness (engine *e, const char *left, const char *right)
{
    sks_matching m = sks_searcher_matching (e->searcher, NULL);
    sks_profile a = alike_profile (&m, left), b = alike_profile (&m, right);
    return sks_likeness (&a, &b);
}

void
alike_read_stems (const char *text, alike_stems *out)
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

bool
alike_holds (const alike_stems *stems, const char *stem)
{
    for (size_t i = 0; i < stems->count; i++)
        if (strcmp (stems->text[i], stem) == 0)
            return true;
    return false;
}
