/* check_query.c - the meaning of each form of the query language. No index is used: readings come from
 * sks_reading_put. */
#include "tests/support/parse.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_query (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)

/* The stop words that were ignored in the last text, separated by blanks. */
static const char *
ignored_words (void)
{
    static char list[1024];
    *list = '\0';
    for (size_t i = 0; i < parse_tree.ignored_count; i++)
        strcat (strcat (list, i ? " " : ""), parse_tree.ignored[i].form);
    return list;
}

struct reading {
    const char *text, *expected;
};

static void
assert_readings (const struct reading *readings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_reading (readings[i].text, SKS_AMOUNT_ALL, readings[i].expected);
}

START_TEST (reads_every_form_of_the_language)
{
    static const struct reading forms[] = {
        { "mail", "mail" },
        { "route mail", "ALL(route mail)" },
        { "Routing MAIL", "ALL(routing mail)" },
        { "\"incoming mail\"", "\"incoming mail\"" },
        { "=\"incoming mail\"", "=\"incoming mail\"" },
        { "=mail", "=mail" },
        { "route NEAR mail", "NEAR/10(route mail)" },
        { "route NEAR/5 mail", "NEAR/5(route mail)" },
        { "route NEAR \"incoming mail\"", "NEAR/10(route \"incoming mail\")" },
        { "route AND mail", "AND(route mail)" },
        { "route OR mail", "OR(route mail)" },
        { "NOT mail", "NOT(mail)" },
        { "-mail", "NOT(mail)" },
        { "( mail )", "mail" },
        { "rout*", "rout*" },
        { "title:clerk", "title:clerk" },
        { "title:\"mail clerk\"", "title:\"mail clerk\"" },
        { "title:=clerk", "title:=clerk" },
        { "title:cler*", "title:cler*" },
        { "duty:mail", "duty:mail" },
        { "duty:=\"incoming mail\"", "duty:=\"incoming mail\"" },
        { "duty:rout*", "duty:rout*" },
        { "level:advanced", "level:advanced" },
        { "soc:43-", "soc:43-" },
        { "soc:43-9061.00", "soc:43-9061.00" },
        { "sector:55", "sector:55" },
        { "sector:\"31-33\"", "sector:31-33" },
        { "sector:32", "sector:31-33" },
        { "sector:44\u201345", "sector:44-45" },
        { "sector:\"retail trade\"", "sector:44-45" },
        { "sector:none", "sector:none" },
        { "sector:50", "sector:50" },
        { "group:43", "group:43" },
        { "zone:3", "zone:3" },
        { "zone:none", "zone:none" },
    };
    assert_readings (forms, COUNT (forms));
}
END_TEST

START_TEST (binds_not_then_near_then_neighbours_then_and_then_or)
{
    static const struct reading mixed[] = {
        { "NOT route mail", "AND(NOT(route) mail)" },
        { "NOT route NEAR mail", "NOT(NEAR/10(route mail))" },
        { "-route NEAR mail", "NOT(NEAR/10(route mail))" },
        { "route NEAR mail cart", "AND(NEAR/10(route mail) cart)" },
        { "cart route NEAR mail", "AND(cart NEAR/10(route mail))" },
        { "route mail AND sort cards", "AND(ALL(route mail) ALL(sort cards))" },
        { "route mail OR sort cards", "OR(ALL(route mail) ALL(sort cards))" },
        { "route OR sort AND cards OR file", "OR(route AND(sort cards) file)" },
        { "route AND sort OR cards AND file", "OR(AND(route sort) AND(cards file))" },
        { "route AND NOT mail OR file", "OR(AND(route NOT(mail)) file)" },
        { "route -mail OR file", "OR(AND(route NOT(mail)) file)" },
    };
    assert_readings (mixed, COUNT (mixed));
}
END_TEST

START_TEST (nests_parentheses)
{
    static const struct reading nested[] = {
        { "(route OR sort) AND mail", "AND(OR(route sort) mail)" },
        { "mail (route OR sort)", "AND(mail OR(route sort))" },
        { "NOT (route OR sort)", "NOT(OR(route sort))" },
        { "-(route AND (sort OR -file)) mail", "AND(NOT(AND(route OR(sort NOT(file)))) mail)" },
        { "((((mail))))", "mail" },
        { "(route)(mail)", "ALL(route mail)" },
        { "(route OR sort)(mail AND open)", "AND(OR(route sort) AND(mail open))" },
    };
    assert_readings (nested, COUNT (nested));
}
END_TEST

START_TEST (reads_curly_quotes_as_straight_ones)
{
    static const struct reading quoted[] = {
        { "“incoming mail”", "\"incoming mail\"" },       { "”incoming mail“", "\"incoming mail\"" },
        { "“incoming mail\"", "\"incoming mail\"" },      { "=“incoming mail”", "=\"incoming mail\"" },
        { "-“incoming mail”", "NOT(\"incoming mail\")" }, { "title:“mail clerk”", "title:\"mail clerk\"" },
        { "level:“advanced”", "level:advanced" },
    };
    assert_readings (quoted, COUNT (quoted));
}
END_TEST

START_TEST (recognises_operators_only_in_upper_case)
{
    assert_reading ("route and mail Or file not card", SKS_AMOUNT_ALL, "ALL(route mail file card)");
    ck_assert_str_eq (ignored_words (), "and or not");
    assert_reading ("route near mail", SKS_AMOUNT_ALL, "ALL(route near mail)");
    assert_reading ("route Near/5 mail", SKS_AMOUNT_ALL, "ALL(route near-5 mail)");
}
END_TEST

START_TEST (recognises_operators_beside_blanks_parentheses_and_quotes)
{
    static const struct reading tight[] = {
        { "(route)AND(mail)", "AND(route mail)" },
        { "(route)OR(mail)", "OR(route mail)" },
        { "\"route\"OR\"mail\"", "OR(\"route\" \"mail\")" },
        { "“route”OR“mail”", "OR(\"route\" \"mail\")" },
        { "\"route\"NEAR/3\"mail\"", "NEAR/3(\"route\" \"mail\")" },
        { "NOT(mail)", "NOT(mail)" },
        { "route\tOR\nmail", "OR(route mail)" },
        { "route\u00A0OR\u3000mail", "OR(route mail)" },
        { "route\u2003-mail", "AND(route NOT(mail))" },
    };
    assert_readings (tight, COUNT (tight));
}
END_TEST

START_TEST (reads_an_operator_inside_other_signs_as_a_word)
{
    assert_reading ("route/OR, mail", SKS_AMOUNT_ALL, "ALL(route-or mail)");
    ck_assert_str_eq (ignored_words (), "");
    assert_reading ("ORDER ANDES NOTE", SKS_AMOUNT_ALL, "ALL(order andes note)");
}
END_TEST

START_TEST (ignores_stop_words_and_lists_them)
{
    assert_reading ("the routing of The mail", SKS_AMOUNT_ALL, "ALL(routing mail)");
    ck_assert_str_eq (ignored_words (), "the of the");
    assert_reading ("mail OR the", SKS_AMOUNT_ALL, "mail");
    ck_assert_str_eq (ignored_words (), "the");
    assert_reading ("how do I route my mail", SKS_AMOUNT_ALL, "ALL(route mail)");
    ck_assert_str_eq (ignored_words (), "how do i my");
    assert_reading ("mail NEAR the", SKS_AMOUNT_ALL, "mail");
    assert_reading ("mail AND NOT the", SKS_AMOUNT_ALL, "mail");
    assert_reading ("mail NOT in files", SKS_AMOUNT_ALL, "AND(mail NOT(files))");
    assert_reading ("mail NOT the -file OR route", SKS_AMOUNT_ALL, "OR(AND(mail NOT(file)) route)");
    assert_reading ("NOT the (file OR route) mail", SKS_AMOUNT_ALL, "AND(NOT(OR(file route)) mail)");
    assert_reading ("route mail", SKS_AMOUNT_ALL, "ALL(route mail)");
    ck_assert_uint_eq (parse_tree.ignored_count, 0);
}
END_TEST

START_TEST (keeps_stop_words_whose_exact_form_is_requested)
{
    static const struct reading kept[] = {
        { "\"such as\"", "\"such as\"" }, { "=the", "=the" }, { "title:and", "title:and" },
        { "duty:the", "duty:the" },       { "th*", "th*" },
    };
    for
        EACH (i, kept)
        {
            assert_reading (kept[i].text, SKS_AMOUNT_ALL, kept[i].expected);
            ck_assert_uint_eq (parse_tree.ignored_count, 0);
        }
}
END_TEST

START_TEST (reads_a_whole_soc_code_as_a_field)
{
    static const struct reading codes[] = {
        { "43-9051.00", "soc:43-9051.00" },
        { "mail 43-9051.00", "AND(mail soc:43-9051.00)" },
        { "(43-9051.00)", "soc:43-9051.00" },
        { "-43-9051.00", "NOT(soc:43-9051.00)" },
        { "43-9051.001", "43-9051.001" },
        { "43-9051", "soc:43-9051" },
        { "SOC 43-9051", "soc:43-9051" },
        { "mail (SOC code: 43-9051.00)", "AND(mail soc:43-9051.00)" },
        { "Soc# 43-9051", "soc:43-9051" },
        { "O*NET-SOC 43\u20139051.00", "soc:43-9051.00" },
        { "soc 43-9051 OR soc", "OR(soc:43-9051 soc)" },
        { "SOC code", "ALL(soc code)" },
        { "code 43-9051", "AND(code soc:43-9051)" },
        { "O*NET codes", "ALL(o-net codes)" },
        { "43-0000", "soc:43-" },
        { "soc:43-9000", "soc:43-9" },
        { "soc:43-9050.00", "soc:43-9050.00" },
        { "group:43-0000", "group:43" },
        { "\"43-9051.00\"", "\"43 9051\"" },
        { "level:ADVANCED", "level:advanced" },
    };
    assert_readings (codes, COUNT (codes));
}
END_TEST

START_TEST (an_empty_text_stands_for_everything)
{
    static const char *const empty[] = {
        "", " ", "\t\n", "\u00A0 \u3000", "\r\n\r\n",
    };
    for
        EACH (i, empty)
        {
            assert_reading (empty[i], SKS_AMOUNT_ALL, "*");
            ck_assert_int_eq (parse_tree.root->kind, SKS_NODE_ALL);
            ck_assert_ptr_null (parse_tree.bag);
        }
}
END_TEST

START_TEST (signs_alone_find_nothing)
{
    static const char *const signs[] = { "— / *", "()", "(( ))", "-", "=", "+++", "???", "👍", "\"\"", "“…”", "- \n- " };
    for
        EACH (i, signs)
        {
            assert_reading (signs[i], SKS_AMOUNT_ALL, "NOT(*)");
            bool noted = false;
            for (size_t k = 0; k < parse_tree.notes.count; k++)
                noted |= strcmp (parse_tree.notes.list[k].code, "no_word") == 0;
            ck_assert_msg (noted, "\"%s\"", signs[i]);
        }
}
END_TEST

START_TEST (stop_words_alone_are_words)
{
    static const struct reading stops[] = {
        { "the", "the" }, { "of the", "ALL(of the)" }, { "NOT the", "NOT(the)" }, { "how do I", "ALL(do i)" },
        { "may", "may" },
    };
    assert_readings (stops, COUNT (stops));
    /* Words without weight cannot have a share. */
    assert_reading ("of the", SKS_AMOUNT_QUARTER, "ALL(of the)");
}
END_TEST

/* Expand \n, \r, \t and \\ in a line of the table. */
static void
unescape (char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        char c = *from;
        if (c == '\\' && from[1]) {
            c = *++from;
            c = (char) (c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c);
        }
        *to++ = c;
    }
    *to = '\0';
}

/* The codes and bytes of the notes, "quote@3 bullet@7". */
static const char *
noted (void)
{
    static char list[1024];
    *list = '\0';
    for (size_t i = 0; i < parse_tree.notes.count; i++)
        sprintf (list + strlen (list), "%s%s@%u", i ? " " : "", parse_tree.notes.list[i].code,
                 parse_tree.notes.list[i].at);
    return list;
}

START_TEST (reads_each_row_of_the_table)
{
    FILE *file = fopen ("tests/unit/queries.tsv", "r");
    char line[4096];
    unsigned rows = 0;
    ck_assert_ptr_nonnull (file);
    while (fgets (line, sizeof line, file)) {
        char *rest = line, *cells[4];
        if (*line == '#' || *line == '\n')
            continue;
        line[strcspn (line, "\n")] = '\0';
        for (int i = 0; i < 4; i++)
            ck_assert_ptr_nonnull (cells[i] = strsep (&rest, "\t"));
        unescape (cells[0]);
        assert_reading (cells[0], SKS_AMOUNT_QUARTER, cells[1]);
        ck_assert_msg (strcmp (ignored_words (), cells[2]) == 0, "the words ignored in \"%s\" are \"%s\"", cells[0],
                       ignored_words ());
        ck_assert_msg (strcmp (noted (), cells[3]) == 0, "\"%s\" has the notes \"%s\"", cells[0], noted ());
        rows++;
    }
    fclose (file);
    ck_assert_uint_gt (rows, 40);
}
END_TEST

START_TEST (reads_minus_and_equals_only_at_the_start_of_a_word)
{
    static const struct reading signs[] = {
        { "full-time", "full-time" },
        { "sort - mail", "ALL(sort mail)" },
        { "sort -mail", "AND(sort NOT(mail))" },
        { "(-mail)", "NOT(mail)" },
        { "-=mail", "NOT(=mail)" },
        { "-=\"open mail\"", "NOT(=\"open mail\")" },
        { "x=5", "ALL(x 5)" },
        { "= mail", "mail" },
        { "sort (=mail)", "AND(sort =mail)" },
        { "-title:clerk", "NOT(title:clerk)" },
        { "-level:advanced", "NOT(level:advanced)" },
        { "sort--mail", "ALL(sort mail)" },
    };
    assert_readings (signs, COUNT (signs));
}
END_TEST

START_TEST (understands_pasted_statements)
{
    static const struct reading pasted[] = {
        { "Incoming mail — open, sort, and route to staff.", "ALL(incoming mail open sort route staff)" },
        { "Mail/parcel log: date & time (daily).", "ALL(mail-parcel log date time daily)" },
        { "Read form(s); e.g. [A-4], {B}, <C> or #7 @ 50% + 2 = 9!", "ALL(read form-s a-4 b c 7 50 2 9)" },
        { "Safety: wear gloves – always…", "ALL(safety wear gloves always)" },
        { "Pre-cool to −10 °F, don't exceed ½ psi", "ALL(pre-cool 10 f exceed 1/2 psi)" },
        { "http://host:80/a?b=c", "ALL(host 80-a b c)" },
        { "Sort; stack | bundle \\ tie ~ `label` ^ $5", "ALL(sort stack bundle tie label 5)" },
        { "title:\nlevel:\nsoc:", "ALL(title level soc)" },
        { "sort mail\nlevel:", "ALL(sort mail level)" },
        { "title: Manager: sorts mail", "ALL(title manager sorts mail)" },
        { "Title:", "title" },
        { "Ratio 3:1, color:red", "ALL(ratio 3-1 color red)" },
    };
    assert_readings (pasted, COUNT (pasted));
}
END_TEST

START_TEST (folds_words_to_their_forms)
{
    assert_reading ("CAFÉ's Naïve ﬁre", SKS_AMOUNT_ALL, "ALL(cafe naive fire)");
    assert_reading ("=Été \"L’Eau\" DON'T", SKS_AMOUNT_ALL, "AND(=ete \"l eau\" dont)");
}
END_TEST

START_TEST (relaxes_only_the_bag_of_the_outermost_words)
{
    static const struct reading relaxed[] = {
        { "route mail", "QUARTER(route mail)" },
        { "mail", "mail" },
        { "(route mail)", "QUARTER(route mail)" },
        { "\"in order\" route sort mail", "AND(\"in order\" QUARTER(route sort mail))" },
        { "route mail -cart", "AND(QUARTER(route mail) NOT(cart))" },
        { "level:advanced route mail", "AND(level:advanced QUARTER(route mail))" },
        { "route mail (sort cards)", "QUARTER(route mail sort cards)" },
        { "route mail (sort OR cards)", "AND(QUARTER(route mail) OR(sort cards))" },
        { "route mail (sort AND open cards)", "AND(QUARTER(route mail) AND(sort ALL(open cards)))" },
        { "route mail (\"a b\" open cards)", "AND(QUARTER(route mail open cards) \"a b\")" },
        { "route mail -(open cards)", "AND(QUARTER(route mail) NOT(ALL(open cards)))" },
        { "route mail AND sort cards", "AND(ALL(route mail) ALL(sort cards))" },
        { "route mail OR sort cards", "OR(ALL(route mail) ALL(sort cards))" },
        { "NOT (route mail)", "NOT(ALL(route mail))" },
    };
    for
        EACH (i, relaxed)
        {
            assert_reading (relaxed[i].text, SKS_AMOUNT_QUARTER, relaxed[i].expected);
            bool shown = strstr (relaxed[i].expected, "QUARTER") != NULL;
            ck_assert_msg (shown == (parse_tree.bag != NULL), "\"%s\"", relaxed[i].text);
        }
}
END_TEST

START_TEST (shows_any_for_every_bag)
{
    assert_reading ("route mail (sort OR open cards)", SKS_AMOUNT_ANY, "AND(ANY(route mail) OR(sort ANY(open cards)))");
    assert_reading ("route mail OR sort cards", SKS_AMOUNT_ANY, "OR(ANY(route mail) ANY(sort cards))");
}
END_TEST

START_TEST (uses_the_largest_distance_of_a_chain)
{
    assert_reading ("route NEAR/3 mail NEAR/7 cart NEAR/5 bag", SKS_AMOUNT_ALL, "NEAR/7(route mail cart bag)");
    assert_reading ("route NEAR mail NEAR/5 cart", SKS_AMOUNT_ALL, "NEAR/10(route mail cart)");
}
END_TEST

START_TEST (returns_the_bytes_of_each_part)
{
    ck_assert_int_eq (parse_text ("Été -“in order” title:x AND (b)"), 0);
    ck_assert_int_eq (parse_tree.root->kind, SKS_NODE_AND);
    const sks_node *sequence = parse_tree.root->children[0];
    const struct {
        const sks_node *node;
        size_t at, end;
    } parts[] = {
        { parse_tree.root, 0, 36 },
        { sequence, 0, 29 },
        { sequence->children[0], 0, 5 },
        { sequence->children[1], 6, 21 },
        { sequence->children[1]->children[0], 7, 21 },
        { sequence->children[2], 22, 29 },
        { parse_tree.root->children[1], 35, 36 },
    };
    for
        EACH (i, parts)
        {
            ck_assert_msg (parts[i].node->at == parts[i].at, "part %zu starts at %zu", i, parts[i].node->at);
            ck_assert_msg (parts[i].node->end == parts[i].end, "part %zu ends at %zu", i, parts[i].node->end);
        }
    const sks_node *phrase = sequence->children[1]->children[0];
    ck_assert_uint_eq (phrase->words[1].at, 13);
    ck_assert_uint_eq (phrase->words[1].end, 18);
}
END_TEST

Suite *
suite_query (void)
{
    Suite *suite = suite_create ("query");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, parse_begin, parse_end);
    tcase_add_test (core, reads_every_form_of_the_language);
    tcase_add_test (core, binds_not_then_near_then_neighbours_then_and_then_or);
    tcase_add_test (core, nests_parentheses);
    tcase_add_test (core, reads_curly_quotes_as_straight_ones);
    tcase_add_test (core, recognises_operators_only_in_upper_case);
    tcase_add_test (core, recognises_operators_beside_blanks_parentheses_and_quotes);
    tcase_add_test (core, reads_an_operator_inside_other_signs_as_a_word);
    tcase_add_test (core, ignores_stop_words_and_lists_them);
    tcase_add_test (core, keeps_stop_words_whose_exact_form_is_requested);
    tcase_add_test (core, reads_a_whole_soc_code_as_a_field);
    tcase_add_test (core, an_empty_text_stands_for_everything);
    tcase_add_test (core, signs_alone_find_nothing);
    tcase_add_test (core, stop_words_alone_are_words);
    tcase_add_test (core, reads_each_row_of_the_table);
    tcase_add_test (core, reads_minus_and_equals_only_at_the_start_of_a_word);
    tcase_add_test (core, understands_pasted_statements);
    tcase_add_test (core, folds_words_to_their_forms);
    tcase_add_test (core, relaxes_only_the_bag_of_the_outermost_words);
    tcase_add_test (core, shows_any_for_every_bag);
    tcase_add_test (core, uses_the_largest_distance_of_a_chain);
    tcase_add_test (core, returns_the_bytes_of_each_part);
    suite_add_tcase (suite, core);
    return suite;
}
