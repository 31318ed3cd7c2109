/* fuzz_encoder.c - any bytes as a sentence encoder, as encoded statements, or as a text to encode.
 *
 * The first byte chooses:
 *   0  changes of a good file, three bytes each: the position, from its beginning or its end, and the new byte. The
 *      checksum is corrected; a file that opens is used.
 *   1  the same of a file of encoded statements.
 *   2  a text. */
#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/index/encoded.h"
#include "core/index/heading.h"
#include "core/index/pieces.h"
#include "require.h"
#include "tests/support/tiny_encoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A vector has length 1, and none of its numbers is NaN. */
static void
use_encoder (const sks_encoder *encoder, const char *bytes, size_t size)
{
    sks_transformer *transformer = NULL;
    const sks_encoder_text text = { bytes, size };
    float vector[SKS_DENSE_PANEL];
    int8_t rounded[SKS_ENCODER_OUTPUTS];
    double square = 0;
    require (encoder->wide == SKS_DENSE_PANEL && sks_transformer_make (&transformer, encoder, NULL) == 0);
    int code = sks_transformer_encode (transformer, &text, 1, vector, NULL);
    require (code == 0 || !sks_utf8_valid (bytes, size, NULL));
    for (uint32_t i = 0; !code && i < encoder->wide; i++)
        square += (double) vector[i] * (double) vector[i];
    require (square == 0 || fabs (square - 1) < 1e-4);
    if (!code)
        sks_encoded_round (transformer, vector, 1, rounded);
    for (int i = 0; !code && i < SKS_ENCODER_OUTPUTS; i++)
        require (rounded[i] != INT8_MIN);
    sks_transformer_free (&transformer);
}

static void
change (char *bytes, size_t whole, const uint8_t *data, size_t size)
{
    for (; size >= 3; data += 3, size -= 3) {
        size_t at = data[1] % whole;
        bytes[data[0] % 2 ? whole - 1 - at : at] = (char) data[2];
    }
    uint64_t hash = sks_hash_bytes (bytes + SKS_HEADING_HASHED, whole - SKS_HEADING_HASHED);
    memcpy (bytes + SKS_HEADING_HASH, &hash, sizeof hash);
}

static void
change_encoder (const uint8_t *data, size_t size)
{
    sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_encoder *encoder = tiny_encoder_make (&bytes, 1);
    sks_encoder_close (&encoder);
    change (bytes.bytes, bytes.size, data, size);
    if (sks_encoder_map (&encoder, bytes.bytes, bytes.size, "file", NULL) == 0)
        use_encoder (encoder, "pump x!", 7);
    sks_encoder_close (&encoder);
    sks_buffer_free (&bytes);
}

static void
change_encoded (const uint8_t *data, size_t size)
{
    enum { STATEMENTS = 2, WHOLE = SKS_ENCODED_HEAD + STATEMENTS * (8 + SKS_ENCODER_OUTPUTS) };
    static const sks_heading heading = { SKS_ENCODED_MAGIC, "", SKS_ENCODED_VERSION, 0, 0 };
    char *bytes = calloc (1, WHOLE);
    sks_encoded encoded;
    require (bytes != NULL);
    bytes[20] = STATEMENTS;
    sks_heading_write (&heading, bytes, WHOLE);
    change (bytes, WHOLE, data, size);
    if (sks_encoded_map (&encoded, bytes, WHOLE, "file", NULL) == 0) {
        require (encoded.statements == STATEMENTS);
        for (size_t i = 0; i < STATEMENTS * SKS_ENCODER_OUTPUTS; i++)
            require (encoded.vectors[i] != INT8_MIN);
    }
    sks_encoded_close (&encoded);
    free (bytes);
}

static void
read_text (const uint8_t *data, size_t size)
{
    sks_buffer bytes = SKS_BUFFER_INIT (SIZE_MAX / 2);
    sks_encoder *encoder = tiny_encoder_make (&bytes, 1);
    use_encoder (encoder, (const char *) data, size);
    sks_encoder_close (&encoder);
    sks_buffer_free (&bytes);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static void (*const uses[]) (const uint8_t *, size_t) = { change_encoder, change_encoded, read_text };
    if (size)
        uses[data[0] % 3](data + 1, size - 1);
    return 0;
}
