/* check_csv_export.c - exports made from the rows of a table. */
#include "core/base/schema.h"
#include "indexer/csv_occupation.h"
#include "indexer/export.h"
#include "indexer/locator.h"
#include "indexer/report_print.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_csv_export (void);

#define HEAD "soc,title,level,statement"
#define A "43-9061.00,Office Clerks,"
#define B "11-1011.00,Chief Executives,"

static sks_report *report;
static sks_csv_export *csv;
static sks_export *exports[8];
static uint64_t contents[8];
static char names[8][64];
static size_t count;

static void
open_report (void)
{
    ck_assert_int_eq (sks_report_create (&report, NULL), 0);
}

static void
close_all (void)
{
    for (; count; count--)
        sks_export_destroy (&exports[count - 1]);
    sks_csv_export_close (&csv);
    sks_report_destroy (&report);
}

/* Read all exports of a text; those that are rejected are NULL. */
static void
read_text (const char *text)
{
    int kind;
    bool more;
    close_all ();
    open_report ();
    ck_assert_int_eq (sks_csv_export_open (&csv, "a.csv", text, strlen (text), report, NULL), 0);
    while (sks_csv_export_next (csv, &more, &contents[count], NULL) == 0 && more) {
        snprintf (names[count], sizeof names[count], "%s", sks_csv_export_name (csv));
        ck_assert_int_eq (sks_csv_occupation_read (csv, &exports[count], &kind, NULL), 0);
        ck_assert ((kind == SKS_EXPORT_GOOD) == (exports[count] != NULL));
        count++;
    }
}

/* Assert that there is one problem, and where. */
static void
expect (int problem, const char *file, const char *pointer)
{
    const sks_report_entry *entry = sks_report_entry_at (report, 0);
    ck_assert_uint_eq (sks_report_count (report), 1);
    ck_assert_str_eq (sks_report_problem_name (entry->problem), sks_report_problem_name (problem));
    ck_assert_str_eq (entry->file, file);
    ck_assert_str_eq (entry->pointer, pointer);
}

/* The statement with this text as "level/position", "" if there is none. Borrowed: valid until the next call. */
static const char *
place (const sks_export *export, const char *text)
{
    static char out[64];
    *out = '\0';
    for (size_t i = 0; i < export->count; i++)
        if (strcmp (export->statements[i].text, text) == 0)
            snprintf (out, sizeof out, "%s/%u", sks_level_name (export->statements[i].level),
                      export->statements[i].position);
    return out;
}

START_TEST (reads_all_columns)
{
    read_text (
        "level,statement,soc,title,group,sector,zone,position,version,attribution,exported_at\n"
        "Emerging,\"Sort mail, by hand.\",43-9061.00,Office  Clerks,43,Manufacturing,2,3,v7,Somebody,2026-02-09\n");
    ck_assert_uint_eq (count, 1);
    ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
    ck_assert_str_eq (exports[0]->soc, "43-9061.00");
    ck_assert_str_eq (exports[0]->title, "Office Clerks");
    ck_assert_str_eq (exports[0]->group, "Office & Administrative Support");
    ck_assert_str_eq (exports[0]->sector, "31-33");
    ck_assert_int_eq (exports[0]->zone, 2);
    ck_assert_str_eq (exports[0]->edition.version, "v7");
    ck_assert_str_eq (exports[0]->edition.attribution, "Somebody");
    ck_assert_str_eq (exports[0]->exported_at, "2026-02-09");
    ck_assert_str_eq (place (exports[0], "Sort mail, by hand."), "emerging/3");
}
END_TEST

START_TEST (requires_four_columns_alone)
{
    read_text (HEAD "\n" A "emerging,Sort mail.\n");
    ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
    ck_assert_str_eq (exports[0]->group, "Office & Administrative Support");
    ck_assert_ptr_null (exports[0]->sector);
    ck_assert_int_eq (exports[0]->zone, 0);
    ck_assert_int_eq (exports[0]->inferred, SKS_INFERRED_UNKNOWN);
    ck_assert_str_eq (exports[0]->exported_at, "");
}
END_TEST

START_TEST (a_sector_and_a_zone_may_be_none)
{
    read_text (HEAD ",sector,zone\n" A "emerging,Sort mail.,None,NONE\n");
    ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
    ck_assert_ptr_null (exports[0]->sector);
    ck_assert_int_eq (exports[0]->zone, 0);
}
END_TEST

START_TEST (a_mark_of_a_missing_value_is_an_empty_cell)
{
    static const char *const marks[] = { "NA", "NaN", "nan", "N/A", "null", "NaT" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        char text[512];
        const char *m = marks[i];
        snprintf (text, sizeof text,
                  HEAD ",group,sector,zone,position,version,attribution,exported_at\n43-9061.00,%s,emerging,Sort "
                       "mail.,%s,%s,%s,%s,%s,%s,%s\n" A "emerging,File mail.,,,,,v2,,\n",
                  m, m, m, m, m, m, m, m);
        read_text (text);
        ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
        ck_assert_str_eq (exports[0]->title, "Office Clerks");
        ck_assert_str_eq (exports[0]->group, "Office & Administrative Support");
        ck_assert_ptr_null (exports[0]->sector);
        ck_assert_int_eq (exports[0]->zone, 0);
        ck_assert_str_eq (exports[0]->edition.version, "v2");
        ck_assert_str_eq (exports[0]->edition.attribution, "");
        ck_assert_str_eq (exports[0]->exported_at, "");
        ck_assert_str_eq (place (exports[0], "Sort mail."), "emerging/1");
    }
}
END_TEST

START_TEST (a_word_that_only_resembles_a_mark_is_a_value)
{
    read_text (HEAD ",version,attribution\n" A "emerging,#1 rule: lock the door!,1.0,N/A-mail\n" A
                    "emerging,# comment?,1.0,\n" A "emerging,NA forms — file them.,1.0,\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (exports[0]->count, 3);
    ck_assert_str_eq (exports[0]->edition.version, "1.0");
    ck_assert_str_eq (exports[0]->edition.attribution, "N/A-mail");
}
END_TEST

START_TEST (a_whole_number_may_have_a_fraction_of_zeros)
{
    read_text (HEAD ",group,sector,zone,position\n" A "emerging,Sort mail.,43.0,55.0,4.00,7.0\n");
    ck_assert_uint_eq (sks_report_count (report) + sks_report_warnings (report), 0);
    ck_assert_str_eq (exports[0]->group, "Office & Administrative Support");
    ck_assert_str_eq (exports[0]->sector, "55");
    ck_assert_int_eq (exports[0]->zone, 4);
    ck_assert_str_eq (place (exports[0], "Sort mail."), "emerging/7");
}
END_TEST

START_TEST (a_soc_code_may_have_any_white_space_around_it)
{
    read_text (HEAD "\n\xC2\xA0"
                    "43-9061.00\xC2\xA0\xC2\xA0,Office Clerks,\xC2\xA0"
                    "emerging,Sort mail.\n\"43-9061.00\n\",Office Clerks,advanced,Plan.\n\xC2\xA0,,\t,\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (count, 1);
    ck_assert_uint_eq (exports[0]->count, 2);
}
END_TEST

/* Spreadsheets leave blank cells at the end of rows out. */
START_TEST (a_row_may_lack_cells_that_may_be_empty)
{
    read_text (HEAD ",zone,notes\n" A "emerging,One.\n" A "emerging,Two.,3\n" A "emerging,Three.,3,x\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 3); /* one is about the column "notes" */
    ck_assert_uint_eq (exports[0]->count, 3);
    ck_assert_int_eq (exports[0]->zone, 3);
    read_text (HEAD ",zone\n" A "emerging,One.,3\n" A "emerging,Tw"); /* it may have been cut */
    expect (SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 5 (zone)");
    ck_assert (sks_csv_export_has_lost (csv));
}
END_TEST

START_TEST (a_row_that_took_others_names_its_last_line)
{
    read_text (HEAD "\n" A "emerging,\"Sort\"\"\n" B "advanced,Lead.\n" A "advanced,x\",more\n" A "emerging,File.\n");
    expect (SKS_PROBLEM_NOT_CSV, "a.csv:2", "column 5");
    ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, 0)->reason, "ends in line 4"));
    ck_assert_str_eq (place (exports[0], "File."), "emerging/1");
    ck_assert (sks_csv_export_has_lost (csv));
}
END_TEST

/* A cell in place of a SOC code, and a word of what the report adds; "" if it adds nothing. */
static const struct {
    const char *cell, *reason, *notes;
} codes[] = {
    { "Nov-13", "not \"Nov-13\"", "a date" },
    { "13.11.2026", "not \"13.11.2026\"", "a date" },
    { "11/1/1011", "not \"11/1/1011\"", "a date" },
    { "2011-11-01", "not \"2011-11-01\"", "a date" },
    { "43-9061", "not \"43-9061\"", "two digits" },
    { "", "the cell is empty", "merged" },
    { "Total", "not \"Total\"", "" },
    { "43-9061.0", "not \"43-9061.0\"", "" },
};

START_TEST (a_bad_soc_code_is_shown_and_explained_once)
{
    char text[400];
    snprintf (text, sizeof text, HEAD "\n%s,T,emerging,X.\n%s,T,emerging,Y.\n" B "advanced,Lead.\n", codes[_i].cell,
              codes[_i].cell);
    read_text (text);
    ck_assert_uint_eq (sks_report_count (report), 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert_ptr_nonnull (strstr (sks_report_entry_at (report, i)->reason, codes[_i].reason));
    const char *notes = sks_report_entry_at (report, 0)->notes;
    ck_assert (*codes[_i].notes ? strstr (notes, codes[_i].notes) != NULL : !*notes);
    ck_assert_str_eq (sks_report_entry_at (report, 1)->notes, "");
}
END_TEST

START_TEST (rows_of_an_occupation_may_lie_apart)
{
    read_text (HEAD "\n" A "emerging,Sort mail.\n" B "advanced,Lead.\n" A "emerging,File mail.\n" A "advanced,Plan.\n");
    ck_assert_uint_eq (count, 2);
    ck_assert_str_eq (names[0], "a.csv:3");
    ck_assert_str_eq (names[1], "a.csv:2");
    ck_assert_str_eq (exports[0]->soc, "11-1011.00");
    ck_assert_str_eq (place (exports[1], "Sort mail."), "emerging/1");
    ck_assert_str_eq (place (exports[1], "File mail."), "emerging/2");
    ck_assert_str_eq (place (exports[1], "Plan."), "advanced/1");
}
END_TEST

START_TEST (the_content_depends_on_the_rows_of_the_occupation_alone)
{
    read_text (HEAD "\n" A "emerging,Sort mail.\n" A "advanced,Plan.\n");
    uint64_t before = contents[0];
    ck_assert_uint_eq (exports[0]->content, before);
    read_text (HEAD "\r\n" B "advanced,Lead.\r\n" A "emerging,Sort mail.\r\n\r\n" A "advanced,Plan.");
    ck_assert_uint_eq (contents[1], before);
    read_text (HEAD "\n" A "advanced,Plan.\n" A "emerging,Sort mail.\n");
    ck_assert_uint_ne (contents[0], before);
}
END_TEST

START_TEST (rows_without_a_position_take_the_free_ones)
{
    read_text (HEAD ",position\n" A "emerging,One.,\n" A "emerging,Two.,2\n" A "emerging,Three.,\n" A
                    "emerging,Nine.,9\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_str_eq (place (exports[0], "One."), "emerging/1");
    ck_assert_str_eq (place (exports[0], "Two."), "emerging/2");
    ck_assert_str_eq (place (exports[0], "Three."), "emerging/3");
    ck_assert_str_eq (place (exports[0], "Nine."), "emerging/9");
}
END_TEST

START_TEST (a_row_that_is_left_out_keeps_its_position)
{
    static const char *const bad[] = { "", "One.", "\"\xE2\x80\x8B\"" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[512];
        snprintf (text, sizeof text,
                  HEAD ",position\n" A "emerging,One.,1\n" A "emerging,%s,2\n" A "emerging,Three.,3\n" A
                       "emerging,Four.,\n",
                  bad[i]);
        read_text (text);
        ck_assert_uint_eq (sks_report_count (report), 1);
        ck_assert_str_eq (place (exports[0], "Three."), "emerging/3");
        ck_assert_str_eq (place (exports[0], "Four."), "emerging/4");
    }
}
END_TEST

START_TEST (a_position_of_a_row_that_is_left_out_is_free_for_one_that_gives_it)
{
    read_text (HEAD ",position\n" A "emerging,,2\n" A "emerging,Two.,2\n" A "emerging,,2\n" A "emerging,One.,\n");
    ck_assert_uint_eq (sks_report_count (report), 2);
    ck_assert_int_eq (sks_report_entry_at (report, 0)->problem, SKS_PROBLEM_EMPTY);
    ck_assert_int_eq (sks_report_entry_at (report, 1)->problem, SKS_PROBLEM_EMPTY);
    ck_assert_str_eq (place (exports[0], "Two."), "emerging/2");
    ck_assert_str_eq (place (exports[0], "One."), "emerging/1");
}
END_TEST

START_TEST (rows_without_positions_close_up)
{
    read_text (HEAD "\n" A "emerging,One.\n" A "emerging,\n" A "emerging,Two.\n");
    ck_assert_uint_eq (sks_report_count (report), 1);
    ck_assert_str_eq (place (exports[0], "Two."), "emerging/2");
}
END_TEST

START_TEST (a_value_missing_in_some_rows_is_that_of_the_others)
{
    read_text (HEAD ",zone\n43-9061.00,,emerging,One.,\n43-9061.00,Office Clerks,emerging,Two.,3\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_str_eq (exports[0]->title, "Office Clerks");
    ck_assert_int_eq (exports[0]->zone, 3);
}
END_TEST

START_TEST (ignores_empty_rows)
{
    read_text (HEAD "\n,,,\n" A "emerging,Sort mail.\n,, ,\n\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (exports[0]->count, 1);
}
END_TEST

/* A bad row beside a good one of the same occupation: the problem, and whether the row's statement is kept. */
static const struct {
    const char *heading, *row;
    int problem;
    const char *file, *pointer;
    size_t statements;
    bool lost;
} bad_rows[] = {
    { "", A "junior,X.", SKS_PROBLEM_LEVEL, "a.csv:3", "column 3 (level)", 1, false },
    { "", A ",X.", SKS_PROBLEM_EMPTY, "a.csv:3", "column 3 (level)", 1, false },
    { "", A "emerging,", SKS_PROBLEM_EMPTY, "a.csv:3", "column 4 (statement)", 1, false },
    { "", A "emerging,Sort mail.", SKS_PROBLEM_DUPLICATE, "a.csv:3", "column 4 (statement)", 1, false },
    { "", "43-9061.00,Clerks,emerging,X.", SKS_PROBLEM_VALUE, "a.csv:3", "column 2 (title)", 2, false },
    { "", "43-9061,Office Clerks,emerging,X.", SKS_PROBLEM_SOC, "a.csv:3", "column 1 (soc)", 1, true },
    { "", ",Office Clerks,emerging,X.", SKS_PROBLEM_SOC, "a.csv:3", "column 1 (soc)", 1, true },
    { "", A "emerging,X.,more", SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 5", 1, true },
    { "", A "emerging", SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 4 (statement)", 1, true },
    { "", A "emerging,\"X.", SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 4 (statement)", 1, true },
    { "", A "emerging,X\xE9.", SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 4 (statement)", 1, true },
    { "", A "emerging,NaN", SKS_PROBLEM_EMPTY, "a.csv:3", "column 4 (statement)", 1, false },
    { "", A "emerging, None ", SKS_PROBLEM_EMPTY, "a.csv:3", "column 4 (statement)", 1, false },
    { "", A "emerging,#NAME?", SKS_PROBLEM_VALUE, "a.csv:3", "column 4 (statement)", 1, false },
    { "", A "NA,X.", SKS_PROBLEM_LEVEL, "a.csv:3", "column 3 (level)", 1, false },
    { "", "43-9061.00,#BEZUG!,emerging,X.", SKS_PROBLEM_VALUE, "a.csv:3", "column 2 (title)", 2, false },
    { "", A "emerging,X.,\xC2\xA0,", SKS_PROBLEM_NOT_CSV, "a.csv:3", "column 5", 1, true },
    { ",position", A "emerging,X.,2.5", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (position)", 2, false },
    { ",zone", A "emerging,X.,6.0", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (zone)", 2, false },
    { ",zone", A "emerging,X.,#N/A", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (zone)", 2, false },
    { ",zone", A "emerging,X.,6", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (zone)", 2, false },
    { ",position", A "emerging,X.,first", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (position)", 2, false },
    { ",position", A "emerging,X.,0", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (position)", 2, false },
    { ",position", A "emerging,X.,10001", SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (position)", 2, false },
};

START_TEST (a_bad_row_costs_only_itself)
{
    char text[400];
    snprintf (text, sizeof text, HEAD "%s\n" A "emerging,Sort mail.%s\n%s\n" B "advanced,Lead.%s\n",
              bad_rows[_i].heading, *bad_rows[_i].heading ? "," : "", bad_rows[_i].row,
              *bad_rows[_i].heading ? "," : "");
    read_text (text);
    expect (bad_rows[_i].problem, bad_rows[_i].file, bad_rows[_i].pointer);
    ck_assert_uint_eq (count, 2);
    ck_assert_uint_eq (exports[0]->count, 1);
    ck_assert_uint_eq (exports[1]->count, bad_rows[_i].statements);
    ck_assert (sks_csv_export_has_lost (csv) == bad_rows[_i].lost);
}
END_TEST

/* Both texts hash to a4a45da2298e. */
START_TEST (a_warning_about_an_id_names_the_row)
{
    sks_location location;
    read_text ("level,statement,soc,title\n"
               "emerging,Rarely check the patient's allergies before dose 2095522 is given.,43-9061.00,Clerks\n"
               "emerging,Always check the patient's allergies before dose 638993 is given.,43-9061.00,Clerks\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 1);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    sks_report_print (report, true, out);
    fclose (out);
    ck_assert_int_eq (strncmp (text, "a.csv:2: column 2 (statement): warning: another statement has the id", 67), 0);
    free (text);
    for (size_t i = 0; i < exports[0]->count; i++) {
        sks_locator_find (&location, exports[0]->locator, "a.csv:2", &exports[0]->statements[i]);
        ck_assert_str_eq (location.pointer, "column 2 (statement)");
        ck_assert_str_eq (location.file, exports[0]->statements[i].long_id ? "a.csv:2" : "a.csv:3");
    }
}
END_TEST

START_TEST (reports_a_position_that_two_rows_have)
{
    read_text (HEAD ",position\n" A "emerging,One.,1\n" A "emerging,Two.,1\n" A "advanced,Three.,1\n");
    expect (SKS_PROBLEM_VALUE, "a.csv:3", "column 5 (position)");
    ck_assert_str_eq (place (exports[0], "Two."), "emerging/2");
}
END_TEST

START_TEST (counts_the_lines_within_cells)
{
    read_text (HEAD "\n" A "emerging,\"Sort\nthe\r\nmail.\"\n" A "senior,X.\n");
    expect (SKS_PROBLEM_LEVEL, "a.csv:5", "column 3 (level)");
    ck_assert_str_eq (place (exports[0], "Sort the mail."), "emerging/1");
}
END_TEST

START_TEST (rejects_an_occupation_without_a_title_or_a_statement)
{
    read_text (HEAD "\n43-9061.00,,emerging,Sort mail.\n");
    expect (SKS_PROBLEM_EMPTY, "a.csv:2", "column 2 (title)");
    ck_assert_ptr_null (exports[0]);
    read_text (HEAD "\n" A "senior,X.\n");
    ck_assert_uint_eq (sks_report_count (report), 2);
    ck_assert_ptr_null (exports[0]);
}
END_TEST

START_TEST (refuses_a_heading_without_a_required_column_or_with_one_twice)
{
    read_text ("soc,title,statement\n43-9061.00,T,X.\n");
    expect (SKS_PROBLEM_MISSING, "a.csv:1", "");
    ck_assert_uint_eq (count, 0);
    ck_assert (sks_csv_export_has_lost (csv));
    read_text (HEAD ",Level\n" A "emerging,X.,advanced\n");
    expect (SKS_PROBLEM_DUPLICATE, "a.csv:1", "column 5 (Level)");
    ck_assert_uint_eq (count, 0);
    read_text (HEAD ",occupation\n" A "emerging,X.,Clerks\n"); /* a synonym of title */
    expect (SKS_PROBLEM_DUPLICATE, "a.csv:1", "column 5 (occupation)");
}
END_TEST

START_TEST (refuses_a_heading_with_a_fault)
{
    read_text (HEAD ",gepr\xFC"
                    "ft\n" A "emerging,X.,no\n");
    expect (SKS_PROBLEM_NOT_CSV, "a.csv:1", "column 5");
    ck_assert_uint_eq (count, 0);
    ck_assert (sks_csv_export_has_lost (csv));
    read_text ("soc,title,level,\"statement\n" A "emerging,X.\n");
    expect (SKS_PROBLEM_NOT_CSV, "a.csv:1", "column 4");
    ck_assert_uint_eq (count, 0);
}
END_TEST

START_TEST (reports_a_table_without_rows)
{
    read_text (HEAD "\n,,,\n");
    expect (SKS_PROBLEM_EMPTY, "a.csv", "");
    ck_assert (sks_csv_export_has_lost (csv));
}
END_TEST

START_TEST (warns_about_unknown_columns)
{
    read_text (HEAD ",id,notes,,notes\n" A "emerging,X.,1,a,b,c\n");
    ck_assert_uint_eq (sks_report_count (report), 0);
    ck_assert_uint_eq (sks_report_warnings (report), 3);
    ck_assert_uint_eq (exports[0]->count, 1);
}
END_TEST

START_TEST (bounds_the_statements_of_a_level)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_puts (&text, HEAD "\n");
    for (int i = 0; i <= SKS_MAX_LEVEL_STATEMENTS; i++)
        sks_buffer_printf (&text, A "emerging,Sort %d.\n", i);
    read_text (sks_buffer_text (&text));
    expect (SKS_PROBLEM_TOO_LONG, "a.csv:10002", "column 4 (statement)");
    ck_assert_uint_eq (exports[0]->count, SKS_MAX_LEVEL_STATEMENTS);
    sks_buffer_free (&text);
}
END_TEST

START_TEST (rejects_an_occupation_of_over_16_mib)
{
    sks_buffer text = SKS_BUFFER_INIT (4 * SKS_MAX_EXPORT_BYTES);
    sks_buffer_puts (&text, HEAD "\n" B "advanced,Lead.\n" A "emerging,");
    for (size_t i = 0; i < SKS_MAX_EXPORT_BYTES; i++)
        sks_buffer_putc (&text, 'x');
    read_text (sks_buffer_text (&text));
    expect (SKS_PROBLEM_TOO_LARGE, "a.csv:3", "");
    ck_assert_ptr_nonnull (exports[0]);
    ck_assert_ptr_null (exports[1]);
    sks_buffer_free (&text);
}
END_TEST

Suite *
suite_csv_export (void)
{
    Suite *suite = suite_create ("csv_export");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, open_report, close_all);
    tcase_set_timeout (core, 60);
    tcase_add_test (core, reads_all_columns);
    tcase_add_test (core, requires_four_columns_alone);
    tcase_add_test (core, a_sector_and_a_zone_may_be_none);
    tcase_add_test (core, a_mark_of_a_missing_value_is_an_empty_cell);
    tcase_add_test (core, a_word_that_only_resembles_a_mark_is_a_value);
    tcase_add_test (core, a_whole_number_may_have_a_fraction_of_zeros);
    tcase_add_test (core, a_soc_code_may_have_any_white_space_around_it);
    tcase_add_test (core, a_row_may_lack_cells_that_may_be_empty);
    tcase_add_test (core, a_row_that_took_others_names_its_last_line);
    tcase_add_loop_test (core, a_bad_soc_code_is_shown_and_explained_once, 0, sizeof codes / sizeof *codes);
    tcase_add_test (core, rows_of_an_occupation_may_lie_apart);
    tcase_add_test (core, the_content_depends_on_the_rows_of_the_occupation_alone);
    tcase_add_test (core, rows_without_a_position_take_the_free_ones);
    tcase_add_test (core, a_row_that_is_left_out_keeps_its_position);
    tcase_add_test (core, a_position_of_a_row_that_is_left_out_is_free_for_one_that_gives_it);
    tcase_add_test (core, rows_without_positions_close_up);
    tcase_add_test (core, a_value_missing_in_some_rows_is_that_of_the_others);
    tcase_add_test (core, ignores_empty_rows);
    tcase_add_loop_test (core, a_bad_row_costs_only_itself, 0, sizeof bad_rows / sizeof *bad_rows);
    tcase_add_test (core, a_warning_about_an_id_names_the_row);
    tcase_add_test (core, reports_a_position_that_two_rows_have);
    tcase_add_test (core, counts_the_lines_within_cells);
    tcase_add_test (core, rejects_an_occupation_without_a_title_or_a_statement);
    tcase_add_test (core, refuses_a_heading_without_a_required_column_or_with_one_twice);
    tcase_add_test (core, refuses_a_heading_with_a_fault);
    tcase_add_test (core, reports_a_table_without_rows);
    tcase_add_test (core, warns_about_unknown_columns);
    tcase_add_test (core, bounds_the_statements_of_a_level);
    tcase_add_test (core, rejects_an_occupation_of_over_16_mib);
    suite_add_tcase (suite, core);
    return suite;
}
