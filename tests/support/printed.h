/* printed.h - what the functions of client/print.h wrote, and terminals and hits for them. */
#ifndef SKS_TEST_PRINTED_H
#define SKS_TEST_PRINTED_H

#include "client/terminal.h"
#include "core/base/buffer.h"

extern const sks_terminal plain_terminal;   /* a pipe */
extern const sks_terminal colored_terminal; /* of 200 columns */
extern const sks_terminal narrow_terminal;  /* of 40 columns, without colours */
extern const sks_terminal ascii_terminal;   /* of 80 columns, without UTF-8 */

/* Two hits of different occupations; a test copies them to change them. */
extern const sks_hit sample_hits[2];

/* A result that found 37 statements and has these two. */
sks_result sample_result (void);

/* The buffer that a test prints to. */
extern sks_buffer printed;

/* What was printed since the last call. Borrowed: valid until the next call. */
const char *printed_text (void);

/* Free the buffer: a fixture after each test. */
void printed_forget (void);

#endif
