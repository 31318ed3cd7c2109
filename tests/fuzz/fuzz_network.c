/* fuzz_network.c - any bytes as parts of the package of a sentence encoder.
 *
 * The first byte chooses what is read in place of a part of a good package; a package that is accepted is used.
 *   0  a changed model.json, three bytes for each change: the position (two of them), and the new byte
 *   1  a changed vocab.json
 *   2  any bytes as model.json
 *   3  any bytes as vocab.json
 *   4  any bytes at the beginning of the file of weights */
#include "core/index/transformer.h"
#include "vectors/network.h"
#include "require.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = SKS_DENSE_PANEL, PIECES = 12, PARTS = 3, MOST_BYTES = 1 << 17 };

static const char *const names[PARTS] = { "model.json", "vocab.json", "weights" };
static sks_buffer good[PARTS] = { SKS_BUFFER_INIT (1 << 24), SKS_BUFFER_INIT (1 << 24), SKS_BUFFER_INIT (1 << 24) };
static char folder[] = "/tmp/skillsearch-fuzz-XXXXXX";
static int changed = -1; /* the part whose file is not the good one */

static void
path_of (int part, char path[64])
{
    snprintf (path, 64, "%s/%s", folder, names[part]);
}

static void
write_part (int part, const void *bytes, size_t size)
{
    char path[64];
    path_of (part, path);
    FILE *file = fopen (path, "wb");
    require (file != NULL);
    require (fwrite (bytes, 1, size, file) == size);
    require (fclose (file) == 0);
}

static void
remove_folder (void)
{
    for (int part = 0; part < PARTS; part++) {
        char path[64];
        path_of (part, path);
        unlink (path);
    }
    rmdir (folder);
}

/* ------------------------------------------------------------- a good package */

/* Add a weight of rows x columns numbers. */
static void
add_weight (const char *before, const char *name, uint32_t rows, uint32_t columns)
{
    static uint32_t state = 1;
    char text[256];
    snprintf (text, sizeof text, "%s{\"name\":\"%s%s\",\"shape\":[%u,%u]}",
              good[0].bytes[good[0].size - 1] == '[' ? "" : ",", before, name, rows, columns);
    sks_buffer_puts (&good[0], text);
    for (uint32_t i = 0; i < rows * columns; i++) {
        state = state * 1664525u + 1013904223u;
        float number = (float) (state >> 8) / (1 << 24) - .5f;
        sks_buffer_add (&good[2], &number, sizeof number);
    }
}

static void
make_package (void)
{
    static const char *const layers[] = { "Layer_0/TransformerLayer/", "Layer_1/TransformerLayer/" };
    static const struct {
        const char *name;
        uint32_t rows, times;
    } weights[] = {
        { "layer_prepostprocess/layer_norm/layer_norm_scale", 1, 1 },
        { "layer_prepostprocess/layer_norm/layer_norm_bias", 1, 1 },
        { "FFN/layer_prepostprocess/layer_norm/layer_norm_scale", 1, 1 },
        { "FFN/layer_prepostprocess/layer_norm/layer_norm_bias", 1, 1 },
        { "qkv_transform_single/kernel", WIDTH, 3 },
        { "qkv_transform_single/bias", 1, 3 },
        { "output_transform_single/kernel", WIDTH, 1 },
        { "output_transform_single/bias", 1, 1 },
        { "FFN/conv1/Tensordot/Reshape_1", WIDTH, 1 },
        { "FFN/conv1/bias", 1, 1 },
        { "FFN/conv2/Tensordot/Reshape_1", WIDTH, 1 },
        { "FFN/conv2/bias", 1, 1 },
        { "dense/kernel", WIDTH, 1 },
        { "dense/bias", 1, 1 },
    };
    sks_buffer_puts (&good[0], "{\"weightsManifest\":[{\"paths\":[\"weights\"],\"weights\":[");
    add_weight ("", "module/Embeddings_en", PIECES, WIDTH);
    add_weight ("", "TimingSignal/ExpandDims_1", 1, WIDTH / 2);
    for (size_t layer = 0; layer < sizeof layers / sizeof *layers; layer++)
        for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
            add_weight (layers[layer], weights[i].name, weights[i].rows, weights[i].times * WIDTH);
    add_weight ("", "tanh_layer_0/weights", WIDTH, WIDTH);
    add_weight ("", "tanh_layer_0/bias", 1, WIDTH);
    sks_buffer_puts (&good[0], "]}]}");
    sks_buffer_puts (&good[1], "[[\"\",null],[\"<s>\",null],[\"</s>\",0],[\"c\",0],[\"d\",0],[\"e\",0],[\"\u2581\",-3],"
                               "[\"\u2581pump\",-7.5],[\"pu\",-8],[\"m\",-5],[\"p\",-5.25],[\"pump\",-6e0]]");
}

/* ------------------------------------------------------------------- its use */

/* The vector of a text has length 1, or is zeros. */
static void
use_encoder (const sks_buffer *file)
{
    sks_encoder *encoder = NULL;
    sks_transformer *transformer = NULL;
    const sks_encoder_text text = { "pump x!", 7 };
    double square = 0;
    require (sks_encoder_map (&encoder, file->bytes, file->size, "made", NULL) == 0);
    require (sks_transformer_make (&transformer, encoder, NULL) == 0);
    float *vector = calloc (encoder->wide, sizeof *vector);
    require (vector && sks_transformer_encode (transformer, &text, 1, vector, NULL) == 0);
    for (uint32_t i = 0; i < encoder->wide; i++)
        square += (double) vector[i] * (double) vector[i];
    require (square == 0 || fabs (square - 1) < 1e-4);
    free (vector);
    sks_transformer_free (&transformer);
    sks_encoder_close (&encoder);
}

/* Read the good package with other bytes as one of its parts. */
static void
read_package (int part, const void *bytes, size_t size)
{
    sks_buffer file = SKS_BUFFER_INIT (1 << 28);
    sks_error err;
    if (changed >= 0 && changed != part)
        write_part (changed, good[changed].bytes, good[changed].size);
    changed = part;
    write_part (part, bytes, size);
    if (sks_network_build (&file, folder, &err) == 0)
        use_encoder (&file);
    else
        require (*err.text);
    sks_buffer_free (&file);
}

static void
read_changed (int part, const uint8_t *data, size_t size)
{
    static char bytes[MOST_BYTES];
    size_t whole = good[part].size;
    require (whole <= sizeof bytes);
    memcpy (bytes, good[part].bytes, whole);
    for (; size >= 3; data += 3, size -= 3)
        bytes[((size_t) data[0] << 8 | data[1]) % whole] = (char) data[2];
    read_package (part, bytes, whole);
}

static void
read_weights (const uint8_t *data, size_t size)
{
    static char bytes[MOST_BYTES];
    size_t whole = good[2].size;
    require (whole <= sizeof bytes);
    memcpy (bytes, good[2].bytes, whole);
    memcpy (bytes, data, size < whole ? size : whole);
    read_package (2, bytes, whole);
}

/* Make the good package, which must be accepted. */
static void
prepare (void)
{
    sks_buffer file = SKS_BUFFER_INIT (1 << 28);
    make_package ();
    require (mkdtemp (folder) != NULL);
    atexit (remove_folder);
    for (int part = 0; part < PARTS; part++)
        write_part (part, good[part].bytes, good[part].size);
    require (sks_network_build (&file, folder, NULL) == 0);
    use_encoder (&file);
    sks_buffer_free (&file);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (!good[0].size)
        prepare ();
    if (!size)
        return 0;
    int use = *data % 5;
    if (use < 2)
        read_changed (use, data + 1, size - 1);
    else if (use < 4)
        read_package (use - 2, data + 1, size - 1);
    else
        read_weights (data + 1, size - 1);
    return 0;
}
