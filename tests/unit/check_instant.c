/* check_instant.c - times of exports and their order. */
#include "core/base/instant.h"

#include <check.h>

Suite *suite_instant (void);

static int64_t
seconds (const char *text)
{
    sks_instant instant;
    ck_assert_msg (sks_instant_read (&instant, text), "%s", text);
    return instant.seconds;
}

/* -------------------------------------------------------------------- core */
START_TEST (reads_a_time_in_utc)
{
    ck_assert_int_eq (seconds ("1970-01-01T00:00:00Z"), 0);
    ck_assert_int_eq (seconds ("2000-02-29T12:34:56Z"), 951827696);
    ck_assert_int_eq (seconds ("2026-02-09T11:16:08.420Z"), 1770635768);
    ck_assert_int_eq (seconds ("1969-12-31T23:59:59Z"), -1);
}
END_TEST

START_TEST (reads_a_time_with_an_offset)
{
    ck_assert_int_eq (seconds ("2026-01-01T00:00:00+02:00"), seconds ("2025-12-31T22:00:00Z"));
    ck_assert_int_eq (seconds ("2025-12-31T18:30:00-05:30"), seconds ("2026-01-01T00:00:00Z"));
    ck_assert_int_eq (seconds ("2026-01-01t00:00:00z"), seconds ("2026-01-01 00:00:00-00:00"));
}
END_TEST

/* All stand for the same time. */
static const char *const forms[] = {
    "2026-06-01T12:00:00Z",     "2026-06-01T14:00:00+0200",    "2026-06-01T14:00:00+02",  "2026-06-01T12:00:00",
    "2026-06-01T12:00",         "2026-06-01T12:00Z",           "2026-06-01T14:00+02:00",  "2026-06-01T12",
    "2026-06-01T12Z",           "2026-06-01 12:00:00",         "2026-06-01 12:00:00 UTC", "2026-06-01 14:00:00 +0200",
    "2026-06-01t12:00:00,000z", "2026-06-01T12:00:00.000000Z", "20260601T120000Z",        "20260601T1400+0200",
    "2026-06-01T06:30:00-0530", "2026-06-01T12:00:00GMT",      "2026-06-01T11:59:60Z",    "2026-06-02T11:59:00+23:59",
};

START_TEST (reads_every_common_form)
{
    ck_assert_msg (seconds (forms[_i]) == 1780315200, "%s", forms[_i]);
}
END_TEST

START_TEST (reads_a_date_without_a_time_as_its_first_second)
{
    ck_assert_int_eq (seconds ("2026-06-01"), seconds ("2026-06-01T00:00:00Z"));
    ck_assert_int_eq (seconds ("20260601"), seconds ("2026-06-01"));
    ck_assert_int_lt (sks_instant_compare ("2026-06-01T00:00:00,4", "2026-06-01T00:00:00.5Z"), 0);
}
END_TEST

START_TEST (orders_by_time_and_not_by_text)
{
    ck_assert_int_lt (sks_instant_compare ("2026-01-01T00:00:00+02:00", "2025-12-31T23:30:00Z"), 0);
    ck_assert_int_gt (sks_instant_compare ("2025-12-31T23:30:00Z", "2026-01-01T00:00:00+02:00"), 0);
    ck_assert_int_eq (sks_instant_compare ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00.000+01:00"), 0);
    ck_assert_int_lt (sks_instant_compare ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z"), 0);
    ck_assert_int_lt (sks_instant_compare ("2026-01-01T00:00:00.09Z", "2026-01-01T00:00:00.1Z"), 0);
}
END_TEST

START_TEST (sorts_invalid_times_first)
{
    ck_assert_int_lt (sks_instant_compare ("", "1970-01-01T00:00:00Z"), 0);
    ck_assert_int_gt (sks_instant_compare ("0000-01-01T00:00:00Z", "tomorrow"), 0);
    ck_assert_int_eq (sks_instant_compare ("today", "tomorrow"), 0);
    ck_assert_int_eq (sks_instant_compare ("", ""), 0);
}
END_TEST

/* ------------------------------------------------------------------ limits */
static const char *const wrong[] = {
    "",
    "2026",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+2:00",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00Z ",
    "2026-01-01T00:00:00ZZ",
    "02026-01-01T00:00:00Z",
    "-026-01-01T00:00:00Z",
    "2026-1-01T00:00:00Z",
    "2026- 1-01T00:00:00Z",
    "2026-01-01T",
    "2026-01-01 ",
    "2026-01-01Z",
    "2026-01-01T0:00:00Z",
    "2026-01-01T00:00:00.5.5Z",
    "2026-01-01T00:00:00 CET",
    "01/02/2026",
    "1767225600",
    "2026-01-01T00:00:00.1234567890123456789012345678901234567890123456789Z",
};

START_TEST (refuses_other_forms)
{
    sks_instant instant;
    ck_assert_msg (!sks_instant_read (&instant, wrong[_i]), "%s", wrong[_i]);
}
END_TEST

START_TEST (reads_the_first_and_the_last_time)
{
    ck_assert_int_eq (seconds ("0000-01-01T00:00:00Z"), INT64_C (-62167219200));
    ck_assert_int_eq (seconds ("9999-12-31T23:59:60Z"), INT64_C (253402300800));
    ck_assert_int_eq (seconds ("2000-03-01T00:00:00Z") - seconds ("2000-02-29T00:00:00Z"), 86400);
    ck_assert_int_eq (seconds ("2026-01-01T00:00:00.12345678901234567890Z"), seconds ("2026-01-01T00:00:00Z"));
}
END_TEST

Suite *
suite_instant (void)
{
    Suite *suite = suite_create ("instant");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, reads_a_time_in_utc);
    tcase_add_test (core, reads_a_time_with_an_offset);
    tcase_add_loop_test (core, reads_every_common_form, 0, sizeof forms / sizeof *forms);
    tcase_add_test (core, reads_a_date_without_a_time_as_its_first_second);
    tcase_add_test (core, orders_by_time_and_not_by_text);
    tcase_add_test (core, sorts_invalid_times_first);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_loop_test (limits, refuses_other_forms, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test (limits, reads_the_first_and_the_last_time);
    suite_add_tcase (suite, limits);
    return suite;
}
