/* attack.c - opens connections that take up the daemon's time, for the load tests.
 *
 *   attack SHAPE PORT CONNECTIONS SECONDS [FILE]
 *
 * SHAPE is one of: frames (messages of 1,000 empty frames), endless (one message
 * without end), half (a handshake that stops), flood (the request in FILE again
 * and again), garbage (random bytes). Replies are never read. A closed connection is opened again. At the end it prints
 * one line: the number of closed connections, and the bytes sent. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_BYTES 70000
#define MAX_CONNECTIONS 10000

struct block {
    unsigned char bytes[BLOCK_BYTES];
    size_t size;
};

/* One connection: it sends the handshake, then the block again and again. */
struct connection {
    int descriptor;
    bool greeted;
    size_t sent;
};

static struct block handshake, block;
static struct connection connections[MAX_CONNECTIONS];
static struct pollfd items[MAX_CONNECTIONS];
static uint64_t made, bytes_sent;
static bool once; /* the block is sent once, then the connection is kept open */

static void
add (struct block *to, const void *bytes, size_t size)
{
    memcpy (to->bytes + to->size, bytes, size);
    to->size += size;
}

static void
make_handshake (void)
{
    static const char ready[] = "\4\x1c\5READY\13Socket-Type\0\0\0\6DEALER", zeros[48];
    add (&handshake, "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16);
    add (&handshake, zeros, 48);
    add (&handshake, ready, sizeof ready - 1);
}

static bool
make_flood (const char *name)
{
    unsigned char head[9] = { 2 };
    FILE *file = name ? fopen (name, "re") : NULL;
    size_t size = file ? fread (block.bytes + sizeof head, 1, BLOCK_BYTES - sizeof head, file) : 0;
    for (int i = 0; i < 8; i++)
        head[8 - i] = (unsigned char) (size >> 8 * i);
    add (&block, head, sizeof head);
    block.size += size;
    return file && !fclose (file) && size;
}

static bool
make_block (const char *shape, const char *file)
{
    if (strcmp (shape, "flood") == 0)
        return make_flood (file);
    if (strcmp (shape, "half") == 0) {
        once = true;
        handshake.size = 0;
        add (&block, "\xff\0\0\0\0\0\0\0\1\x7f\3", 11);
        return true;
    }
    bool frames = strcmp (shape, "frames") == 0, garbage = strcmp (shape, "garbage") == 0;
    for (int i = 0; i < 1000; i++)
        add (&block,
             garbage ? (unsigned char[]) { (unsigned char) rand (), (unsigned char) rand () }
                     : (unsigned char[]) { frames && i == 999 ? 0 : 1, 0 },
             2);
    return frames || garbage || strcmp (shape, "endless") == 0;
}

static void
open_connection (struct connection *connection, int port)
{
    struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET, .sin_port = htons (port) };
    *connection = (struct connection) { .descriptor = socket (AF_INET, SOCK_STREAM, 0) };
    to.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    from.sin_addr.s_addr =
        htonl (INADDR_LOOPBACK + 1 + (uint32_t) (made++ % 50)); /* one address has only 28,000 ports */
    if (bind (connection->descriptor, (struct sockaddr *) &from, sizeof from) ||
        connect (connection->descriptor, (struct sockaddr *) &to, sizeof to)) {
        perror ("attack");
        exit (2);
    }
    fcntl (connection->descriptor, F_SETFL, O_NONBLOCK);
}

static bool
is_held (const struct connection *connection)
{
    return once && connection->greeted && connection->sent == block.size;
}

/* Send as much as the socket accepts. Returns whether anything was sent. */
static bool
push (struct connection *connection, int port)
{
    const struct block *now = connection->greeted ? &block : &handshake;
    bool held = is_held (connection);
    char byte;
    ssize_t sent =
        held ? recv (connection->descriptor, &byte, 1, 0)
             : send (connection->descriptor, now->bytes + connection->sent, now->size - connection->sent, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN)
        return false;
    if (sent < 0 || (held && sent == 0)) {
        static const struct linger reset = { 1, 0 };
        setsockopt (connection->descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close (connection->descriptor);
        open_connection (connection, port);
        return true;
    }
    if (held)
        return false;
    bytes_sent += (uint64_t) sent;
    connection->sent += (size_t) sent;
    if (connection->sent == now->size && (!once || !connection->greeted)) {
        connection->sent = 0;
        connection->greeted = true;
    }
    return true;
}

static double
now_s (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* Wait at most `seconds` until a connection accepts bytes or is closed. */
static void
await_any (int count, double seconds)
{
    for (int i = 0; i < count; i++)
        items[i] = (struct pollfd) { connections[i].descriptor, is_held (&connections[i]) ? POLLIN : POLLOUT, 0 };
    poll (items, (nfds_t) count, seconds > 0 ? (int) (seconds * 1000) + 1 : 0);
}

int
main (int argc, char **argv)
{
    int port = argc > 4 ? atoi (argv[2]) : 0, count = argc > 4 ? atoi (argv[3]) : 0;
    make_handshake ();
    if (count < 1 || count > MAX_CONNECTIONS || !make_block (argv[1], argv[5])) {
        fputs ("usage: attack frames|endless|half|flood|garbage PORT CONNECTIONS SECONDS [FILE]\n", stderr);
        return 2;
    }
    for (int i = 0; i < count; i++)
        open_connection (&connections[i], port);
    for (double end = now_s () + atof (argv[4]); now_s () < end;) {
        bool moved = false;
        for (int i = 0; i < count; i++)
            moved |= push (&connections[i], port);
        if (!moved)
            await_any (count, end - now_s ());
    }
    printf ("{\"ended\":%" PRIu64 ",\"mib\":%.1f}\n", made - (uint64_t) count, (double) bytes_sent / 1048576);
    return 0;
}
