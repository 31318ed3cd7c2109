/* check_store.c - a generation read back: its content equals the input byte for byte.
 *
 * The tests read the sample exports a second time with the export reader and
 * count words by themselves, so the store is compared with its sources and not with its own tables. check_damage.c
 * tests what is refused. */
#include "core/index/lists.h"
#include "core/index/posting.h"
#include "core/base/text.h"
#include "core/base/text_duty.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "indexer/collection.h"
#include "indexer/source.h"
#include "tests/support/sample.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_store (void);

#define CORPUS_STATEMENTS 560
#define CORPUS_OCCUPATIONS 14

static char *index_folder;
static sks_store *store;

static void
remove_index (void)
{
    sks_store_close (&store);
    sample_remove (index_folder);
}

/* Index a folder of exports in place of the previous index. */
static void
index_source (const char *source)
{
    if (store)
        remove_index ();
    index_folder = sample_folder ();
    sample_index (index_folder, source);
    store = sample_store (index_folder);
}

static void
index_corpus (void)
{
    index_source (sample_corpus ());
}

/* Index one export with these statements of level emerging. */
static void
index_statements (const char *lines)
{
    char *source = sample_folder ();
    sample_occupation occupation = { "43-9061.00", "Office Clerks", "55", 2, .levels = { lines } };
    sample_put (source, "a.json", &occupation);
    index_source (source);
    sample_remove (source);
}

static const char *
text_of (uint32_t statement)
{
    static sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_STATEMENT_BYTES);
    sks_buffer_clear (&text);
    sks_store_text (store, statement, &text);
    ck_assert_ptr_nonnull (sks_buffer_text (&text));
    return text.bytes;
}

static uint32_t
find_text (const char *text)
{
    for (uint32_t s = 0; s < store->statements; s++)
        if (strcmp (text_of (s), text) == 0)
            return s;
    return SKS_NONE;
}

/* Call `visit` with every sample export, read from its file. Returns how many. */
static size_t
each_export (void (*visit) (const sks_export *export, const char *path))
{
    const char *corpus = sample_corpus ();
    sks_report *report;
    sks_sources *sources;
    const sks_source_request request = { .sources = &corpus, .source_count = 1 };
    size_t exports = 0;
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
    ck_assert_int_eq (sks_sources_find (&sources, &request, NULL, report, NULL), 0);
    for (size_t i = 0; i < sks_sources_count (sources); i++) {
        const char *path = sks_sources_file (sources, i)->path;
        sks_export *export;
        int kind;
        size_t size;
        char *bytes = sample_read (path, &size);
        while (size && bytes[size - 1] == '\n')
            size--;
        ck_assert_int_eq (sks_export_read (&export, &kind, path, SKS_EXPECT_NOTHING, false, bytes, size, report, NULL),
                          0);
        if (kind == SKS_EXPORT_GOOD) {
            visit (export, path);
            exports++;
        }
        sks_export_destroy (&export);
        free (bytes);
    }
    sks_sources_destroy (&sources);
    sks_report_destroy (&report);
    return exports;
}

/* -------------------------------------------------------------- statements */

static void
compare_statements (const sks_export *export, const char *path)
{
    (void) path;
    for (size_t i = 0; i < export->count; i++) {
        const sks_statement *wanted = &export->statements[i];
        char id[64], own[SKS_STATEMENT_ID_BYTES];
        snprintf (id, sizeof id, "%s/%s/%012llx", export->soc, sks_level_name (wanted->level),
                  (unsigned long long) sks_short_hash (sks_text_hash (wanted->text, wanted->size)));
        uint32_t number = sks_store_find (store, id);
        ck_assert_msg (number != SKS_NONE, "%s", id);
        sks_store_id (store, number, own);
        ck_assert_str_eq (own, id);
        ck_assert_str_eq (text_of (number), wanted->text);
        ck_assert_uint_eq (store->positions[number], wanted->position);
        ck_assert_int_eq (sks_cell_level (sks_store_cell (store, number)), wanted->level);
    }
}

START_TEST (returns_every_statement_of_the_corpus)
{
    ck_assert_uint_eq (store->statements, CORPUS_STATEMENTS);
    ck_assert_uint_eq (store->occupations, CORPUS_OCCUPATIONS);
    ck_assert_uint_eq (each_export (compare_statements), CORPUS_OCCUPATIONS);
}
END_TEST

START_TEST (numbers_statements_in_the_order_of_their_ids)
{
    char id[SKS_STATEMENT_ID_BYTES], before[SKS_STATEMENT_ID_BYTES] = "";
    for (uint32_t s = 0; s < store->statements; s++) {
        sks_store_id (store, s, id);
        ck_assert_str_gt (id, before);
        ck_assert_uint_eq (sks_store_find (store, id), s);
        strcpy (before, id);
    }
}
END_TEST

START_TEST (keeps_the_statements_of_a_cell_together)
{
    uint32_t cells = store->occupations * SKS_LEVELS;
    ck_assert_uint_eq (store->cells[0], 0);
    ck_assert_uint_eq (store->cells[cells], store->statements);
    for (uint32_t cell = 0; cell < cells; cell++) {
        ck_assert_uint_eq (store->cells[cell + 1] - store->cells[cell], 10);
        for (uint32_t s = store->cells[cell]; s < store->cells[cell + 1]; s++)
            ck_assert_uint_eq (sks_store_cell (store, s), cell);
        ck_assert_uint_eq (sks_cell (cell / SKS_LEVELS, sks_cell_level (cell)), cell);
    }
}
END_TEST

START_TEST (finds_the_cell_beside_empty_ones)
{
    char *source = sample_folder ();
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "A", .levels = { [SKS_PROFICIENT] = "x\ny" } });
    sample_put (source, "b", &(sample_occupation) { "11-1021.00", "B", .levels = { [SKS_ADVANCED] = "x" } });
    sample_put (source, "c", &(sample_occupation) { "11-1031.00", "C", .levels = { [SKS_EMERGING] = "x" } });
    index_source (source);
    ck_assert_uint_eq (sks_store_cell (store, 0), sks_cell (0, SKS_PROFICIENT));
    ck_assert_uint_eq (sks_store_cell (store, 1), sks_cell (0, SKS_PROFICIENT));
    ck_assert_uint_eq (sks_store_cell (store, 2), sks_cell (1, SKS_ADVANCED));
    ck_assert_uint_eq (sks_store_cell (store, 3), sks_cell (2, SKS_EMERGING));
    sample_remove (source);
}
END_TEST

START_TEST (keeps_odd_statements_byte_for_byte)
{
    static const char *const odd[] = {
        "\"Quoted\" start, and end.)",
        "\xE2\x80\x94 dash first",
        "...",
        "\xF0\x9F\x93\xA6\xF0\x9F\x93\xA6",
        "x",
        "the of and",
        "Don\xE2\x80\x99t \xE2\x80\x94 won't \xE2\x80\x94 can't",
        "\xE6\x9D\xB1\xE4\xBA\xAC",
        "1",
        "--x--",
        "x\xE2\x80\x8By",
        "\xCC\x81 mark alone",
        "Caf\xC3\xA9 CAF\xC3\x89",
        "\\u0041 \\n / \\",
        "50% of 1\xC2\xBD cups (\xE2\x89\x88 350 ml)",
        "O'Brien's, the nurses' & 'tis",
        "\x7F\x1B[0m",
    };
    sks_buffer lines = SKS_BUFFER_INIT (100000);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        sks_buffer_printf (&lines, "%s\n", odd[i]);
    for (int i = 0; i < SKS_MAX_STATEMENT_BYTES; i++)
        sks_buffer_putc (&lines, "y,"[i % 2]);
    sks_buffer_putc (&lines, '\n');
    for (int i = 0; i < SKS_MAX_STATEMENT_BYTES; i++)
        sks_buffer_putc (&lines, 'z');
    index_statements (sks_buffer_text (&lines));
    ck_assert_uint_eq (store->statements, sizeof odd / sizeof *odd + 2);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        uint32_t s = find_text (odd[i]);
        ck_assert_msg (s != SKS_NONE, "%s", odd[i]);
        ck_assert_uint_eq (store->positions[s], i + 1);
    }
    size_t found = 0;
    for (uint32_t s = 0; s < store->statements; s++)
        found += strlen (text_of (s)) == SKS_MAX_STATEMENT_BYTES;
    ck_assert_uint_eq (found, 2);
    sks_buffer_free (&lines);
}
END_TEST

/* Both texts hash to a4a45da2298e...; "Always" is first by its bytes. */
START_TEST (the_second_text_with_the_same_id_gets_a_longer_one)
{
    static const char *const texts[] = { "Always check the patient's allergies before dose 638993 is given.",
                                         "Rarely check the patient's allergies before dose 2095522 is given." };
    for (int first = 0; first < 2; first++) {
        char lines[256], ids[2][SKS_STATEMENT_ID_BYTES];
        snprintf (lines, sizeof lines, "%s\n%s", texts[first], texts[!first]);
        index_statements (lines);
        ck_assert_uint_eq (store->statements, 2);
        for (int i = 0; i < 2; i++) {
            uint32_t s = find_text (texts[i]);
            sks_store_id (store, s, ids[i]);
            ck_assert_uint_eq (sks_store_find (store, ids[i]), s);
            ck_assert_uint_eq (sks_store_position (store, s), i == first ? 1 : 2);
        }
        ck_assert_str_eq (ids[0], "43-9061.00/emerging/a4a45da2298e");
        ck_assert_uint_eq (strlen (ids[1]), strlen (ids[0]) + 4);
        ck_assert_int_eq (strncmp (ids[0], ids[1], strlen (ids[0])), 0);
    }
}
END_TEST

START_TEST (finds_nothing_for_an_invalid_id)
{
    char id[SKS_STATEMENT_ID_BYTES], wrong[128];
    sks_store_id (store, 0, id); /* .../advanced/... */
    static const char *const forms[] = {
        "",
        "/",
        "//",
        "15-1252.00",
        "15-1252.00/",
        "15-1252.00/advanced",
        "15-1252.00/advanced/",
        "15-1252.00/advanced/0123456789a",
        "15-1252.00/advanced/0123456789ag",
        "15-1252.00//0123456789ab",
        "15-1252.00/expert/0123456789ab",
        "99-9999.99/advanced/0123456789ab",
        "15-1252.00/advanced/ffffffffffff",
        "15-1252.00/advanced/000000000000",
        "15-1252.00-advanced-0123456789ab",
        "///////////////////////////",
        "15-1252.00/advanced0123456789ab/",
        "an id that is much longer than any id there can ever be, by far",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        ck_assert_msg (sks_store_find (store, forms[i]) == SKS_NONE, "%s", forms[i]);
    snprintf (wrong, sizeof wrong, "%s0", id);
    ck_assert_uint_eq (sks_store_find (store, wrong), SKS_NONE);
    for (size_t i = 0; id[i]; i++) {
        strcpy (wrong, id);
        wrong[i] = wrong[i] == '7' ? '8' : '7';
        ck_assert_msg (sks_store_find (store, wrong) == SKS_NONE, "%s", wrong);
        wrong[i] = '\0';
        ck_assert_msg (sks_store_find (store, wrong) == SKS_NONE, "%s", wrong);
    }
}
END_TEST

/* ------------------------------------------------------------- occupations */

static void
compare_occupation (const sks_export *export, const char *path)
{
    uint32_t number = sks_store_occupation (store, export->soc);
    ck_assert_msg (number != SKS_NONE, "%s", export->soc);
    const sks_occupation *row = &store->occupation[number];
    const char *sector = sks_store_string (store, store->sector[row->sector].code);
    ck_assert_str_eq (sks_store_string (store, row->soc), export->soc);
    ck_assert_str_eq (sks_store_string (store, row->title), export->title);
    ck_assert_str_eq (sks_store_string (store, row->group_title), export->group);
    ck_assert_str_eq (sks_store_string (store, row->description), export->description);
    ck_assert_str_eq (sks_store_string (store, store->edition[row->edition].version), export->edition.version);
    ck_assert_str_eq (sks_store_string (store, row->exported_at), export->exported_at);
    ck_assert_str_eq (sks_store_string (store, row->source), path);
    ck_assert_str_eq (sector, export->sector);
    ck_assert_str_eq (sks_store_string (store, store->sector[row->sector].label), sks_schema_sector_label (sector));
    ck_assert_mem_eq (sks_store_string (store, store->group[row->group].code), export->soc, 2);
    ck_assert_int_eq (row->zone, export->zone);
    ck_assert_uint_eq (row->content, export->content);
}

START_TEST (returns_every_occupation_of_the_corpus)
{
    ck_assert_uint_eq (each_export (compare_occupation), CORPUS_OCCUPATIONS);
    ck_assert_uint_eq (store->groups, 12);
    ck_assert_uint_eq (store->sectors, 14);
}
END_TEST

START_TEST (the_sector_is_none_when_an_export_has_no_sector)
{
    char *source = sample_folder ();
    sample_put (source, "a", &(sample_occupation) { "11-1011.00", "A", .levels = { "x" } });
    index_source (source);
    ck_assert_uint_eq (store->occupation[0].zone, 0);
    ck_assert_str_eq (sks_store_string (store, store->sector[0].code), SKS_NO_SECTOR);
    ck_assert_str_eq (sks_store_string (store, store->group[0].code), "11");
    ck_assert_str_eq (sks_store_string (store, store->group[0].label), sks_schema_group_label ("11"));
    sample_remove (source);
}
END_TEST

static uint32_t
with_prefix (const char *prefix)
{
    uint32_t first, end;
    sks_store_occupations (store, prefix, strlen (prefix), &first, &end);
    for (uint32_t i = 0; i < store->occupations; i++) {
        const char *soc = sks_store_string (store, store->occupation[i].soc);
        ck_assert_msg ((strncmp (soc, prefix, strlen (prefix)) == 0) == (i >= first && i < end), "%s", soc);
    }
    return end - first;
}

START_TEST (finds_occupations_by_a_prefix_of_their_code)
{
    ck_assert_uint_eq (with_prefix (""), CORPUS_OCCUPATIONS);
    ck_assert_uint_eq (with_prefix ("4"), 5);
    ck_assert_uint_eq (with_prefix ("43-"), 2);
    ck_assert_uint_eq (with_prefix ("29-1"), 2);
    ck_assert_uint_eq (with_prefix ("29-1051.00"), 1);
    ck_assert_uint_eq (with_prefix ("00"), 0);
    ck_assert_uint_eq (with_prefix ("43-5"), 0);
    ck_assert_uint_eq (with_prefix ("99-"), 0);
}
END_TEST

START_TEST (finds_nothing_for_an_invalid_code)
{
    static const char *const wrong[] = {
        "", "15", "15-1252.0", "15-1252.000", "15-1252.01", "00-0000.00", "99-9999.99"
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_uint_eq (sks_store_occupation (store, wrong[i]), SKS_NONE);
}
END_TEST

/* -------------------------------------------------------------- dictionary */

/* The words of all statements, split and folded again. */
struct census {
    bool *holds; /* statements x forms */
    uint64_t words;
};

/* Record the joined form of the compound that starts with the word, if there is one. Words come in order. */
static void
hold_joined (struct census *census, uint32_t s, const char *text, sks_word word)
{
    static size_t end, of; /* where the last compound ended, and of which statement */
    sks_compound compound;
    char joined[SKS_MAX_WORD_BYTES];
    end = of == s ? end : 0;
    of = s;
    if (word.start < end || sks_text_compound (text, strlen (text), word, &compound) == 1)
        return;
    end = compound.end;
    size_t length = sks_text_join (text, &compound, joined);
    if (!length || sks_text_stop_word (joined, length))
        return;
    uint32_t form = sks_store_form (store, joined, length);
    ck_assert_uint_ne (form, SKS_NONE);
    census->holds[(size_t) s * store->forms + form] = true;
}

static void
take_census (struct census *census)
{
    census->holds = calloc ((size_t) store->statements * store->forms, 1);
    census->words = 0;
    ck_assert_ptr_nonnull (census->holds);
    for (uint32_t s = 0; s < store->statements; s++) {
        const char *text = text_of (s);
        size_t size = strlen (text), words = 0;
        sks_word word;
        for (size_t at = 0; sks_text_word (text, size, at, &word); at = word.end) {
            char folded[SKS_MAX_WORD_BYTES];
            size_t length = sks_text_fold (text + word.start, word.end - word.start, folded);
            uint32_t form = sks_store_form (store, folded, length);
            ck_assert_uint_ne (form, SKS_NONE);
            ck_assert (store->form[form].stop == sks_text_stop_word (folded, length));
            census->holds[(size_t) s * store->forms + form] = true;
            words += !store->form[form].stop;
            hold_joined (census, s, text, word);
        }
        ck_assert_uint_eq (store->lengths[s], words);
        census->words += words;
    }
}

START_TEST (counts_the_statements_of_every_form)
{
    struct census census;
    take_census (&census);
    ck_assert_uint_eq (store->words, census.words);
    for (uint32_t f = 0; f < store->forms; f++) {
        uint32_t count = 0;
        for (uint32_t s = 0; s < store->statements; s++)
            count += census.holds[(size_t) s * store->forms + f];
        ck_assert_uint_eq (store->form[f].statements, count);
    }
    free (census.holds);
}
END_TEST

/* Whether the statement holds a form of the stem. */
static bool
holds_stem (const struct census *census, uint32_t statement, uint32_t stem)
{
    for (uint32_t i = store->stem[stem].forms; i < store->stem[stem + 1].forms; i++)
        if (census->holds[(size_t) statement * store->forms + store->stem_forms[i]])
            return true;
    return false;
}

START_TEST (has_a_posting_for_every_stem_of_every_statement)
{
    struct census census;
    take_census (&census);
    char path[512];
    snprintf (path, sizeof path, "%s/%s", index_folder, SKS_CURRENT_LINK);
    sks_lists *lists;
    ck_assert_int_eq (sks_lists_open (&lists, store, path, NULL), 0);
    ck_assert_uint_eq (sks_lists_documents (lists), store->statements);
    for (uint32_t t = 0; t < store->stems; t++) {
        uint32_t statements[CORPUS_STATEMENTS], counts[CORPUS_STATEMENTS];
        size_t met = 0, count = store->stem[t].statements;
        ck_assert_int_eq (sks_lists_read (lists, t, statements, counts, NULL), 0);
        for (uint32_t s = 0; s < store->statements; s++)
            if (holds_stem (&census, s, t)) {
                ck_assert (met < count && statements[met] == s);
                met++;
            }
        ck_assert_uint_eq (met, count);
    }
    sks_lists_close (&lists);
    free (census.holds);
}
END_TEST

/* The example of docs/index-format.md: the forms of a stem, and its first postings. */
START_TEST (has_the_postings_of_the_example_in_the_documentation)
{
    sks_lists *lists;
    uint32_t statements[CORPUS_STATEMENTS], counts[CORPUS_STATEMENTS], stem = sks_store_stem (store, "rout", 4);
    char path[512], line[256];
    snprintf (path, sizeof path, "%s/%s", index_folder, SKS_CURRENT_LINK);
    ck_assert_int_eq (sks_lists_open (&lists, store, path, NULL), 0);
    ck_assert_int_eq (sks_lists_read (lists, stem, statements, counts, NULL), 0);
    sks_lists_close (&lists);
    char *page_path = sample_path (sample_corpus (), "../docs/index-format.md");
    size_t size;
    char *page = sample_read (page_path, &size), *row = strstr (page, "For example the stem `rout`");
    ck_assert_ptr_nonnull (row);
    const uint32_t *forms = &store->stem_forms[store->stem[stem].forms];
    snprintf (line, sizeof line,
              "%u postings; rank 0 is *route* (in %u statements), rank 1 *routes* (%u),\nrank 2 *routing* (%u)",
              store->stem[stem].statements, store->form[forms[0]].statements, store->form[forms[1]].statements,
              store->form[forms[2]].statements);
    ck_assert_msg (strstr (row, line), "the page does not contain: %s", line);
    for (int i = 0; i < 4; i++) {
        snprintf (line, sizeof line, "\n| %u | %u | %u | %u |\n", statements[i] + 1, counts[i],
                  sks_posting_code (counts[i]), sks_posting_rank (counts[i]));
        ck_assert_msg (strstr (row, line), "the page lacks the postings%s", line);
    }
    free (page);
    free (page_path);
}
END_TEST

START_TEST (finds_every_form_and_stem_by_its_bytes)
{
    for (uint32_t f = 0; f < store->forms; f++) {
        const sks_form *form = &store->form[f];
        ck_assert_uint_eq (sks_store_form (store, store->strings + form->text, form->size), f);
    }
    for (uint32_t s = 0; s < store->stems; s++) {
        const sks_stem *stem = &store->stem[s];
        ck_assert_uint_eq (sks_store_stem (store, store->strings + stem->text, stem->size), s);
    }
    ck_assert_uint_eq (sks_store_form (store, "zzzz", 4), SKS_NONE);
    ck_assert_uint_eq (sks_store_form (store, "", 0), SKS_NONE);
    ck_assert_uint_eq (sks_store_form (store, "mai", 3), SKS_NONE);
    ck_assert_uint_ne (sks_store_form (store, "mailx", 4), SKS_NONE);
    ck_assert_uint_eq (sks_store_stem (store, "\xFF", 1), SKS_NONE);
}
END_TEST

START_TEST (joins_forms_with_their_stem_the_common_ones_first)
{
    uint32_t joined = 0;
    for (uint32_t s = 0; s < store->stems; s++) {
        uint32_t first = store->stem[s].forms;
        ck_assert_uint_eq (first, joined);
        for (; joined < store->stem[s + 1].forms; joined++) {
            const sks_form *form = &store->form[store->stem_forms[joined]];
            ck_assert_uint_eq (form->stem, s);
            ck_assert_uint_eq (form->rank, joined - first);
            ck_assert (!form->stop);
        }
    }
    for (uint32_t f = 0; f < store->forms; f++)
        joined += store->form[f].stop;
    ck_assert_uint_eq (joined, store->forms);
    uint32_t mail = sks_store_form (store, "mail", 4), mailing = sks_store_form (store, "mailing", 7);
    ck_assert (mail != SKS_NONE && mailing != SKS_NONE);
    ck_assert_uint_eq (store->form[mail].stem, store->form[mailing].stem);
}
END_TEST

START_TEST (marks_the_entry_that_ends_the_duty)
{
    uint32_t with_duty = 0;
    for (uint32_t s = 0; s < store->statements; s++) {
        const char *text = text_of (s);
        size_t size = 0, duty = sks_text_duty (text, strlen (text));
        const uint8_t *at = store->tokens + store->offsets[s], *end = store->tokens + store->offsets[s + 1];
        bool met = false;
        while (at < end) {
            const sks_entry *entry = &store->entry[sks_token_next (&at)];
            if (!met && entry->word & SKS_ENTRY_DUTY)
                met = duty >= size && duty < size + entry->size;
            size += entry->size;
        }
        ck_assert (met == (duty > 0));
        with_duty += met;
    }
    ck_assert_uint_gt (with_duty, CORPUS_STATEMENTS / 2);
}
END_TEST

START_TEST (gives_common_entries_small_numbers)
{
    uint64_t before = UINT64_MAX;
    uint64_t *counts = calloc (store->entries, sizeof *counts);
    for (const uint8_t *at = store->tokens, *end = at + store->tokens_size; at < end;)
        counts[sks_token_next (&at)]++;
    for (uint32_t e = 0; e < store->entries; e++) {
        ck_assert_uint_gt (counts[e], 0);
        ck_assert_uint_le (counts[e], before);
        before = counts[e];
    }
    free (counts);
}
END_TEST

START_TEST (knows_the_words_of_titles)
{
    uint32_t nurses = sks_store_occupation (store, "29-1141.00"), found = 0;
    uint32_t stem = store->form[sks_store_form (store, "nurses", 6)].stem;
    for (uint32_t c = store->stem[stem].contexts; c < store->stem[stem + 1].contexts; c++) {
        ck_assert_uint_lt (store->context[c].occupation, store->occupations);
        if (store->context[c].occupation == nurses) {
            ck_assert_uint_eq (store->context[c].title, 1);
            ck_assert_uint_ge (store->context[c].count, 5);
            found++;
        }
    }
    ck_assert_uint_eq (found, 1);
}
END_TEST

START_TEST (returns_token_numbers)
{
    static const uint32_t numbers[] = { 0,       1,       127,       128,       16383,          16384,
                                        2097151, 2097152, 268435455, 268435456, UINT32_MAX - 1, UINT32_MAX };
    static const int sizes[] = { 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5 };
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const uint8_t *at = bytes;
        ck_assert_int_eq (sks_token_put (bytes, numbers[i]) - bytes, sizes[i]);
        ck_assert_uint_eq (sks_token_next (&at), numbers[i]);
        ck_assert_int_eq (at - bytes, sizes[i]);
    }
}
END_TEST

Suite *
suite_store (void)
{
    Suite *suite = suite_create ("store");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, index_corpus, remove_index);
    tcase_set_timeout (core, 60);
    tcase_add_test (core, returns_every_statement_of_the_corpus);
    tcase_add_test (core, numbers_statements_in_the_order_of_their_ids);
    tcase_add_test (core, keeps_the_statements_of_a_cell_together);
    tcase_add_test (core, returns_every_occupation_of_the_corpus);
    tcase_add_test (core, finds_occupations_by_a_prefix_of_their_code);
    tcase_add_test (core, counts_the_statements_of_every_form);
    tcase_add_test (core, has_a_posting_for_every_stem_of_every_statement);
    tcase_add_test (core, has_the_postings_of_the_example_in_the_documentation);
    tcase_add_test (core, finds_every_form_and_stem_by_its_bytes);
    tcase_add_test (core, joins_forms_with_their_stem_the_common_ones_first);
    tcase_add_test (core, marks_the_entry_that_ends_the_duty);
    tcase_add_test (core, gives_common_entries_small_numbers);
    tcase_add_test (core, knows_the_words_of_titles);
    tcase_add_test (core, the_second_text_with_the_same_id_gets_a_longer_one);
    tcase_add_test (core, finds_nothing_for_an_invalid_id);
    tcase_add_test (core, finds_nothing_for_an_invalid_code);
    tcase_add_test (core, finds_the_cell_beside_empty_ones);
    tcase_add_test (core, keeps_odd_statements_byte_for_byte);
    tcase_add_test (core, the_sector_is_none_when_an_export_has_no_sector);
    tcase_add_test (core, returns_token_numbers);
    suite_add_tcase (suite, core);
    return suite;
}
