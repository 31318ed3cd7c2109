/* check_query_limits.c - which queries are refused and at which byte; the limits of
 * the language; random texts. */
#include "tests/support/parse.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_query_limits (void);

#define COUNT(table) (sizeof (table) / sizeof *(table))
#define EACH(row, table) (size_t row = 0; row < COUNT (table); row++)

/* `count` times `piece`, separated by `between`. Borrowed: valid until the next call. */
static const char *
repeat (const char *piece, const char *between, size_t count)
{
    static char text[65536];
    *text = '\0';
    for (size_t i = 0; i < count; i++)
        strcat (strcat (text, i ? between : ""), piece);
    return text;
}

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
        { "*mail* sort", SKS_EQUERYSYNTAX, 0 },
        { "x *sort\nmail*", SKS_EQUERYSYNTAX, 2 },
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
        { "title:", SKS_EQUERYSYNTAX, 0 },
        { "mail level: ", SKS_EQUERYSYNTAX, 5 },
        { "mail -zone:", SKS_EQUERYSYNTAX, 6 },
        { "title: level:advanced", SKS_EQUERYSYNTAX, 0 },
        { "title: level: soc:", SKS_EQUERYSYNTAX, 0 },
        { "title: OR mail", SKS_EQUERYSYNTAX, 0 },
        { "mail (duty:)", SKS_EQUERYSYNTAX, 6 },
        { "occupation:", SKS_EQUERYSYNTAX, 0 },
    };
    for
        EACH (i, errors)
    assert_refused (errors[i].text, errors[i].code, errors[i].at);
}
END_TEST

/* Parts of a query that have no word, the first of which is nothing at all. */
static const char *const wordless[] = { "",   "^",       ",",     "- +",    "*",  "\"\"", "\"^\"",
                                        "=^", "<b></b>", "&amp;", "\u2026", "()", "(^)" };

/* A text of this form, with such a part in it. Borrowed: valid until the next call. */
static const char *
fill (const char *form, const char *part)
{
    static char text[256];
    const char *at = strchr (form, '_');
    snprintf (text, sizeof text, "%.*s%s%s", (int) (at - form), form, part, at + 1);
    return text;
}

START_TEST (an_operator_needs_a_word_where_a_part_has_only_signs)
{
    static const char *const forms[] = { "mail OR _",        "mail AND _",      "NOT _",          "mail NOT _",
                                         "mail OR _ OR x",   "(mail OR _)",     "mail AND NOT _", "NOT NOT _",
                                         "x (mail AND _) y", "mail NOT _ OR x", "_ OR mail",      "_ AND mail" };
    static const long places[] = { 5, 5, 0, 5, 5, 6, 9, 4, 8, 5, 0, 0 };
    for
        EACH (i, forms)
    for
        EACH (k, wordless)
        {
            long shift = *forms[i] == '_' ? (long) strlen (wordless[k]) + 1 : 0;
            assert_refused (fill (forms[i], wordless[k]), SKS_EQUERYSYNTAX, places[i] + shift);
        }
}
END_TEST

START_TEST (a_part_that_has_only_signs_is_nothing_elsewhere)
{
    static const struct {
        const char *form, *reading;
    } forms[] = {
        { "mail _", "mail" },
        { "_ mail", "mail" },
        { "mail _ sort", "ALL(mail sort)" },
        { "mail _ OR sort", "OR(mail sort)" },
        { "mail OR _ sort", "OR(mail sort)" },
        { "mail AND (sort _ OR x)", "AND(mail OR(sort x))" },
        { "NOT _ mail", "NOT(mail)" },
        { "mail NOT _ sort", "AND(mail NOT(sort))" },
    };
    for
        EACH (i, forms)
    for
        EACH (k, wordless)
    assert_reading (fill (forms[i].form, wordless[k]), SKS_AMOUNT_ALL, forms[i].reading);
    for
        EACH (k, wordless)
    assert_reading (wordless[k], SKS_AMOUNT_ALL, *wordless[k] ? "NOT(*)" : "*");
}
END_TEST

START_TEST (accepts_a_text_of_2048_bytes_and_none_longer)
{
    static char text[SKS_MAX_QUERY_BYTES + 2];
    memset (text, ' ', SKS_MAX_QUERY_BYTES + 1);
    memcpy (text + SKS_MAX_QUERY_BYTES - 4, "mail", 4);
    ck_assert_int_eq (parse_bytes (text, SKS_MAX_QUERY_BYTES), 0);
    ck_assert_uint_eq (parse_tree.root->at, SKS_MAX_QUERY_BYTES - 4);
    assert_refused (text, SKS_ETOOCOMPLEX, SKS_MAX_QUERY_BYTES);
}
END_TEST

START_TEST (accepts_64_words_and_no_more)
{
    ck_assert_int_eq (parse_text (repeat ("mail", " ", 64)), 0);
    ck_assert_uint_eq (parse_tree.bag->child_count, 64);
    assert_refused (repeat ("mail", " ", 65), SKS_ETOOCOMPLEX, 64 * 5);
}
END_TEST

START_TEST (counts_words_everywhere_in_the_query)
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
            ck_assert_msg (parse_text (most) == 0, "64 times %s: %s", pieces[i].piece, parse_error.text);
            assert_refused (repeat (pieces[i].piece, " ", 65), SKS_ETOOCOMPLEX, pieces[i].at);
        }
}
END_TEST

START_TEST (accepts_8_nears_and_no_more)
{
    ck_assert_int_eq (parse_text (repeat ("mail", " NEAR ", 9)), 0);
    ck_assert_uint_eq (parse_tree.root->child_count, 9);
    assert_refused (repeat ("mail", " NEAR ", 10), SKS_ETOOCOMPLEX, 8 * 10 + 5);
    ck_assert_int_eq (parse_text (repeat ("mail NEAR/3 cart", " OR ", 8)), 0);
    assert_refused (repeat ("mail NEAR/3 cart", " OR ", 9), SKS_ETOOCOMPLEX, 8 * 20 + 5);
}
END_TEST

START_TEST (accepts_a_phrase_of_64_words_and_none_longer)
{
    char text[1024];
    snprintf (text, sizeof text, "\"%s\"", repeat ("of the", " ", 32));
    ck_assert_int_eq (parse_text (text), 0);
    ck_assert_uint_eq (parse_tree.root->word_count, 64);
    snprintf (text, sizeof text, "\"%s\"", repeat ("the", " ", 65));
    assert_refused (text, SKS_ETOOCOMPLEX, 1 + 64 * 4);
}
END_TEST

START_TEST (accepts_8_levels_of_parentheses_and_no_more)
{
    char most[128], more[128];
    snprintf (most, sizeof most, "%smail%s", repeat ("(a OR ", "", 8), "))))))))");
    snprintf (more, sizeof more, "%smail%s", repeat ("(a OR ", "", 9), ")))))))))");
    ck_assert_int_eq (parse_text (most), 0);
    assert_refused (more, SKS_ETOOCOMPLEX, 48);
    assert_reading ("(((((((((mail)))))))))", SKS_AMOUNT_ALL, "mail");
    ck_assert_int_eq (parse_text (repeat ("(mail)", " ", 20)), 0);
    ck_assert_uint_eq (parse_tree.root->child_count, 20);
}
END_TEST

START_TEST (not_counts_as_a_level)
{
    char text[256];
    snprintf (text, sizeof text, "%s mail", repeat ("NOT", " ", 8));
    ck_assert_int_eq (parse_text (text), 0);
    snprintf (text, sizeof text, "%s mail", repeat ("NOT", " ", 9));
    assert_refused (text, SKS_ETOOCOMPLEX, 32);
    ck_assert_int_eq (parse_text (repeat ("NOT mail", " ", 20)), 0);
    snprintf (text, sizeof text, "%smail", repeat ("NOT (", "", 4));
    ck_assert_int_eq (parse_text (text), 0);
    snprintf (text, sizeof text, "%s(a OR b)%s", repeat ("NOT (", "", 3), ")))");
    ck_assert_int_eq (parse_text (text), 0);
    snprintf (text, sizeof text, "%smail%s", repeat ("NOT (", "", 5), ")))))");
    assert_refused (text, SKS_ETOOCOMPLEX, 20);
}
END_TEST

START_TEST (accepts_4_prefixes_and_no_more)
{
    assert_reading ("ro* ma* so* ca*", SKS_AMOUNT_ALL, "AND(ro* ma* so* ca*)");
    assert_refused ("ro* ma* so* ca* fi*", SKS_ETOOCOMPLEX, 16);
    assert_refused ("ro* OR ma* OR -so* duty:ca* title:fi*", SKS_ETOOCOMPLEX, 34);
}
END_TEST

START_TEST (requires_2_letters_before_a_star)
{
    assert_refused ("mail r*", SKS_ETOOCOMPLEX, 5);
    assert_refused ("é*", SKS_ETOOCOMPLEX, 0);
    assert_refused ("日*", SKS_ETOOCOMPLEX, 0);
    assert_reading ("日本*", SKS_AMOUNT_ALL, "日本*");
    assert_reading ("éa*", SKS_AMOUNT_ALL, "ea*");
}
END_TEST

START_TEST (accepts_a_distance_of_64_words_and_none_larger)
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

static unsigned state;

static unsigned
draw (unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

/* A random text made of pieces that have a meaning for the parser. */
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

START_TEST (accepts_any_text_or_refuses_it_at_one_of_its_bytes)
{
    char text[1024], reading[16384];
    state = 20240611;
    unsigned understood = 0;
    for (int i = 0; i < 40000; i++) {
        draw_text (text);
        int code = parse_text (text);
        if (code) {
            ck_assert_msg (code == SKS_EQUERYSYNTAX || code == SKS_ETOOCOMPLEX, "\"%s\" gave %d", text, code);
            ck_assert_msg (parse_error.at >= 0 && (size_t) parse_error.at <= strlen (text), "\"%s\": byte %ld", text,
                           parse_error.at);
            continue;
        }
        understood++;
        snprintf (reading, sizeof reading, "%s", parse_reading (text, SKS_AMOUNT_ALL));
        ck_assert_uint_gt (strlen (reading), 0);
        ck_assert_str_eq (parse_reading (text, SKS_AMOUNT_ALL), reading);
    }
    ck_assert_uint_gt (understood, 1000);
}
END_TEST

START_TEST (reads_every_prefix_of_a_text_without_reading_past_its_end)
{
    static const char text[] = "=“in order” -(a NEAR/12 duty:=\"b c\") NOT soc:43- OR title:cl* zone:none";
    for (size_t size = 0; size <= strlen (text); size++) {
        if (((unsigned char) text[size] & 0xC0) == 0x80)
            continue; /* within a character: not valid UTF-8 */
        int code = parse_bytes (text, size);
        ck_assert_msg (code == 0 || (parse_error.at >= 0 && (size_t) parse_error.at <= size), "cut at %zu: byte %ld",
                       size, parse_error.at);
    }
}
END_TEST

Suite *
suite_query_limits (void)
{
    Suite *suite = suite_create ("query_limits");
    TCase *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (limits, parse_begin, parse_end);
    tcase_add_test (limits, reports_the_byte_of_every_error);
    tcase_add_test (limits, an_operator_needs_a_word_where_a_part_has_only_signs);
    tcase_add_test (limits, a_part_that_has_only_signs_is_nothing_elsewhere);
    tcase_add_test (limits, accepts_a_text_of_2048_bytes_and_none_longer);
    tcase_add_test (limits, accepts_64_words_and_no_more);
    tcase_add_test (limits, counts_words_everywhere_in_the_query);
    tcase_add_test (limits, accepts_8_nears_and_no_more);
    tcase_add_test (limits, accepts_a_phrase_of_64_words_and_none_longer);
    tcase_add_test (limits, accepts_8_levels_of_parentheses_and_no_more);
    tcase_add_test (limits, not_counts_as_a_level);
    tcase_add_test (limits, accepts_4_prefixes_and_no_more);
    tcase_add_test (limits, requires_2_letters_before_a_star);
    tcase_add_test (limits, accepts_a_distance_of_64_words_and_none_larger);
    tcase_add_test (limits, compares_64_bytes_of_a_long_word);
    tcase_add_test (limits, accepts_any_text_or_refuses_it_at_one_of_its_bytes);
    tcase_add_test (limits, reads_every_prefix_of_a_text_without_reading_past_its_end);
    suite_add_tcase (suite, limits);
    return suite;
}
