/* check_frames.c - requests and replies as frames: the framing of peers and proxies, and frames over the limits. */
#include "searchd/stats.h"
#include "tests/support/peer.h"
#include "searchd/zmtp.h"
#include "tests/support/said.h"

#include <check.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

Suite *suite_frames (void);

/* For assert_cut: observes the end of the peer's connection. */
static void *
watch_end (void)
{
    assert_has (peer_ask (PEER_HEALTH), "\"ok\":true");
    ck_assert_int_eq (zmq_socket_monitor (peer_socket, "inproc://events", ZMQ_EVENT_DISCONNECTED), 0);
    return peer_connect (ZMQ_PAIR, "inproc://events");
}

/* Assert that the daemon closed the connection and counted it. */
static void
assert_cut (void *events)
{
    peer_receive_frame (events);
    ck_assert_uint_eq (*(uint16_t *) (void *) peer_reply & ZMQ_EVENT_DISCONNECTED, ZMQ_EVENT_DISCONNECTED);
    zmq_close (events);
    void *other = peer_connect (ZMQ_DEALER, peer_daemon.endpoint);
    peer_send (other, PEER_STATS);
    assert_has (peer_receive (other), "\"cut\":1}");
    zmq_close (other);
}

START_TEST (drops_and_counts_invalid_frames)
{
    PEER_START (NULL);
    peer_send_bytes (peer_socket, "a", 1, ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    for (int i = 1; i < SKS_MAX_FRAMES; i++)
        peer_send_bytes (peer_socket, "b", 1, ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    peer_assert_silent (peer_socket);
    peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
    peer_send_bytes (peer_socket, PEER_HEALTH, strlen (PEER_HEALTH), ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    ck_assert (peer_receive_frame (peer_socket));
    assert_has (peer_receive (peer_socket), "\"message\":\"a request is one frame\"");
    assert_has (peer_ask (PEER_HEALTH), "\"ok\":true");
    peer_close ();
    ck_assert_int_eq (kill (peer_daemon.pid, SIGTERM), 0);
    ck_assert_int_eq (sks_test_daemon_wait (&peer_daemon), 0);
    assert_log_has (&peer_daemon, "dropped_shape=2");
    sks_test_folder_remove (peer_daemon.folder);
}
END_TEST

/* Proxies put frames before the empty one, and need them back. */
START_TEST (returns_the_frames_of_proxies)
{
    char address[UINT8_MAX];
    PEER_START (NULL);
    memset (address, 'x', sizeof address);
    for (int count = 0; count <= SKS_MAX_FRAMES - 2; count++) {
        for (int i = 0; i < count; i++)
            peer_send_bytes (peer_socket, address, (size_t) i * 17 + 1, ZMQ_SNDMORE);
        peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
        peer_send (peer_socket, PEER_HEALTH);
        for (int i = 0; i < count; i++) {
            ck_assert (peer_receive_frame (peer_socket));
            ck_assert_uint_eq (strlen (peer_reply), (unsigned) i * 17 + 1);
        }
        ck_assert (peer_receive_frame (peer_socket));
        ck_assert_str_eq (peer_reply, "");
        assert_has (peer_receive (peer_socket), "\"status\":\"ok\"");
    }
    for (int i = 0; i < SKS_MAX_FRAMES - 2; i++)
        peer_send_bytes (peer_socket, address, sizeof address, ZMQ_SNDMORE);
    peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    assert_has (peer_ask (PEER_STATS), "\"shape\":1,");
    peer_stop ();
}
END_TEST

START_TEST (answers_through_a_chain_of_proxies)
{
    PEER_START (NULL);
    void *front[2], *back[2], *client;
    const char *names[] = { "inproc://first", "inproc://second", peer_daemon.endpoint };
    for (int i = 0; i < 2; i++) {
        front[i] = zmq_socket (peer_context, ZMQ_ROUTER);
        ck_assert_int_eq (zmq_bind (front[i], names[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        back[i] = peer_connect (ZMQ_DEALER, names[i + 1]);
    client = peer_connect (ZMQ_REQ, names[0]);
    peer_send (client, PEER_HEALTH);
    for (int answered = 0; !answered;) {
        zmq_pollitem_t items[] = { { front[0], 0, ZMQ_POLLIN, 0 },
                                   { back[0], 0, ZMQ_POLLIN, 0 },
                                   { front[1], 0, ZMQ_POLLIN, 0 },
                                   { back[1], 0, ZMQ_POLLIN, 0 },
                                   { client, 0, ZMQ_POLLIN, 0 } };
        ck_assert_int_gt (zmq_poll (items, 5, PEER_REPLY_MS), 0);
        for (int i = 0; i < 4; i++)
            if (items[i].revents)
                for (bool more = true; more;) {
                    zmq_msg_t frame;
                    zmq_msg_init (&frame);
                    zmq_msg_recv (&frame, items[i].socket, 0);
                    more = zmq_msg_more (&frame);
                    zmq_msg_send (&frame, items[i ^ 1].socket, more ? ZMQ_SNDMORE : 0);
                }
        answered = items[4].revents;
    }
    assert_has (peer_receive (client), "\"status\":\"ok\"");
    for (int i = 0; i < 2; i++) {
        zmq_close (front[i]);
        zmq_close (back[i]);
    }
    zmq_close (client);
    peer_stop ();
}
END_TEST

/* zmq_proxy in a thread, until its context ends. */
struct proxy {
    void *front, *back;
    pthread_t thread;
};

static void *
run_proxy (void *argument)
{
    struct proxy *proxy = argument;
    zmq_proxy (proxy->front, proxy->back, NULL);
    zmq_close (proxy->front);
    zmq_close (proxy->back);
    return NULL;
}

static void
start_proxy (struct proxy *proxy, const char *name, const char *endpoint)
{
    proxy->front = zmq_socket (peer_context, ZMQ_ROUTER);
    ck_assert_int_eq (zmq_bind (proxy->front, name), 0);
    proxy->back = peer_connect (ZMQ_DEALER, endpoint);
    ck_assert_int_eq (pthread_create (&proxy->thread, NULL, run_proxy, proxy), 0);
}

/* A client sends one frame, as docs/protocol.md describes it, or an empty one before it; both work through proxies. */
START_TEST (answers_clients_of_all_kinds_through_proxies)
{
    struct proxy near, far;
    PEER_START (NULL);
    start_proxy (&far, "inproc://far", peer_daemon.endpoint);
    start_proxy (&near, "inproc://near", "inproc://far");
    for (int i = 0; i < 6; i++) {
        void *client = peer_connect (i % 3 ? ZMQ_DEALER : ZMQ_REQ, i < 3 ? "inproc://near" : "inproc://far");
        if (i % 3 == 1)
            peer_send_bytes (client, "", 0, ZMQ_SNDMORE);
        peer_send (client, PEER_HEALTH);
        if (i % 3 == 1) {
            ck_assert (peer_receive_frame (client));
            ck_assert_str_eq (peer_reply, "");
        }
        assert_has (peer_receive (client), "\"status\":\"ok\"");
        zmq_close (client);
    }
    assert_has (peer_ask (PEER_STATS), "\"shape\":0,");
    peer_stop ();
    pthread_join (near.thread, NULL);
    pthread_join (far.thread, NULL);
}
END_TEST

/* The number of the request is a frame before the empty one (ZMQ_REQ_CORRELATE). */
START_TEST (returns_the_numbers_of_correlated_requests)
{
    PEER_START (NULL);
    void *client = zmq_socket (peer_context, ZMQ_REQ);
    zmq_setsockopt (client, ZMQ_LINGER, &(int) { 0 }, sizeof (int));
    zmq_setsockopt (client, ZMQ_RCVTIMEO, &(int) { PEER_REPLY_MS }, sizeof (int));
    ck_assert_int_eq (zmq_setsockopt (client, ZMQ_REQ_CORRELATE, &(int) { 1 }, sizeof (int)), 0);
    ck_assert_int_eq (zmq_connect (client, peer_daemon.endpoint), 0);
    for (int i = 0; i < 3; i++) {
        peer_send (client, PEER_HEALTH);
        assert_has (peer_receive (client), "\"status\":\"ok\"");
    }
    zmq_close (client);
    peer_stop ();
}
END_TEST

/* A search whose first hit is the statement of that place. */
static void
send_search (void *socket, int id, int place)
{
    char request[200];
    snprintf (request, sizeof request,
              "{\"v\":1,\"id\":\"%d\",\"op\":\"search\",\"limit\":1,\"offset\":%d,\"deadline_ms\":60000}", id, place);
    peer_send (socket, request);
}

/* Clients of a proxy share its connection and choose the same ids. */
START_TEST (gives_each_client_of_a_proxy_its_own_replies)
{
    enum { CLIENTS = 20, REQUESTS = 20 };
    struct proxy proxy;
    void *clients[CLIENTS];
    char hits[CLIENTS][60];
    PEER_START ("--workers", "2", "--queue", "1000");
    start_proxy (&proxy, "inproc://proxy", peer_daemon.endpoint);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = peer_connect (ZMQ_DEALER, "inproc://proxy");
        send_search (peer_socket, 0, i);
        snprintf (hits[i], sizeof hits[i], "%s", strstr (peer_receive (peer_socket), "\"hits\":["));
        ck_assert (i == 0 || strcmp (hits[i], hits[i - 1]) != 0);
    }
    for (int k = 0; k < REQUESTS; k++)
        for (int i = 0; i < CLIENTS; i++)
            send_search (clients[i], k, i);
    for (int i = 0; i < CLIENTS; i++) {
        for (int k = 0; k < REQUESTS; k++)
            assert_has (peer_receive (clients[i]), hits[i]);
        zmq_close (clients[i]);
    }
    peer_stop ();
    pthread_join (proxy.thread, NULL);
}
END_TEST

/* Only the request that finds the queue full of its own client's requests is refused. */
START_TEST (a_polite_client_of_a_proxy_is_served_beside_a_greedy_one)
{
    enum { REQUESTS = 30 };
    struct proxy proxy;
    int refused = 0;
    PEER_START ("--workers", "1", "--queue", "4");
    start_proxy (&proxy, "inproc://proxy", peer_daemon.endpoint);
    void *greedy = peer_connect (ZMQ_DEALER, "inproc://proxy"), *polite = peer_connect (ZMQ_DEALER, "inproc://proxy");
    sks_test_daemon_freeze (&peer_daemon);
    for (int i = 0; i < REQUESTS; i++)
        send_search (greedy, i, 0);
    for (int i = 0; i < 2; i++)
        send_search (polite, i, 0);
    sks_test_daemon_thaw (&peer_daemon);
    for (int i = 0; i < 2; i++)
        assert_has (peer_receive (polite), "\"ok\":true");
    for (int i = 0; i < REQUESTS; i++)
        refused += strstr (peer_receive (greedy), "\"code\":\"busy\"") != NULL;
    ck_assert_int_gt (refused, 0);
    zmq_close (greedy);
    zmq_close (polite);
    peer_stop ();
    pthread_join (proxy.thread, NULL);
}
END_TEST

/* A client of a proxy that sends too many frames must not end the connection that the others share. */
START_TEST (drops_messages_with_too_many_frames)
{
    PEER_START (NULL);
    for (int frames = SKS_MAX_FRAMES + 1; frames <= SKS_ZMTP_MAX_FRAMES; frames++) {
        for (int i = 0; i < frames - 2; i++)
            peer_send_bytes (peer_socket, "\0xyz", 5, ZMQ_SNDMORE);
        if (frames % 2)
            peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
        else
            peer_send_bytes (peer_socket, "x", 1, ZMQ_SNDMORE);
        peer_send (peer_socket, PEER_HEALTH);
    }
    assert_has (peer_ask (PEER_STATS), "\"cut\":0}");
    ck_assert_uint_eq (number_after (peer_reply, "\"shape\":"), SKS_ZMTP_MAX_FRAMES - SKS_MAX_FRAMES);
    peer_stop ();
}
END_TEST

START_TEST (closes_a_connection_with_too_many_frames)
{
    PEER_START (NULL);
    void *events = watch_end ();
    for (int i = 0; i < SKS_ZMTP_MAX_FRAMES; i++)
        peer_send_bytes (peer_socket, "", 0, ZMQ_SNDMORE);
    peer_send (peer_socket, PEER_HEALTH);
    assert_cut (events);
    peer_stop ();
}
END_TEST

/* Routing ids chosen by peers are ignored: two peers with the same one are distinguished. */
START_TEST (serves_peers_that_choose_their_routing_id)
{
    void *named[3];
    PEER_START (NULL);
    for (int i = 0; i < 3; i++) {
        named[i] = zmq_socket (peer_context, i ? ZMQ_DEALER : ZMQ_REQ);
        zmq_setsockopt (named[i], ZMQ_LINGER, &(int) { 0 }, sizeof (int));
        zmq_setsockopt (named[i], ZMQ_RCVTIMEO, &(int) { PEER_REPLY_MS }, sizeof (int));
        ck_assert_int_eq (zmq_setsockopt (named[i], ZMQ_ROUTING_ID, "one name", 8), 0);
        ck_assert_int_eq (zmq_connect (named[i], peer_daemon.endpoint), 0);
    }
    for (int i = 0; i < 3; i++)
        peer_send (named[i], i % 2 ? PEER_HEALTH : PEER_STATS);
    for (int i = 0; i < 3; i++) {
        assert_has (peer_receive (named[i]), i % 2 ? "\"id\":\"h\"" : "\"id\":\"s\"");
        zmq_close (named[i]);
    }
    peer_stop ();
}
END_TEST

START_TEST (answers_a_request_that_is_too_large_with_an_error)
{
    PEER_START (NULL);
    static char frame[SKS_MAX_FRAME_BYTES];
    memset (frame, ' ', sizeof frame);
    memcpy (frame, PEER_HEALTH, strlen (PEER_HEALTH));
    peer_send_bytes (peer_socket, frame, SKS_MAX_REQUEST_BYTES, 0);
    assert_has (peer_receive (peer_socket), "\"ok\":true");
    peer_send_bytes (peer_socket, frame, SKS_MAX_REQUEST_BYTES + 1, 0);
    assert_has (peer_receive (peer_socket), "\"code\":\"limit\",\"message\":\"more than 65536 bytes\",\"at\":65536");
    peer_send_bytes (peer_socket, frame, sizeof frame, 0);
    assert_has (peer_receive (peer_socket), "\"code\":\"limit\"");
    assert_has (peer_ask (PEER_STATS), "\"limit\":2");
    peer_stop ();
}
END_TEST

START_TEST (closes_a_connection_with_a_frame_over_the_limit)
{
    PEER_START (NULL);
    static char frame[SKS_MAX_FRAME_BYTES + 1];
    void *events = watch_end ();
    peer_send_bytes (peer_socket, frame, sizeof frame, 0);
    assert_cut (events);
    peer_stop ();
}
END_TEST

Suite *
suite_frames (void)
{
    Suite *suite = suite_create ("frames");
    TCase *limits = peer_case (suite, "Limits");
    tcase_add_test (limits, drops_and_counts_invalid_frames);
    tcase_add_test (limits, returns_the_frames_of_proxies);
    tcase_add_test (limits, answers_through_a_chain_of_proxies);
    tcase_add_test (limits, answers_clients_of_all_kinds_through_proxies);
    tcase_add_test (limits, returns_the_numbers_of_correlated_requests);
    tcase_add_test (limits, gives_each_client_of_a_proxy_its_own_replies);
    tcase_add_test (limits, a_polite_client_of_a_proxy_is_served_beside_a_greedy_one);
    tcase_add_test (limits, drops_messages_with_too_many_frames);
    tcase_add_test (limits, closes_a_connection_with_too_many_frames);
    tcase_add_test (limits, serves_peers_that_choose_their_routing_id);
    tcase_add_test (limits, answers_a_request_that_is_too_large_with_an_error);
    tcase_add_test (limits, closes_a_connection_with_a_frame_over_the_limit);
    return suite;
}
