/* check_builder.c - the databases that are written without libxapian: it reads from them what its own writer would have
 * written, and its check finds no error. */
#include "core/index/builder.h"
#include "core/index/glass.h"
#include "core/index/index.h"
#include "core/index/shard_writer.h"
#include "tests/support/sample.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

Suite *suite_builder (void);

static char *folder;

static void
make_folder (void)
{
    folder = sample_folder ();
}

static void
remove_folder (void)
{
    sample_remove (folder);
}

/* A path in the folder of this test; valid for the next 15 calls. */
static const char *
path_of (const char *name, unsigned number)
{
    static char paths[16][SKS_MAX_NAME_BYTES];
    static unsigned next;
    char *path = paths[next++ % 16];
    snprintf (path, SKS_MAX_NAME_BYTES, "%s/%s-%u", folder, name, number);
    return path;
}

static void
hold (int code, const sks_error *err)
{
    ck_assert_msg (code == 0, "%s", err->text);
}

/* ------------------------------------------------------------ random postings */

enum { STEMS = 40, DOCUMENTS = 1500, PIECES = 4 };

/* Postings of documents, and what libxapian must return. */
struct postings {
    uint32_t stems, documents, pieces, state;
    sks_stem stem[STEMS];
    char strings[STEMS * SKS_MAX_TERM_BYTES + 1];
    uint32_t count[STEMS][DOCUMENTS]; /* of a stem in a document */
    bool has[STEMS][DOCUMENTS];
};

static uint32_t
draw (struct postings *p, uint32_t below)
{
    p->state ^= p->state << 13;
    p->state ^= p->state >> 17;
    p->state ^= p->state << 5;
    return p->state % below;
}

static uint32_t
draw_count (struct postings *p)
{
    static const uint32_t edges[] = { 0, 1, 127, 128, 16383, 16384, 2097151, 2097152, 100000000 };
    return draw (p, 4) ? draw (p, 128) : edges[draw (p, sizeof edges / sizeof *edges)];
}

/* Each stem is the one before it with bytes at its end, or cut and with a higher last byte: so they ascend. */
static void
draw_stems (struct postings *p)
{
    unsigned char bytes[SKS_MAX_TERM_BYTES] = { 1 };
    uint32_t size = 1, used = 0;
    for (uint32_t i = 0; i < p->stems; i++) {
        if (i && size < SKS_MAX_TERM_BYTES && draw (p, 2)) {
            uint32_t more = draw (p, 8) ? 1 : SKS_MAX_TERM_BYTES - size;
            while (more--)
                bytes[size++] = (unsigned char) (draw (p, 3) ? draw (p, 255) + 1 : draw (p, 2) ? 1 : 255);
        } else {
            size = draw (p, size) + 1;
            while (size > 1 && bytes[size - 1] == 255)
                size--;
            if (bytes[size - 1] == 255) { /* none follows */
                p->stems = i;
                return;
            }
            bytes[size - 1]++;
        }
        p->stem[i] = (sks_stem) { .text = used, .size = size };
        memcpy (p->strings + used, bytes, size);
        used += size;
    }
}

/* A stem may be in no document, in one, in each, or in a share of them. */
static void
draw_postings (struct postings *p, uint32_t seed)
{
    memset (p, 0, sizeof *p);
    p->state = seed * 2654435761u + 1;
    p->stems = draw (p, STEMS) + 1;
    p->documents = draw (p, 3) ? draw (p, 50) : draw (p, DOCUMENTS + 1);
    p->pieces = draw (p, PIECES) + 1;
    draw_stems (p);
    for (uint32_t s = 0; s < p->stems; s++) {
        uint32_t kind = draw (p, 6), share = draw (p, 60) + 1, only = p->documents ? draw (p, p->documents) : 0;
        for (uint32_t d = 0; d < p->documents; d++) {
            p->has[s][d] = kind == 0 ? false : kind == 1 ? d == only : kind == 2 ? true : !draw (p, share);
            p->count[s][d] = p->has[s][d] ? draw_count (p) : 0;
        }
    }
}

static uint32_t
start_of (const struct postings *p, uint32_t piece)
{
    return (uint32_t) ((uint64_t) p->documents * piece / p->pieces);
}

/* Write the piece: a folder, or a file. */
static void
build_piece (const struct postings *p, uint32_t piece, const char *path, bool is_file)
{
    sks_builder *builder;
    sks_error err;
    sks_term terms[STEMS];
    hold (sks_builder_create (&builder, p->stems, &err), &err);
    for (uint32_t d = start_of (p, piece); d < start_of (p, piece + 1); d++) {
        size_t count = 0;
        for (uint32_t s = p->stems; s--;) /* in any order */
            if (p->has[s][d])
                terms[count++] = (sks_term) { s, p->count[s][d] };
        hold (sks_builder_add (builder, terms, count, &err), &err);
    }
    hold (sks_builder_commit (builder, path, is_file, p->stem, p->strings, &err), &err);
    sks_builder_close (&builder);
}

/* Write the piece with libxapian. */
static void
write_piece (const struct postings *p, uint32_t piece)
{
    sks_shard_writer *writer;
    sks_error err;
    sks_shard_term terms[STEMS];
    hold (sks_shard_writer_open (&writer, path_of ("written", piece), &err), &err);
    for (uint32_t d = start_of (p, piece); d < start_of (p, piece + 1); d++) {
        size_t count = 0;
        for (uint32_t s = 0; s < p->stems; s++)
            if (p->has[s][d])
                terms[count++] = (sks_shard_term) { p->strings + p->stem[s].text, p->stem[s].size, p->count[s][d], 0 };
        hold (sks_shard_writer_add (writer, terms, count, NULL, 0, &err), &err);
    }
    hold (sks_shard_writer_commit (writer, &err), &err);
    sks_shard_writer_close (&writer);
}

/* Check a file, and open it. */
static sks_reader *
open_file (const char *path)
{
    sks_reader *reader;
    sks_error err;
    hold (sks_index_check (path, &err), &err);
    hold (sks_reader_open (&reader, open (path, O_RDONLY | O_CLOEXEC), path, NULL, 0, &err), &err);
    return reader;
}

/* Check and join the pieces, and open the result. */
static sks_reader *
join (const char *name, uint32_t pieces)
{
    const char *paths[PIECES], *joined = path_of (name, PIECES);
    sks_error err;
    for (uint32_t i = 0; i < pieces; i++) {
        paths[i] = path_of (name, i);
        hold (sks_index_check (paths[i], &err), &err);
    }
    hold (sks_index_compact (paths, pieces, joined, &err), &err);
    return open_file (joined);
}

static void
expect_postings (const struct postings *p, sks_reader *reader)
{
    static uint32_t statements[DOCUMENTS], counts[DOCUMENTS];
    ck_assert_uint_eq (sks_reader_documents (reader), p->documents);
    for (uint32_t s = 0; s < p->stems; s++) {
        size_t count, next = 0;
        sks_error err;
        hold (sks_reader_postings (reader, p->strings + p->stem[s].text, p->stem[s].size, statements, counts, DOCUMENTS,
                                   &count, &err),
              &err);
        for (uint32_t d = 0; d < p->documents; d++)
            if (p->has[s][d]) {
                ck_assert (next < count && statements[next] == d && counts[next] == p->count[s][d]);
                next++;
            }
        ck_assert_uint_eq (next, count);
    }
    sks_reader_close (&reader);
}

START_TEST (libxapian_reads_what_its_own_writer_would_have_written)
{
    static struct postings p;
    draw_postings (&p, (uint32_t) _i);
    for (uint32_t i = 0; i < p.pieces; i++) {
        build_piece (&p, i, path_of ("built", i), false);
        write_piece (&p, i);
    }
    expect_postings (&p, join ("built", p.pieces));
    expect_postings (&p, join ("written", p.pieces));
}
END_TEST

#define BLOCK_BYTES 8192 /* as glass_tree.c writes them */

/* Check the first bytes of a file of this size, in pieces. */
static int
check_pieces (const char *bytes, size_t given, size_t size)
{
    sks_glass *glass = sks_glass_begin (size);
    for (size_t at = 0, next; at < given; at = next) {
        next = given - at < SKS_GLASS_BLOCK ? given : at + SKS_GLASS_BLOCK;
        sks_glass_add (glass, bytes + at, next - at);
    }
    return sks_glass_end (glass, "x", NULL);
}

/* A file is refused that is cut, or has a block of another level, a block twice or one that nothing leads to. */
static void
expect_checks (char *bytes, size_t size)
{
    enum { LEVEL = 4 };
    const size_t block = BLOCK_BYTES;
    ck_assert_int_eq (check_pieces (bytes, size, size), 0);
    ck_assert_int_eq (check_pieces (bytes, size - block, size), SKS_EINDEX);
    ck_assert_int_eq (check_pieces (bytes, 0, size), SKS_EINDEX);
    ck_assert_int_eq (check_pieces (bytes, size - block, size - block), SKS_EINDEX);
    bytes[block + LEVEL] ^= 1;
    ck_assert_int_eq (check_pieces (bytes, size, size), SKS_EINDEX);
    bytes[block + LEVEL] ^= 1;
    char *more = calloc (1, size + block);
    memcpy (more, bytes, size);
    memcpy (more + size, bytes + block, block);
    ck_assert_int_eq (check_pieces (more, size + block, size + block), SKS_EINDEX);
    free (more);
}

START_TEST (libxapian_reads_a_piece_that_is_a_file)
{
    static struct postings p;
    size_t size;
    sks_error err;
    draw_postings (&p, (uint32_t) _i);
    p.pieces = 1;
    const char *file = path_of ("file", 0);
    build_piece (&p, 0, file, true);
    char *bytes = sample_read (file, &size);
    hold (sks_glass_check (bytes, size, file, &err), &err);
    if (size > BLOCK_BYTES)
        expect_checks (bytes, size);
    free (bytes);
    expect_postings (&p, open_file (file));
}
END_TEST

/* -------------------------------------------------------------------- refusals */

static const char STRINGS[] = "mailrout";
static const sks_stem TWO[] = { { .text = 0, .size = 4 }, { .text = 4, .size = 4 } };

/* A builder of two stems that has documents with both. */
static sks_builder *
builder_of (uint32_t documents)
{
    sks_builder *builder;
    sks_error err;
    hold (sks_builder_create (&builder, 2, &err), &err);
    for (uint32_t i = 0; i < documents; i++)
        hold (sks_builder_add (builder, (sks_term[]) { { 0, i }, { 1, 3 } }, 2, &err), &err);
    return builder;
}

START_TEST (refuses_a_term_with_a_nul)
{
    static const char strings[] = "a\0\0b\0";
    static const sks_stem ends[] = { { .text = 0, .size = 1 }, { .text = 0, .size = 2 } },
                          begins[] = { { .text = 2, .size = 2 }, { .text = 3, .size = 1 } };
    sks_error err;
    for (unsigned i = 0; i < 2; i++) {
        sks_builder *builder = builder_of (1);
        ck_assert_int_eq (sks_builder_commit (builder, path_of ("built", i), false, i ? begins : ends, strings, &err),
                          SKS_EINVALID);
        sks_builder_close (&builder);
    }
}
END_TEST

START_TEST (joins_a_piece_without_documents_with_others)
{
    sks_error err;
    for (unsigned i = 0; i < 3; i++) {
        sks_builder *builder = builder_of (i == 1 ? 2 : 0);
        hold (sks_builder_commit (builder, path_of ("built", i), false, TWO, STRINGS, &err), &err);
        sks_builder_close (&builder);
    }
    sks_reader *reader = join ("built", 3);
    ck_assert_uint_eq (sks_reader_documents (reader), 2);
    sks_reader_close (&reader);
}
END_TEST

START_TEST (another_format_of_libxapian_is_refused_by_name)
{
    sks_error err;
    sks_builder *builder = builder_of (5);
    hold (sks_builder_commit (builder, path_of ("built", 0), false, TWO, STRINGS, &err), &err);
    sks_builder_close (&builder);
    size_t size;
    const char *piece = path_of ("built", 0);
    char *header = sample_path (piece, "iamglass"), *bytes = sample_read (header, &size);
    bytes[15]++; /* the day of the format */
    sample_write_bytes (piece, "iamglass", bytes, size);
    ck_assert_int_eq (sks_index_compact (&piece, 1, path_of ("built", PIECES), &err), SKS_EINDEX);
    ck_assert_ptr_nonnull (strstr (err.text, "format version 20160315"));
    free (bytes);
    free (header);
}
END_TEST

/* With any limit of the size of its files a piece, a folder or a file, is complete, or its failure has a cause and a
 * path. */
START_TEST (a_disk_that_is_full_fails_the_piece)
{
    static const rlim_t limits[] = { 0, 1, 33, 100, 4096, 8191, 8192, 8193, 20000, 24575, 24576, 1000000 };
    unsigned failed = 0, count = sizeof limits / sizeof *limits;
    signal (SIGXFSZ, SIG_IGN);
    for (unsigned i = 0; i < count; i++) {
        sks_error err = { 0 };
        sks_builder *builder = builder_of (4000);
        const char *piece = path_of ("built", i);
        ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &(struct rlimit) { limits[i], RLIM_INFINITY }), 0);
        int code = sks_builder_commit (builder, piece, _i, TWO, STRINGS, &err);
        ck_assert_int_eq (setrlimit (RLIMIT_FSIZE, &(struct rlimit) { RLIM_INFINITY, RLIM_INFINITY }), 0);
        sks_builder_close (&builder);
        if (code) {
            ck_assert_int_eq (code, SKS_EIO);
            ck_assert_ptr_nonnull (strstr (err.text, piece));
            failed++;
        } else
            hold (sks_index_check (piece, &err), &err);
    }
    ck_assert (failed >= 8 && failed < count);
}
END_TEST

Suite *
suite_builder (void)
{
    Suite *suite = suite_create ("builder");
    TCase *random = tcase_create ("Random"), *refusals = tcase_create ("Refusals");
    tcase_add_checked_fixture (random, make_folder, remove_folder);
    tcase_add_loop_test (random, libxapian_reads_what_its_own_writer_would_have_written, 0, 150);
    tcase_add_loop_test (random, libxapian_reads_a_piece_that_is_a_file, 0, 150);
    suite_add_tcase (suite, random);
    tcase_add_checked_fixture (refusals, make_folder, remove_folder);
    tcase_add_test (refusals, refuses_a_term_with_a_nul);
    tcase_add_test (refusals, joins_a_piece_without_documents_with_others);
    tcase_add_test (refusals, another_format_of_libxapian_is_refused_by_name);
    tcase_add_loop_test (refusals, a_disk_that_is_full_fails_the_piece, 0, 2);
    suite_add_tcase (suite, refusals);
    return suite;
}
