/* check_progress.c - the progress that is shown while an index is built. */
#include "indexer/progress.h"

#include <check.h>
#include <string.h>
#include <unistd.h>

Suite *suite_progress (void);

static char text[256];

static const char *
format (int phase, uint64_t done, uint64_t total, uint64_t elapsed_ms, unsigned columns)
{
    sks_progress_format (text, sizeof text, phase, done, total, elapsed_ms, columns);
    return text;
}

START_TEST (shows_rate_and_time_left)
{
    ck_assert_str_eq (format (SKS_PHASE_READING, 300, 1200, 2000, 0),
                      "reading 300 of 1,200 files, 150 a second, 6 s left");
    ck_assert_str_eq (format (SKS_PHASE_BUILDING, 250000, 1000000, 100000, 0),
                      "building 250,000 of 1,000,000 statements, 2,500 a second, 5 min 0 s left");
    ck_assert_str_eq (format (SKS_PHASE_BUILDING, 1, 7201, 1000, 0),
                      "building 1 of 7,201 statements, 1 a second, 2 h 0 min left");
}
END_TEST

START_TEST (fills_the_bar_in_proportion_to_the_work_done)
{
    ck_assert_str_eq (format (SKS_PHASE_READING, 0, 8, 0, 4), "[....] reading 0 of 8 files");
    ck_assert_str_eq (format (SKS_PHASE_READING, 4, 8, 0, 4), "[##..] reading 4 of 8 files");
    ck_assert_str_eq (format (SKS_PHASE_READING, 7, 8, 0, 4), "[###.] reading 7 of 8 files");
    ck_assert_str_eq (format (SKS_PHASE_READING, 8, 8, 0, 4), "[####] reading 8 of 8 files");
}
END_TEST

START_TEST (shows_only_the_time_when_nothing_is_counted)
{
    ck_assert_str_eq (format (SKS_PHASE_WRITING, 5, 0, 61500, 24), "writing, 1 min 1 s");
}
END_TEST

START_TEST (counts_without_a_total)
{
    ck_assert_str_eq (format (SKS_PHASE_READING, 10, 0, 1000, 2), "[..] reading 10 files, 10 a second");
}
END_TEST

START_TEST (never_shows_more_than_the_total)
{
    ck_assert_str_eq (format (SKS_PHASE_READING, 9, 8, 1000, 4), "[####] reading 8 of 8 files, 8 a second, 0 s left");
}
END_TEST

START_TEST (stays_within_its_buffer)
{
    char small[16];
    memset (small, 'x', sizeof small);
    sks_progress_format (small, 10, SKS_PHASE_BUILDING, UINT64_MAX / 2, UINT64_MAX, 1, 24);
    ck_assert_uint_eq (strlen (small), 9);
    ck_assert_int_eq (small[10], 'x');
}
END_TEST

START_TEST (shows_nothing_without_a_terminal)
{
    sks_progress progress = { 0 };
    sks_display *display;
    int ends[2];
    ck_assert_int_eq (pipe (ends), 0);
    sks_progress_start_display (&display, &progress, ends[1], false);
    ck_assert_ptr_null (display);
    sks_progress_stop_display (&display);
    close (ends[0]);
    close (ends[1]);
}
END_TEST

START_TEST (stops_at_once_without_an_early_line)
{
    sks_progress progress = { 0 };
    sks_display *display;
    char byte;
    int ends[2];
    ck_assert_int_eq (pipe (ends), 0);
    sks_progress_begin (&progress, SKS_PHASE_BUILDING, 10);
    sks_progress_start_display (&display, &progress, ends[1], true);
    ck_assert_ptr_nonnull (display);
    sks_progress_stop_display (&display);
    ck_assert_ptr_null (display);
    close (ends[1]);
    ck_assert_int_eq (read (ends[0], &byte, 1), 0);
    close (ends[0]);
}
END_TEST

Suite *
suite_progress (void)
{
    Suite *suite = suite_create ("progress");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, shows_rate_and_time_left);
    tcase_add_test (core, fills_the_bar_in_proportion_to_the_work_done);
    tcase_add_test (core, shows_only_the_time_when_nothing_is_counted);
    tcase_add_test (core, shows_nothing_without_a_terminal);
    tcase_add_test (core, stops_at_once_without_an_early_line);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, counts_without_a_total);
    tcase_add_test (limits, never_shows_more_than_the_total);
    tcase_add_test (limits, stays_within_its_buffer);
    suite_add_tcase (suite, limits);
    return suite;
}
