/* check_publish.c - the index folder: generations, the link, the lock, and the remains of a killed run.
 *
 * A generation here is a folder with one small file, because folder.c does not depend on its content. */
#include "indexer/folder.h"
#include "tests/support/sample.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *suite_publish (void);

static char *index_folder;
static sks_folder *folder;

static void
set_up (void)
{
    index_folder = sample_folder ();
}

static void
tear_down (void)
{
    sks_folder_close (&folder);
    sample_remove (index_folder);
}

static void
open_folder (int writing)
{
    sks_error err;
    sks_folder_close (&folder);
    int code = sks_folder_open (&folder, index_folder, writing, &err);
    ck_assert_msg (code == 0, "%s", err.text);
}

/* A generation opens when its file is there. */
static bool
opens (const sks_folder *of, uint64_t number)
{
    char path[PATH_MAX];
    struct stat status;
    sks_folder_path (of, number, path, sizeof path);
    strcat (path, "/file");
    return stat (path, &status) == 0;
}

static void
damage (uint64_t number)
{
    char path[PATH_MAX];
    sks_folder_path (folder, number, path, sizeof path);
    strcat (path, "/file");
    ck_assert_int_eq (unlink (path), 0);
}

/* A generation that the next run has opened; 0: none. */
static uint64_t sound;

/* Make the generation before the current one current; 0 when there is none. */
static uint64_t
roll_back (void)
{
    sks_error err;
    uint64_t number = sks_folder_before (folder, sks_folder_current (folder));
    int code = number ? sks_folder_switch (folder, number, &err) : 0;
    ck_assert_msg (code == 0, "%s", err.text);
    return number;
}

/* Publish a generation of one small file. Returns its number. */
static uint64_t
publish_small (unsigned keep)
{
    char path[PATH_MAX];
    sks_error err;
    uint64_t number = sks_folder_highest (folder) + 1;
    ck_assert_int_eq (sks_folder_begin (folder, number, NULL), 0);
    sks_folder_building (folder, number, path, sizeof path);
    sample_write (path, "file", "x");
    int code = sks_folder_publish (folder, number, &err);
    if (!code)
        code = sks_folder_prune (folder, keep, sound, opens, &err);
    ck_assert_msg (code == 0, "%s", err.text);
    return number;
}

/* Generations and the current one, as "1 2 > 2". */
static const char *
generations (void)
{
    static char out[256];
    size_t count, used = 0;
    const uint64_t *numbers = sks_folder_numbers (folder, &count);
    for (size_t i = 0; i < count; i++)
        used += (size_t) snprintf (out + used, sizeof out - used, "%llu ", (unsigned long long) numbers[i]);
    snprintf (out + used, sizeof out - used, "> %llu", (unsigned long long) sks_folder_current (folder));
    return out;
}

static bool
is_there (const char *name)
{
    char *path = sample_path (index_folder, name);
    struct stat status;
    bool there = lstat (path, &status) == 0;
    free (path);
    return there;
}

START_TEST (switches_the_link_to_every_new_generation)
{
    char target[32] = "";
    char *link = sample_generation (index_folder);
    open_folder (1);
    ck_assert_str_eq (generations (), "> 0");
    for (char digit = '1'; digit <= '3'; digit++) {
        publish_small (2);
        ck_assert_int_eq (readlink (link, target, sizeof target), 5);
        ck_assert_mem_eq (target, "gen-", 4);
        ck_assert_int_eq (target[4], digit);
    }
    ck_assert (is_there ("current/file"));
    ck_assert (!is_there ("current.new"));
    ck_assert (!is_there ("building-3"));
    free (link);
}
END_TEST

START_TEST (keeps_the_requested_number_of_generations)
{
    open_folder (1);
    for (int i = 0; i < 4; i++)
        publish_small (3);
    ck_assert_str_eq (generations (), "2 3 4 > 4");
    publish_small (2);
    ck_assert_str_eq (generations (), "4 5 > 5");
    publish_small (1);
    ck_assert_str_eq (generations (), "6 > 6");
    publish_small (0);
    ck_assert_str_eq (generations (), "7 > 7");
    ck_assert (!is_there ("gen-6"));
    open_folder (0);
    ck_assert_str_eq (generations (), "7 > 7");
}
END_TEST

START_TEST (does_not_open_a_generation_that_the_run_has_opened)
{
    open_folder (1);
    publish_small (2);
    sound = publish_small (2);
    damage (2);
    publish_small (2);
    ck_assert_str_eq (generations (), "2 3 > 3");
    sound = 0;
    publish_small (2);
    ck_assert_str_eq (generations (), "3 4 > 4");
}
END_TEST

START_TEST (goes_back_one_generation_at_a_time)
{
    open_folder (1);
    for (int i = 0; i < 3; i++)
        publish_small (3);
    ck_assert_uint_eq (roll_back (), 2);
    open_folder (1);
    ck_assert_str_eq (generations (), "1 2 3 > 2");
    ck_assert_uint_eq (roll_back (), 1);
    ck_assert_uint_eq (roll_back (), 0);
    open_folder (1);
    ck_assert_str_eq (generations (), "1 2 3 > 1");
    ck_assert (sks_folder_has (folder, 3) && !sks_folder_has (folder, 4) && !sks_folder_has (folder, 0));
    ck_assert_int_eq (sks_folder_switch (folder, 3, NULL), 0);
    open_folder (0);
    ck_assert_str_eq (generations (), "1 2 3 > 3");
}
END_TEST

START_TEST (never_goes_back_to_a_generation_that_was_given_up)
{
    open_folder (1);
    publish_small (2);
    publish_small (2);
    ck_assert_uint_eq (roll_back (), 1);
    ck_assert_uint_eq (publish_small (2), 3);
    ck_assert_str_eq (generations (), "1 3 > 3");
    ck_assert_uint_eq (roll_back (), 1);
}
END_TEST

START_TEST (never_publishes_the_remains_of_a_killed_run)
{
    open_folder (1);
    publish_small (2);
    sample_write (index_folder, "gen-2/file", "never published");
    open_folder (1);
    ck_assert_str_eq (generations (), "1 2 > 1");
    ck_assert_uint_eq (publish_small (2), 3);
    ck_assert_str_eq (generations (), "1 3 > 3");
}
END_TEST

START_TEST (publishes_nothing_when_no_number_is_left)
{
    sks_error err;
    open_folder (1);
    publish_small (2);
    sample_write (index_folder, "gen-9223372036854775807/file", "x");
    open_folder (1);
    ck_assert_int_eq (sks_folder_begin (folder, sks_folder_highest (folder) + 1, &err), SKS_EINVALID);
    ck_assert_ptr_nonnull (strstr (err.text, "no number is left"));
    open_folder (0);
    ck_assert_str_eq (generations (), "1 9223372036854775807 > 1");
}
END_TEST

START_TEST (removes_the_remains_of_a_killed_run)
{
    char *link = sample_path (index_folder, "current.new");
    open_folder (1);
    publish_small (2);
    sample_write (index_folder, "building-2/piece-0/file", "x");
    sample_write (index_folder, "building-7/statements", "x");
    sample_write (index_folder, "building-x/file", "not ours");
    ck_assert_int_eq (symlink ("gen-2", link), 0);
    open_folder (0);
    ck_assert (is_there ("building-2") && is_there ("current.new"));
    open_folder (1);
    ck_assert (!is_there ("building-2") && !is_there ("building-7") && !is_there ("current.new"));
    ck_assert (is_there ("building-x/file") && is_there ("current/file"));
    ck_assert_str_eq (generations (), "1 > 1");
    free (link);
}
END_TEST

START_TEST (abandons_an_unfinished_generation)
{
    open_folder (1);
    publish_small (2);
    ck_assert_int_eq (sks_folder_begin (folder, 2, NULL), 0);
    ck_assert (is_there ("building-2"));
    ck_assert_int_eq (sks_folder_begin (folder, 2, NULL), SKS_EIO);
    sks_folder_abandon (folder);
    ck_assert (!is_there ("building-2"));
    ck_assert (is_there ("current/file"));
}
END_TEST

/* Hold the index in another process until *go is closed. */
static pid_t
hold_index (int *go)
{
    int ready[2], end[2];
    char byte;
    ck_assert (pipe (ready) == 0 && pipe (end) == 0);
    pid_t pid = fork ();
    ck_assert_int_ge (pid, 0);
    if (pid == 0) {
        close (end[1]);
        bool held = sks_folder_open (&folder, index_folder, 1, NULL) == 0 && write (ready[1], "", 1) == 1;
        _exit (held && read (end[0], &byte, 1) == 0 ? 0 : 1);
    }
    close (ready[1]);
    close (end[0]);
    ck_assert_int_eq (read (ready[0], &byte, 1), 1);
    close (ready[0]);
    *go = end[1];
    return pid;
}

START_TEST (locks_out_a_second_indexer_but_no_reader)
{
    int go, status;
    sks_error err;
    pid_t pid = hold_index (&go);
    sks_folder *second = (sks_folder *) &err;
    ck_assert_int_eq (sks_folder_open (&second, index_folder, 1, &err), SKS_ELOCKED);
    ck_assert_ptr_null (second);
    ck_assert_ptr_nonnull (strstr (err.text, "locked"));
    ck_assert_int_eq (sks_folder_open (&second, index_folder, 0, &err), 0);
    sks_folder_close (&second);
    close (go);
    ck_assert_int_eq (waitpid (pid, &status, 0), pid);
    ck_assert_int_eq (status, 0);
    ck_assert_int_eq (sks_folder_open (&second, index_folder, 1, &err), 0);
    sks_folder_close (&second);
    ck_assert_ptr_null (second);
    sks_folder_close (&second);
}
END_TEST

START_TEST (distinguishes_generations_from_other_names)
{
    static const char *const names[] = { "gen-",
                                         "gen-0",
                                         "gen-01",
                                         "gen-x",
                                         "gen-1x",
                                         "gen--1",
                                         "gen-+1",
                                         "Gen-1",
                                         "xgen-1",
                                         "gen-18446744073709551615",
                                         "gen-99999999999999999999999" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[64];
        snprintf (name, sizeof name, "%s/file", names[i]);
        sample_write (index_folder, name, "x");
    }
    open_folder (1);
    ck_assert_str_eq (generations (), "> 0");
    ck_assert_uint_eq (publish_small (1), 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg (is_there (names[i]), "%s", names[i]);
}
END_TEST

/* ------------------------------------------------------------------ damage */

/* The problem of the link; "" if there is none. */
static const char *
flaw (void)
{
    static sks_error err;
    open_folder (1);
    err.text[0] = '\0';
    int code = sks_folder_check (folder, &err);
    ck_assert_int_eq (code, *err.text ? SKS_EINDEX : 0);
    ck_assert (!code || sks_folder_current (folder) == 0);
    return err.text;
}

START_TEST (a_lost_link_is_not_mistaken_for_no_index)
{
    char *link = sample_generation (index_folder);
    ck_assert_str_eq (flaw (), "");
    publish_small (2);
    publish_small (2);
    ck_assert_str_eq (flaw (), "");
    ck_assert_int_eq (unlink (link), 0);
    ck_assert_ptr_nonnull (strstr (flaw (), "is missing, but there are generations"));
    ck_assert_str_eq (generations (), "1 2 > 0");
    ck_assert_int_eq (symlink ("gen-7", link), 0);
    ck_assert_ptr_nonnull (strstr (flaw (), "points to no generation"));
    ck_assert (unlink (link) == 0 && symlink ("..", link) == 0);
    ck_assert_ptr_nonnull (strstr (flaw (), "points to no generation"));
    ck_assert (unlink (link) == 0 && symlink ("current", link) == 0);
    ck_assert_ptr_nonnull (strstr (flaw (), "points to no generation"));
    free (link);
}
END_TEST

START_TEST (accepts_a_link_in_any_spelling)
{
    char *link = sample_generation (index_folder), *absolute = sample_path (index_folder, "gen-1");
    open_folder (1);
    publish_small (2);
    const char *targets[] = { "./gen-1", "gen-1/", absolute };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        ck_assert (unlink (link) == 0 && symlink (targets[i], link) == 0);
        ck_assert_str_eq (flaw (), "");
        ck_assert_str_eq (generations (), "1 > 1");
    }
    free (link);
    free (absolute);
}
END_TEST

START_TEST (renames_a_file_or_folder_in_the_place_of_the_link)
{
    char *link = sample_generation (index_folder);
    open_folder (1);
    publish_small (2);
    ck_assert_int_eq (unlink (link), 0);
    sample_write (index_folder, "current/file", "a copy");
    ck_assert_ptr_nonnull (strstr (flaw (), "is not a symbolic link"));
    ck_assert_int_eq (sks_folder_switch (folder, 1, NULL), 0);
    ck_assert_str_eq (flaw (), "");
    ck_assert (is_there ("current.damaged/file"));
    ck_assert_int_eq (unlink (link), 0);
    sample_write (index_folder, "current", "a file");
    ck_assert_ptr_nonnull (strstr (flaw (), "is not a symbolic link"));
    ck_assert_int_eq (sks_folder_switch (folder, 1, NULL), SKS_EIO);
    ck_assert (is_there ("current") && is_there ("current.damaged/file"));
    free (link);
}
END_TEST

START_TEST (finishes_a_first_run_that_was_killed_before_its_link)
{
    char *link = sample_generation (index_folder), *fresh = sample_path (index_folder, "current.new");
    open_folder (1);
    publish_small (2);
    ck_assert_int_eq (rename (link, fresh), 0);
    ck_assert_str_eq (flaw (), "");
    ck_assert_str_eq (generations (), "1 > 1");
    free (link);
    free (fresh);
}
END_TEST

START_TEST (prefers_a_generation_that_opens_below_the_current_one)
{
    open_folder (1);
    for (int i = 0; i < 4; i++)
        publish_small (9);
    ck_assert_uint_eq (sks_folder_newest (folder, opens), 4);
    ck_assert_int_eq (sks_folder_switch (folder, 3, NULL), 0);
    ck_assert_uint_eq (sks_folder_newest (folder, opens), 3);
    damage (3);
    ck_assert_uint_eq (sks_folder_newest (folder, opens), 2);
    damage (2);
    damage (1);
    ck_assert_uint_eq (sks_folder_newest (folder, opens), 4);
    damage (4);
    ck_assert_uint_eq (sks_folder_newest (folder, opens), 0);
}
END_TEST

START_TEST (never_prunes_what_a_rollback_needs)
{
    char *link = sample_generation (index_folder);
    open_folder (1);
    publish_small (2);
    publish_small (2);
    damage (2);
    publish_small (2);
    ck_assert_str_eq (generations (), "1 2 3 > 3");
    publish_small (2);
    ck_assert_str_eq (generations (), "3 4 > 4");
    ck_assert_int_eq (unlink (link), 0);
    open_folder (1);
    publish_small (2);
    ck_assert_str_eq (generations (), "4 5 > 5");
    free (link);
}
END_TEST

START_TEST (lists_generations_without_limit)
{
    char name[64];
    size_t count;
    for (int i = 1; i <= 600; i++) {
        snprintf (name, sizeof name, "%s/gen-%d", index_folder, i);
        ck_assert_int_eq (mkdir (name, 0755), 0);
    }
    open_folder (0);
    const uint64_t *numbers = sks_folder_numbers (folder, &count);
    ck_assert_uint_eq (count, 600);
    ck_assert_uint_eq (numbers[599], 600);
}
END_TEST

START_TEST (creates_the_folders_of_a_new_index)
{
    sks_error err;
    char *path = sample_path (index_folder, "a/b//c/");
    ck_assert_int_eq (sks_folder_open (&folder, path, 0, &err), SKS_EIO);
    ck_assert_int_eq (sks_folder_open (&folder, path, 1, &err), 0);
    ck_assert (is_there ("a/b/c/lock"));
    publish_small (2);
    sks_folder_close (&folder);
    ck_assert (is_there ("a/b/c/current/file"));
    free (path);
}
END_TEST

START_TEST (removes_new_folders_when_nothing_was_published)
{
    sks_error err;
    char *path = sample_path (index_folder, "a/b//c/"), *below = sample_path (index_folder, "a/d");
    sample_write (index_folder, "a/file", "x");
    ck_assert_int_eq (sks_folder_open (&folder, path, 1, &err), 0);
    ck_assert_int_eq (sks_folder_begin (folder, 1, NULL), 0);
    sks_folder_abandon (folder);
    sks_folder_close (&folder);
    ck_assert (!is_there ("a/b"));
    ck_assert (is_there ("a/file"));
    ck_assert_int_eq (mkdir (below, 0755), 0);
    ck_assert_int_eq (sks_folder_open (&folder, below, 1, &err), 0);
    sks_folder_close (&folder);
    ck_assert (is_there ("a/d"));
    free (path);
    free (below);
}
END_TEST

START_TEST (changes_nothing_when_the_link_cannot_be_switched)
{
    sks_error err;
    open_folder (1);
    publish_small (2);
    ck_assert_int_eq (sks_folder_begin (folder, 2, NULL), 0);
    sample_write (index_folder, "current.new/file", "in the way");
    ck_assert_int_eq (sks_folder_publish (folder, 2, &err), SKS_EIO);
    ck_assert_ptr_nonnull (strstr (err.text, "/current.new: "));
    sks_folder_abandon (folder);
    open_folder (0);
    ck_assert_str_eq (generations (), "1 > 1");
    ck_assert (!is_there ("current.new"));
}
END_TEST

START_TEST (refuses_a_path_that_cannot_be_an_index)
{
    sks_error err;
    char longest[PATH_MAX];
    memset (longest, 'x', sizeof longest);
    longest[PATH_MAX - 1] = '\0';
    ck_assert_int_eq (sks_folder_open (&folder, "", 1, &err), SKS_EINVALID);
    ck_assert_int_eq (sks_folder_open (&folder, longest, 1, &err), SKS_EINVALID);
    sample_write (index_folder, "file", "x");
    char *below = sample_path (index_folder, "file/index"), *file = sample_path (index_folder, "file");
    ck_assert_int_eq (sks_folder_open (&folder, below, 1, &err), SKS_EIO);
    ck_assert_int_eq (sks_folder_open (&folder, file, 1, &err), SKS_EIO);
    ck_assert_ptr_null (folder);
    free (below);
    free (file);
}
END_TEST

Suite *
suite_publish (void)
{
    Suite *suite = suite_create ("publish");
    TCase *core = tcase_create ("Core");
    tcase_add_checked_fixture (core, set_up, tear_down);
    tcase_add_test (core, switches_the_link_to_every_new_generation);
    tcase_add_test (core, keeps_the_requested_number_of_generations);
    tcase_add_test (core, does_not_open_a_generation_that_the_run_has_opened);
    tcase_add_test (core, goes_back_one_generation_at_a_time);
    tcase_add_test (core, creates_the_folders_of_a_new_index);
    tcase_add_test (core, removes_new_folders_when_nothing_was_published);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (limits, set_up, tear_down);
    tcase_add_test (limits, never_goes_back_to_a_generation_that_was_given_up);
    tcase_add_test (limits, never_publishes_the_remains_of_a_killed_run);
    tcase_add_test (limits, publishes_nothing_when_no_number_is_left);
    tcase_add_test (limits, removes_the_remains_of_a_killed_run);
    tcase_add_test (limits, abandons_an_unfinished_generation);
    tcase_add_test (limits, changes_nothing_when_the_link_cannot_be_switched);
    tcase_add_test (limits, locks_out_a_second_indexer_but_no_reader);
    tcase_add_test (limits, distinguishes_generations_from_other_names);
    tcase_add_test (limits, a_lost_link_is_not_mistaken_for_no_index);
    tcase_add_test (limits, accepts_a_link_in_any_spelling);
    tcase_add_test (limits, renames_a_file_or_folder_in_the_place_of_the_link);
    tcase_add_test (limits, finishes_a_first_run_that_was_killed_before_its_link);
    tcase_add_test (limits, prefers_a_generation_that_opens_below_the_current_one);
    tcase_add_test (limits, never_prunes_what_a_rollback_needs);
    tcase_add_test (limits, lists_generations_without_limit);
    tcase_add_test (limits, refuses_a_path_that_cannot_be_an_index);
    suite_add_tcase (suite, limits);
    return suite;
}
