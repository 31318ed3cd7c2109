/* word_source.c - a source of word vectors, as skillsearch-vectors reads it. */
#include "word_source.h"

#include "sample.h"
#include "vectors/table.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct word_source word_source = { .text = SKS_BUFFER_INIT (1 << 24), .file = SKS_BUFFER_INIT (1 << 24) };

void
word_source_begin (void)
{
    word_source.folder = sample_folder ();
    sks_buffer_clear (&word_source.text);
    sks_buffer_clear (&word_source.file);
    word_source.vectors = NULL;
}

void
word_source_end (void)
{
    sks_vectors_close (&word_source.vectors);
    sample_remove (word_source.folder);
}

void
word_source_put_head (void)
{
    sks_buffer_puts (&word_source.text,
                     "{\"size\":3,\"dimensions\":100,\"words\":[\"a\",\"\\\"\",\"}],{\"],\"vectors\":{");
}

void
word_source_put (const char *word, const char *numbers)
{
    size_t count = 1;
    for (const char *at = numbers; (at = strchr (at, ',')); at++)
        count++;
    sks_buffer_printf (&word_source.text, "%s\"%s\":[%s",
                       word_source.text.bytes[word_source.text.size - 1] == '{' ? "" : ",", word, numbers);
    for (; count < SKS_VECTOR_DIMENSIONS; count++)
        sks_buffer_puts (&word_source.text, ",0");
    sks_buffer_puts (&word_source.text, ",2.5,0]");
}

void
word_source_put_tail (void)
{
    sks_buffer_puts (&word_source.text, "},\"unkVector\":[0]}\n");
}

void
word_source_put_random (unsigned count)
{
    unsigned state = 7;
    word_source_put_head ();
    for (unsigned w = 0; w < count; w++) {
        char word[8], numbers[2048];
        size_t used = 0;
        snprintf (word, sizeof word, "%c%c%cx", 'a' + w % 26, 'a' + w / 26 % 26, 'a' + w / 676 % 26);
        for (unsigned i = 0; i < SKS_VECTOR_DIMENSIONS; i++) {
            state = state * 1103515245 + 12345;
            /* Five groups of words, so that there are cosines above the least. */
            double number = (state >> 16 & 1023) / 1024. + (i % 5 == w % 5 ? 1.5 : 0);
            used += (size_t) snprintf (numbers + used, sizeof numbers - used, "%s%.5f", i ? "," : "", number);
        }
        word_source_put (word, numbers);
    }
    word_source_put_tail ();
}

int
word_source_read (sks_embeddings *out, uint32_t most)
{
    sample_write_bytes (word_source.folder, "source.json", word_source.text.bytes, word_source.text.size);
    char *path = sample_path (word_source.folder, "source.json");
    int fd = open (path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge (fd, 0);
    int code = sks_embeddings_read (out, fd, "source", most, &word_source.err);
    close (fd);
    free (path);
    return code;
}

void
word_source_make (uint32_t most, const sks_wordnet *wordnet)
{
    sks_embeddings embeddings;
    ck_assert_msg (word_source_read (&embeddings, most) == 0, "%s", word_source.err.text);
    ck_assert_msg (sks_table_build (&word_source.file, &embeddings, wordnet, &word_source.err) == 0, "%s",
                   word_source.err.text);
    sks_embeddings_free (&embeddings);
    ck_assert_msg (sks_vectors_map (&word_source.vectors, word_source.file.bytes, word_source.file.size, "made",
                                    &word_source.err) == 0,
                   "%s", word_source.err.text);
}

uint32_t
word_source_find (const char *word)
{
    return sks_vectors_find (word_source.vectors, word, strlen (word));
}

uint32_t
word_source_find_one (const char *word)
{
    uint32_t number = word_source_find (word);
    ck_assert_msg (number != SKS_NO_VECTOR, "%s has no vector", word);
    return number;
}

const int8_t *
word_source_row (uint32_t number)
{
    return word_source.vectors->rows + (size_t) number * SKS_VECTOR_BYTES;
}
