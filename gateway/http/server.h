/* server.h - the state of the server, of its connections and of its requests.
 *
 * A request goes through the handler of libmicrohttpd several times:
 *     headers   refused when they are ambiguous (headers.h), or routed
 *     body      gathered, up to GW_MAX_BODY_BYTES
 *     begin     its route answers at once, or asks the daemon (daemon.h), which
 *               suspends the connection
 *     finish    after the daemon's reply or its failure: the route answers, or
 *               asks once more
 * A route is one row of a table (route.h). All answers are made by answer.h. */
#ifndef GW_SERVER_H
#define GW_SERVER_H

#include "bytes.h"
#include "metrics.h"
#include "options.h"

#include <microhttpd.h>
#include <stdint.h>
#include <sys/types.h>

#define GW_MAX_BODY_BYTES SKS_MAX_REQUEST_BYTES
#define GW_MAX_CONNECTIONS 2000
#define GW_CONNECTION_BYTES 32768 /* URL and headers of one request */
#define GW_MAX_REQUEST_MS 10000 /* from the first line of a request, or the start of its connection, to its last byte */
#define GW_MAX_ANSWER_MS 60000  /* for taking an answer, or one page of an export */
#define GW_REAP_EVERY_MS 100    /* a walk over 1,000 connections in each turn took as long as all other work */
#define GW_MAX_IDLE_S 30        /* without a byte read or written */
#define GW_MAX_DRAIN_MS 10000   /* from SIGTERM to the end */
#define GW_MAX_STOP_MS 250      /* after SIGTERM, for clients that have sent nothing yet */
/* Closed connections whose remaining bytes are read and dropped (linger.h): their maximum number, and the limits of
 * each. */
#define GW_MAX_LINGERING 128
#define GW_MAX_LINGER_MS 5000
#define GW_MAX_LINGER_BYTES 16777216
#define GW_MAX_WAITING 256       /* requests that wait to be sent to the daemon */
#define GW_MAX_CLIENT_WAITING 64 /* the same for one address */
/* Bytes of answers that clients have not read yet, or that are expected. Above this maximum, requests wait. */
#define GW_MAX_HELD_BYTES 67108864
#define GW_MAX_CLIENT_HELD_BYTES 16777216 /* the same for one address */

struct gw_route;
struct gw_request;

/* A connection with a deadline: libmicrohttpd's own limit counts idle time only. */
typedef struct gw_link {
    struct gw_link *next, **back;
    struct gw_request *request; /* that has begun and is not completed; NULL: none */
    int fd;
    int64_t until;  /* when its request must have arrived, or begun, or its answer must have been read */
    bool answering; /* its answer must be read */
    bool ended;     /* 408 was sent, and nothing else will be */
    unsigned answered;
} gw_link;

/* The socket of a closed connection. */
typedef struct gw_linger {
    int fd;
    int64_t until;
    ssize_t left; /* bytes that it may still send */
} gw_linger;

/* A client: an IPv4 address, or the first 64 bits of an IPv6 address. */
typedef struct gw_client {
    unsigned char key[16];
    unsigned requests; /* that refer to it; 0: the record is free */
    unsigned under_way, waiting;
    size_t held;    /* bytes of its answers that it has not read yet */
    size_t largest; /* bytes of its largest reply, which is the expected size of a reply under way */
} gw_client;

typedef struct gw_server {
    gw_options options;
    const struct gw_route *routes; /* the table of paths, ended by a row without a path */
    struct MHD_Daemon *http;
    sks_client *client;
    gw_link *links;
    int64_t reap_at;            /* when the deadlines of links are checked next */
    size_t requests;            /* their number */
    struct gw_request *sent;    /* a list: the daemon has them */
    struct gw_request *waiting; /* a list, oldest first: to be sent */
    struct gw_request **waiting_end;
    size_t sent_count, waiting_count;
    size_t held; /* bytes of answers that clients have not read yet */
    gw_client clients[GW_MAX_CONNECTIONS];
    size_t client_end; /* records from here on are free */
    int64_t health_at; /* when the daemon last answered "health"; 0: never */
    int64_t health_asked;
    uint64_t health_ticket;
    gw_linger lingering[GW_MAX_LINGERING];
    size_t lingering_count;
    bool unsent;   /* a request has arrived since gw_daemon_step */
    bool draining; /* stopping: nothing new is sent to the daemon */
    gw_metrics metrics;
} gw_server;

enum gw_state { GW_HEADERS, GW_BODY, GW_WAITING, GW_SENT, GW_ENDED };

typedef struct gw_request {
    struct MHD_Connection *connection;
    gw_server *server;
    gw_link *link;
    const struct gw_route *route;
    const char *path; /* decoded, without what follows "?"; borrowed from libmicrohttpd */
    enum gw_state state;
    bool raw_nul; /* the URL has "%00", which would truncate path and values */
    bool is_post, is_head;
    bool is_old;      /* HTTP/1.0 */
    bool refused;     /* answered before its body was read */
    bool client_busy; /* not sent, as its client has too many requests */
    gw_bytes body;
    int64_t began; /* when the whole request had arrived */

    /* for the request to the daemon; see daemon.h */
    gw_bytes asked; /* the request's JSON */
    int64_t deadline;
    uint64_t ticket;
    gw_client *client; /* that sent it; NULL: nothing was sent to the daemon */
    size_t held;       /* bytes of its answer that were not read yet, or are expected */
    struct gw_request *next, **back;
    sks_reply *reply;  /* NULL if none came; freed with the request */
    sks_error failure; /* code is not 0: no reply, or a refusal */

    void (*resume) (struct gw_request *); /* NULL: the route's finish answers */
    void *data;                           /* of the route; freed with the function below */
    void (*free_data) (void *data);
} gw_request;

#endif
