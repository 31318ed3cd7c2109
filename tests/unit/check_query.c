/* check_query.c - what each form of the query language means, what is refused,
 * and at which byte. Knows no index: readings come from sks_reading_put. */
#include "core/engine/match.h"
#include "core/engine/reading.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_query (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)

/* ------------------------------------------------------------------ helpers */
static sks_arena *arena;
static sks_query_tree tree;
static sks_error error;

static void
make_arena (void)
{
    arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
}

static void
drop_arena (void)
{
    sks_arena_destroy (&arena);
}

/* Parse from memory that ends where the text ends: reading on is a fault that
 * the address sanitizer sees. */
static int
parse_bytes (const char *text, size_t size)
{
    char *exact = malloc (size + !size);
    ck_assert_ptr_nonnull (exact);
    memcpy (exact, text, size);
    sks_arena_clear (arena);
    int code = sks_query_parse (&tree, arena, &(sks_labels) { NULL, NULL }, exact, size, &error);
    free (exact);
    return code;
}

static int
parse (const char *text)
{
    return parse_bytes (text, strlen (text));
}

/* How a text is read. Borrowed: valid until the next call. */
static const char *
read_with (const char *text, int amount)
{
    static char reading[16384];
    sks_buffer out = SKS_BUFFER_INIT (sizeof reading - 1);
    int code = parse (text);
    ck_assert_msg (code == 0, "\"%s\" was refused: %s (byte %ld)", text, error.text, error.at);
    sks_reading_put (&out, tree.root, amount);
    ck_assert_int_eq (sks_buffer_status (&out, NULL), 0);
    snprintf (reading, sizeof reading, "%s", sks_buffer_text (&out));
    sks_buffer_free (&out);
    return reading;
}

static void
assert_reading (const char *text, int amount, const char *expected)
{
    const char *reading = read_with (text, amount);
    ck_assert_msg (strcmp (reading, expected) == 0, "\"%s\" reads as %s, not as %s", text, reading, expected);
}

/* The stop words that the last text left out, with blanks between. */
static const char *
ignored_words (void)
{
    static char list[1024];
    *list = '\0';
    for (size_t i = 0; i < tree.ignored_count; i++)
        strcat (strcat (list, i ? " " : ""), tree.ignored[i].form);
    return list;
}

static void
assert_refused (const char *text, int code, long at)
{
    int got = parse (text);
    ck_assert_msg (got == code, "\"%s\" gave %d, not %d", text, got, code);
    ck_assert_msg (error.at == at, "\"%s\" was refused at byte %ld, not %ld: %s", text, error.at, at, error.text);
    ck_assert_int_eq (error.code, code);
    ck_assert_uint_gt (strlen (error.text), 0);
}

/* `count` times `piece`, with `between` between. Borrowed: valid until the next call. */
static const char *
repeat (const char *piece, const char *between, size_t count)
{
    static char text[65536];
    *text = '\0';
    for (size_t i = 0; i < count; i++)
        strcat (strcat (text, i ? between : ""), piece);
    return text;
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

/* ----------------------------------------------------------------- language */
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

START_TEST (takes_curly_quotes_for_straight_ones)
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

START_TEST (knows_operators_in_upper_case_only)
{
    assert_reading ("route and mail Or file not card", SKS_AMOUNT_ALL, "ALL(route mail file card)");
    ck_assert_str_eq (ignored_words (), "and or not");
    assert_reading ("route near mail", SKS_AMOUNT_ALL, "ALL(route near mail)");
    assert_reading ("route Near/5 mail", SKS_AMOUNT_ALL, "ALL(route near-5 mail)");
}
END_TEST

START_TEST (knows_operators_beside_blanks_parentheses_and_quotes)
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

START_TEST (takes_an_operator_inside_other_signs_for_a_word)
{
    assert_reading ("route/OR, mail", SKS_AMOUNT_ALL, "ALL(route-or mail)");
    ck_assert_str_eq (ignored_words (), "");
    assert_reading ("ORDER ANDES NOTE", SKS_AMOUNT_ALL, "ALL(order andes note)");
}
END_TEST

START_TEST (leaves_stop_words_out_and_lists_them)
{
    assert_reading ("the routing of The mail", SKS_AMOUNT_ALL, "ALL(routing mail)");
    ck_assert_str_eq (ignored_words (), "the of the");
    assert_reading ("mail OR the", SKS_AMOUNT_ALL, "mail");
    ck_assert_str_eq (ignored_words (), "the");
    assert_reading ("how do I route my mail", SKS_AMOUNT_ALL, "ALL(route mail)");
    ck_assert_str_eq (ignored_words (), "how do i my");
    assert_reading ("mail NEAR the", SKS_AMOUNT_ALL, "mail");
    assert_reading ("mail AND NOT the", SKS_AMOUNT_ALL, "mail");
    assert_reading ("route mail", SKS_AMOUNT_ALL, "ALL(route mail)");
    ck_assert_uint_eq (tree.ignored_count, 0);
}
END_TEST

START_TEST (keeps_stop_words_where_their_form_is_asked_for)
{
    static const struct reading kept[] = {
        { "\"such as\"", "\"such as\"" }, { "=the", "=the" }, { "title:and", "title:and" },
        { "duty:the", "duty:the" },       { "th*", "th*" },
    };
    for
        EACH (i, kept)
        {
            assert_reading (kept[i].text, SKS_AMOUNT_ALL, kept[i].expected);
            ck_assert_uint_eq (tree.ignored_count, 0);
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

START_TEST (takes_an_empty_text_for_everything)
{
    static const char *const empty[] = {
        "", " ", "\t\n", "\u00A0 \u3000", "\r\n\r\n",
    };
    for
        EACH (i, empty)
        {
            assert_reading (empty[i], SKS_AMOUNT_ALL, "*");
            ck_assert_int_eq (tree.root->kind, SKS_NODE_ALL);
            ck_assert_ptr_null (tree.bag);
        }
}
END_TEST

START_TEST (finds_nothing_by_signs_alone)
{
    static const char *const signs[] = { "— / *", "()", "(( ))", "-", "=", "+++", "???", "👍", "\"\"", "“…”", "- \n- " };
    for
        EACH (i, signs)
        {
            assert_reading (signs[i], SKS_AMOUNT_ALL, "NOT(*)");
            bool noted = false;
            for (size_t k = 0; k < tree.notes.count; k++)
                noted |= strcmp (tree.notes.list[k].code, "no_word") == 0;
            ck_assert_msg (noted, "\"%s\"", signs[i]);
        }
}
END_TEST

START_TEST (takes_stop_words_alone_for_words)
{
    static const struct reading stops[] = {
        { "the", "the" }, { "of the", "ALL(of the)" }, { "NOT the", "NOT(the)" }, { "how do I", "ALL(do i)" },
        { "may", "may" },
    };
    assert_readings (stops, COUNT (stops));
    /* No share of words that weigh nothing. */
    assert_reading ("of the", SKS_AMOUNT_QUARTER, "ALL(of the)");
}
END_TEST

/* \n, \r, \t and \\ in a line of the table. */
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
    for (size_t i = 0; i < tree.notes.count; i++)
        sprintf (list + strlen (list), "%s%s@%u", i ? " " : "", tree.notes.list[i].code, tree.notes.list[i].at);
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
        ck_assert_msg (strcmp (ignored_words (), cells[2]) == 0, "\"%s\" leaves out \"%s\"", cells[0],
                       ignored_words ());
        ck_assert_msg (strcmp (noted (), cells[3]) == 0, "\"%s\" has the notes \"%s\"", cells[0], noted ());
        rows++;
    }
    fclose (file);
    ck_assert_uint_gt (rows, 40);
}
END_TEST

START_TEST (reads_minus_and_equals_only_where_a_word_starts)
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
        { "title: level: soc:", "ALL(title level soc)" },
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

START_TEST (lets_only_the_bag_of_the_outermost_words_be_relaxed)
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
            ck_assert_msg (shown == (tree.bag != NULL), "\"%s\"", relaxed[i].text);
        }
}
END_TEST

START_TEST (shows_any_for_every_bag)
{
    assert_reading ("route mail (sort OR open cards)", SKS_AMOUNT_ANY, "AND(ANY(route mail) OR(sort ANY(open cards)))");
    assert_reading ("route mail OR sort cards", SKS_AMOUNT_ANY, "OR(ANY(route mail) ANY(sort cards))");
}
END_TEST

START_TEST (takes_the_widest_distance_of_a_chain)
{
    assert_reading ("route NEAR/3 mail NEAR/7 cart NEAR/5 bag", SKS_AMOUNT_ALL, "NEAR/7(route mail cart bag)");
    assert_reading ("route NEAR mail NEAR/5 cart", SKS_AMOUNT_ALL, "NEAR/10(route mail cart)");
}
END_TEST

START_TEST (knows_the_bytes_of_each_part)
{
    ck_assert_int_eq (parse ("Été -“in order” title:x AND (b)"), 0);
    ck_assert_int_eq (tree.root->kind, SKS_NODE_AND);
    const sks_node *sequence = tree.root->children[0];
    const struct {
        const sks_node *node;
        size_t at, end;
    } parts[] = {
        { tree.root, 0, 36 },
        { sequence, 0, 29 },
        { sequence->children[0], 0, 5 },
        { sequence->children[1], 6, 21 },
        { sequence->children[1]->children[0], 7, 21 },
        { sequence->children[2], 22, 29 },
        { tree.root->children[1], 35, 36 },
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

/* ------------------------------------------------------------------- limits */
START_TEST (reports_the_byte_of_every_error)
{
    static const struct {
        const char *text;
        int code;
        long at;
    } errors[] = {
        { "AND", SKS_EQUERYSYNTAX, 0 },
        { "AND mail", SKS_EQUERYSYNTAX, 0 },
        { "mail AND", SKS_EQUERYSYNTAX, 5 },
        { "mail AND AND card", SKS_EQUERYSYNTAX, 5 },
        { "mail AND OR card", SKS_EQUERYSYNTAX, 5 },
        { "mail AND ()", SKS_EQUERYSYNTAX, 5 },
        { "() AND mail", SKS_EQUERYSYNTAX, 3 },
        { "the (AND mail)", SKS_EQUERYSYNTAX, 5 },
        { "OR mail", SKS_EQUERYSYNTAX, 0 },
        { "été OR", SKS_EQUERYSYNTAX, 6 },
        { "mail (OR card)", SKS_EQUERYSYNTAX, 6 },
        { "NOT", SKS_EQUERYSYNTAX, 0 },
        { "mail NOT", SKS_EQUERYSYNTAX, 5 },
        { "mail AND NOT", SKS_EQUERYSYNTAX, 9 },
        { "NOT ()", SKS_EQUERYSYNTAX, 0 },
        { "mail -()", SKS_EQUERYSYNTAX, 5 },
        { "NEAR", SKS_EQUERYSYNTAX, 0 },
        { "NEAR mail", SKS_EQUERYSYNTAX, 0 },
        { "NEAR/5 mail", SKS_EQUERYSYNTAX, 0 },
        { "mail NEAR", SKS_EQUERYSYNTAX, 5 },
        { "mail NEAR OR card", SKS_EQUERYSYNTAX, 5 },
        { "mail NEAR NOT card", SKS_EQUERYSYNTAX, 10 },
        { "mail NEAR -card", SKS_EQUERYSYNTAX, 10 },
        { "mail NEAR (card)", SKS_EQUERYSYNTAX, 10 },
        { "x (mail card) NEAR y", SKS_EQUERYSYNTAX, 2 },
        { "mail NEAR level:advanced", SKS_EQUERYSYNTAX, 10 },
        { "level:advanced NEAR mail", SKS_EQUERYSYNTAX, 0 },
        { "mail NEAR title:clerk", SKS_EQUERYSYNTAX, 10 },
        { "mail NEAR/0 card", SKS_EQUERYSYNTAX, 10 },
        { "mail AND \"\"", SKS_EQUERYSYNTAX, 5 },
        { "*mail", SKS_EQUERYSYNTAX, 0 },
        { "sort *mail", SKS_EQUERYSYNTAX, 5 },
        { "off*ce", SKS_EQUERYSYNTAX, 3 },
        { "ma?l", SKS_EQUERYSYNTAX, 2 },
        { "sort ?ail", SKS_EQUERYSYNTAX, 5 },
        { "été*s", SKS_EQUERYSYNTAX, 5 },
        { "group:4", SKS_EQUERYSYNTAX, 6 },
        { "group:99", SKS_EQUERYSYNTAX, 6 },
        { "x group:\"nobody at all\"", SKS_EQUERYSYNTAX, 9 },
        { "\"rout* mail\"", SKS_EQUERYSYNTAX, 5 },
        { "x =rout*", SKS_EQUERYSYNTAX, 7 },
        { "level:expert", SKS_EQUERYSYNTAX, 6 },
        { "level:Adept", SKS_EQUERYSYNTAX, 6 },
        { "route NEAR/x mail", SKS_EQUERYSYNTAX, 11 },
        { "route NEAR/ mail", SKS_EQUERYSYNTAX, 11 },
        { "route NEAR/", SKS_EQUERYSYNTAX, 11 },
        { "level:\"expert\"", SKS_EQUERYSYNTAX, 7 },
        { "zone:6", SKS_EQUERYSYNTAX, 5 },
        { "x zone:0", SKS_EQUERYSYNTAX, 7 },
        { "soc:4a", SKS_EQUERYSYNTAX, 4 },
        { "soc:43-9061.000", SKS_EQUERYSYNTAX, 4 },
        { "x level:\"\"", SKS_EQUERYSYNTAX, 9 },
        { "x level:\"high", SKS_EQUERYSYNTAX, 9 },
        { "x title:(clerk)", SKS_EQUERYSYNTAX, 2 },
    };
    for
        EACH (i, errors)
    assert_refused (errors[i].text, errors[i].code, errors[i].at);
}
END_TEST

START_TEST (takes_a_text_of_2048_bytes_and_none_longer)
{
    static char text[SKS_MAX_QUERY_BYTES + 2];
    memset (text, ' ', SKS_MAX_QUERY_BYTES + 1);
    memcpy (text + SKS_MAX_QUERY_BYTES - 4, "mail", 4);
    ck_assert_int_eq (parse_bytes (text, SKS_MAX_QUERY_BYTES), 0);
    ck_assert_uint_eq (tree.root->at, SKS_MAX_QUERY_BYTES - 4);
    assert_refused (text, SKS_ETOOCOMPLEX, SKS_MAX_QUERY_BYTES);
}
END_TEST

START_TEST (takes_64_words_and_no_more)
{
    ck_assert_int_eq (parse (repeat ("mail", " ", 64)), 0);
    ck_assert_uint_eq (tree.bag->child_count, 64);
    assert_refused (repeat ("mail", " ", 65), SKS_ETOOCOMPLEX, 64 * 5);
}
END_TEST

START_TEST (counts_words_wherever_they_stand)
{
    static const struct {
        const char *piece;
        long at; /* of the 65th word */
    } pieces[] = {
        { "the", 64 * 4 },    { "=mail", 64 * 6 + 1 }, { "\"mail\"", 64 * 7 + 1 }, { "duty:mail", 64 * 10 + 5 },
        { "zone:3", 64 * 7 }, { "-mail", 64 * 6 + 1 }, { "(mail)", 64 * 7 + 1 },
    };
    for
        EACH (i, pieces)
        {
            const char *most = repeat (pieces[i].piece, " ", 64);
            ck_assert_msg (parse (most) == 0, "64 times %s: %s", pieces[i].piece, error.text);
            assert_refused (repeat (pieces[i].piece, " ", 65), SKS_ETOOCOMPLEX, pieces[i].at);
        }
}
END_TEST

START_TEST (takes_8_nears_and_no_more)
{
    ck_assert_int_eq (parse (repeat ("mail", " NEAR ", 9)), 0);
    ck_assert_uint_eq (tree.root->child_count, 9);
    assert_refused (repeat ("mail", " NEAR ", 10), SKS_ETOOCOMPLEX, 8 * 10 + 5);
    ck_assert_int_eq (parse (repeat ("mail NEAR/3 cart", " OR ", 8)), 0);
    assert_refused (repeat ("mail NEAR/3 cart", " OR ", 9), SKS_ETOOCOMPLEX, 8 * 20 + 5);
}
END_TEST

START_TEST (takes_a_phrase_of_64_words_and_none_longer)
{
    char text[1024];
    snprintf (text, sizeof text, "\"%s\"", repeat ("of the", " ", 32));
    ck_assert_int_eq (parse (text), 0);
    ck_assert_uint_eq (tree.root->word_count, 64);
    snprintf (text, sizeof text, "\"%s\"", repeat ("the", " ", 65));
    assert_refused (text, SKS_ETOOCOMPLEX, 1 + 64 * 4);
}
END_TEST

START_TEST (takes_8_levels_of_parentheses_and_no_more)
{
    char most[128], more[128];
    snprintf (most, sizeof most, "%smail%s", repeat ("(a OR ", "", 8), "))))))))");
    snprintf (more, sizeof more, "%smail%s", repeat ("(a OR ", "", 9), ")))))))))");
    ck_assert_int_eq (parse (most), 0);
    assert_refused (more, SKS_ETOOCOMPLEX, 48);
    assert_reading ("(((((((((mail)))))))))", SKS_AMOUNT_ALL, "mail");
    ck_assert_int_eq (parse (repeat ("(mail)", " ", 20)), 0);
    ck_assert_uint_eq (tree.root->child_count, 20);
}
END_TEST

START_TEST (counts_not_as_a_level)
{
    char text[256];
    snprintf (text, sizeof text, "%s mail", repeat ("NOT", " ", 8));
    ck_assert_int_eq (parse (text), 0);
    snprintf (text, sizeof text, "%s mail", repeat ("NOT", " ", 9));
    assert_refused (text, SKS_ETOOCOMPLEX, 32);
    ck_assert_int_eq (parse (repeat ("NOT mail", " ", 20)), 0);
    snprintf (text, sizeof text, "%smail", repeat ("NOT (", "", 4));
    ck_assert_int_eq (parse (text), 0);
    snprintf (text, sizeof text, "%s(a OR b)%s", repeat ("NOT (", "", 3), ")))");
    ck_assert_int_eq (parse (text), 0);
    snprintf (text, sizeof text, "%smail%s", repeat ("NOT (", "", 5), ")))))");
    assert_refused (text, SKS_ETOOCOMPLEX, 20);
}
END_TEST

START_TEST (takes_4_prefixes_and_no_more)
{
    assert_reading ("ro* ma* so* ca*", SKS_AMOUNT_ALL, "AND(ro* ma* so* ca*)");
    assert_refused ("ro* ma* so* ca* fi*", SKS_ETOOCOMPLEX, 16);
    assert_refused ("ro* OR ma* OR -so* duty:ca* title:fi*", SKS_ETOOCOMPLEX, 34);
}
END_TEST

START_TEST (wants_2_letters_before_a_star)
{
    assert_refused ("mail r*", SKS_ETOOCOMPLEX, 5);
    assert_refused ("é*", SKS_ETOOCOMPLEX, 0);
    assert_refused ("日*", SKS_ETOOCOMPLEX, 0);
    assert_reading ("日本*", SKS_AMOUNT_ALL, "日本*");
    assert_reading ("éa*", SKS_AMOUNT_ALL, "ea*");
}
END_TEST

START_TEST (takes_a_distance_of_64_words_and_none_larger)
{
    assert_reading ("route NEAR/64 mail", SKS_AMOUNT_ALL, "NEAR/64(route mail)");
    assert_reading ("route NEAR/1 mail", SKS_AMOUNT_ALL, "NEAR/1(route mail)");
    assert_reading ("route NEAR/007 mail", SKS_AMOUNT_ALL, "NEAR/7(route mail)");
    assert_refused ("route NEAR/65 mail", SKS_ETOOCOMPLEX, 11);
    assert_refused ("route NEAR/99999999999999999999 mail", SKS_ETOOCOMPLEX, 11);
    assert_refused ("route NEAR/4294967297 mail", SKS_ETOOCOMPLEX, 11);
}
END_TEST

START_TEST (compares_64_bytes_of_a_long_word)
{
    char text[512], expected[128];
    memset (text, 'x', 500);
    text[500] = '\0';
    memset (expected, 'x', SKS_MAX_WORD_BYTES);
    expected[SKS_MAX_WORD_BYTES] = '\0';
    assert_reading (text, SKS_AMOUNT_ALL, expected);
}
END_TEST

/* --------------------------------------------------------------- properties */
static unsigned state;

static unsigned
draw (unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

/* A text of pieces that mean something to the parser. */
static void
draw_text (char *text)
{
    static const char *const pieces[] = {
        "mail",   "route",    "the",     "of",    "AND",     "OR",       "NOT",  "NEAR",     "NEAR/3",  "NEAR/99",
        "(",      ")",        "\"",      "-",     "=",       "*",        ":",    "/",        "title:",  "duty:",
        "level:", "advanced", "soc:43-", "zone:", "3",       "é",        "日本", "“",        "”",       "—",
        "x",      "\t",       ".",       "'",     "’s",      "\xCC\x81", "\n-",  "\n",       "1)",      "IT",
        "„",      "«",        "»",       "A",     "title: ", "‘",        "?",    "how do I", "43–9051", "group:43",
    };
    *text = '\0';
    for (unsigned i = draw (24); i; i--)
        strcat (strcat (text, pieces[draw (COUNT (pieces))]), draw (3) ? " " : "");
}

START_TEST (understands_any_text_or_refuses_it_at_a_byte_of_it)
{
    char text[1024], reading[16384];
    state = 20240611;
    unsigned understood = 0;
    for (int i = 0; i < 40000; i++) {
        draw_text (text);
        int code = parse (text);
        if (code) {
            ck_assert_msg (code == SKS_EQUERYSYNTAX || code == SKS_ETOOCOMPLEX, "\"%s\" gave %d", text, code);
            ck_assert_msg (error.at >= 0 && (size_t) error.at <= strlen (text), "\"%s\": byte %ld", text, error.at);
            continue;
        }
        understood++;
        snprintf (reading, sizeof reading, "%s", read_with (text, SKS_AMOUNT_ALL));
        ck_assert_uint_gt (strlen (reading), 0);
        ck_assert_str_eq (read_with (text, SKS_AMOUNT_ALL), reading);
    }
    ck_assert_uint_gt (understood, 1000);
}
END_TEST

START_TEST (reads_every_cut_of_a_text_without_reading_past_its_end)
{
    static const char text[] = "=“in order” -(a NEAR/12 duty:=\"b c\") NOT soc:43- OR title:cl* zone:none";
    for (size_t size = 0; size <= strlen (text); size++) {
        int code = parse_bytes (text, size);
        ck_assert_msg (code == 0 || (error.at >= 0 && (size_t) error.at <= size), "cut at %zu: byte %ld", size,
                       error.at);
    }
}
END_TEST

Suite *
suite_query (void)
{
    Suite *suite = suite_create ("query");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, make_arena, drop_arena);
    tcase_add_checked_fixture (limits, make_arena, drop_arena);
    tcase_add_test (core, reads_every_form_of_the_language);
    tcase_add_test (core, binds_not_then_near_then_neighbours_then_and_then_or);
    tcase_add_test (core, nests_parentheses);
    tcase_add_test (core, takes_curly_quotes_for_straight_ones);
    tcase_add_test (core, knows_operators_in_upper_case_only);
    tcase_add_test (core, knows_operators_beside_blanks_parentheses_and_quotes);
    tcase_add_test (core, takes_an_operator_inside_other_signs_for_a_word);
    tcase_add_test (core, leaves_stop_words_out_and_lists_them);
    tcase_add_test (core, keeps_stop_words_where_their_form_is_asked_for);
    tcase_add_test (core, reads_a_whole_soc_code_as_a_field);
    tcase_add_test (core, takes_an_empty_text_for_everything);
    tcase_add_test (core, finds_nothing_by_signs_alone);
    tcase_add_test (core, takes_stop_words_alone_for_words);
    tcase_add_test (core, reads_each_row_of_the_table);
    tcase_add_test (core, reads_minus_and_equals_only_where_a_word_starts);
    tcase_add_test (core, understands_pasted_statements);
    tcase_add_test (core, folds_words_to_their_forms);
    tcase_add_test (core, lets_only_the_bag_of_the_outermost_words_be_relaxed);
    tcase_add_test (core, shows_any_for_every_bag);
    tcase_add_test (core, takes_the_widest_distance_of_a_chain);
    tcase_add_test (core, knows_the_bytes_of_each_part);
    tcase_add_test (limits, reports_the_byte_of_every_error);
    tcase_add_test (limits, takes_a_text_of_2048_bytes_and_none_longer);
    tcase_add_test (limits, takes_64_words_and_no_more);
    tcase_add_test (limits, counts_words_wherever_they_stand);
    tcase_add_test (limits, takes_8_nears_and_no_more);
    tcase_add_test (limits, takes_a_phrase_of_64_words_and_none_longer);
    tcase_add_test (limits, takes_8_levels_of_parentheses_and_no_more);
    tcase_add_test (limits, counts_not_as_a_level);
    tcase_add_test (limits, takes_4_prefixes_and_no_more);
    tcase_add_test (limits, wants_2_letters_before_a_star);
    tcase_add_test (limits, takes_a_distance_of_64_words_and_none_larger);
    tcase_add_test (limits, compares_64_bytes_of_a_long_word);
    tcase_add_test (limits, understands_any_text_or_refuses_it_at_a_byte_of_it);
    tcase_add_test (limits, reads_every_cut_of_a_text_without_reading_past_its_end);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
