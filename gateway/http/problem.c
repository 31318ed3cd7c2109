/* problem.c - the table of failures. */
#include "problem.h"

#include <skillsearch.h>
#include <stdbool.h>
#include <string.h>

static const gw_problem problems[] = {
    { "bad_request", 400, "The request is invalid", SKS_EBADREQUEST },
    { "query_syntax", 400, "The query cannot be read", SKS_EQUERYSYNTAX },
    { "query_too_complex", 400, "The query is too complex", SKS_ETOOCOMPLEX },
    { "limit", 400, "A number or size exceeds its maximum", SKS_ELIMIT },
    { "not_found", 404, "Not found", SKS_ENOTFOUND },
    { "method", 405, "The path does not support this method", 0 },
    { "slow", 408, "The request did not arrive in time", 0 },
    { "body_size", 413, "The body is too large", 0 },
    { "media_type", 415, "The body is not application/json", 0 },
    { "host", 421, "This server does not serve that host", 0 },
    { "client_busy", 429, "Too many requests from one client", 0 },
    { "internal", 500, "Internal error of the daemon", SKS_EINTERNAL },
    { "bad_version", 500, "The daemon has another protocol version", SKS_EBADVERSION },
    { "coding", 501, "This transfer coding is not supported", 0 },
    { "unsupported", 501, "The daemon cannot answer such requests", SKS_EUNSUPPORTED },
    { "auth", 502, "The daemon rejects the key of this server", SKS_EAUTH },
    { "protocol", 502, "The daemon's reply cannot be read", SKS_EPROTOCOL },
    { "busy", 503, "Too busy, try again later", SKS_EBUSY },
    { "shutting_down", 503, "The server is stopping", SKS_ESHUTTINGDOWN },
    { "index", 503, "The daemon has no index", SKS_EINDEX },
    { "unavailable", 503, "A server that the search needs does not answer", SKS_EUNAVAILABLE },
    { "connect", 503, "The daemon does not answer", SKS_ECONNECT },
    { "deadline", 504, "No answer in time", SKS_EDEADLINE },
};
#define PROBLEMS (sizeof problems / sizeof *problems)

const gw_problem *
gw_problem_at (size_t i)
{
    return i < PROBLEMS ? &problems[i] : NULL;
}

const gw_problem *
gw_problem_named (const char *code)
{
    for (size_t i = 0; i < PROBLEMS; i++)
        if (strcmp (problems[i].code, code) == 0)
            return &problems[i];
    return gw_problem_named ("internal");
}

const gw_problem *
gw_problem_of (int sks_code)
{
    for (size_t i = 0; i < PROBLEMS; i++)
        if (problems[i].sks_code == sks_code)
            return &problems[i];
    return gw_problem_named ("internal");
}
