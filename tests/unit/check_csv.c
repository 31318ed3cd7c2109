/* check_csv.c - how a CSV text is split into records, and how it is recognised. */
#include "indexer/csv_heading.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *suite_csv (void);

/* The records of a text, separated by a blank: "LINE=[cell][cell]", or a fault as "LINE=<LINE+BYTE cell CELL: fault>".
 * Borrowed: valid until the next call. */
static const char *
cut (const char *text, size_t size)
{
    static char out[1024];
    size_t used = 0;
    sks_csv csv;
    sks_csv_record record;
    bool more;
    sks_csv_begin (&csv, text, size, ',', 1);
    for (out[0] = '\0'; sks_csv_next (&csv, &record, &more, NULL) == 0 && more;) {
        used += (size_t) snprintf (out + used, sizeof out - used, "%s%lu=", used ? " " : "", record.line);
        if (record.fault)
            used += (size_t) snprintf (out + used, sizeof out - used, "<%lu+%ld cell %zu: %s>", record.fault_line,
                                       record.fault_at, record.fault_cell, record.fault);
        for (size_t i = 0; i < record.count; i++)
            used += (size_t) snprintf (out + used, sizeof out - used, "[%s]", record.cells[i]);
        ck_assert_ptr_eq (record.bytes + record.size <= text + size ? record.bytes : NULL, record.bytes);
    }
    sks_csv_end (&csv);
    return out;
}

#define NOT_CLOSED "this quotation mark is not closed"
#define AFTER "text after the closing quotation mark"
#define LATER "text follows where this quotation mark is closed, in a later line"
#define BARE "a quotation mark in a cell without quotation marks around it"

static const struct {
    const char *text, *records;
} texts[] = {
    { "", "" },
    { "\n\r\n\r", "" },
    { "a", "1=[a]" },
    { "a,b\nc,d\n", "1=[a][b] 2=[c][d]" },
    { "a,b\r\nc,d\r\n", "1=[a][b] 2=[c][d]" },
    { "a,b\rc,d", "1=[a][b] 2=[c][d]" },
    { "\xEF\xBB\xBF"
      "a,b",
      "1=[a][b]" },
    { "\xEF\xBB\xBF\xEF\xBB\xBF"
      "a,b",
      "1=[a][b]" },
    { "\xEF\xBB\xBF", "" },
    { ",\n,,", "1=[][] 2=[][][]" },
    { " a , b ", "1=[ a ][ b ]" },
    { "a\n\n\nb", "1=[a] 4=[b]" },
    { "\"a\",\"\",\"b,c\"", "1=[a][][b,c]" },
    { "\"a \"\"b\"\" c\"", "1=[a \"b\" c]" },
    { "\"\"\"\"\"\"", "1=[\"\"]" },
    { "\"a\nb\",c\nd", "1=[a\nb][c] 3=[d]" },
    { "\"a\r\nb\",c\r\nd", "1=[a\r\nb][c] 3=[d]" },
    { "a;b\tc", "1=[a;b\tc]" },
    /* faults: the next line is a record again */
    { "a,\"b\nc,d", "1=<1+2 cell 2: " NOT_CLOSED "> 2=[c][d]" },
    { "a,\"b\"c\nd", "1=<1+5 cell 2: " AFTER "> 2=[d]" },
    { "\"a\" ,b\nd", "1=<1+3 cell 1: " AFTER "> 2=[d]" },
    { "a,b\"c\nd", "1=<1+3 cell 2: " BARE "> 2=[d]" },
    { "a, \"b\"\nd", "1=<1+3 cell 2: " BARE "> 2=[d]" },
    { "\"a\n\"b\nc", "1=<1+0 cell 1: " LATER "> 2=<2+0 cell 1: " NOT_CLOSED "> 3=[c]" },
    { "a,\xE9\nd", "1=<1+2 cell 2: not UTF-8> 2=[d]" },
    { "\"a\n\xE9\"\nd", "1=<2+0 cell 1: not UTF-8> 2=<2+1 cell 1: " BARE "> 3=[d]" },
    { "\"a\rb\r\n\xE9\"\rd", "1=<3+0 cell 1: not UTF-8> 2=[b] 3=<3+1 cell 1: " BARE "> 4=[d]" },
};

START_TEST (cuts_a_text_into_records)
{
    ck_assert_str_eq (cut (texts[_i].text, strlen (texts[_i].text)), texts[_i].records);
}
END_TEST

START_TEST (refuses_a_nul_byte)
{
    ck_assert_str_eq (cut ("a,b\0c\nd", 7), "1=<1+3 cell 2: a NUL byte> 2=[d]");
    ck_assert_str_eq (cut ("\"a\0\xE9\"\nd", 7), "1=<1+2 cell 1: a NUL byte> 2=[d]");
}
END_TEST

START_TEST (bounds_the_cells_of_a_record)
{
    char text[2 * SKS_CSV_MAX_CELLS + 3];
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy (text + i, "a,", i + 1 < sizeof text ? 2 : 1);
    sks_csv csv;
    sks_csv_record record;
    bool more;
    for (size_t cells = SKS_CSV_MAX_CELLS; cells <= SKS_CSV_MAX_CELLS + 1; cells++) {
        sks_csv_begin (&csv, text, 2 * cells - 1, ',', 1);
        ck_assert_int_eq (sks_csv_next (&csv, &record, &more, NULL), 0);
        ck_assert_uint_eq (record.count, cells > SKS_CSV_MAX_CELLS ? 0 : cells);
        ck_assert ((record.fault != NULL) == (cells > SKS_CSV_MAX_CELLS));
        sks_csv_end (&csv);
    }
}
END_TEST

/* Each byte of a text of the characters that matter is in one record, and the iteration ends. */
START_TEST (the_iteration_ends_for_any_text)
{
    static const char alphabet[] = "a,\"\n\r";
    char text[7];
    for (unsigned number = 0; number < 5 * 5 * 5 * 5 * 5 * 5; number++) {
        size_t size = 0;
        for (unsigned rest = number; size < 6; rest /= 5)
            text[size++] = alphabet[rest % 5];
        sks_csv csv;
        sks_csv_record record;
        bool more = true;
        const char *end = text;
        sks_csv_begin (&csv, text, size, ',', 1);
        for (size_t count = 0; more; count++) {
            ck_assert_uint_le (count, size);
            ck_assert_int_eq (sks_csv_next (&csv, &record, &more, NULL), 0);
            for (; more && end < record.bytes; end++)
                ck_assert (*end == '\n' || *end == '\r');
            end = more ? record.bytes + record.size : end;
        }
        for (; end < text + size; end++)
            ck_assert (*end == '\n' || *end == '\r');
        sks_csv_end (&csv);
    }
}
END_TEST

static const struct {
    const char *text;
    int expected_kind, kind; /* when an export is expected, and when not */
    const char *reason;
} headings[] = {
    { "soc,title,level,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "\xEF\xBB\xBF\"SOC\", Title ,LEVEL,\"Statement\"\r\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "id,level,position,soc,occupation,group,sector,zone,duty,text\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "soc,title,level,statement,gepr\xFC"
      "ft\n",
      SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "soc,title,level,\"statement\n1,2,3,4\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "caf\xE9,price\n", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "caf\xE9;soc;title;level\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "semicolons" },
    { "title,level,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "soc,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "time,level,text\n", SKS_CSV_TABLE, SKS_CSV_NONE, NULL },
    { ",,,\n , ,\n\nsoc,title,level,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "Our statements,,,\nsoc,title,level,statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "not the first one" },
    { "sep=,\nsoc,title,level,statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "not the first one" },
    { "Caf\xE9\n,\n\"x\nsoc,title,level,statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "not the first one" },
    { "x\n1\n2\n3\n4\n5\n6\n7\n8\n9\nsoc,title,level,statement\n", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "x\ntime,level,text\n", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "name,price\n", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "statement\n", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "{\"soc\":1,\"level\":2}", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "", SKS_CSV_NONE, SKS_CSV_NONE, NULL },
    { "soc\ttitle\tlevel\tstatement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "tabs" },
    { "soc;title;level;statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "semicolons" },
    { "sep=;\nsoc;title;level;statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "semicolons" },
    { "Our statements;;;\n;;;\nsoc;title;level;statement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "semicolons" },
    { "Our statements\nsoc\ttitle\tlevel\tstatement\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "tabs" },
    { "\xC2\xA0SOC,\"title\n\",level\xC2\xA0,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "\xC2\xA0,\xE3\x80\x80,\nsoc,title,level,statement\n", SKS_CSV_TABLE, SKS_CSV_TABLE, NULL },
    { "Canonical URL,RSD Name,Author,Skill Statement,Category\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED,
      "Open Skills Management Tool" },
    { "O*NET-SOC Code\tTask ID\tTask\tTask Type\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "O*NET" },
    { "O*NET-SOC Code,Title,Description\r\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "O*NET" },
    { "Element ID\tElement Name\tDescription\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED, "O*NET" },
    { "CREATE TABLE task_statements (\n  onetsoc_code CHARACTER(10) NOT NULL,\n", SKS_CSV_REFUSED, SKS_CSV_REFUSED,
      "O*NET" },
};

START_TEST (recognises_a_text_by_its_heading)
{
    const char *text = headings[_i].text;
    sks_csv_refusal refusal;
    int kind;
    ck_assert_int_eq (sks_csv_heading_recognise (text, strlen (text), true, &kind, &refusal, NULL), 0);
    ck_assert_int_eq (kind, headings[_i].expected_kind);
    ck_assert_int_eq (sks_csv_heading_recognise (text, strlen (text), false, &kind, &refusal, NULL), 0);
    ck_assert_int_eq (kind, headings[_i].kind);
    if (headings[_i].reason)
        ck_assert_ptr_nonnull (strstr (refusal.reason, headings[_i].reason));
}
END_TEST

Suite *
suite_csv (void)
{
    Suite *suite = suite_create ("csv");
    TCase *core = tcase_create ("Core");
    tcase_add_loop_test (core, cuts_a_text_into_records, 0, sizeof texts / sizeof *texts);
    tcase_add_test (core, refuses_a_nul_byte);
    tcase_add_test (core, bounds_the_cells_of_a_record);
    tcase_add_test (core, the_iteration_ends_for_any_text);
    tcase_add_loop_test (core, recognises_a_text_by_its_heading, 0, sizeof headings / sizeof *headings);
    suite_add_tcase (suite, core);
    return suite;
}
