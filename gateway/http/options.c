/* options.c - one table for parsing and --help. */
#include "options.h"

#include "core/base/arguments.h"
#include "core/base/error.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

#define OPTION(name, value, key, help)                                                                                 \
    {                                                                                                                  \
        { name, 0, value, NULL, help }, key                                                                            \
    }

static const struct row {
    sks_argument argument;
    int key;
} rows[] = {
    OPTION ("listen", "ADDRESS:PORT", 'l', "where to serve (default: 127.0.0.1:7380); port 0\nmeans any free port"),
    OPTION ("connect", "ENDPOINT", 'c',
            "the daemon, or several separated by commas\n(default: $SKILLSEARCH_ENDPOINT, else\n" SKS_DEFAULT_ENDPOINT
            ")"),
    OPTION ("server-key", "FILE", 's', "the daemon's public key"),
    OPTION ("client-key", "FILE", 'k', "the secret key of this server"),
    OPTION ("host", "NAME", 'H',
            "a name that clients may use in Host, without a port;\nrepeatable. localhost and the loopback "
            "addresses are\nallowed in any case"),
    OPTION ("cors", "ORIGIN", 'o', "a web origin whose pages may read the answers;\nrepeatable"),
    OPTION ("trusted-proxy", "ADDRESS", 'p', "a proxy whose X-Forwarded-For names the client;\nrepeatable"),
    OPTION ("deadline-ms", "N", 'd', "longest wait for the daemon, unless a request names\nits own (default: 5000)"),
    OPTION ("per-client", "N", 'n', "requests under way per address (default: 16)"),
    OPTION ("no-gzip", NULL, 'g', "never compress; for a proxy that does"),
    OPTION ("excel-safe", NULL, 'x', "in CSV and TSV, put ' before cells that a spreadsheet\nwould read as formulas"),
    OPTION ("insecure", NULL, 'i', "bind an address that other machines can reach,\nwithout TLS"),
    OPTION ("ready-fd", "N", 'r', "write the real address to descriptor N once ready"),
    OPTION ("list-options", NULL, 'L', "print the options for programs and exit"),
    OPTION ("help", NULL, 'h', "print this and exit"),
    OPTION ("version", NULL, 'v', "print the version and exit"),
};
#define ROWS (sizeof rows / sizeof *rows)

static const sks_argument_table table = SKS_ARGUMENT_TABLE (rows);

static void
print_help (void)
{
    puts ("Usage: skillsearch-http [OPTION]...\nServe searches of skillsearchd over HTTP.\n");
    for (size_t i = 0; i < ROWS; i++) {
        const sks_argument *row = &rows[i].argument;
        int size = printf ("  --%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        for (const char *line = row->help; line;) {
            const char *end = strchr (line, '\n');
            printf ("%*s%.*s\n", size < 28 ? 28 - size : 1, "", end ? (int) (end - line) : (int) strlen (line), line);
            size = 0;
            line = end ? end + 1 : NULL;
        }
    }
}

static int
refuse (const char *option, const char *value, const char *what)
{
    sks_error err;
    sks_fail (&err, SKS_EINVALID, "--%s %s: %s", option, value, what);
    sks_arguments_complain ("skillsearch-http", &err);
    return EXIT_USAGE;
}

bool
gw_options_have_name (const gw_names *names, const char *name, size_t size)
{
    for (size_t i = 0; i < names->count; i++)
        if (strlen (names->items[i]) == size && strncasecmp (names->items[i], name, size) == 0)
            return true;
    return false;
}

static int
add_name (gw_names *names, const char *option, const char *value)
{
    if (!*value || names->count == GW_MAX_NAMES)
        return refuse (option, value, *value ? "too many" : "must not be empty");
    names->items[names->count++] = value;
    return -1;
}

#define NAME_BYTES "-._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ADDRESS_BYTES ":.0123456789abcdefABCDEF"

/* Bytes of the name or the address in brackets that opens a text; 0 if neither does. */
static size_t
host_size (const char *text)
{
    if (*text != '[')
        return strspn (text, NAME_BYTES);
    size_t size = 1 + strspn (text + 1, ADDRESS_BYTES);
    return size > 1 && text[size] == ']' ? size + 1 : 0;
}

/* What no client could send in Host would be a name that never counts. */
static int
add_host (gw_names *hosts, const char *value)
{
    size_t size = host_size (value);
    if (*value && (size == 0 || value[size]))
        return refuse ("host", value, "a name without scheme, port and path is needed, as in skills.example");
    return add_name (hosts, "host", value);
}

/* Browsers send an origin in lower case and without a path, or "null". */
static int
add_origin (gw_names *origins, const char *value)
{
    size_t scheme = strspn (value, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
    const char *host = strncmp (value + scheme, "://", 3) == 0 ? value + scheme + 3 : "";
    size_t name = host_size (host), size = name;
    if (name && host[size] == ':')
        size += 1 + strspn (host + size + 1, "0123456789");
    bool whole = scheme && name && !host[size] && host[size - 1] != ':';
    if (*value && strcmp (value, "null") != 0 && (!whole || value[strcspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]))
        return refuse ("cors", value, "an origin in small letters is needed, as in https://skills.example:8443");
    return add_name (origins, "cors", value);
}

/* Addresses are compared as text, in the form that inet_ntop writes. */
static int
add_proxy (gw_names *proxies, const char *value)
{
    unsigned char number[sizeof (struct in6_addr)];
    char text[INET6_ADDRSTRLEN];
    int family = strchr (value, ':') ? AF_INET6 : AF_INET;
    if (*value && inet_pton (family, value, number) != 1)
        return refuse ("trusted-proxy", value, "an address without port is needed, as in 127.0.0.1 or ::1");
    if (*value && strcasecmp (inet_ntop (family, number, text, sizeof text), value) != 0) {
        char what[INET6_ADDRSTRLEN + 16];
        snprintf (what, sizeof what, "write it as %s", text);
        return refuse ("trusted-proxy", value, what);
    }
    return add_name (proxies, "trusted-proxy", value);
}

static int
read_number (unsigned *out, const char *option, const char *value, unsigned least, unsigned most)
{
    char *end;
    unsigned long number = strtoul (value, &end, 10);
    if (*value < '0' || *value > '9' || *end || strlen (value) > 9 || number < least || number > most) {
        char what[64];
        snprintf (what, sizeof what, "not a number from %u to %u", least, most);
        return refuse (option, value, what);
    }
    *out = (unsigned) number;
    return -1;
}

/* Read ADDRESS:PORT or [ADDRESS]:PORT, numbers only. */
static int
read_listen (gw_options *options)
{
    char address[64];
    const char *colon = strrchr (options->listen, ':');
    size_t size = colon ? (size_t) (colon - options->listen) : 0;
    unsigned port = 0;
    if (!colon || size == 0 || size >= sizeof address)
        return refuse ("listen", options->listen, "ADDRESS:PORT is needed");
    int rc = read_number (&port, "listen", colon + 1, 0, 65535);
    if (rc >= 0)
        return rc;
    bool six = *options->listen == '[' && colon[-1] == ']';
    snprintf (address, sizeof address, "%.*s", (int) (six ? size - 2 : size), options->listen + six);
    struct sockaddr_in *in = (struct sockaddr_in *) &options->address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) &options->address;
    bool local;
    if (six && inet_pton (AF_INET6, address, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons ((uint16_t) port);
        options->address_size = sizeof *in6;
        local = IN6_IS_ADDR_LOOPBACK (&in6->sin6_addr);
    } else if (!six && inet_pton (AF_INET, address, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons ((uint16_t) port);
        options->address_size = sizeof *in;
        local = ntohl (in->sin_addr.s_addr) >> 24 == 127;
    } else {
        return refuse ("listen", options->listen, "not an address");
    }
    if (!local && !options->insecure && options->proxies.count == 0)
        return refuse ("listen", options->listen,
                       "other machines can reach it, and there is no TLS; --insecure or --trusted-proxy allows it");
    return -1;
}

static int
read_option (gw_options *options, const struct row *row, const char *value)
{
    unsigned number;
    int rc = -1;
    switch (row->key) {
    case 'l':
        options->listen = value;
        break;
    case 'c':
        options->client.endpoint = value;
        break;
    case 's':
        options->client.server_key = value;
        break;
    case 'k':
        options->client.client_key = value;
        break;
    case 'H':
        return add_host (&options->hosts, value);
    case 'o':
        return add_origin (&options->origins, value);
    case 'p':
        return add_proxy (&options->proxies, value);
    case 'd':
        return read_number (&options->deadline_ms, row->argument.name, value, 1, SKS_MAX_DEADLINE_MS);
    case 'n':
        return read_number (&options->per_client, row->argument.name, value, 1, SKS_MAX_UNDER_WAY);
    case 'g':
        options->gzip = false;
        break;
    case 'x':
        options->excel_safe = true;
        break;
    case 'i':
        options->insecure = true;
        break;
    case 'r':
        rc = read_number (&number, row->argument.name, value, 1, 65535);
        options->ready_fd = rc < 0 ? (int) number : -1;
        break;
    case 'L':
        sks_arguments_list (&table, stdout);
        return EXIT_SUCCESS;
    case 'h':
        print_help ();
        return EXIT_SUCCESS;
    case 'v':
        puts ("skillsearch-http " SKS_VERSION);
        return EXIT_SUCCESS;
    }
    return rc;
}

static int
read_line (gw_options *options, char *const *argv)
{
    sks_arguments arguments;
    const sks_argument *found;
    const char *value;
    sks_error err;
    int more, rc;
    sks_arguments_begin (&arguments, &table, argv + (*argv != NULL));
    while ((more = sks_arguments_next (&arguments, &found, &value, &err)) > 0) {
        if (!found) {
            more = sks_fail (&err, SKS_EINVALID, "%s: only options are taken", value);
            break;
        }
        if ((rc = read_option (options, (const struct row *) (const void *) found, value)) >= 0)
            return rc;
    }
    if (more == 0)
        return -1;
    sks_arguments_complain ("skillsearch-http", &err);
    return EXIT_USAGE;
}

int
gw_options_read (gw_options *options, char *const *argv)
{
    sks_client_options client = SKS_CLIENT_OPTIONS_INIT;
    client.later = 1;
    *options = (gw_options) { .listen = "127.0.0.1:7380",
                              .client = client,
                              .deadline_ms = 5000,
                              .per_client = 16,
                              .gzip = true,
                              .ready_fd = -1 };
    int rc = read_line (options, argv);
    return rc >= 0 ? rc : read_listen (options);
}
