/* mark.c - the place of the last assertion that passed, which Check reports for a test that ends early. Check writes it
 * to a file at every assertion, one system call each; here a test writes each place once, unless many others came
 * between, so loops of assertions cost little. The place reported is then the one that was reached last for the first
 * time. The Makefile has the linker call this instead of Check's function. */
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#define MARKS 256 /* a power of 2 */

void __real__mark_point (const char *file, int line);
void __wrap__mark_point (const char *file, int line);

/* The places that were written, each in the slot of its hash. */
static _Thread_local struct {
    const char *file;
    int line;
} marks[MARKS];

void
__wrap__mark_point (const char *file, int line)
{
    size_t slot = ((uintptr_t) file / 8 + (unsigned) line) % MARKS;
    if (marks[slot].file == file && marks[slot].line == line)
        return;
    marks[slot].file = file;
    marks[slot].line = line;
    __real__mark_point (file, line);
}

static void
forget_marks (void)
{
    memset (marks, 0, sizeof marks);
}

/* A test is a process, and begins without the places of the fixture that ran before it. */
__attribute__ ((constructor)) static void
forget_in_tests (void)
{
    pthread_atfork (NULL, NULL, forget_marks);
}
