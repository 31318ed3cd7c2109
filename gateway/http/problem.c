/* problem.c - the table of failures. */
#include "problem.h"

#include <skillsearch.h>
#include <stdbool.h>
#include <string.h>

static const gw_problem problems[] = {
    { "bad_request", 400, "The request is not understood", SKS_EBADREQUEST },
    { "query_syntax", 400, "The query cannot be read", SKS_EQUERYSYNTAX },
    { "query_too_complex", 400, "The query is too complex", SKS_ETOOCOMPLEX },
    { "limit", 400, "A number or size is over its maximum", SKS_ELIMIT },
    { "not_found", 404, "There is no such thing", SKS_ENOTFOUND },
    { "method", 405, "This method is not for this path", 0 },
    { "slow", 408, "The request did not arrive in time", 0 },
    { "body_size", 413, "The body is too large", 0 },
    { "media_type", 415, "The body is not application/json", 0 },
    { "host", 421, "This server does not serve that host", 0 },
    { "client_busy", 429, "Too many requests of one client", 0 },
    { "internal", 500, "A defect of the daemon", SKS_EINTERNAL },
    { "bad_version", 500, "The daemon speaks another version", SKS_EBADVERSION },
    { "coding", 501, "This transfer coding is not supported", 0 },
    { "auth", 502, "The daemon does not know our key", SKS_EAUTH },
    { "protocol", 502, "The daemon's reply cannot be read", SKS_EPROTOCOL },
    { "busy", 503, "Too busy, try again later", SKS_EBUSY },
    { "shutting_down", 503, "About to stop", SKS_ESHUTTINGDOWN },
    { "index", 503, "The daemon has no index", SKS_EINDEX },
    { "connect", 503, "No daemon answers", SKS_ECONNECT },
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
