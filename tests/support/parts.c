/* parts.c - builds the JSON of an export and reads it. */
#include "parts.h"

#include <check.h>
#include <string.h>

sks_report *read_report;
sks_export *export;
int kind;
bool parts_level_from_type;

const char parts_whole[] =
    "{\"schemaVersion\":\"1.0\",\"exportedAt\":\"2026-02-09T11:16:08.420Z\","
    "\"occupation\":{\"soc\":\"" SOC "\",\"title\":\" Office  Clerks \","
    "\"group\":\"Office & Administrative Support\",\"sector\":\"31-33\","
    "\"jobZone\":2,\"jobZoneInferred\":true},"
    "\"framework\":{\"version\":\"v7\",\"description\":\"Many trades.\",\"contextCovered\":\"Mail\\nrooms.\","
    "\"levels\":{"
    "\"advanced\":{\"label\":\"Advanced\",\"statements\":[\"Plan the mail room.\"]},"
    "\"emerging\":{\"label\":\"Emerging\",\"statements\":[\"Sort mail.\",\"File mail.\"]}}},"
    "\"sources\":{\"taxonomy\":\" v30.2  (CC BY 4.0) \",\"nothing\":null,\"empty\":\"\",\"web\":\"https://example.org\"},"
    "\"attribution\":\"\xC2\xA9 Somebody &amp; sons\",\"unknown\":[1,{}]}";

void
parts_open (void)
{
    ck_assert_int_eq (sks_report_create (&read_report, NULL), 0);
    parts_level_from_type = false;
}

void
parts_close (void)
{
    sks_export_destroy (&export);
    sks_report_destroy (&read_report);
}

void
parts_read_bytes (const char *bytes, size_t size, int expected)
{
    sks_error err;
    sks_export_destroy (&export);
    int code =
        sks_export_read (&export, &kind, "a.json", expected, parts_level_from_type, bytes, size, read_report, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    ck_assert ((kind == SKS_EXPORT_GOOD) == (export != NULL));
}

void
parts_read_text (const char *text)
{
    parts_read_bytes (text, strlen (text), false);
}

static void
put (sks_buffer *out, const char *name, const char *part, const char *standard)
{
    if (part && !*part)
        return;
    if (out->bytes[out->size - 1] != '{')
        sks_buffer_putc (out, ',');
    sks_buffer_printf (out, "\"%s\":%s", name, part ? part : standard);
}

void
parts_read (parts p)
{
    sks_buffer out = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_puts (&out, "{");
    put (&out, "schemaVersion", p.version, "\"1.0\"");
    sks_buffer_puts (&out, ",\"occupation\":{");
    put (&out, "soc", p.soc, "\"" SOC "\"");
    put (&out, "title", p.title, "\"Office Clerks\"");
    sks_buffer_printf (&out, "%s%s}", p.more ? "," : "", p.more ? p.more : "");
    if (!p.framework) {
        sks_buffer_puts (&out, ",\"framework\":{");
        put (&out, "levels", p.levels, GOOD_LEVELS);
        sks_buffer_puts (&out, "}");
    } else
        put (&out, "framework", p.framework, "");
    sks_buffer_puts (&out, "}");
    parts_read_text (sks_buffer_text (&out));
    sks_buffer_free (&out);
}

void
parts_read_list (const char *list)
{
    sks_buffer levels = SKS_BUFFER_INIT (SKS_MAX_EXPORT_BYTES);
    sks_buffer_printf (&levels, "{\"emerging\":{\"statements\":%s}}", list);
    parts_read ((parts) { .levels = sks_buffer_text (&levels) });
    sks_buffer_free (&levels);
}

void
parts_expect_at (size_t i, int problem, const char *pointer)
{
    const sks_report_entry *entry = sks_report_entry_at (read_report, i);
    ck_assert_msg (entry != NULL, "there are only %zu problems", sks_report_count (read_report));
    ck_assert_str_eq (sks_report_problem_name (entry->problem), sks_report_problem_name (problem));
    ck_assert_str_eq (entry->pointer, pointer);
    ck_assert_str_eq (entry->file, "a.json");
    ck_assert_str_ne (entry->reason, "");
}

void
parts_expect (int problem, const char *pointer)
{
    parts_expect_at (0, problem, pointer);
    ck_assert_uint_eq (sks_report_count (read_report), 1);
    ck_assert_uint_eq (sks_report_skipped (read_report), 0);
}

void
parts_expect_good (size_t statements)
{
    ck_assert_int_eq (kind, SKS_EXPORT_GOOD);
    ck_assert_uint_eq (export->count, statements);
}

void
parts_expect_clean (size_t statements)
{
    parts_expect_good (statements);
    ck_assert_uint_eq (sks_report_count (read_report), 0);
}

void
parts_expect_rejected (void)
{
    ck_assert_int_eq (kind, SKS_EXPORT_REJECTED);
}

const sks_statement *
parts_find (const char *text)
{
    for (size_t i = 0; i < export->count; i++)
        if (strcmp (export->statements[i].text, text) == 0)
            return &export->statements[i];
    ck_abort_msg ("no statement \"%s\"", text);
}
