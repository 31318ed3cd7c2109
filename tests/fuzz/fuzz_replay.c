/* fuzz_replay.c - give kept inputs to a fuzz target, with any compiler.
 *
 * usage: replay-TARGET FILE... ; prints how many were replayed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_BYTES (1 << 20)

int
main (int argc, char **argv)
{
    uint8_t *bytes = malloc (MOST_BYTES);
    int replayed = 0;
    for (int i = 1; bytes && i < argc; i++) {
        FILE *file = fopen (argv[i], "rb");
        if (!file) {
            perror (argv[i]);
            return 1;
        }
        size_t size = fread (bytes, 1, MOST_BYTES, file);
        fclose (file);
        LLVMFuzzerTestOneInput (bytes, size);
        replayed++;
    }
    free (bytes);
    printf ("%d inputs replayed\n", replayed);
    return replayed == argc - 1 ? 0 : 1;
}
