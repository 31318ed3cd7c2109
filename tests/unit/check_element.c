/* check_element.c - how a text is split into exports, and which encodings are accepted. */
#include "indexer/element.h"
#include "indexer/encoding.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_element (void);

/* The elements of a text, separated by "|": those of a sequence as "LINE+BYTE=bytes",
 * those of an array as "POINTER@BYTE=bytes", a fault in "<>". Borrowed: valid until
 * the next call. */
static const char *
cut (const char *text, bool stream)
{
    static char out[1024];
    size_t used = 0;
    sks_elements elements;
    sks_element e;
    sks_elements_begin (&elements, text, strlen (text), stream);
    out[0] = '\0';
    while (sks_elements_next (&elements, &e)) {
        used += (size_t) snprintf (out + used, sizeof out - used, "%s", used ? "|" : "");
        if (e.line)
            used += (size_t) snprintf (out + used, sizeof out - used, "%lu+%ld=", e.line, e.at);
        else if (*e.pointer || e.fault)
            used += (size_t) snprintf (out + used, sizeof out - used, "%s@%ld=", e.pointer, e.at);
        used += (size_t) (e.fault ? snprintf (out + used, sizeof out - used, "<%s>", e.fault)
                                  : snprintf (out + used, sizeof out - used, "%.*s", (int) e.size, e.bytes));
    }
    return out;
}

static const struct {
    const char *text, *elements;
} files[] = {
    /* one element */
    { "", "" },
    { " {\"a\":1} \n", "{\"a\":1}" },
    { "\xEF\xBB\xBF{}", "{}" },
    { "{\"a\":\"}{\"}", "{\"a\":\"}{\"}" },
    { "{\n \"a\":\n{\n\"b\":[\n{\n}\n]}}", "{\n \"a\":\n{\n\"b\":[\n{\n}\n]}}" },
    { "{\"a\":1} and more", "{\"a\":1} and more" },
    { "{\"a\":\"one\ntwo\"}", "{\"a\":\"one\ntwo\"}" },
    { "{\"a\":", "{\"a\":" },
    { "hello\n{}", "hello\n{}" },
    { "{\"framework\":1,\"exports\":[{}]}", "{\"framework\":1,\"exports\":[{}]}" },
    /* sequences */
    { "{}\n{}", "1+0={}|2+0={}" },
    { "{} {}", "1+0={}|1+3={}" },
    { "{}{}\r\n\r\n  {}\n", "1+0={}|1+2={}|3+2={}" },
    { "{\n\"a\":1\n}\n{\n\"b\":2\n}\n", "1+0={\n\"a\":1\n}|4+0={\n\"b\":2\n}" },
    { "\x1E{}\n\x1E{}\n", "1+1={}|2+1={}" },
    { "\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}", "1+3={}|2+3={}" },
    { "{}\n{\"a\":\"cut\n{}", "1+0={}|2+0={\"a\":\"cut|3+0={}" },
    { "{\"a\":[1\n{}\n{}", "1+0={\"a\":[1|2+0={}|3+0={}" },
    { "{\"a\":\n{\"schemaVersion\":1}", "1+0={\"a\":|2+0={\"schemaVersion\":1}" },
    { "{\"a\":1}} x\n{}", "1+0={\"a\":1}} x|2+0={}" },
    { "{},\n{}", "1+0={},|2+0={}" },
    { "{}\nnot JSON\nat all\n{}", "1+0={}|2+0=not JSON|3+0=at all|4+0={}" },
    { "{\"a\":\"\\\"}\\\\\"}\n{}", "1+0={\"a\":\"\\\"}\\\\\"}|2+0={}" },
    /* arrays */
    { "[]", "" },
    { "[ ]", "" },
    { "[{},{}]", "/0@1={}|/1@4={}" },
    { " [ {} ,\n{\"a\":\"],\"} ]\n", "/0@3={}|/1@8={\"a\":\"],\"}" },
    { "[1,\"a\",null,[{}]]", "/0@1=1|/1@3=\"a\"|/2@7=null|/3@12=[{}]" },
    { "[{}", "/0@1={}|@3=<the array does not end>" },
    { "[{},", "/0@1={}|/1@4=<the array does not end>" },
    { "[{} {}]", "/0@1={}|@4=<',' or ']' was expected>" },
    { "[{}]x", "/0@1={}|@3=<unexpected text after the value>" },
    { "[{},{\"a\":{}", "/0@1={}|/1@4={\"a\":{}" },
    { "[,{}]", "/0@1=,{}]" },
    { "{\"exports\":[{},{}]}", "/exports/0@12={}|/exports/1@15={}" },
    { "{\"schemaVersion\":\"1.0\", \"n\":[1,{}], \"exports\" : [{}], \"m\":\"}\"}", "/exports/0@49={}" },
    { "{\"exports\":[{}]", "/exports/0@12={}|@14=<the object around \"exports\" does not end>" },
    { "{\"exports\":[]}{}", "@12=<unexpected text after the value>" },
    { "{\"exports\":{}}", "{\"exports\":{}}" },
};

START_TEST (cuts_a_file_into_its_exports)
{
    ck_assert_str_eq (cut (files[_i].text, false), files[_i].elements);
}
END_TEST

START_TEST (every_export_of_a_stream_has_its_line)
{
    ck_assert_str_eq (cut ("{}", true), "1+0={}");
    ck_assert_str_eq (cut ("\n\n hello \n{}", true), "3+1=hello|4+0={}");
    ck_assert_str_eq (cut (" \n", true), "");
    ck_assert_str_eq (cut ("[{}]", true), "/0@1={}");
}
END_TEST

START_TEST (the_iteration_ends_for_any_text)
{
    static const char letters[] = "{}[]\",:\\\na \xEF\x1E";
    unsigned long state = (unsigned long) _i * 2654435761u + 1;
    for (int i = 0; i < 2000; i++) {
        char text[24];
        size_t size = 0, taken = 0;
        sks_elements elements;
        sks_element e;
        do {
            state = state * 6364136223846793005u + 1442695040888963407u;
            text[size++] = letters[(state >> 33) % (sizeof letters - 1)];
        } while (size < sizeof text && (state >> 60));
        char *copy = malloc (size);
        memcpy (copy, text, size);
        sks_elements_begin (&elements, copy, size, _i % 2);
        while (sks_elements_next (&elements, &e)) {
            ck_assert (e.fault || (e.bytes >= copy && e.bytes + e.size <= copy + size));
            ck_assert_uint_le (++taken, size + 2);
        }
        free (copy);
    }
}
END_TEST

/* --------------------------------------------------------------- encodings */

START_TEST (converts_utf_16_to_utf_8)
{
    static const char little[] = "\xFF\xFE\xE9\0=\xD8\0\xDE\xAC ", big[] = "\xFE\xFF\0\xE9\xD8=\xDE\0 \xAC";
    static const struct {
        const char *bytes;
        size_t size;
    } texts[] = { { little, 10 }, { big, 10 } };
    for (size_t i = 0; i < 2; i++) {
        size_t size = texts[i].size;
        char *bytes = malloc (size + 1);
        const char *fault;
        memcpy (bytes, texts[i].bytes, size);
        ck_assert_int_eq (sks_encoding_decode (&bytes, &size, &fault, NULL), 0);
        ck_assert_ptr_null (fault);
        ck_assert_uint_eq (size, 9);
        ck_assert_str_eq (bytes, "\u00E9\U0001F600\u20AC");
        free (bytes);
    }
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
    const char *fault; /* a part of it; NULL: it is left as it is */
} encodings[] = {
    { "\xFF\xFE\0", 3, "invalid UTF-16" },
    { "\xFF\xFE\0\xD8{\0", 6, "invalid UTF-16" },
    { "\xFF\xFE\0\0{\0\0\0", 8, "iconv -f UTF-32" },
    { "{\0\"\0", 4, "iconv -f UTF-16LE" },
    { "\n\0{\0", 4, "iconv -f UTF-16LE" },
    { "[\0\0\0", 4, "iconv -f UTF-32LE" },
    { "\0\0\0 \0\0\0{", 8, "iconv -f UTF-32BE" },
    { "\0[\0{", 4, "iconv -f UTF-16BE" },
    { "\x1F\x8B\x08", 3, "gunzip" },
    { "\x1F\x9D\x90", 3, "gunzip" },
    { "7z\xBC\xAF\x27\x1C\0\4", 8, "7z x" },
    { "LZIP\1", 5, "lzip -d" },
    { "\x5D\0\0\x80\0", 5, "unlzma" },
    { "BZh91AY", 7, "bunzip2" },
    { "PK\x03\x04", 4, "unzip" },
    { "PK\x03\x04 0123456789 0123456789 [Content_Types].xml", 46, "CSV" },
    { "PK\x03\x04 0123456789 0123456789 mimetypeapplication/vnd.oasis.opendocument", 69, "CSV" },
    { "\x28\xB5\x2F\xFD", 4, "unzstd" },
    { "\0\0\0\0\0", 5, "NUL" },
    { "<!DOCTYPE html>", 15, "HTML" },
    { "{}", 2, NULL },
    { "\xEF\xBB\xBF{}", 5, NULL },
    { "", 0, NULL },
};

START_TEST (explains_what_to_do_with_other_formats)
{
    size_t size = encodings[_i].size;
    char *bytes = malloc (size + 1);
    const char *fault;
    memcpy (bytes, encodings[_i].bytes, size);
    ck_assert_int_eq (sks_encoding_decode (&bytes, &size, &fault, NULL), 0);
    ck_assert_uint_eq (size, encodings[_i].size);
    if (encodings[_i].fault)
        ck_assert_ptr_nonnull (fault);
    ck_assert (encodings[_i].fault ? strstr (fault, encodings[_i].fault) != NULL : !fault);
    free (bytes);
}
END_TEST

Suite *
suite_element (void)
{
    Suite *suite = suite_create ("element");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_loop_test (core, cuts_a_file_into_its_exports, 0, sizeof files / sizeof *files);
    tcase_add_test (core, every_export_of_a_stream_has_its_line);
    tcase_add_test (core, converts_utf_16_to_utf_8);
    tcase_add_loop_test (limits, the_iteration_ends_for_any_text, 0, 10);
    tcase_add_loop_test (limits, explains_what_to_do_with_other_formats, 0, sizeof encodings / sizeof *encodings);
    suite_add_tcase (suite, core);
    suite_add_tcase (suite, limits);
    return suite;
}
