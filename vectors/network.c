/* network.c - named arrays of floats -> the places of the encoder's weights. */
#include "network.h"

#include "core/base/json.h"
#include "core/index/heading.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_SHARDS 64
#define MAX_DIMENSIONS 6

/* The sizes of the network's rows follow from the shapes of these weights. */
#define EMBEDDING "module/Embeddings_en"
#define LAST "tanh_layer_0/weights"
#define EXPANSION "Layer_0/TransformerLayer/", "FFN/conv1/bias"
#define PIECES_AT 20 /* of the head: pieces, widths, bytes of all pieces */

struct source {
    const char *folder;
    cJSON *model, *vocabulary;
    const cJSON *weights; /* of the model: a list of names and shapes */
    sks_image shards[MAX_SHARDS];
    float *floats; /* of all shards */
    size_t count;
    float *made; /* the weights of the file that is made */
    sks_error *err;
};

/* A weight by one or two parts of its name; no other name contains both. */
struct name {
    const char *first, *second;
};

struct tensor {
    const float *floats;
    size_t count;
    uint32_t last; /* of its dimensions */
};

/* ------------------------------------------------------------------- reading */

static int
refuse (const struct source *s, const char *file, const char *what, const char *name)
{
    return sks_fail (s->err, SKS_EINVALID, "%s/%s: %s%s%s", s->folder, file, what, *name ? ": " : "", name);
}

static int
read_file (const struct source *s, const char *file, sks_image *out)
{
    char *path;
    int fd = -1;
    if (asprintf (&path, "%s/%s", s->folder, file) < 0)
        return sks_fail_memory (s->err);
    int code = sks_image_begin (out, &fd, path, s->err);
    if (!code)
        code = sks_image_take (out, fd, 0, out->size, path, s->err);
    if (fd >= 0)
        close (fd);
    free (path);
    return code;
}

static int
read_json (const struct source *s, const char *file, cJSON **out)
{
    static const sks_json_limits limits = { 16 << 20, 32, 100000, 1000000, 0 };
    sks_image image = { NULL, 0, false };
    int code = read_file (s, file, &image);
    sks_error cause;
    if (!code && sks_json_parse (out, image.bytes, image.size, &limits, &cause))
        code = refuse (s, file, cause.text, "");
    sks_image_drop (&image);
    return code;
}

/* All shards, one after the other. */
static int
read_weights (struct source *s)
{
    const cJSON *manifest = cJSON_GetArrayItem (cJSON_GetObjectItemCaseSensitive (s->model, "weightsManifest"), 0);
    const cJSON *paths = cJSON_GetObjectItemCaseSensitive (manifest, "paths"), *path;
    size_t size = 0, shards = 0;
    s->weights = cJSON_GetObjectItemCaseSensitive (manifest, "weights");
    if (!cJSON_IsArray (paths) || !cJSON_IsArray (s->weights))
        return refuse (s, "model.json", "there is no list of weights and their files", "");
    cJSON_ArrayForEach (path, paths)
    {
        if (!cJSON_IsString (path) || strchr (path->valuestring, '/') || shards == MAX_SHARDS)
            return refuse (s, "model.json", "an invalid file of weights, or too many", "");
        int code = read_file (s, path->valuestring, &s->shards[shards]);
        if (code)
            return code;
        size += s->shards[shards++].size;
    }
    s->count = size / sizeof *s->floats;
    s->floats = malloc (size + 1);
    if (!s->floats)
        return sks_fail_memory (s->err);
    char *to = (char *) s->floats;
    for (size_t i = 0; i < shards; i++)
        to = mempcpy (to, s->shards[i].bytes, s->shards[i].size);
    return 0;
}

/* The number of floats in a weight's shape; 0 if the shape is malformed. */
static size_t
count_numbers (const cJSON *weight, uint32_t *last)
{
    const cJSON *shape = cJSON_GetObjectItemCaseSensitive (weight, "shape"), *item;
    size_t count = 1;
    int dimensions = 0;
    *last = 1;
    cJSON_ArrayForEach (item, shape)
    {
        if (!cJSON_IsNumber (item) || item->valuedouble < 1 || item->valuedouble > (1 << 20) ||
            ++dimensions > MAX_DIMENSIONS || count > (1 << 24))
            return 0;
        *last = (uint32_t) item->valuedouble;
        count *= *last;
    }
    return cJSON_IsArray (shape) ? count : 0;
}

/* The weight whose name has both parts. */
static int
find_tensor (const struct source *s, struct name name, struct tensor *out)
{
    const cJSON *weight;
    size_t at = 0;
    *out = (struct tensor) { NULL, 0, 0 };
    cJSON_ArrayForEach (weight, s->weights)
    {
        const char *text = cJSON_GetStringValue (cJSON_GetObjectItemCaseSensitive (weight, "name"));
        uint32_t last;
        size_t count = count_numbers (weight, &last);
        if (!text || !count || count > s->count - at)
            return refuse (s, "model.json", "a weight without a name, of an invalid shape, or beyond the files", "");
        if (strstr (text, name.first) && strstr (text, name.second)) {
            if (out->floats)
                return refuse (s, "model.json", "two weights of one name", text);
            *out = (struct tensor) { s->floats + at, count, last };
        }
        at += count;
    }
    return out->floats ? 0 : refuse (s, "model.json", "a weight is missing", name.second);
}

/* ------------------------------------------------------------------- weights */

/* A place of the file that is made, to be written. */
static float *
writable (const struct source *s, const float *place)
{
    return s->made + (place - s->made);
}

/* Copy a weight, which must have exactly `count` numbers. */
static int
copy (const struct source *s, struct name name, const float *to, size_t count)
{
    struct tensor tensor = { 0 };
    int code = find_tensor (s, name, &tensor);
    if (!code && tensor.count != count)
        code = refuse (s, "model.json", "a weight of another shape", name.second);
    if (!code)
        memcpy (writable (s, to), tensor.floats, count * sizeof *to);
    return code;
}

/* Copy a matrix, stored input by input, into panels, and its biases before them. */
static int
copy_dense (const struct source *s, struct name matrix, struct name bias, const float *to, uint32_t ins, uint32_t outs)
{
    struct tensor tensor = { 0 };
    int code = copy (s, bias, to, outs);
    if (!code)
        code = find_tensor (s, matrix, &tensor);
    if (!code && tensor.count != (size_t) ins * outs)
        code = refuse (s, "model.json", "a weight of another shape", matrix.second);
    for (uint32_t i = 0; !code && i < ins; i++)
        for (uint32_t o = 0; o < outs; o++)
            writable (s, to)[sks_dense_at (ins, outs, i, o)] = tensor.floats[(size_t) i * outs + o];
    return code;
}

static int
copy_norm (const struct source *s, const char *layer, const char *scale, const char *bias, const float *to,
           uint32_t count)
{
    int code = copy (s, (struct name) { layer, scale }, to, count);
    return code ? code : copy (s, (struct name) { layer, bias }, to + count, count);
}

static int
copy_layer (const struct source *s, int number, const sks_encoder *e)
{
    static const char *const folders[SKS_ENCODER_LAYERS] = { "Layer_0/TransformerLayer/", "Layer_1/TransformerLayer/" };
    static const char *const first_norms[SKS_ENCODER_LAYERS][2] = {
        { "Layer_0/TransformerLayer/layer_prepostprocess/layer_norm/layer_norm_scale",
          "Layer_0/TransformerLayer/layer_prepostprocess/layer_norm/layer_norm_bias" },
        { "Layer_1/TransformerLayer/layer_prepostprocess/layer_norm/layer_norm_scale",
          "Layer_1/TransformerLayer/layer_prepostprocess/layer_norm/layer_norm_bias" },
    };
    const sks_encoder_layer *layer = &e->layer[number];
    const char *in = folders[number];
    int code = copy_norm (s, in, first_norms[number][0], first_norms[number][1], layer->attention_norm, layer->ins);
    if (!code)
        code = copy_norm (s, in, "FFN/layer_prepostprocess/layer_norm/layer_norm_scale",
                          "FFN/layer_prepostprocess/layer_norm/layer_norm_bias", layer->norm, e->wide);
    if (!code)
        code = copy_dense (s, (struct name) { in, "qkv_transform_single/kernel" },
                           (struct name) { in, "qkv_transform_single/bias" }, layer->attention, layer->ins,
                           3 * layer->ins);
    if (!code)
        code = copy_dense (s, (struct name) { in, "output_transform_single/kernel" },
                           (struct name) { in, "output_transform_single/bias" }, layer->output, layer->ins, e->wide);
    if (!code)
        code = copy_dense (s, (struct name) { in, "FFN/conv1/Tensordot/Reshape_1" },
                           (struct name) { in, "FFN/conv1/bias" }, layer->expand, e->wide, e->hidden);
    if (!code)
        code = copy_dense (s, (struct name) { in, "FFN/conv2/Tensordot/Reshape_1" },
                           (struct name) { in, "FFN/conv2/bias" }, layer->contract, e->hidden, e->wide);
    if (!code && layer->adjust)
        code = copy_dense (s, (struct name) { in, "TransformerLayer/dense/kernel" },
                           (struct name) { in, "TransformerLayer/dense/bias" }, layer->adjust, layer->ins, e->wide);
    return code;
}

/* Sines, then cosines, of place times frequency: the products are floats in the original, too. */
static int
fill_timing (const struct source *s, const sks_encoder *e)
{
    struct tensor frequency = { 0 };
    uint32_t half = e->narrow / 2;
    float *to = writable (s, e->timing);
    int code = find_tensor (s, (struct name) { "TimingSignal/ExpandDims_1", "" }, &frequency);
    if (!code && (!half || frequency.count != half))
        code = refuse (s, "model.json", "a weight of another shape", "TimingSignal/ExpandDims_1");
    for (size_t place = 0; !code && place < SKS_MAX_PIECES; place++)
        for (uint32_t i = 0; i < e->narrow; i++) {
            double angle = (double) ((float) place * frequency.floats[i % half]);
            *to++ = (float) (i < half ? sin (angle) : cos (angle));
        }
    return code;
}

/* Keep the first numbers unchanged until a sample gives the axes. */
static void
fill_projection (const struct source *s, const sks_encoder *e)
{
    float *to = writable (s, e->projection);
    for (uint32_t i = 0; i < SKS_ENCODER_OUTPUTS && i < e->wide; i++)
        to[sks_dense_at (e->wide, SKS_ENCODER_OUTPUTS, i, i)] = 1;
}

/* ---------------------------------------------------------------- vocabulary */

struct piece {
    const char *text;
    double score;
    uint32_t row; /* of the embeddings */
};

static int
compare_pieces (const void *one, const void *other)
{
    const struct piece *a = one, *b = other;
    int order = strcmp (a->text, b->text); /* of bytes as unsigned */
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

/* Of equal pieces keep the last one. Returns how many are left. */
static uint32_t
drop_equal (struct piece *pieces, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t p = 0; p < count; p++)
        if (p + 1 == count || strcmp (pieces[p].text, pieces[p + 1].text) != 0)
            pieces[kept++] = pieces[p];
    return kept;
}

/* The pieces in the order of their bytes; the first one stands for unknown characters. */
static int
list_pieces (const struct source *s, struct piece **out, uint32_t *count)
{
    const cJSON *item;
    int all = cJSON_GetArraySize (s->vocabulary);
    uint32_t row = 0;
    *count = 1;
    if (all <= SKS_RESERVED_PIECES || all > SKS_MAX_VOCABULARY)
        return refuse (s, "vocab.json", "not a list of pieces", "");
    *out = calloc ((size_t) all, sizeof **out);
    if (!*out)
        return sks_fail_memory (s->err);
    (*out)->text = "";
    cJSON_ArrayForEach (item, s->vocabulary)
    {
        const char *text = cJSON_GetStringValue (cJSON_GetArrayItem (item, 0));
        const cJSON *score = cJSON_GetArrayItem (item, 1);
        if (!text || !(cJSON_IsNumber (score) || cJSON_IsNull (score)) || strlen (text) > SKS_MAX_PIECE_BYTES)
            return refuse (s, "vocab.json", "an item that is not [piece, score]", "");
        if (row >= SKS_RESERVED_PIECES && *text)
            (*out)[(*count)++] = (struct piece) { text, cJSON_IsNumber (score) ? score->valuedouble : 0, row };
        row++;
    }
    qsort (*out + 1, *count - 1, sizeof **out, compare_pieces);
    *count = drop_equal (*out, *count);
    return 0;
}

/* ---------------------------------------------------------------------- file */

static int
write_file (struct source *s, sks_buffer *out, const struct piece *pieces, uint32_t count, struct tensor embedding,
            struct tensor last, struct tensor expansion)
{
    static const sks_heading heading = { SKS_ENCODER_MAGIC, "", SKS_ENCODER_VERSION, 0, 0 };
    sks_encoder e = { .pieces = count, .narrow = embedding.last, .wide = last.last, .hidden = expansion.last };
    size_t text = 0, start = out->size, floats = sks_encoder_place (&e, NULL);
    size_t computed = (size_t) SKS_MAX_PIECES * e.narrow + SKS_DENSE_FLOATS (e.wide, SKS_ENCODER_OUTPUTS);
    /* Weights that are not there need no memory. */
    if (floats - computed > s->count)
        return refuse (s, "model.json", "the files have fewer numbers than the shapes need", "");
    for (uint32_t p = 0; p < count; p++)
        text += strlen (pieces[p].text);
    char *head = sks_buffer_reserve (out, SKS_ENCODER_HEAD + floats * sizeof (float));
    if (!head)
        return sks_buffer_status (out, s->err);
    memset (head, 0, SKS_ENCODER_HEAD + floats * sizeof (float));
    uint32_t numbers[] = { count, e.narrow, e.wide, e.hidden, (uint32_t) text };
    memcpy (head + PIECES_AT, numbers, sizeof numbers);
    out->size += SKS_ENCODER_HEAD + floats * sizeof (float);
    s->made = (float *) (void *) (head + SKS_ENCODER_HEAD);
    sks_encoder_place (&e, s->made);
    for (uint32_t p = 0; p < count; p++)
        memcpy (writable (s, e.embedding) + (size_t) p * e.narrow, embedding.floats + (size_t) pieces[p].row * e.narrow,
                e.narrow * sizeof (float));
    int code = fill_timing (s, &e);
    for (int i = 0; !code && i < SKS_ENCODER_LAYERS; i++)
        code = copy_layer (s, i, &e);
    if (!code)
        code = copy_dense (s, (struct name) { LAST, "" }, (struct name) { "tanh_layer_0/bias", "" }, e.last, e.wide,
                           e.wide);
    if (code)
        return code;
    fill_projection (s, &e);
    for (uint32_t p = 0; p < count; p++)
        sks_buffer_add (out, &pieces[p].score, sizeof pieces[p].score);
    for (uint32_t p = 0, at = 0; p <= count; p++) {
        sks_buffer_add (out, &at, sizeof at);
        at += p < count ? (uint32_t) strlen (pieces[p].text) : 0;
    }
    for (uint32_t p = 0; p < count; p++)
        sks_buffer_puts (out, pieces[p].text);
    code = sks_buffer_status (out, s->err);
    if (!code)
        sks_heading_write (&heading, out->bytes + start, out->size - start);
    return code;
}

static int
build (struct source *s, sks_buffer *out)
{
    struct tensor embedding = { 0 }, last = { 0 }, expansion = { 0 };
    struct piece *pieces = NULL;
    uint32_t count = 0;
    int code = read_json (s, "model.json", &s->model);
    if (!code)
        code = read_weights (s);
    if (!code)
        code = read_json (s, "vocab.json", &s->vocabulary);
    if (!code)
        code = list_pieces (s, &pieces, &count);
    if (!code)
        code = find_tensor (s, (struct name) { EMBEDDING, "" }, &embedding);
    if (!code)
        code = find_tensor (s, (struct name) { LAST, "" }, &last);
    if (!code)
        code = find_tensor (s, (struct name) { EXPANSION }, &expansion);
    if (!code && embedding.count < (size_t) cJSON_GetArraySize (s->vocabulary) * embedding.last)
        code = refuse (s, "vocab.json", "more pieces than embeddings", "");
    uint32_t widths[] = { code ? 0 : embedding.last, code ? 0 : last.last, code ? 0 : expansion.last };
    for (size_t i = 0; !code && i < sizeof widths / sizeof *widths; i++)
        if (widths[i] % SKS_DENSE_PANEL || widths[i] > SKS_MAX_ENCODER_WIDTH)
            code = refuse (s, "model.json", "a weight of another shape", EMBEDDING);
    if (!code)
        code = write_file (s, out, pieces, count, embedding, last, expansion);
    free (pieces);
    return code;
}

int
sks_network_build (sks_buffer *out, const char *folder, sks_error *err)
{
    struct source s = { .folder = folder, .err = err };
    sks_encoder *made = NULL;
    size_t start = out->size;
    int code = build (&s, out);
    /* Refuse here what no reader would accept, such as weights that are too large. */
    if (!code)
        code = sks_encoder_map (&made, out->bytes + start, out->size - start, folder, err);
    sks_encoder_close (&made);
    for (size_t i = 0; i < MAX_SHARDS; i++)
        sks_image_drop (&s.shards[i]);
    cJSON_Delete (s.model);
    cJSON_Delete (s.vocabulary);
    free (s.floats);
    return code;
}
