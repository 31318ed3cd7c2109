/* problem.h - kinds of failure, as docs/http.md lists them. */
#ifndef GW_PROBLEM_H
#define GW_PROBLEM_H

#include <stddef.h>

typedef struct gw_problem {
    const char *code; /* of problem+json */
    unsigned status;
    const char *title;
    int sks_code; /* of the library for it; 0: the server's own */
} gw_problem;

/* The problem of a name or of a code of the library; never NULL. */
const gw_problem *gw_problem_named (const char *code);
const gw_problem *gw_problem_of (int sks_code);

/* The i-th problem, NULL after the last. */
const gw_problem *gw_problem_at (size_t i);

#endif
