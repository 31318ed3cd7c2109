/* zmtp.c - one step per byte, except in the bodies of frames.
 *
 * It parses as libzmq does. What follows after libzmq ends the connection does not matter. */
#include "zmtp.h"

#include "skillsearch.h"

#include <string.h>

enum { MORE = 1, LONG = 2, COMMAND = 4 }; /* flags of a frame */
enum { SIGNATURE_BYTES = 10, GREETING_2 = 12, GREETING_3 = 64 };
enum { LONG_BYTES = 8, LONG_MARK = 0xff }; /* bytes of a long length; the byte before one in ZMTP 1.0 */
enum part { GREETING, FLAGS, LENGTH, LONG_LENGTH, BODY };

enum { MECHANISM_AT = 12 }; /* in the greeting of ZMTP 3 */

static const char ping[] = "\4PING"; /* the name, after which 2 bytes of time to live follow (RFC 37) */
#define TTL_END (sizeof ping - 1 + 2)

static const char ready[] = "\5READY"; /* libzmq sends the flags and one byte of length before it */
#define READY_AT 2

static const char name[] = "identity";
#define REPEATED 6 /* letters up to the second "i": "identi" */

uint8_t
sks_zmtp_hide_names (unsigned char *bytes, size_t size, uint8_t letters)
{
    for (; size; size--, bytes++) {
        unsigned char letter = *bytes | 0x20;
        if (letters == REPEATED && letter != name[letters])
            letters = 1;
        letters = letter == name[letters] ? letters + 1 : letter == name[0];
        if (letters < sizeof name - 1)
            continue;
        *bytes ^= 1;
        letters = 0;
    }
    return letters;
}

/* Clear the time to live in a part of a command, which begins `at` bytes after its start. `letters` of PING match
 * before it; returns how many match after it. */
static uint8_t
hide_ttl (unsigned char *bytes, size_t size, uint64_t at, uint8_t letters)
{
    for (; size && at < TTL_END; size--, bytes++, at++)
        if (at < sizeof ping - 1)
            letters = (uint8_t) (letters + (letters == at && *bytes == (unsigned char) ping[at]));
        else if (letters == sizeof ping - 1)
            *bytes = 0;
    return letters;
}

void
sks_zmtp_hide_ttl (unsigned char *command, size_t size)
{
    hide_ttl (command, size, 0, 0);
}

bool
sks_zmtp_handshake_done (const sks_zmtp *stream)
{
    return stream->curve ? stream->admitted : stream->greeted;
}

uint64_t
sks_zmtp_frame_bytes (const sks_zmtp *stream)
{
    return stream->greeted ? stream->size : 0;
}

void
sks_zmtp_answer (sks_zmtp *stream, const unsigned char *bytes, size_t size)
{
    if (stream->curve && size >= READY_AT + sizeof ready - 1 && bytes[0] == COMMAND &&
        memcmp (bytes + READY_AT, ready, sizeof ready - 1) == 0)
        stream->admitted = true;
}

/* ------------------------------------------------------------------ frames */
static void
begin_frame (sks_zmtp *stream)
{
    stream->part = stream->version == 1 ? LENGTH : FLAGS;
}

static void
end_frame (sks_zmtp *stream)
{
    stream->greeted = true;
    stream->letters = 0;
    begin_frame (stream);
}

/* Check a frame. The first one of ZMTP 1.0 and 2.0 is the peer's name, that of 3.x a command. */
static int
judge_frame (sks_zmtp *stream)
{
    if (!stream->greeted)
        return stream->version < 3 && (stream->size || stream->flags & MORE) ? SKS_ZMTP_NAMED : SKS_ZMTP_GOOD;
    if (stream->flags & MORE)
        return ++stream->frames < SKS_ZMTP_MAX_FRAMES ? SKS_ZMTP_GOOD : SKS_ZMTP_FRAMES;
    if (!(stream->flags & COMMAND))
        stream->frames = 0;
    return SKS_ZMTP_GOOD;
}

static int
begin_body (sks_zmtp *stream)
{
    int verdict = judge_frame (stream);
    stream->left = stream->size;
    stream->part = BODY;
    if (!stream->left)
        end_frame (stream);
    return verdict;
}

static void
begin_long_length (sks_zmtp *stream)
{
    stream->size = 0;
    stream->left = LONG_BYTES;
    stream->part = LONG_LENGTH;
}

/* End reading a length. That of ZMTP 1.0 includes the flags, which follow. */
static int
end_length (sks_zmtp *stream)
{
    if (stream->version > 1)
        return begin_body (stream);
    if (!stream->size--)
        return SKS_ZMTP_BROKEN;
    stream->part = FLAGS;
    return SKS_ZMTP_GOOD;
}

static int
read_length (sks_zmtp *stream, unsigned char byte)
{
    if (stream->version == 1 && byte == LONG_MARK) {
        begin_long_length (stream);
        return SKS_ZMTP_GOOD;
    }
    stream->size = byte;
    return end_length (stream);
}

static int
read_long_length (sks_zmtp *stream, unsigned char byte)
{
    stream->size = stream->size << 8 | byte;
    return --stream->left ? SKS_ZMTP_GOOD : end_length (stream);
}

static int
read_flags (sks_zmtp *stream, unsigned char byte)
{
    stream->flags = stream->version == 1 ? byte & MORE : byte;
    if (stream->version == 1)
        return begin_body (stream);
    if (byte & LONG)
        begin_long_length (stream);
    else
        stream->part = LENGTH;
    return SKS_ZMTP_GOOD;
}

static size_t
read_body (sks_zmtp *stream, unsigned char *bytes, size_t size)
{
    size_t used = size < stream->left ? size : (size_t) stream->left;
    if (!stream->greeted)
        stream->letters = sks_zmtp_hide_names (bytes, used, stream->letters);
    else if (stream->flags & COMMAND)
        stream->letters = hide_ttl (bytes, used, stream->size - stream->left, stream->letters);
    stream->left -= used;
    if (!stream->left)
        end_frame (stream);
    return used;
}

/* ---------------------------------------------------------------- greeting */
/* A peer of ZMTP 1.0 sends its first frame at once. Later versions send a signature that looks like the beginning of
 * a long frame, except for a bit in the flags. */
static int
read_greeting (sks_zmtp *stream, unsigned char byte)
{
    size_t at = stream->at++;
    if (at == 0) {
        stream->version = byte != LONG_MARK;
        return stream->version ? read_length (stream, byte) : SKS_ZMTP_GOOD;
    }
    if (at < SIGNATURE_BYTES - 1) {
        stream->size = stream->size << 8 | byte;
        return SKS_ZMTP_GOOD;
    }
    if (at == SIGNATURE_BYTES - 1 && !(byte & 1)) {
        stream->version = 1;
        int verdict = end_length (stream);
        return verdict ? verdict : read_flags (stream, byte);
    }
    if (at == SIGNATURE_BYTES) {
        stream->version = byte > 1 ? 3 : byte + 1;
        return byte ? SKS_ZMTP_GOOD : SKS_ZMTP_BROKEN;
    }
    if (at == MECHANISM_AT)
        stream->curve = stream->version == 3 && byte == 'C';
    if (at + 1 == (stream->version == 2 ? GREETING_2 : GREETING_3))
        begin_frame (stream);
    return SKS_ZMTP_GOOD;
}

int
sks_zmtp_follow (sks_zmtp *stream, unsigned char *bytes, size_t size)
{
    static int (*const readers[]) (sks_zmtp *, unsigned char) = {
        [GREETING] = read_greeting,
        [FLAGS] = read_flags,
        [LENGTH] = read_length,
        [LONG_LENGTH] = read_long_length,
    };
    int verdict = SKS_ZMTP_GOOD;
    for (size_t used; size && !verdict; bytes += used, size -= used) {
        used = 1;
        if (stream->part == BODY)
            used = read_body (stream, bytes, size);
        else
            verdict = readers[stream->part](stream, *bytes);
    }
    return verdict;
}
