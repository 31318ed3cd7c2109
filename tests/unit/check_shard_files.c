/* check_shard_files.c - files of an index in shards that are not as they should be, and what shards must not send. */
#include "tests/support/splits.h"

#include "core/base/hash.h"
#include "core/index/sections.h"
#include "core/index/shard.h"
#include "core/shards/gather_step.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *suite_shard_files (void);

/* ------------------------------------------------------------------- distrust */

/* The content of a statement as a shard sends it: number, position, tokens. */
#define HIT(content)                                                                                                   \
    {                                                                                                                  \
        1, content, sizeof content - 1                                                                                 \
    }

START_TEST (refuses_what_a_shard_must_not_send)
{
    static const struct {
        const char *what;
        sks_shards_hit hits[2];
        size_t count;
        bool holds;
    } sent[] = {
        { "two statements", { HIT ("\0\0\0\1\1\0\1"), HIT ("\0\0\0\2\1\0\1\2") }, 2, true },
        { "two in another order", { HIT ("\0\0\0\2\1\0\1"), HIT ("\0\0\0\1\1\0\1\2") }, 2, true },
        { "nothing", { HIT ("") }, 0, true },
        { "the same statement twice", { HIT ("\0\0\0\1\1\0\1"), HIT ("\0\0\0\1\1\0\1") }, 2, false },
        { "a statement that does not exist", { HIT ("\177\0\0\0\1\0\1") }, 1, false },
        { "a number alone", { HIT ("\0\0\0\1") }, 1, false },
        { "no tokens", { HIT ("\0\0\0\1\1\0") }, 1, false },
        { "the position 0", { HIT ("\0\0\0\1\0\0\1") }, 1, false },
        { "a token without an end", { HIT ("\0\0\0\1\1\0\1\201") }, 1, false },
        { "a token of no entry", { HIT ("\0\0\0\1\1\0\377\377\177") }, 1, false },
    };
    sks_window *window;
    sks_error err;
    ck_assert_int_eq (sks_window_open (&window, splits_generations[0], &err), 0);
    for
        EACH (i, sent)
        {
            int code = sks_window_fill (window, sent[i].hits, sent[i].count, &err);
            ck_assert_msg (code == (sent[i].holds ? 0 : SKS_EINDEX), "%s: %d", sent[i].what, code);
            if (sent[i].holds)
                ck_assert_uint_eq (window->store.statements, sent[i].count);
        }
    sks_window_close (&window);
}
END_TEST

START_TEST (a_list_of_shards_that_is_not_one_is_refused)
{
    static const struct {
        const char *text, *said;
    } lists[] = {
        { "auto shard-0\n", "it lists 1 shards instead of 2" },
        { "auto shard-0\nauto shard-1\nauto shard-2\n", "it lists 3 shards instead of 2" },
        { "auto shard-0\nchert shard-1\n", "line 2 is not a shard" },
        { "auto shard-0\nauto\n", "line 2 is not a shard" },
        { "auto shard-1\nauto shard-0\n", "shard 1 of 2" },
        { "auto shard-0\nauto nowhere\n", "shard 2 of 2" },
    };
    const char *folder = sks_generation_snapshot (splits_generations[1])->folder;
    char *path = sample_path (folder, SKS_SHARDS_FILE);
    size_t size;
    char *before = sample_read (path, &size);
    for
        EACH (i, lists)
        {
            sks_gather *gather;
            sks_error err;
            sample_write (folder, SKS_SHARDS_FILE, lists[i].text);
            ck_assert_int_lt (sks_gather_open (&gather, splits_generations[1],
                                               &(sks_gather_options) { .timeout_ms = 1000, .connect_ms = 1000 }, &err),
                              0);
            ck_assert_msg (strstr (err.text, lists[i].said) != NULL, "%zu: %s", i, err.text);
            ck_assert_ptr_null (gather);
        }
    sample_write_bytes (folder, SKS_SHARDS_FILE, before, size);
    free (before);
    free (path);
}
END_TEST

/* A copy of the two files of a generation that have sections, to be changed. */
struct copied {
    char *folder;
    char *bytes[SKS_STORE_FILES];
    size_t sizes[SKS_STORE_FILES];
};

static const char *const copied_names[SKS_STORE_FILES] = { SKS_STATEMENTS_FILE, SKS_TEXTS_FILE };

static void
copy_files (struct copied *out, size_t split)
{
    out->folder = sample_folder ();
    for (int i = 0; i < SKS_STORE_FILES; i++) {
        char *path = sample_path (sks_generation_snapshot (splits_generations[split])->folder, copied_names[i]);
        out->bytes[i] = sample_read (path, &out->sizes[i]);
        sample_write_bytes (out->folder, copied_names[i], out->bytes[i], out->sizes[i]);
        free (path);
    }
}

static void
drop_files (struct copied *copied)
{
    for (int i = 0; i < SKS_STORE_FILES; i++)
        free (copied->bytes[i]);
    sample_remove (copied->folder);
}

/* Whether the files open as they are in memory. */
static bool
opens (const struct copied *copied, int changed)
{
    sks_store *store;
    sks_error err;
    sample_write_bytes (copied->folder, copied_names[changed], copied->bytes[changed], copied->sizes[changed]);
    int code = sks_store_open (&store, copied->folder, &err);
    sks_store_close (&store);
    ck_assert_msg (code == 0 || code == SKS_EINDEX, "%d: %s", code, err.text);
    return code == 0;
}

START_TEST (refuses_files_of_an_index_in_shards_with_a_byte_flipped)
{
    struct copied copied;
    copy_files (&copied, 1);
    ck_assert (opens (&copied, 0));
    for (int i = 0; i < SKS_STORE_FILES; i++)
        for (size_t at = 0; at < copied.sizes[i]; at += copied.sizes[i] / 257 + 1) {
            copied.bytes[i][at] ^= 1;
            ck_assert_msg (!opens (&copied, i), "%s: byte %zu", copied_names[i], at);
            copied.bytes[i][at] ^= 1;
            sample_write_bytes (copied.folder, copied_names[i], copied.bytes[i], copied.sizes[i]);
        }
    drop_files (&copied);
}
END_TEST

/* Change a number of a section and correct the checksums. */
static void
change_number (struct copied *copied, int section, size_t number, uint32_t value)
{
    sks_header *header = (sks_header *) (void *) copied->bytes[0];
    sks_section_place *place = &header->place[section];
    memcpy (copied->bytes[0] + place->offset + sizeof value * number, &value, sizeof value);
    place->hash = sks_hash_bytes (copied->bytes[0] + place->offset, place->size);
    header->hash = sks_hash_bytes (header, offsetof (sks_header, hash));
}

START_TEST (refuses_usages_that_do_not_fit_although_their_checksums_are_right)
{
    static const struct {
        int section;
        size_t number;
        uint32_t value;
        bool holds;
    } changes[] = {
        { SKS_STORE_USAGES, 0, 0, true }, /* the number of openings is not checked against statements */
        { SKS_STORE_USAGES, 0, 1000, false },       { SKS_STORE_USAGES, 1, 1, false },
        { SKS_STORE_USAGES, 3, UINT32_MAX, false }, { SKS_STORE_HOLDINGS, 0, 14, false },
        { SKS_STORE_HOLDINGS, 1, 0, false },        { SKS_STORE_HOLDINGS, 1, 561, false },
        { SKS_STORE_GROUP_WORDS, 1, 1, false },
    };
    for
        EACH (i, changes)
        {
            struct copied copied;
            copy_files (&copied, 1);
            change_number (&copied, changes[i].section, changes[i].number, changes[i].value);
            ck_assert_msg (opens (&copied, 0) == changes[i].holds, "change %zu", i);
            drop_files (&copied);
        }
}
END_TEST

START_TEST (the_host_that_answers_needs_no_texts)
{
    struct copied copied;
    sks_store *store;
    sks_error err;
    copy_files (&copied, 1);
    char *path = sample_path (copied.folder, SKS_TEXTS_FILE);
    ck_assert_int_eq (unlink (path), 0);
    ck_assert_int_eq (sks_store_open (&store, copied.folder, &err), SKS_EINDEX);
    ck_assert_msg (strstr (err.text, path) != NULL, "%s", err.text);
    ck_assert_int_eq (sks_store_open_front (&store, copied.folder, &err), 0);
    ck_assert_uint_eq (store->statements, whole.count);
    ck_assert_ptr_null (store->tokens);
    sks_store_close (&store);
    free (path);
    drop_files (&copied);
}
END_TEST

Suite *
suite_shard_files (void)
{
    Suite *suite = suite_create ("shard_files");
    TCase *split = tcase_create ("Files"), *few = tcase_create ("Sent");
    tcase_set_timeout (split, 300);
    tcase_add_unchecked_fixture (split, splits_open_corpus, splits_close);
    tcase_add_test (split, refuses_files_of_an_index_in_shards_with_a_byte_flipped);
    tcase_add_test (split, refuses_usages_that_do_not_fit_although_their_checksums_are_right);
    tcase_add_test (split, the_host_that_answers_needs_no_texts);
    suite_add_tcase (suite, split);
    tcase_add_unchecked_fixture (few, splits_open_written, splits_close);
    tcase_add_test (few, refuses_what_a_shard_must_not_send);
    tcase_add_test (few, a_list_of_shards_that_is_not_one_is_refused);
    suite_add_tcase (suite, few);
    return suite;
}
