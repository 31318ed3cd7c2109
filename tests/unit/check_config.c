/* check_config.c - the daemon's options: table, file, environment, endpoints. */
#include "searchd/log.h"
#include "searchd/config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_config (void);

static sks_config config;
static sks_error err;

/* Read the arguments that follow; the last one is NULL. */
#define READ(...) read_arguments ((char *[]) { (char *) "skillsearchd", __VA_ARGS__, NULL })

static int
read_arguments (char *const *arguments)
{
    int count = 0;
    while (arguments[count])
        count++;
    err = (sks_error) { 0 };
    return sks_config_read (&config, arguments, &err);
}

/* Read a configuration file of these bytes, and the options that follow. */
static int
read_file (const char *bytes, size_t size, const char *option)
{
    char path[] = "/tmp/skillsearch-conf-XXXXXX";
    int file = mkstemp (path);
    ck_assert_int_ge (file, 0);
    ck_assert_int_eq (write (file, bytes, size), (ssize_t) size);
    close (file);
    int code = READ ("--config", path, (char *) option);
    unlink (path);
    return code;
}

static int
read_text (const char *text)
{
    return read_file (text, strlen (text), NULL);
}

static void
assert_error_has (const char *text)
{
    ck_assert_msg (strstr (err.text, text) != NULL, "\"%s\" is not in \"%s\"", text, err.text);
}

/* The output of -n or --help. */
static char *
written (void (*help) (FILE *))
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    if (help)
        help (out);
    else
        sks_config_write (&config, out);
    fclose (out);
    return text;
}

static void
set_environment (void)
{
    unsetenv ("SKILLSEARCH_INDEX");
    unsetenv ("XDG_DATA_HOME");
    setenv ("HOME", "/home/nobody", 1);
}

/* -------------------------------------------------------------------- core */
START_TEST (has_safe_values_without_options)
{
    ck_assert_int_eq (READ (NULL), 0);
    ck_assert_uint_eq (config.listen_count, 1);
    ck_assert_str_eq (config.listen[0], SKS_DEFAULT_ENDPOINT);
    ck_assert_uint_eq (config.queue, 256);
    ck_assert_uint_eq (config.deadline_ms, 1000);
    ck_assert_uint_eq (config.slow_ms, 250);
    ck_assert_uint_ge (config.workers, 1);
    ck_assert_uint_le (config.workers, SKS_MAX_WORKERS);
    ck_assert_int_eq (config.log_level, SKS_LOG_INFO);
    ck_assert (!config.insecure);
    ck_assert_int_eq (config.action, SKS_ACTION_RUN);
}
END_TEST

START_TEST (accepts_values_in_both_forms)
{
    ck_assert_int_eq (READ ("--workers=3", "--queue", "7", "--index", "/x", "--log-level=debug"), 0);
    ck_assert_uint_eq (config.workers, 3);
    ck_assert_uint_eq (config.queue, 7);
    ck_assert_str_eq (config.index_dir, "/x");
    ck_assert_int_eq (config.log_level, SKS_LOG_DEBUG);
}
END_TEST

START_TEST (finds_the_index_in_the_environment)
{
    ck_assert_int_eq (READ (NULL), 0);
    ck_assert_str_eq (config.index_dir, "/home/nobody/.local/share/skillsearch");
    setenv ("XDG_DATA_HOME", "/data", 1);
    ck_assert_int_eq (READ (NULL), 0);
    ck_assert_str_eq (config.index_dir, "/data/skillsearch");
    setenv ("SKILLSEARCH_INDEX", "/index", 1);
    ck_assert_int_eq (READ (NULL), 0);
    ck_assert_str_eq (config.index_dir, "/index");
    ck_assert_int_eq (READ ("--index", "/given"), 0);
    ck_assert_str_eq (config.index_dir, "/given");
}
END_TEST

START_TEST (ignores_index_places_that_are_invalid)
{
    setenv ("SKILLSEARCH_INDEX", "", 1);
    setenv ("XDG_DATA_HOME", "data", 1);
    ck_assert_int_eq (READ (NULL), 0);
    ck_assert_str_eq (config.index_dir, "/home/nobody/.local/share/skillsearch");
}
END_TEST

START_TEST (explains_what_to_do_without_an_index_folder)
{
    unsetenv ("HOME");
    ck_assert_int_eq (READ (NULL), SKS_EINVALID);
    assert_error_has ("--index DIR");
}
END_TEST

START_TEST (reads_a_file_with_comments_and_blanks)
{
    const char *text = "# a comment\n\n  workers =  5 \r\n\tlisten=ipc:///run/a#b\nslow-ms = 0";
    ck_assert_int_eq (read_text (text), 0);
    ck_assert_uint_eq (config.workers, 5);
    ck_assert_str_eq (config.listen[0], "ipc:///run/a#b");
    ck_assert_uint_eq (config.slow_ms, 0);
}
END_TEST

START_TEST (the_command_line_overrides_the_file)
{
    const char *text = "workers = 5\nlisten = ipc:///run/a\nlisten = ipc:///run/b\nqueue = 9\n";
    ck_assert_int_eq (read_file (text, strlen (text), "--workers=2"), 0);
    ck_assert_uint_eq (config.workers, 2);
    ck_assert_uint_eq (config.queue, 9);
    ck_assert_uint_eq (config.listen_count, 2);
    ck_assert_int_eq (read_file (text, strlen (text), "--listen=ipc:///run/c"), 0);
    ck_assert_uint_eq (config.listen_count, 1);
    ck_assert_str_eq (config.listen[0], "ipc:///run/c");
}
END_TEST

START_TEST (prints_what_it_reads)
{
    ck_assert_int_eq (READ ("-n", "--index", "/x", "--workers=3", "--listen=tcp://10.0.0.1:5", "--insecure"), 0);
    ck_assert_int_eq (config.action, SKS_ACTION_CHECK);
    char *first = written (NULL);
    ck_assert_int_eq (read_text (first), 0);
    char *second = written (NULL);
    ck_assert_str_eq (first, second);
    ck_assert_ptr_nonnull (strstr (second, "workers = 3\n"));
    ck_assert_ptr_nonnull (strstr (second, "insecure = yes\n"));
    free (first);
    free (second);
}
END_TEST

START_TEST (help_lists_every_option)
{
    static const char *const names[] = { "--index DIR",       "--listen ENDPOINT", "--workers N",     "--queue N",
                                         "--cache-mb N",      "--results-mb N",    "--deadline-ms N", "--slow-ms N",
                                         "--log-level LEVEL", "--insecure",        "--config FILE",   "--ready-fd N",
                                         "-n, --check",       "-h, --help",        "--version" };
    char *help = written (sks_config_write_help);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg (strstr (help, names[i]) != NULL, "%s", names[i]);
    free (help);
}
END_TEST

START_TEST (help_and_version_need_no_other_option)
{
    unsetenv ("HOME");
    ck_assert_int_eq (READ ("--help"), 0);
    ck_assert_int_eq (config.action, SKS_ACTION_HELP);
    ck_assert_int_eq (READ ("--version", "--config", "/nowhere"), 0);
    ck_assert_int_eq (config.action, SKS_ACTION_VERSION);
}
END_TEST

START_TEST (binds_loopback_and_ipc)
{
    static const char *const good[] = {
        "tcp://127.0.0.1:7311",          "tcp://127.9.9.9:1", "tcp://[::1]:65535", "tcp://127.0.0.1:*",
        "ipc:///run/skillsearch/socket", "ipc://relative"
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg (READ ("--listen", (char *) good[i]) == 0, "%s", good[i]);
}
END_TEST

START_TEST (refuses_addresses_that_others_can_reach)
{
    static const char *const open_doors[] = { "tcp://0.0.0.0:7311",           "tcp://*:7311",
                                              "tcp://10.1.2.3:7311",          "tcp://[::]:7311",
                                              "tcp://[fe80::1]:7311",         "tcp://eth0:7311",
                                              "tcp://localhost:7311",         "tcp://127.0.0.1.example.org:7311",
                                              "tcp://[::ffff:10.0.0.1]:7311", "tcp://1270.0.0.1:7311" };
    for (size_t i = 0; i < sizeof open_doors / sizeof *open_doors; i++) {
        ck_assert_msg (READ ("--listen", (char *) open_doors[i]) == SKS_EINVALID, "%s", open_doors[i]);
        assert_error_has ("anyone who reaches the port can search");
        ck_assert_msg (READ ("--listen", (char *) open_doors[i], "--insecure") == 0, "%s", open_doors[i]);
    }
}
END_TEST

START_TEST (suggests_brackets_around_ipv6)
{
    static const char *const bare[] = { "tcp://::1:7311", "tcp://::1", "tcp://fe80::1:7311", "tcp://:::7311",
                                        "tcp://::ffff:10.0.0.1:7311" };
    for (size_t i = 0; i < sizeof bare / sizeof *bare; i++) {
        ck_assert_msg (READ ("--listen", (char *) bare[i]) == SKS_EINVALID, "%s", bare[i]);
        assert_error_has ("an IPv6 address without brackets: tcp://[ADDRESS]:PORT");
    }
}
END_TEST

/* ------------------------------------------------------------------ limits */
START_TEST (refuses_numbers_out_of_range)
{
    static const char *const bad[] = { "--workers=0",         "--workers=65",         "--workers=-1",
                                       "--workers=+1",        "--workers=1x",         "--workers=",
                                       "--workers= 1",        "--workers=4294967297", "--workers=99999999999999999999",
                                       "--queue=0",           "--queue=10001",        "--deadline-ms=0",
                                       "--deadline-ms=60001", "--slow-ms=60001",      "--cache-mb=0",
                                       "--cache-mb=1048577",  "--ready-fd=0",         "--ready-fd=2",
                                       "--results-mb=-1",     "--results-mb=65537" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg (READ ((char *) bad[i]) == SKS_EINVALID, "%s", bad[i]);
        ck_assert_msg (strncmp (err.text, bad[i], strcspn (bad[i], "=")) == 0, "%s: %s", bad[i], err.text);
    }
    ck_assert_int_eq (READ ("--workers=64", "--queue=10000", "--deadline-ms=60000", "--results-mb=0"), 0);
}
END_TEST

START_TEST (refuses_unknown_options)
{
    static const char *const bad[] = { "--worker=1",    "-x",  "word",     "-", "--Workers=1",
                                       "--insecure=no", "-nx", "--queu=3", "" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg (READ ((char *) bad[i]) == SKS_EINVALID, "%s", bad[i]);
    ck_assert_int_eq (READ ("--queue"), SKS_EINVALID);
    ck_assert_str_eq (err.text, "--queue needs a value: --queue N");
}
END_TEST

START_TEST (refuses_a_ninth_endpoint_and_a_repeated_one)
{
#define EIGHT                                                                                                          \
    "--listen=ipc://1", "--listen=ipc://2", "--listen=ipc://3", "--listen=ipc://4", "--listen=ipc://5",                \
        "--listen=ipc://6", "--listen=ipc://7", "--listen=ipc://8"
    ck_assert_int_eq (READ (EIGHT), 0);
    ck_assert_int_eq (READ (EIGHT, "--listen=ipc://9"), SKS_EINVALID);
    assert_error_has ("at most 8 endpoints");
    ck_assert_int_eq (READ ("--listen=ipc://1", "--listen=ipc://1"), SKS_EINVALID);
    ck_assert_int_eq (READ ("--listen=tcp://127.0.0.1:*", "--listen=tcp://127.0.0.1:*"), 0);
}
END_TEST

START_TEST (names_the_option_of_an_invalid_endpoint)
{
    ck_assert_int_eq (READ ("--listen", "tcp://127.0.0.1", "--insecure"), SKS_EINVALID);
    assert_error_has ("--listen: \"tcp://127.0.0.1\" is not tcp://HOST:PORT");
}
END_TEST

START_TEST (names_the_line_of_an_error_in_a_file)
{
    ck_assert_int_eq (read_text ("# one\nworkers = 2\nqueue = many\n"), SKS_EINVALID);
    assert_error_has (":3: queue: a number from 1 to 10000, not \"many\"");
    ck_assert_int_eq (read_text ("speed = 3\n"), SKS_EINVALID);
    assert_error_has (":1: speed: no such option");
    ck_assert_int_eq (read_text ("bind = tcp://127.0.0.1:7311\n"), SKS_EINVALID);
    assert_error_has (":1: bind: no such option; did you mean listen?");
    ck_assert_int_eq (read_text ("dry-run = 1\n"), SKS_EINVALID);
    assert_error_has (":1: dry-run: no such option");
    ck_assert_ptr_null (strstr (err.text, "did you mean")); /* a file cannot have "check" */
    ck_assert_int_eq (read_text ("\nworkers\n"), SKS_EINVALID);
    assert_error_has (":2: \"name = value\" is needed");
    ck_assert_int_eq (read_text ("config = /etc/other\n"), SKS_EINVALID);
    assert_error_has (":1: config: only on the command line");
    ck_assert_int_eq (read_text ("insecure = maybe\n"), SKS_EINVALID);
    assert_error_has (":1: insecure: yes or no");
}
END_TEST

START_TEST (refuses_a_file_that_is_not_text)
{
    ck_assert_int_eq (read_file ("workers = 2\nqueue\0 = 3\n", 23, NULL), SKS_EINVALID);
    assert_error_has (":2: a NUL");
    char *line = malloc (20000);
    memset (line, 'a', 20000);
    ck_assert_int_eq (read_file (line, 20000, NULL), SKS_EINVALID);
    assert_error_has (":1: a NUL, or more than");
    free (line);
    ck_assert_int_eq (READ ("--config", "/nowhere/at/all"), SKS_EINVALID);
    assert_error_has ("/nowhere/at/all");
    ck_assert_int_eq (READ ("--config", "/tmp"), SKS_EINVALID);
}
END_TEST

START_TEST (refuses_a_ready_descriptor_that_is_not_open)
{
    char number[32];
    int ends[2];
    ck_assert_int_eq (pipe (ends), 0);
    snprintf (number, sizeof number, "--ready-fd=%d", ends[1]);
    ck_assert_int_eq (READ (number), 0);
    ck_assert_uint_eq (config.ready_fd, (unsigned) ends[1]);
    close (ends[0]);
    close (ends[1]);
    ck_assert_int_eq (READ (number), SKS_EINVALID);
    assert_error_has ("is not open");
}
END_TEST

Suite *
suite_config (void)
{
    Suite *suite = suite_create ("config");
    TCase *core = tcase_create ("Core"), *limits = tcase_create ("Limits");
    tcase_add_checked_fixture (core, set_environment, NULL);
    tcase_add_test (core, has_safe_values_without_options);
    tcase_add_test (core, accepts_values_in_both_forms);
    tcase_add_test (core, finds_the_index_in_the_environment);
    tcase_add_test (core, ignores_index_places_that_are_invalid);
    tcase_add_test (core, explains_what_to_do_without_an_index_folder);
    tcase_add_test (core, reads_a_file_with_comments_and_blanks);
    tcase_add_test (core, the_command_line_overrides_the_file);
    tcase_add_test (core, prints_what_it_reads);
    tcase_add_test (core, help_lists_every_option);
    tcase_add_test (core, help_and_version_need_no_other_option);
    tcase_add_test (core, binds_loopback_and_ipc);
    tcase_add_test (core, refuses_addresses_that_others_can_reach);
    tcase_add_test (core, suggests_brackets_around_ipv6);
    suite_add_tcase (suite, core);
    tcase_add_checked_fixture (limits, set_environment, NULL);
    tcase_add_test (limits, refuses_numbers_out_of_range);
    tcase_add_test (limits, refuses_unknown_options);
    tcase_add_test (limits, refuses_a_ninth_endpoint_and_a_repeated_one);
    tcase_add_test (limits, names_the_option_of_an_invalid_endpoint);
    tcase_add_test (limits, names_the_line_of_an_error_in_a_file);
    tcase_add_test (limits, refuses_a_file_that_is_not_text);
    tcase_add_test (limits, refuses_a_ready_descriptor_that_is_not_open);
    suite_add_tcase (suite, limits);
    return suite;
}
