/* fuzz_vectors.c - any bytes as input of skillsearch-vectors and of readers of its files.
 *
 * The first byte chooses:
 *   0  changes of a good file, three bytes each: the position, from its beginning or its end, and the new byte. The
 *      checksum is corrected; a file that opens is used.
 *   1  a source; a file that is made of it must open.
 *   2  all files of WordNet. */
#include "core/base/hash.h"
#include "core/index/vectors.h"
#include "vectors/table.h"
#include "require.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_WORDS 50

/* Near words exist, are sorted, and do not include the word itself. */
static void
use_vectors (const sks_vectors *vectors)
{
    for (uint32_t word = 0; word < vectors->words; word++) {
        sks_alike near[SKS_MAX_NEAR];
        size_t text_size, count = sks_vectors_near (vectors, word, near);
        const char *text = sks_vectors_word (vectors, word, &text_size);
        require (sks_vectors_find (vectors, text, text_size) == word && count <= SKS_MAX_NEAR);
        for (size_t i = 0; i < count; i++) {
            require (near[i].word < vectors->words && near[i].word != word && near[i].weight >= SKS_NEAR_LEAST);
            require (near[i].weight <= 1.2001 && (!i || near[i - 1].weight >= near[i].weight));
            for (size_t k = 0; k < i; k++)
                require (near[k].word != near[i].word);
        }
    }
}

static void
change_file (const uint8_t *data, size_t size)
{
    static const uint32_t head[] = { SKS_VECTORS_VERSION, SKS_VECTOR_DIMENSIONS, 3, 3, 9, SKS_THESAURUS_WORDNET };
    static const uint32_t numbers[] = { 0, 3, 6, 9, 0, 0, 2, 3, 0, 2, 0 };
    enum {
        STARTS = SKS_VECTORS_HEAD + 3 * SKS_VECTOR_BYTES,
        STRENGTHS = STARTS + sizeof numbers,
        WHOLE = STRENGTHS + 12
    };
    char *bytes = calloc (1, WHOLE);
    sks_vectors *vectors;
    require (bytes != NULL);
    memcpy (bytes, SKS_VECTORS_MAGIC, 8);
    memcpy (bytes + 16, head, sizeof head);
    for (int w = 0; w < 3; w++)
        memset (bytes + SKS_VECTORS_HEAD + w * SKS_VECTOR_BYTES + w, 100, 2);
    memcpy (bytes + STARTS, numbers, sizeof numbers);
    memcpy (bytes + STRENGTHS,
            "\x33\xFF\x66"
            "antbatcat",
            12);
    for (; size >= 3; data += 3, size -= 3) {
        size_t at = data[1] % WHOLE;
        bytes[data[0] % 2 ? WHOLE - 1 - at : at] = (char) data[2];
    }
    uint64_t hash = sks_hash_bytes (bytes + 16, WHOLE - 16);
    memcpy (bytes + 8, &hash, sizeof hash);
    if (sks_vectors_map (&vectors, bytes, WHOLE, "file", NULL) == 0)
        use_vectors (vectors);
    sks_vectors_close (&vectors);
    free (bytes);
}

static void
read_source (const uint8_t *data, size_t size)
{
    sks_embeddings embeddings;
    sks_buffer bytes = SKS_BUFFER_INIT (1 << 24);
    sks_vectors *vectors = NULL;
    int fd = memfd_create ("source", MFD_CLOEXEC);
    require (fd >= 0 && write (fd, data, size) == (ssize_t) size && lseek (fd, 0, SEEK_SET) == 0);
    if (sks_embeddings_read (&embeddings, fd, "source", MOST_WORDS, NULL) == 0 &&
        sks_table_build (&bytes, &embeddings, NULL, NULL) == 0) {
        require (sks_vectors_map (&vectors, bytes.bytes, bytes.size, "made", NULL) == 0);
        use_vectors (vectors);
    }
    sks_vectors_close (&vectors);
    sks_embeddings_free (&embeddings);
    sks_buffer_free (&bytes);
    close (fd);
}

static void
visit (void *context, const char *word, size_t size, int relation, double strength)
{
    char folded[SKS_MAX_WORD_BYTES];
    (void) context;
    require (sks_embeddings_fold (word, size, folded) <= SKS_MAX_WORD_BYTES);
    require (size && !memchr (word, '_', size) && relation >= 0 && relation < SKS_RELATIONS);
    require (strength >= 0 && strength <= 1);
}

static sks_wordnet_file
make_file (const uint8_t *data, size_t size)
{
    sks_wordnet_file file = { calloc (1, size + 1), size, strdup ("file") };
    require (file.bytes && file.path);
    memcpy (file.bytes, data, size);
    return file;
}

static void
read_wordnet (const uint8_t *data, size_t size)
{
    sks_wordnet wordnet;
    wordnet.counts = make_file (data, size);
    for (int p = 0; p < SKS_PARTS_OF_SPEECH; p++) {
        wordnet.index[p] = make_file (data, size);
        wordnet.data[p] = make_file (data, size);
        wordnet.exceptions[p] = make_file (data, size);
    }
    sks_wordnet_relate (&wordnet, "kid", 3, visit, NULL, NULL);
    sks_wordnet_relate (&wordnet, "stopped", 7, visit, NULL, NULL);
    sks_wordnet_relate (&wordnet, (const char *) data, size < 10 ? size : 10, visit, NULL, NULL);
    sks_wordnet_close (&wordnet);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static void (*const uses[]) (const uint8_t *, size_t) = { change_file, read_source, read_wordnet };
    if (size)
        uses[data[0] % 3](data + 1, size - 1);
    return 0;
}
