/* check_text.c - words, their folded forms, duties and hashes.
 *
 * A change of one of these tables changes what queries find, and the hashes in ids of statements; then SKS_INDEX_FORMAT
 * must change, too. */
#include "core/base/text.h"
#include "core/base/text_duty.h"
#include "core/base/text_fold.h"
#include "core/base/text_list.h"
#include "core/base/utf8.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_text (void);

/* The words of a text, separated by "|". */
static const char *
words_of (const char *text)
{
    static char out[512];
    size_t size = strlen (text), used = 0;
    sks_word word;
    for (size_t at = 0; sks_text_word (text, size, at, &word); at = word.end) {
        ck_assert_uint_lt (word.start, word.end);
        ck_assert_uint_ge (word.start, at);
        used += (size_t) snprintf (out + used, sizeof out - used, "%s%.*s", used ? "|" : "",
                                   (int) (word.end - word.start), text + word.start);
    }
    out[used] = '\0';
    return out;
}

static const char *
fold (const char *word)
{
    static char out[SKS_MAX_WORD_BYTES + 1];
    size_t size = sks_text_fold (word, strlen (word), out);
    ck_assert_uint_le (size, SKS_MAX_WORD_BYTES);
    out[size] = '\0';
    return out;
}

static const char *
squeeze (const char *text)
{
    static char out[512];
    size_t size = strlen (text);
    ck_assert_uint_lt (size, sizeof out);
    size_t length = sks_text_squeeze (text, size, out);
    ck_assert_uint_le (length, size);
    out[length] = '\0';
    return out;
}

struct pair {
    const char *text, *wanted;
};
#define EACH(table)                                                                                                    \
    size_t i = 0;                                                                                                      \
    i < sizeof table / sizeof *table;                                                                                  \
    i++

START_TEST (splits_at_everything_but_letters_digits_and_marks)
{
    static const struct pair cases[] = {
        { "Open, sort and route mail.", "Open|sort|and|route|mail" },
        { "full-time", "full|time" },
        { "24/7 e-mail v2.0", "24|7|e|mail|v2.0" },
        { "duty \xE2\x80\x94 detail\xE2\x80\xA6", "duty|detail" },
        { "caf\xC3\xA9 cafe\xCC\x81s", "caf\xC3\xA9|cafe\xCC\x81s" },
        { "\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x80\x82\xE9\x83\xBD", "\xE6\x9D\xB1\xE4\xBA\xAC|\xE9\x83\xBD" },
        { "\xC2\xBD cup, 10\xC2\xB0 C, x\xC2\xB2", "\xC2\xBD|cup|10|C|x|\xC2\xB2" },
        { "a_b C++ #1 $5 \xE2\x82\xAC"
          "7",
          "a|b|C++|1|5|7" },
    };
    for (EACH (cases))
        ck_assert_str_eq (words_of (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (keeps_an_apostrophe_between_letters)
{
    static const struct pair cases[] = {
        { "don't can\xE2\x80\x99t", "don't|can\xE2\x80\x99t" },
        { "'tis the nurses' room", "tis|the|nurses|room" },
        { "rock'n'roll", "rock'n'roll" },
        { "a''b", "a|b" },
        { "patient's", "patient's" },
        { "end'", "end" },
    };
    for (EACH (cases))
        ck_assert_str_eq (words_of (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (finds_the_position_of_a_word)
{
    const char *text = "  \xC3\x9C"
                       "ber-uns";
    sks_word word;
    ck_assert (sks_text_word (text, strlen (text), 0, &word));
    ck_assert_uint_eq (word.start, 2);
    ck_assert_uint_eq (word.end, 7);
    ck_assert (sks_text_word (text, strlen (text), word.end, &word));
    ck_assert_uint_eq (word.start, 8);
    ck_assert_uint_eq (word.end, 11);
    ck_assert (!sks_text_word (text, strlen (text), word.end, &word));
}
END_TEST

START_TEST (folds_letter_case_and_possessives)
{
    static const struct pair cases[] = {
        { "Routing", "routing" },
        { "MAIL", "mail" },
        { "x2B", "x2b" },
        { "patient's", "patient" },
        { "PATIENT'S", "patient" },
        { "patient\xE2\x80\x99s", "patient" },
        { "Patient\xE2\x80\x99S", "patient" },
        { "Caf\xC3\xA9's", "cafe" },
        { "Caf\xC3\xA9\xE2\x80\x99s", "cafe" },
        { "O'Brien's", "obrien" },
        { "O\xE2\x80\x99"
          "Brien\xE2\x80\x99s",
          "obrien" },
        { "don't", "dont" },
        { "don\xE2\x80\x99t", "dont" },
        { "rock'n'roll", "rocknroll" },
        { "bus", "bus" },
        { "s's", "s" },
    };
    for (EACH (cases))
        ck_assert_str_eq (fold (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (folds_diacritics_ligatures_and_compatibility_forms)
{
    static const struct pair cases[] = {
        { "na\xC3\xAFve", "naive" },
        { "nai\xCC\x88ve", "naive" },
        { "CAFE\xCC\x81", "cafe" },
        { "\xC3\x85", "a" },
        { "\xE2\x84\xAB", "a" }, /* letter A with ring; sign of the angstrom */
        { "\xEF\xAC\x81ling", "filing" },
        { "\xEF\xAC\x83", "ffi" },
        { "Stra\xC3\x9F"
          "e",
          "strasse" },
        { "STRASSE", "strasse" },
        { "\xC4\xB0stanbul", "istanbul" },
        { "\xEF\xBC\x93", "3" },
        { "x\xC2\xB2", "x2" },
        { "\xE2\x85\xA7", "viii" },
        { "\xE2\x91\xA0", "1" },
        { "\xC2\xBD", "1/2" },
    };
    for (EACH (cases))
        ck_assert_str_eq (fold (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (folds_letters_of_other_scripts)
{
    static const struct pair cases[] = {
        { "\xCE\xA9\xCE\xBC\xCE\xAD\xCE\xB3\xCE\xB1", "\xCF\x89\xCE\xBC\xCE\xB5\xCE\xB3\xCE\xB1" },
        { "\xCF\x83\xCE\xBF\xCF\x82", "\xCF\x83\xCE\xBF\xCF\x83" }, /* final sigma */
        { "\xD0\x9F\xD0\xA0\xD0\x98", "\xD0\xBF\xD1\x80\xD0\xB8" },
        { "\xE6\x9D\xB1\xE4\xBA\xAC", "\xE6\x9D\xB1\xE4\xBA\xAC" },
    };
    for (EACH (cases))
        ck_assert_str_eq (fold (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (only_diacritics_are_dropped)
{
    static const struct pair cases[] = {
        { "किताब", "किताब" },                         /* Devanagari vowel signs */
        { "กิน", "กิน" },                               /* Thai */
        { "コンピューター", "コンヒ\u309Aューター" }, /* kana with a voicing mark, also composed and half-width */
        { "コンヒ\u309Aューター", "コンヒ\u309Aューター" },
        { "ﾋﾟ", "ヒ\u309A" },
        { "Ёлки йод", "елкииод" },
        { "שָׁלוֹם", "שלום" },
        { "مُدَرِّس", "مدرس" },
        { "ΆΈΉ", "αεη" },
        { "Việt", "viet" },
        { "a\u20DD", "a" },
    };
    for (EACH (cases))
        ck_assert_str_eq (fold (cases[i].text), cases[i].wanted);
    ck_assert_str_ne (fold ("की"), "क");
}
END_TEST

START_TEST (folding_a_folded_word_changes_nothing)
{
    static const char *const words[] = { "Patient's",
                                         "Caf\xC3\xA9\xE2\x80\x99s",
                                         "Fu\xC3\x9F",
                                         "\xEF\xAC\x83",
                                         "\xED\x95\x9C\xEA\xB8\x80",
                                         "\xE2\x85\xA7",
                                         "\xC2\xBD",
                                         "किताब",
                                         "コンピューター" };
    for (EACH (words)) {
        char *once = strdup (fold (words[i]));
        ck_assert_str_eq (fold (once), once);
        free (once);
    }
}
END_TEST

START_TEST (squeezes_every_kind_of_white_space)
{
    static const struct pair cases[] = {
        { "a b", "a b" },
        { "  a  b  ", "a b" },
        { "\ta\r\n\vb\f", "a b" },
        { "a\xC2\xA0"
          "b",
          "a b" }, /* no-break space */
        { "a\xE2\x80\x83\xE2\x80\x89"
          "b",
          "a b" }, /* em and thin space */
        { "a\xE2\x80\xA8\xE2\x80\xA9"
          "b\xC2\x85",
          "a b" }, /* line and paragraph separator, next line */
        { "\xE3\x80\x80"
          "a\xE2\x80\xAF"
          "b",
          "a b" }, /* ideographic and narrow no-break space */
        { "a\xE2\x80\x94"
          "b",
          "a\xE2\x80\x94"
          "b" },
        { "\xE2\x80\x8B", "\xE2\x80\x8B" },
        { " \xC2\xA0\t", "" },
        { "", "" },
    };
    for (EACH (cases))
        ck_assert_str_eq (squeeze (cases[i].text), cases[i].wanted);
}
END_TEST

START_TEST (ends_the_duty_at_the_first_dash_between_blanks)
{
    static const struct {
        const char *text;
        size_t duty;
    } cases[] = {
        { "Incoming mail \xE2\x80\x94 open, sort", 13 },
        { "A \xE2\x80\x94 b \xE2\x80\x94 c", 1 },
        { "no duty", 0 },
        { "pre\xE2\x80\x94post", 0 },
        { "a \xE2\x80\x94"
          "b",
          1 },
        { "a\xE2\x80\x94 b", 1 },
        { "a - b", 0 },
        { "a \xE2\x80\x93 b", 1 },
        { "a\xE2\x80\x93 b", 0 },
        { "a -- b", 1 },
        { "a--b", 0 },
        { "a --- b", 0 },
        { "a \u2015b", 1 },
        { "a \u2012 b", 1 },
        { "a \u2012b", 0 },
        { "\xE2\x80\x94 a \xE2\x80\x94 b", 5 },
        { "\xE2\x80\x94 b", 0 },
        { "a \xE2\x80\x94", 0 },
        { "a \xE2\x80\x94 .", 0 },
        { "", 0 },
    };
    for (EACH (cases)) {
        size_t duty = sks_text_duty (cases[i].text, strlen (cases[i].text));
        ck_assert_msg (duty == cases[i].duty, "%s: %zu", cases[i].text, duty);
    }
}
END_TEST

START_TEST (recognises_stop_words)
{
    static const char *const stop[] = { "a", "all", "and", "etc", "not", "of", "others", "the", "with" };
    static const char *const not [] = { "", "al", "alls", "th", "them2", "mail", "The", "zone", "withh" };
    for (EACH (stop))
        ck_assert_msg (sks_text_stop_word (stop[i], strlen (stop[i])), "%s", stop[i]);
    for (EACH (not ))
        ck_assert_msg (!sks_text_stop_word (not [i], strlen (not [i])), "%s", not [i]);
}
END_TEST

START_TEST (has_exactly_these_stop_words_of_one_and_two_letters)
{
    /* All are looked up, so a table that is not sorted fails. */
    static const char wanted[] = " a an as at be by if in is it no of on or to ";
    for (char a = 'a'; a <= 'z'; a++)
        for (char b = 'a' - 1; b <= 'z'; b++) {
            char spaced[5] = { ' ', a, ' ' };
            if (b >= 'a')
                spaced[2] = b, spaced[3] = ' ';
            bool stop = sks_text_stop_word (spaced + 1, strlen (spaced) - 2);
            ck_assert_msg (stop == (strstr (wanted, spaced) != NULL), "%s", spaced);
        }
}
END_TEST

START_TEST (hashes_to_values_that_never_change)
{
    /* The published XXH3-64 values of these inputs: every statement id in every
     * index and bookmark depends on them. */
    ck_assert_uint_eq (sks_hash_bytes ("", 0), 0x2D06800538D394C2u);
    ck_assert_uint_eq (sks_hash_bytes ("a", 1), 0xE6C632B61E964E1Fu);
    const char *text = "Incoming mail \xE2\x80\x94 open, sort, and route.";
    ck_assert_uint_eq (sks_text_hash (text, strlen (text)), sks_hash_bytes (text, strlen (text)));
    ck_assert_uint_eq (sks_short_hash (sks_text_hash ("a", 1)), 0xE6C632B61E96u);
}
END_TEST

/* ------------------------------------------------------------------ limits */

START_TEST (cuts_an_overlong_word_at_a_character)
{
    char word[301] = "", out[SKS_MAX_WORD_BYTES];
    for (int i = 0; i < 100; i++)
        strcat (word, "\xE6\x9D\xB1");
    ck_assert_uint_eq (sks_text_fold (word, 300, out), SKS_MAX_WORD_BYTES / 3 * 3);
    ck_assert (sks_utf8_valid (out, SKS_MAX_WORD_BYTES / 3 * 3, NULL));
    memset (word, 'X', 300);
    ck_assert_uint_eq (sks_text_fold (word, 300, out), SKS_MAX_WORD_BYTES);
    for (int i = 0; i < SKS_MAX_WORD_BYTES; i++)
        ck_assert_int_eq (out[i], 'x');
}
END_TEST

START_TEST (folds_the_longest_word_equally_on_both_code_paths)
{
    /* One byte of ASCII more than fits takes the other code path. */
    char word[SKS_MAX_WORD_BYTES + 2], fits[SKS_MAX_WORD_BYTES], over[SKS_MAX_WORD_BYTES];
    memset (word, 'A', sizeof word);
    ck_assert_uint_eq (sks_text_fold (word, SKS_MAX_WORD_BYTES, fits), SKS_MAX_WORD_BYTES);
    memcpy (word + SKS_MAX_WORD_BYTES, "'s", 2);
    ck_assert_uint_eq (sks_text_fold (word, sizeof word, over), SKS_MAX_WORD_BYTES);
    ck_assert_mem_eq (fits, over, SKS_MAX_WORD_BYTES);
}
END_TEST

START_TEST (a_text_without_letters_folds_to_nothing)
{
    char out[SKS_MAX_WORD_BYTES];
    ck_assert_uint_eq (sks_text_fold ("", 0, out), 0);
    ck_assert_uint_eq (sks_text_fold ("\xCC\x81", 2, out), 0);
    ck_assert_uint_eq (sks_text_fold ("\xE2\x80\x99s", 4, out), 0);
}
END_TEST

START_TEST (finds_no_word_in_a_text_without_words)
{
    sks_word word;
    ck_assert (!sks_text_word ("", 0, 0, &word));
    ck_assert (!sks_text_word (" '\xE2\x80\x99-. ", 8, 0, &word));
    ck_assert (!sks_text_word ("mail", 4, 4, &word));
    ck_assert_str_eq (words_of (""), "");
}
END_TEST

START_TEST (reads_no_byte_after_the_text)
{
    /* The text ends inside a word, mark or dash that could continue. */
    sks_word word;
    ck_assert (sks_text_word ("don't", 4, 0, &word));
    ck_assert_uint_eq (word.end, 3);
    ck_assert (sks_text_word ("mailroom", 4, 0, &word));
    ck_assert_uint_eq (word.end, 4);
    ck_assert_uint_eq (sks_text_duty ("a \xE2\x80\x94 b", 4), 0);
    ck_assert (!sks_text_stop_word ("the", 2));
    /* A word of non-ASCII letters is folded equally, whatever byte follows it. */
    for (int next = 0; next < 256; next++) {
        char text[] = "caf\xC3\xA9?", folded[SKS_MAX_WORD_BYTES];
        text[5] = (char) next;
        ck_assert_uint_eq (sks_text_fold (text, 5, folded), 4);
        ck_assert_int_eq (memcmp (folded, "cafe", 4), 0);
    }
}
END_TEST

static const struct {
    const char *bytes;
    long bad_at; /* -1: valid */
} encodings[] = {
    { "", -1 },
    { "abc", -1 },
    { "\x7F", -1 },
    { "\xC2\x80", -1 },
    { "\xDF\xBF", -1 },
    { "\xE0\xA0\x80", -1 },
    { "\xED\x9F\xBF", -1 },
    { "\xEE\x80\x80", -1 },
    { "\xEF\xBF\xBF", -1 },
    { "\xF0\x90\x80\x80", -1 },
    { "\xF4\x8F\xBF\xBF", -1 },
    { "12345678\xC3\xA9"
      "12345678",
      -1 },
    { "1234567\xE2\x80\x94", -1 },
    { "\x80", 0 },
    { "\xBF", 0 },
    { "a\xFF", 1 },
    { "\xFE", 0 },
    /* overlong */
    { "\xC0\x80", 0 },
    { "\xC1\xBF", 0 },
    { "\xE0\x80\x80", 0 },
    { "\xE0\x9F\xBF", 0 },
    { "\xF0\x80\x80\x80", 0 },
    { "\xF0\x8F\xBF\xBF", 0 },
    /* surrogates, and over U+10FFFF */
    { "\xED\xA0\x80", 0 },
    { "\xED\xBF\xBF", 0 },
    { "\xF4\x90\x80\x80", 0 },
    { "\xF5\x80\x80\x80", 0 },
    /* truncated, or continued with another byte */
    { "ab\xC3", 2 },
    { "ab\xE2\x80", 2 },
    { "ab\xF0\x9F\x98", 2 },
    { "\xC3\xA9\xC3(", 2 },
    { "\xE2\x80(", 0 },
    { "\xF0\x9F\x98(", 0 },
    { "\xE2(\x94", 0 },
    { "12345678\xFF", 8 },
    { "1234567\xFF"
      "89",
      7 },
};

START_TEST (recognises_utf8_and_the_byte_of_an_error)
{
    for (EACH (encodings)) {
        size_t at = 99;
        bool valid = sks_utf8_valid (encodings[i].bytes, strlen (encodings[i].bytes), &at);
        ck_assert_msg (valid == (encodings[i].bad_at < 0), "case %zu", i);
        if (!valid)
            ck_assert_msg ((long) at == encodings[i].bad_at, "case %zu: byte %zu", i, at);
        ck_assert (sks_utf8_valid (encodings[i].bytes, strlen (encodings[i].bytes), NULL) == valid);
    }
}
END_TEST

/* Bytes of the encoding of a code point, by the definition of UTF-8. */
static size_t
encode (uint32_t point, char out[4])
{
    static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; point >>= 6)
        out[i] = (char) (0x80 | (point & 0x3F));
    out[0] = (char) (lead[size > 1 ? size : 0] | point);
    return size;
}

START_TEST (accepts_every_code_point_except_surrogates)
{
    for (uint32_t point = 0; point <= 0x110FFF; point++) {
        char bytes[4];
        size_t size = encode (point, bytes);
        bool wanted = point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
        if (sks_utf8_valid (bytes, size, NULL) != wanted)
            ck_abort_msg ("U+%04X", point);
    }
}
END_TEST

Suite *
suite_text (void)
{
    Suite *suite = suite_create ("text");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, splits_at_everything_but_letters_digits_and_marks);
    tcase_add_test (core, keeps_an_apostrophe_between_letters);
    tcase_add_test (core, finds_the_position_of_a_word);
    tcase_add_test (core, folds_letter_case_and_possessives);
    tcase_add_test (core, folds_diacritics_ligatures_and_compatibility_forms);
    tcase_add_test (core, folds_letters_of_other_scripts);
    tcase_add_test (core, only_diacritics_are_dropped);
    tcase_add_test (core, folding_a_folded_word_changes_nothing);
    tcase_add_test (core, squeezes_every_kind_of_white_space);
    tcase_add_test (core, ends_the_duty_at_the_first_dash_between_blanks);
    tcase_add_test (core, recognises_stop_words);
    tcase_add_test (core, has_exactly_these_stop_words_of_one_and_two_letters);
    tcase_add_test (core, hashes_to_values_that_never_change);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, cuts_an_overlong_word_at_a_character);
    tcase_add_test (limits, folds_the_longest_word_equally_on_both_code_paths);
    tcase_add_test (limits, a_text_without_letters_folds_to_nothing);
    tcase_add_test (limits, finds_no_word_in_a_text_without_words);
    tcase_add_test (limits, reads_no_byte_after_the_text);
    tcase_add_test (limits, recognises_utf8_and_the_byte_of_an_error);
    tcase_add_test (limits, accepts_every_code_point_except_surrogates);
    suite_add_tcase (suite, limits);
    return suite;
}
