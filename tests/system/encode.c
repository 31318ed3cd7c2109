/* encode.c - encodes lines of text with a sentence encoder, for comparisons with other programs.
 *
 * usage: encode FILE pieces|vectors|rounded [KERNEL] < LINES
 *
 * Prints one line per line: its pieces with a tab after each, ? for unknown characters; or the numbers of its vector;
 * or the vector projected and rounded as for statements. KERNEL names the instructions (dense.h); exit 3: this
 * processor does not have them. */
#include "core/index/encoded.h"
#include "core/index/pieces.h"
#include "core/index/transformer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print_pieces (const sks_encoder *encoder, const sks_encoder_text *text, sks_error *err)
{
    uint32_t pieces[SKS_MAX_PIECES];
    size_t count;
    int code = sks_pieces_split (encoder, text->bytes, text->size, pieces, &count, err);
    for (size_t i = 0; !code && i < count; i++) {
        const uint32_t *starts = encoder->starts + pieces[i];
        printf ("%.*s\t", pieces[i] ? (int) (starts[1] - starts[0]) : 1, pieces[i] ? encoder->text + starts[0] : "?");
    }
    return code;
}

static int
print_vector (sks_transformer *transformer, const sks_encoder_text *text, const sks_encoder *encoder, bool rounded,
              sks_error *err)
{
    float vector[SKS_MAX_ENCODER_WIDTH];
    int8_t numbers[SKS_ENCODER_OUTPUTS];
    int code = sks_transformer_encode (transformer, text, 1, vector, err);
    if (!code && rounded)
        sks_encoded_round (transformer, vector, 1, numbers);
    for (uint32_t i = 0; !code && i < (rounded ? SKS_ENCODER_OUTPUTS : encoder->wide); i++)
        if (rounded)
            printf ("%d\t", numbers[i]);
        else
            printf ("%.9g\t", (double) vector[i]);
    return code;
}

static sks_dense *
find_kernel (const char *name)
{
    sks_dense_kernel kernels[SKS_MAX_DENSE_KERNELS];
    size_t count = sks_dense_kernels (kernels);
    for (size_t i = 0; i < count; i++)
        if (strcmp (kernels[i].name, name) == 0 && kernels[i].usable)
            return kernels[i].multiply;
    return NULL;
}

int
main (int argc, char **argv)
{
    sks_encoder *encoder = NULL;
    sks_transformer *transformer = NULL;
    sks_error err;
    char *line = NULL;
    size_t capacity = 0;
    if (argc < 3)
        return 2;
    int code = sks_encoder_open (&encoder, argv[1], &err);
    if (!code && argc > 3 && !(encoder->multiply = find_kernel (argv[3])))
        return 3;
    if (!code)
        code = sks_transformer_make (&transformer, encoder, &err);
    for (ssize_t size; !code && (size = getline (&line, &capacity, stdin)) > 0;) {
        sks_encoder_text text = { line, (size_t) size - (line[size - 1] == '\n') };
        code = strcmp (argv[2], "pieces") == 0
                   ? print_pieces (encoder, &text, &err)
                   : print_vector (transformer, &text, encoder, strcmp (argv[2], "rounded") == 0, &err);
        putchar ('\n');
    }
    if (code)
        fprintf (stderr, "encode: %s\n", err.text);
    free (line);
    sks_transformer_free (&transformer);
    sks_encoder_close (&encoder);
    return code ? 1 : 0;
}
