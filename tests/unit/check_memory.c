/* check_memory.c - arena, buffer and error. */
#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/utf8.h"

#include <check.h>
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_memory (void);

/* ------------------------------------------------------------------- arena */

START_TEST (arena_returns_zeroed_aligned_memory)
{
    sks_arena *arena = sks_arena_create ();
    ck_assert_ptr_nonnull (arena);
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = sks_arena_alloc (arena, size);
        ck_assert_ptr_nonnull (memory);
        ck_assert_uint_eq ((uintptr_t) memory % alignof (max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            ck_assert_uint_eq (memory[i], 0);
        memset (memory, 0xA5, size);
    }
    sks_arena_destroy (&arena);
    ck_assert_ptr_null (arena);
}
END_TEST

START_TEST (arena_keeps_allocations_when_it_grows)
{
    sks_arena *arena = sks_arena_create ();
    char *kept[200];
    for (int i = 0; i < 200; i++) {
        kept[i] = sks_arena_alloc (arena, 777);
        memset (kept[i], i, 777);
    }
    for (int i = 0; i < 200; i++)
        for (int k = 0; k < 777; k++)
            ck_assert_int_eq ((unsigned char) kept[i][k], i);
    sks_arena_destroy (&arena);
}
END_TEST

START_TEST (arena_copies_bytes_and_adds_a_nul)
{
    sks_arena *arena = sks_arena_create ();
    char bytes[] = "mail\0room";
    const char *copy = sks_arena_copy (arena, bytes, 9);
    bytes[0] = 'x';
    ck_assert_mem_eq (copy, "mail\0room\0", 10);
    ck_assert_str_eq (sks_arena_copy (arena, NULL, 0), "");
    sks_arena_destroy (&arena);
}
END_TEST

START_TEST (arena_returns_zeroed_memory_after_a_clear)
{
    sks_arena *arena = sks_arena_create ();
    sks_arena_clear (arena);
    for (int round = 0; round < 3; round++) {
        char *memory = sks_arena_array (arena, 100, 100);
        for (int i = 0; i < 10000; i++)
            ck_assert_int_eq (memory[i], 0);
        memset (memory, 1, 10000);
        sks_arena_alloc (arena, 100000);
        sks_arena_clear (arena);
    }
    sks_arena_destroy (&arena);
}
END_TEST

START_TEST (arena_refuses_sizes_that_overflow)
{
    sks_arena *arena = sks_arena_create ();
    ck_assert_ptr_null (sks_arena_alloc (arena, SIZE_MAX));
    ck_assert_ptr_null (sks_arena_alloc (arena, SIZE_MAX / 2));
    ck_assert_ptr_null (sks_arena_array (arena, SIZE_MAX / 2, 2));
    ck_assert_ptr_null (sks_arena_array (arena, (SIZE_MAX >> 32) + 2, (size_t) 1 << 32));
    ck_assert_ptr_null (sks_arena_room (arena, (SIZE_MAX >> 32) + 2, (size_t) 1 << 32));
    ck_assert_ptr_nonnull (sks_arena_array (arena, 0, 16));
    ck_assert_ptr_nonnull (sks_arena_array (arena, 16, 0));
    ck_assert_ptr_nonnull (sks_arena_alloc (arena, 16));
    sks_arena_destroy (&arena);
    sks_arena_destroy (&arena);
}
END_TEST

/* ------------------------------------------------------------------ buffer */

START_TEST (buffer_joins_all_kinds_of_pieces)
{
    sks_buffer buffer = SKS_BUFFER_INIT (1000);
    sks_buffer_puts (&buffer, "a");
    sks_buffer_putc (&buffer, 'b');
    sks_buffer_add (&buffer, "c\0d", 3);
    sks_buffer_printf (&buffer, "<%d %s>", -5, "five");
    sks_buffer_add (&buffer, NULL, 0);
    ck_assert_uint_eq (buffer.size, 14);
    ck_assert_mem_eq (sks_buffer_text (&buffer), "abc\0d<-5 five>\0", 15);
    ck_assert_int_eq (sks_buffer_status (&buffer, NULL), 0);
    sks_buffer_free (&buffer);
    ck_assert_ptr_null (buffer.bytes);
    ck_assert_uint_eq (buffer.maximum, 1000);
}
END_TEST

START_TEST (buffer_writes_numbers_as_printf_does)
{
    static const uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, 4294967295u, 4294967296u, UINT64_MAX };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sks_buffer buffer = SKS_BUFFER_INIT (100);
        char wanted[32];
        snprintf (wanted, sizeof wanted, "%llu", (unsigned long long) numbers[i]);
        sks_buffer_number (&buffer, numbers[i]);
        ck_assert_str_eq (sks_buffer_text (&buffer), wanted);
        sks_buffer_free (&buffer);
    }
}
END_TEST

START_TEST (buffer_keeps_its_bytes_when_it_grows)
{
    sks_buffer buffer = SKS_BUFFER_INIT (100000);
    for (int i = 0; i < 100000; i++)
        sks_buffer_putc (&buffer, (char) ('a' + i % 26));
    ck_assert_uint_eq (buffer.size, 100000);
    for (int i = 0; i < 100000; i++)
        ck_assert_int_eq (buffer.bytes[i], 'a' + i % 26);
    sks_buffer_free (&buffer);
}
END_TEST

START_TEST (buffer_reserves_space_that_the_caller_fills)
{
    sks_buffer buffer = SKS_BUFFER_INIT (1000);
    sks_buffer_puts (&buffer, "x");
    char *room = sks_buffer_reserve (&buffer, 999);
    memset (room, 'y', 999);
    buffer.size += 999;
    ck_assert_int_eq (sks_buffer_text (&buffer)[999], 'y');
    ck_assert_int_eq (sks_buffer_text (&buffer)[1000], '\0');
    ck_assert_ptr_nonnull (sks_buffer_reserve (&buffer, 0));
    ck_assert_ptr_null (sks_buffer_reserve (&buffer, 1));
    sks_buffer_free (&buffer);
}
END_TEST

START_TEST (an_expected_size_is_neither_content_nor_a_limit)
{
    sks_buffer buffer = SKS_BUFFER_INIT (8 << 20);
    sks_buffer_expect (&buffer, 9 << 20);
    ck_assert_uint_eq (buffer.capacity, 0);
    sks_buffer_expect (&buffer, 5 << 20);
    const char *bytes = buffer.bytes;
    ck_assert_uint_gt (buffer.capacity, 5 << 20);
    ck_assert_uint_eq (buffer.size, 0);
    for (int i = 0; i < 5 << 10; i++)
        sks_buffer_add (&buffer, (char[1024]) { 'x' }, 1024);
    ck_assert_ptr_eq (buffer.bytes, bytes);
    for (int i = 0; i < 3 << 10; i++)
        sks_buffer_add (&buffer, (char[1024]) { 'x' }, 1024);
    ck_assert_int_eq (buffer.failed, 0);
    sks_buffer_add (&buffer, "x", 1);
    ck_assert_int_eq (buffer.failed, SKS_ELIMIT);
    sks_buffer_free (&buffer);
}
END_TEST

START_TEST (buffer_never_exceeds_its_maximum)
{
    sks_error err;
    sks_buffer buffer = SKS_BUFFER_INIT (5);
    sks_buffer_puts (&buffer, "12345");
    ck_assert_int_eq (sks_buffer_status (&buffer, &err), 0);
    ck_assert_str_eq (sks_buffer_text (&buffer), "12345");
    sks_buffer_putc (&buffer, '6');
    ck_assert_uint_eq (buffer.size, 5);
    ck_assert_int_eq (sks_buffer_status (&buffer, &err), SKS_ELIMIT);
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_str_eq (err.text, "more than 5 bytes");
    ck_assert_ptr_null (sks_buffer_text (&buffer));
    sks_buffer_free (&buffer);
}
END_TEST

START_TEST (buffer_failure_sticks_until_it_is_cleared)
{
    sks_buffer buffer = SKS_BUFFER_INIT (5);
    sks_buffer_puts (&buffer, "123");
    sks_buffer_printf (&buffer, "%d", 456);
    sks_buffer_putc (&buffer, '4');
    sks_buffer_number (&buffer, 4);
    ck_assert_uint_eq (buffer.size, 3);
    ck_assert_int_eq (sks_buffer_status (&buffer, NULL), SKS_ELIMIT);
    sks_buffer_clear (&buffer);
    ck_assert_int_eq (sks_buffer_status (&buffer, NULL), 0);
    sks_buffer_puts (&buffer, "4");
    ck_assert_str_eq (sks_buffer_text (&buffer), "4");
    sks_buffer_free (&buffer);
}
END_TEST

START_TEST (buffer_refuses_sizes_that_overflow)
{
    sks_buffer buffer = SKS_BUFFER_INIT (SIZE_MAX / 4);
    sks_buffer_puts (&buffer, "1");
    ck_assert_ptr_null (sks_buffer_reserve (&buffer, SIZE_MAX));
    ck_assert_int_eq (buffer.failed, SKS_ELIMIT);
    sks_buffer_free (&buffer);
    sks_buffer none = SKS_BUFFER_INIT (0);
    ck_assert_str_eq (sks_buffer_text (&none), "");
    sks_buffer_putc (&none, 'a');
    ck_assert_int_eq (none.failed, SKS_ELIMIT);
    sks_buffer_free (&none);
}
END_TEST

/* A sanitizer ends the program when malloc would return NULL. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define CAN_LACK_MEMORY 0
#else
#define CAN_LACK_MEMORY 1
#endif

START_TEST (buffer_reports_lack_of_memory)
{
    sks_error err;
    sks_buffer buffer = SKS_BUFFER_INIT (SIZE_MAX / 4);
    ck_assert_ptr_null (sks_buffer_reserve (&buffer, SIZE_MAX / 8));
    ck_assert_int_eq (sks_buffer_status (&buffer, &err), SKS_ENOMEM);
    ck_assert_str_eq (err.text, "out of memory");
    sks_buffer_free (&buffer);
}
END_TEST

/* ------------------------------------------------------------------- error */

static const struct {
    int code;
    const char *name;
} codes[] = {
    { SKS_OK, "ok" },
    { SKS_EBADREQUEST, "bad_request" },
    { SKS_EBADVERSION, "bad_version" },
    { SKS_EQUERYSYNTAX, "query_syntax" },
    { SKS_ETOOCOMPLEX, "query_too_complex" },
    { SKS_ELIMIT, "limit" },
    { SKS_ENOTFOUND, "not_found" },
    { SKS_EBUSY, "busy" },
    { SKS_EDEADLINE, "deadline" },
    { SKS_ESHUTTINGDOWN, "shutting_down" },
    { SKS_EINDEX, "index" },
    { SKS_EINTERNAL, "internal" },
    { SKS_ENOMEM, "no_memory" },
    { SKS_EIO, "io" },
    { SKS_ELOCKED, "locked" },
    { SKS_EINVALID, "invalid" },
    { SKS_ECONNECT, "connect" },
    { SKS_EAUTH, "auth" },
    { SKS_EUNAVAILABLE, "unavailable" },
    { SKS_EUNSUPPORTED, "unsupported" },
    { SKS_EPROTOCOL, "protocol" },
};

START_TEST (error_names_every_code_both_ways)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        ck_assert_str_eq (sks_code_name (codes[i].code), codes[i].name);
        ck_assert_int_eq (sks_error_code_of_name (codes[i].name), codes[i].code);
    }
    ck_assert_str_eq (sks_code_name (-12345), "internal");
    ck_assert_int_eq (sks_error_code_of_name ("no_such_code"), SKS_EINTERNAL);
    ck_assert_int_eq (sks_error_code_of_name (""), SKS_EINTERNAL);
}
END_TEST

START_TEST (error_keeps_code_place_and_text)
{
    sks_error err;
    ck_assert_int_eq (sks_fail (&err, SKS_ELIMIT, "%d of %s", 7, "mail"), SKS_ELIMIT);
    ck_assert_int_eq (err.code, SKS_ELIMIT);
    ck_assert_int_eq (err.at, -1);
    ck_assert_str_eq (err.text, "7 of mail");
    ck_assert_int_eq (sks_fail_at (&err, SKS_EQUERYSYNTAX, 9, "here"), SKS_EQUERYSYNTAX);
    ck_assert_int_eq (err.at, 9);
    ck_assert_int_eq (sks_fail_memory (&err), SKS_ENOMEM);
    ck_assert_str_eq (err.text, "out of memory");
}
END_TEST

START_TEST (error_adds_the_text_of_errno)
{
    sks_error err;
    errno = ENOENT;
    ck_assert_int_eq (sks_fail_errno (&err, "%s", "a/b"), SKS_EIO);
    ck_assert_str_eq (err.text, "a/b: No such file or directory");
    errno = 99999;
    sks_fail_errno (&err, "a/b");
    ck_assert_str_eq (err.text, "a/b: unknown error");
}
END_TEST

START_TEST (error_accepts_null)
{
    ck_assert_int_eq (sks_fail (NULL, SKS_ELIMIT, "text"), SKS_ELIMIT);
    ck_assert_int_eq (sks_fail_at (NULL, SKS_EBUSY, 1, "text"), SKS_EBUSY);
    ck_assert_int_eq (sks_fail_errno (NULL, "text"), SKS_EIO);
    ck_assert_int_eq (sks_fail_memory (NULL), SKS_ENOMEM);
}
END_TEST

START_TEST (error_cuts_its_text_at_a_character)
{
    /* With every number of bytes before the first dash, so that the end of the buffer falls on each byte of a
     * character. */
    for (int before = 0; before < 4; before++) {
        char text[2 * SKS_ERROR_TEXT_BYTES] = "";
        sks_error err;
        memset (text, 'x', (size_t) before);
        for (int i = 0; i < 150; i++)
            strcat (text, "\xE2\x80\x94");
        sks_fail (&err, SKS_EIO, "%s", text);
        size_t size = strlen (err.text);
        ck_assert_uint_gt (size, SKS_ERROR_TEXT_BYTES - 6);
        ck_assert_uint_lt (size, SKS_ERROR_TEXT_BYTES);
        ck_assert (sks_utf8_valid (err.text, size, NULL));
        ck_assert_mem_eq (err.text, text, size);
    }
}
END_TEST

START_TEST (error_stays_valid_when_the_text_of_errno_does_not_fit)
{
    for (size_t room = 0; room < 40; room++) {
        char path[SKS_ERROR_TEXT_BYTES + 1];
        sks_error err;
        size_t size = SKS_ERROR_TEXT_BYTES - room;
        memset (path, 'p', size);
        path[size] = '\0';
        errno = EACCES;
        sks_fail_errno (&err, "%s", path);
        ck_assert_uint_lt (strlen (err.text), SKS_ERROR_TEXT_BYTES);
        ck_assert_mem_eq (err.text, path, size < SKS_ERROR_TEXT_BYTES - 1 ? size : SKS_ERROR_TEXT_BYTES - 1);
    }
}
END_TEST

Suite *
suite_memory (void)
{
    Suite *suite = suite_create ("memory");
    TCase *core = tcase_create ("Core");
    tcase_add_test (core, an_expected_size_is_neither_content_nor_a_limit);
    tcase_add_test (core, arena_returns_zeroed_aligned_memory);
    tcase_add_test (core, arena_keeps_allocations_when_it_grows);
    tcase_add_test (core, arena_copies_bytes_and_adds_a_nul);
    tcase_add_test (core, arena_returns_zeroed_memory_after_a_clear);
    tcase_add_test (core, buffer_joins_all_kinds_of_pieces);
    tcase_add_test (core, buffer_writes_numbers_as_printf_does);
    tcase_add_test (core, buffer_keeps_its_bytes_when_it_grows);
    tcase_add_test (core, buffer_reserves_space_that_the_caller_fills);
    tcase_add_test (core, error_names_every_code_both_ways);
    tcase_add_test (core, error_keeps_code_place_and_text);
    tcase_add_test (core, error_adds_the_text_of_errno);
    tcase_add_test (core, error_accepts_null);
    suite_add_tcase (suite, core);
    TCase *limits = tcase_create ("Limits");
    tcase_add_test (limits, arena_refuses_sizes_that_overflow);
    tcase_add_test (limits, buffer_never_exceeds_its_maximum);
    tcase_add_test (limits, buffer_failure_sticks_until_it_is_cleared);
    tcase_add_test (limits, buffer_refuses_sizes_that_overflow);
    if (CAN_LACK_MEMORY)
        tcase_add_test (limits, buffer_reports_lack_of_memory);
    tcase_add_test (limits, error_cuts_its_text_at_a_character);
    tcase_add_test (limits, error_stays_valid_when_the_text_of_errno_does_not_fit);
    suite_add_tcase (suite, limits);
    return suite;
}
