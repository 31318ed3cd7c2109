/* client.c - a table of addresses that have requests. */
#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Keep the last value of X-Forwarded-For. */
static enum MHD_Result
keep_forwarded (void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void) kind;
    if (value && strcasecmp (name, "X-Forwarded-For") == 0)
        *(const char **) cls = value;
    return MHD_YES;
}

/* Read the last address of the last X-Forwarded-For: the trusted proxy added it, possibly as a separate header. It
 * may have a port. */
static bool
read_forwarded (gw_request *request, unsigned char key[16], int *family)
{
    const char *list = NULL;
    char address[64];
    MHD_get_connection_values (request->connection, MHD_HEADER_KIND, keep_forwarded, &list);
    if (!list)
        return false;
    const char *last = strrchr (list, ',');
    last = last ? last + 1 : list;
    last += strspn (last, " \t");
    bool bracket = *last == '[', port = strchr (last, ':') == strrchr (last, ':');
    last += bracket;
    snprintf (address, sizeof address, "%.*s", (int) strcspn (last, bracket ? "]" : port ? " \t:" : " \t"), last);
    *family = inet_pton (AF_INET, address, key) == 1 ? AF_INET : AF_INET6;
    return *family == AF_INET || inet_pton (AF_INET6, address, key) == 1;
}

/* Replace an IPv6 address that contains an IPv4 one by the IPv4 address. */
static bool
take_mapped (unsigned char key[16])
{
    static const unsigned char prefix[12] = { [10] = 0xff, [11] = 0xff };
    if (memcmp (key, prefix, sizeof prefix) != 0)
        return false;
    memmove (key, key + 12, 4);
    memset (key + 4, 0, 12);
    return true;
}

static void
read_client_key (gw_request *request, unsigned char key[16])
{
    char text[INET6_ADDRSTRLEN] = "";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    int family = address ? address->sa_family : AF_UNSPEC;
    memset (key, 0, 16);
    const void *number = family == AF_INET    ? (const void *) &((const struct sockaddr_in *) address)->sin_addr
                         : family == AF_INET6 ? (const void *) &((const struct sockaddr_in6 *) address)->sin6_addr
                                              : NULL;
    if (!number)
        return;
    memcpy (key, number, family == AF_INET ? 4 : 16);
    inet_ntop (family, number, text, sizeof text);
    unsigned char forwarded[16] = { 0 };
    int other;
    if (gw_options_have_name (&request->server->options.proxies, text, strlen (text)) &&
        read_forwarded (request, forwarded, &other)) {
        memcpy (key, forwarded, 16);
        family = other;
    }
    if (family == AF_INET6 && !take_mapped (key))
        memset (key + 8, 0xff, 8); /* a /64 is one client; an IPv4 address ends in zeros */
}

/* Find the record of an address, else a free one. There are as many records as connections, each of which has one
 * request. */
static gw_client *
find_client (gw_server *server, const unsigned char key[16])
{
    gw_client *free_one = NULL;
    for (size_t i = 0; i < server->client_end; i++) {
        gw_client *client = &server->clients[i];
        if (client->requests && memcmp (client->key, key, sizeof client->key) == 0)
            return client;
        if (!client->requests && !free_one)
            free_one = client;
    }
    if (!free_one && server->client_end < GW_MAX_CONNECTIONS)
        free_one = &server->clients[server->client_end++];
    if (free_one) {
        memcpy (free_one->key, key, sizeof free_one->key);
        free_one->largest = 0;
    }
    return free_one;
}

bool
gw_client_enter (gw_request *request)
{
    unsigned char key[16];
    if (request->client)
        return true;
    read_client_key (request, key);
    request->client = find_client (request->server, key);
    if (request->client)
        request->client->requests++;
    return request->client != NULL;
}

void
gw_client_leave (gw_request *request)
{
    gw_server *server = request->server;
    if (!request->client)
        return;
    gw_client_hold (request, 0);
    request->client->requests--;
    request->client = NULL;
    while (server->client_end && !server->clients[server->client_end - 1].requests)
        server->client_end--;
}

void
gw_client_hold (gw_request *request, size_t size)
{
    if (!request->client)
        return;
    request->server->held += size - request->held;
    request->client->held += size - request->held;
    request->held = size;
}
