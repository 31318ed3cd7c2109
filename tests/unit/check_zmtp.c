/* check_zmtp.c - what is read from the bytes of a connection: routing ids and frames.
 *
 * Each stream is read in one piece and byte by byte: how it is divided must make no difference. */
#include "searchd/zmtp.h"
#include "skillsearch.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_zmtp (void);

#define MOST_BYTES 4096
#define SIGNATURE "\xff\0\0\0\0\0\0\0\1\x7f"
#define HEALTH "\0\x15{\"v\":1,\"op\":\"health\"}"

static unsigned char stream[MOST_BYTES];
static size_t length;

/* ------------------------------------------------------------------ helpers */
static void
add (const void *bytes, size_t size)
{
    ck_assert_uint_le (length + size, sizeof stream);
    memcpy (stream + length, bytes, size);
    length += size;
}

#define ADD(text) add (text, sizeof (text) - 1)

static void
begin (int version, int minor)
{
    static const char zeros[32];
    char versions[] = { (char) version, (char) minor };
    length = 0;
    ADD (SIGNATURE);
    add (versions, 2);
    if (version < 2)
        return;
    ADD ("NULL");
    add (zeros, 16);
    add (zeros, 32);
}

static void
add_ready (const char *property, const char *value, bool is_long)
{
    char command[512], size = (char) strlen (property);
    size_t value_size = strlen (value);
    int head = snprintf (command, sizeof command, "\5READY%c%s", size, property);
    char numbers[] = { 0, 0, 0, (char) value_size };
    memcpy (command + head, numbers, 4);
    memcpy (command + head + 4, value, value_size);
    size_t whole = (size_t) head + 4 + value_size;
    char shorter[] = { 4, (char) whole }, longer[] = { 6, 0, 0, 0, 0, 0, 0, 0, (char) whole };
    add (is_long ? longer : shorter, is_long ? sizeof longer : sizeof shorter);
    add (command, whole);
}

static void
add_frames (int count, const char *frame, size_t size)
{
    for (int i = 0; i < count; i++)
        add (frame, size);
}

/* The verdict on the stream, which is changed in place. */
static int
follow (void)
{
    unsigned char whole[MOST_BYTES];
    sks_zmtp one = { 0 }, each = { 0 };
    memcpy (whole, stream, length);
    int verdict = sks_zmtp_follow (&one, whole, length), after = SKS_ZMTP_GOOD;
    for (size_t i = 0; i < length && !after; i++)
        after = sks_zmtp_follow (&each, stream + i, 1);
    ck_assert_int_eq (after, verdict);
    if (!verdict)
        ck_assert_mem_eq (stream, whole, length);
    return verdict;
}

static bool
holds (const char *text)
{
    return memmem (stream, length, text, strlen (text)) != NULL;
}

/* -------------------------------------------------------------------- tests */
START_TEST (removes_the_routing_id_from_a_handshake)
{
    static const char *const spellings[] = { "Identity", "identity", "IDENTITY", "iDeNtItY" };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        for (int is_long = 0; is_long < 2; is_long++) {
            begin (3, 1);
            add_ready (spellings[i], "\1somebody", is_long);
            ADD (HEALTH);
            ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
            ck_assert (!holds (spellings[i]));
            ck_assert (holds ("somebody"));
            ck_assert (holds ("health"));
        }
}
END_TEST

START_TEST (removes_the_routing_id_anywhere_in_a_handshake)
{
    begin (3, 0);
    add_ready ("Socket-Type", "IIdentity IdentIdentityIdentity", false);
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    ck_assert (!holds ("Identity"));
    ck_assert (holds ("Identitx"));
}
END_TEST

START_TEST (keeps_the_bytes_after_a_handshake)
{
    begin (3, 1);
    add_ready ("Socket-Type", "DEALER", false);
    ADD ("\0\x08Identity");
    ADD ("\2\0\0\0\0\0\0\0\x08identity");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    ck_assert (holds ("Identity"));
    ck_assert (holds ("identity"));
}
END_TEST

START_TEST (reads_any_later_version_as_the_third)
{
    static const int versions[] = { 2, 3, 4, 127, 255 };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        begin (versions[i], 0);
        add_ready ("Identity", "x", false);
        ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
        ck_assert (!holds ("Identity"));
    }
}
END_TEST

START_TEST (accepts_old_versions_without_a_routing_id)
{
    begin (1, 5); /* ZMTP 2.0, a DEALER */
    ADD ("\0\0");
    ADD (HEALTH);
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    length = 0; /* ZMTP 1.0, short and long lengths */
    ADD ("\1\0\2\0x\1\1\1\0");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    length = 0;
    ADD ("\xff\0\0\0\0\0\0\0\1\0\xff\0\0\0\0\0\0\0\2\0x");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
}
END_TEST

START_TEST (closes_old_versions_with_a_routing_id)
{
    begin (1, 5);
    ADD ("\0\1x");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
    begin (1, 5);
    ADD ("\2\0\0\0\0\0\0\0\5\0\x6b\x8b\x45\x67");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
    begin (1, 5);
    ADD ("\1\0");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
    length = 0;
    ADD ("\6\0\0\x6b\x8b\x45\x67");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
    length = 0;
    ADD ("\xff\0\0\0\0\0\0\0\6\0\0\x6b\x8b\x45\x67");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
    length = 0;
    ADD ("\1\1");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
}
END_TEST

START_TEST (closes_connections_that_are_not_zmtp)
{
    begin (0, 0);
    ck_assert_int_eq (follow (), SKS_ZMTP_BROKEN);
    length = 0;
    ADD ("\0");
    ck_assert_int_eq (follow (), SKS_ZMTP_BROKEN);
    length = 0;
    ADD ("\1\0\0");
    ck_assert_int_eq (follow (), SKS_ZMTP_BROKEN);
    length = 0;
    ADD ("GET / HTTP/1.1\r\n\r\n");
    ck_assert_int_eq (follow (), SKS_ZMTP_NAMED);
}
END_TEST

START_TEST (accepts_the_allowed_number_of_frames)
{
    begin (3, 1);
    add_ready ("Socket-Type", "DEALER", false);
    for (int i = 0; i < 3; i++) {
        add_frames (SKS_ZMTP_MAX_FRAMES - 1, "\1\1x", 3);
        ADD (HEALTH);
    }
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    add_frames (SKS_ZMTP_MAX_FRAMES, "\1\0", 2);
    ck_assert_int_eq (follow (), SKS_ZMTP_FRAMES);
}
END_TEST

START_TEST (counts_frames_around_commands)
{
    begin (3, 1);
    add_ready ("Socket-Type", "DEALER", false);
    for (int i = 0; i < SKS_ZMTP_MAX_FRAMES; i++)
        ADD ("\1\0\4\7\4PING\0\0");
    ck_assert_int_eq (follow (), SKS_ZMTP_FRAMES);
}
END_TEST

START_TEST (counts_frames_of_old_versions)
{
    begin (1, 5);
    ADD ("\0\0");
    add_frames (SKS_ZMTP_MAX_FRAMES, "\1\0", 2);
    ck_assert_int_eq (follow (), SKS_ZMTP_FRAMES);
    length = 0;
    ADD ("\1\0");
    add_frames (SKS_ZMTP_MAX_FRAMES, "\1\1", 2);
    ck_assert_int_eq (follow (), SKS_ZMTP_FRAMES);
}
END_TEST

START_TEST (gives_the_same_verdict_wherever_random_bytes_are_cut)
{
    srand (7);
    for (int i = 0; i < 2000; i++) {
        length = 0;
        if (i % 3)
            begin (rand () % 5, rand () % 2);
        if (i % 3 == 2)
            add_ready (rand () % 2 ? "Identity" : "Socket-Type", "x", rand () % 2);
        for (int left = rand () % 200; left; left--)
            add (&(char) { (char) (rand () % 2 ? rand () : rand () % 4) }, 1);
        follow ();
    }
}
END_TEST

START_TEST (removes_the_time_to_live_from_a_ping)
{
    begin (3, 1);
    add_ready ("Socket-Type", "DEALER", false);
    for (int i = 0; i < 2; i++)
        ADD ("\4\10\4PING\7\7x\6\0\0\0\0\0\0\0\10\4PING\7\7x");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    ck_assert (!holds ("\7\7"));
    ADD ("\4\10\4PONG\7\7x");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    ck_assert (holds ("PONG\7\7x"));
    ADD ("\0\10\4PING\7\7x");
    ck_assert_int_eq (follow (), SKS_ZMTP_GOOD);
    ck_assert (holds ("PING\7\7x"));
}
END_TEST

Suite *
suite_zmtp (void)
{
    Suite *suite = suite_create ("zmtp");
    TCase *names = tcase_create ("Names"), *frames = tcase_create ("Frames");
    tcase_add_test (names, removes_the_routing_id_from_a_handshake);
    tcase_add_test (names, removes_the_routing_id_anywhere_in_a_handshake);
    tcase_add_test (names, keeps_the_bytes_after_a_handshake);
    tcase_add_test (names, reads_any_later_version_as_the_third);
    tcase_add_test (names, accepts_old_versions_without_a_routing_id);
    tcase_add_test (names, closes_old_versions_with_a_routing_id);
    tcase_add_test (names, closes_connections_that_are_not_zmtp);
    suite_add_tcase (suite, names);
    tcase_add_test (frames, accepts_the_allowed_number_of_frames);
    tcase_add_test (frames, counts_frames_around_commands);
    tcase_add_test (frames, counts_frames_of_old_versions);
    tcase_add_test (frames, gives_the_same_verdict_wherever_random_bytes_are_cut);
    tcase_add_test (frames, removes_the_time_to_live_from_a_ping);
    suite_add_tcase (suite, frames);
    return suite;
}
