/* check_spelling.c - which words are corrected, how, and what is reported.
 *
 * A small index written by hand has one case of each rule; on the sample exports, random typing errors are compared
 * with a naive search over the dictionary. */
#include "core/base/buffer.h"
#include "core/base/text_fold.h"
#include "core/engine/inflection.h"
#include "core/engine/postings.h"
#include "core/engine/spelling.h"
#include "tests/support/corpus.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_spelling (void);

/* ----------------------------------------------------------------- fixtures */
static void
open_small (void)
{
    const sample_occupation occupations[] = {
        { .soc = "43-9051.00",
          .title = "Mail Clerks",
          .group = "Office",
          .sector = "55",
          .zone = 2,
          .levels = { "Incoming mail — open, sort, and route the mail\nOutgoing parcels — weigh and keep records\n"
                      "Receive visitors and their parcels\nMaintenance of equipment",
                      "Tiver\nFiber one\nFiber two\nFiber three\nFire", "Boxer\nBoxes one\nBoxes two\nBoxes three",
                      "Lamp\nLand\nFrog\nSort from here\nSort from there\nПочта" } },
        { .soc = "29-1141.00", .title = "Nurse Managers", .group = "Health", .levels = { "Weigh doses" } },
        { .soc = "15-1252.00",
          .title = "Testers",
          .group = "Computers",
          .levels = { "Install software\nUse software\nTest software\nSell hardware\n"
                      "Soft and hard tools\nHard soap\nCheck wear\nFind wear" } },
    };
    engine_small_open (occupations, COUNT (occupations));
}

/* The corrected query of a text, "" when there is none. Borrowed: valid until
 * the next call. */
static const char *
correct (engine *e, const char *text)
{
    static char query[SKS_MAX_QUERY_BYTES + 1];
    sks_result *result = engine_ask (e, text);
    const sks_suggestion *s = &result->suggestion;
    ck_assert_int_eq (s->word != NULL, s->query != NULL);
    ck_assert_int_eq (s->word != NULL, s->count > 0);
    snprintf (query, sizeof query, "%s", s->query ? s->query : "");
    sks_result_destroy (&result);
    return query;
}

static void
assert_corrected (const char *text, const char *expected)
{
    const char *query = correct (&small, text);
    ck_assert_msg (strcmp (query, expected) == 0, "\"%s\" was corrected to \"%s\", not to \"%s\"", text, query,
                   expected);
}

/* -------------------------------------------------------------------- tables */

START_TEST (corrects_words_that_occur_nowhere)
{
    static const char *const table[][2] = {
        { "mial", "mail" },
        { "MIAL", "mail" },
        { "nail", "mail" },
        { "malil", "mail" },
        { "Recieve, parcels", "receive, parcels" },
        { "maintanance", "maintenance" },
        { "maintanence", "maintenance" },
        { "parcels -mial", "parcels -mail" },
        { "mial NEAR/3 route", "mail NEAR/3 route" },
        { "(mial)OR(doses)", "(mail)OR(doses)" },
        { "mial's", "mail" },
        { "\"mial parcels", "mail parcels" },           /* not a phrase */
        { "mial\" \"the mail\"", "mail \"the mail\"" }, /* one is */
        { "mial 3\" boxes", "mail 3\" boxes" },
        { "parcels \"-mial", "parcels \"-mail" }, /* without the mark these would be operators and fields */
        { "parcels -\"mial", "parcels -\"mail" },
        { "parcels \"NOT mial", "parcels \"NOT mail" },
        { "\"=mial", "\"=mail" },
        { "\"title:mail mial", "\"title:mail mail" },
        { "почат", "почта" },
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (prefers_the_nearest_then_the_most_likely_word)
{
    static const char *const table[][2] = {
        { "tiber", "tiver" }, /* the same first letter before a more common word */
        { "fier", "fire" },   /* a swap before a more common word */
        { "boxen", "boxes" }, /* the more common one of two */
        { "lanp", "lamp" },   /* the first by its bytes of two */
        { "fron", "frog" },   /* a rare word before a stop word */
        { "thier mail", "their mail" },
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (splits_a_word_in_two_if_both_are_more_common_than_a_distant_correction)
{
    static const char *const table[][2] = {
        { "softwear", "software" },  /* 3 statements; "soft" is in one */
        { "hardwear", "hard wear" }, /* 2 statements each; "hardware" is in one */
        { "soapwear", "soap wear" }, /* nothing else is near */
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (does_not_correct_known_or_quoted_words_or_numbers)
{
    static const char *const texts[] = {
        "",
        "mail",
        "routed mail",
        "nurse",
        "manager",
        "the of",
        "\"mial\"",
        "=mial",
        "=\"mial\"",
        "mial*",
        "soc:43-9",
        "level:emerging",
        "sector:56",
        "title:mail",
        "zone:3",
        "ma1l",
        "mail5",
        "xyzzyxy",
        "fromhere",
        "\"recieve\" mail",
        "duty:\"mial\"",
        "title:=nurze",
    };
    for
        EACH (i, texts)
    assert_corrected (texts[i], "");
}
END_TEST

START_TEST (corrects_with_words_of_the_field)
{
    static const char *const table[][2] = {
        { "title:nurze", "title:nurse" },
        { "nurze", "" },
        { "duty:parcles", "duty:parcels" },
        { "duty:recrods", "" },
        { "recrods", "records" },
        { "title:recrods", "" },
        { "duty:incomin", "duty:incoming" },
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (corrects_the_name_of_a_field_to_a_field_only)
{
    static const char *const table[][2] = {
        { "titel:clerks", "title:clerks" },
        { "tilte: mail", "title: mail" },
        { "Title:clerks", "title:clerks" }, /* no statement has the word, and "tiver" is one edit away */
        { "levl:emerging weigh", "level:emerging weigh" },
        { "tiver:mail", "" },
        { "lampp: mail", "lamp: mail" },
        { "titel:", "" },
        { "mail\ntitle:\nlevel:", "" },
        { "Titel\nmail", "" },
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (names_the_first_word_and_replaces_all)
{
    sks_result *result = engine_ask (&small, "weigh OR \"mial\" OR Recieve parcles");
    ck_assert_str_eq (result->suggestion.word, "Recieve");
    ck_assert_str_eq (result->suggestion.replacement, "receive");
    ck_assert_str_eq (result->suggestion.query, "weigh OR \"mial\" OR receive parcels");
    sks_result_destroy (&result);
    result = engine_ask (&small, "xyzzyxy parcles \"keep records\" mial");
    ck_assert_str_eq (result->suggestion.word, "parcles");
    ck_assert_str_eq (result->suggestion.query, "xyzzyxy parcels \"keep records\" mail");
    sks_result_destroy (&result);
    assert_corrected ("parcles duty:incomin mial", "parcels duty:incoming mail");
}
END_TEST

START_TEST (a_word_that_the_query_leaves_out_is_a_correction_only_if_letters_are_swapped)
{
    static const char *const table[][2] = {
        { "thair mail", "" }, /* "their" is a stop word */
        { "thier mail", "their mail" },
        { "thair", "their" }, /* there is no other word, so none is left out */
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (a_word_of_4_letters_is_corrected_to_a_common_word_or_if_letters_were_swapped_or_doubled)
{
    static const char *const table[][2] = {
        { "lanp", "lamp" }, /* two statements of 800 have it */
        { "fron", "" },     /* one has "frog" */
        { "frgo", "frog" }, { "flor", "floor" }, { "matt", "mat" },    { "inch", "" },
        { "inch!", "" },    { "prep", "" },      { "winsh", "winch" }, /* 5 letters */
    };
    sks_buffer texts = SKS_BUFFER_INIT (65536);
    sks_buffer_puts (&texts, "Lamp one\nLamp two\nFrog\nFloor\nMat\nWinch\nPre");
    for (int i = 7; i < 2 * SKS_COMMON_SHARE; i++)
        sks_buffer_printf (&texts, "\nItem %d", i);
    const sample_occupation occupation = { .soc = "43-9051.00",
                                           .title = "Mail Clerks",
                                           .levels = { sks_buffer_text (&texts) } };
    engine e;
    engine_open_occupations (&e, &occupation, 1);
    for
        EACH (i, table)
    ck_assert_msg (strcmp (correct (&e, table[i][0]), table[i][1]) == 0, "\"%s\" was corrected", table[i][0]);
    engine_close (&e);
    sks_buffer_free (&texts);
}
END_TEST

START_TEST (a_corrected_query_finds_more_unless_letters_are_swapped_or_doubled)
{
    static const char *const table[][2] = {
        { "lampz mail", "" }, /* finds fewer, as no title has all of its words */
        { "lampp mail", "lamp mail" },
        { "lapm mail", "lamp mail" },
        { "lempz", "" },
        { "frogland mail", "" }, /* no statement has two of these words */
        { "frogland", "frog land" },
        { "lemp frog", "" }, /* another word of 4 letters beside one that it never occurs with */
        { "lemp", "lamp" },
        { "sert mail", "sort mail" },
        { "parcels -receibe", "parcels -receive" }, /* what is excluded finds fewer */
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (signs_after_a_word_do_not_make_it_misspelt)
{
    static const char *const texts[] = {
        "mail!", "open mail!!", "weigh parcels.", "records?!", "(mail)!", "mail\u2026"
    };
    for
        EACH (i, texts)
    assert_corrected (texts[i], "");
    assert_corrected ("recieve mail!", "receive mail!");
}
END_TEST

/* Whether a result has a note that its operators find nothing, and where. */
static long
operators_note (const sks_result *result)
{
    for (size_t i = 0; i < result->note_count; i++)
        if (strcmp (result->notes[i].code, "operators") == 0)
            return result->notes[i].at;
    return -1;
}

START_TEST (offers_the_words_of_operators_that_find_nothing)
{
    static const struct {
        const char *text, *query;
        long at;
    } table[] = {
        { "weigh AND frog", "weigh and frog", 6 },
        { "lamp  AND (fire OR NOT frog) AND doses", "", -1 }, /* a group is required */
        { "(fire OR lamp)  AND (frog OR doses)", "(fire or lamp)  and (frog or doses)", 6 },
        { "doses NEAR/3 parcels", "doses parcels", 6 },
        { "weigh OR frog", "", -1 }, /* finds statements */
        { "weigh AND zebra", "weigh and zebra", 6 },
        { "zebra AND yak", "", -1 }, /* the words find none either */
        { "weigh -weigh", "", -1 },  /* no operator in capitals */
        { "\"keep AND weigh\" frog", "", -1 },
        { "weigh AND parcles AND frog", "weigh and parcels and frog", 6 },
        { "wiegh AND frog", "weigh and frog", 6 },
        { "lemp AND mail", "lemp and mail", 5 }, /* "lamp" needs a statement that has both */
        /* what is excluded stays so, as it was written */
        { "incoming NOT mail", "", -1 },
        { "weigh AND NOT weigh", "", -1 },
        { "weigh AND frog NOT  records", "weigh and frog -records", 6 },
        { "NOT mail AND weigh AND frog", "-mail and weigh and frog", 9 },
        { "weigh AND frog NOT (records OR lamp)", "weigh and frog -(records OR lamp)", 6 },
        { "weigh AND frog -(records OR NOT weigh)", "weigh and frog -(records OR NOT weigh)", 6 },
        { "weigh AND frog NOT keep NEAR/2 records", "weigh and frog -keep NEAR/2 records", 6 },
        { "weigh AND frog AND \"keep\"NOT records", "", -1 }, /* a "-" there is a sign */
        { "weigh AND frog NOT the records", "", -1 },         /* it would apply to "the" */
        { "thier NOT parcels", "", -1 },                      /* "their NOT parcels" is a sentence */
    };
    for
        EACH (i, table)
        {
            sks_result *result = engine_ask (&small, table[i].text);
            const char *query = result->suggestion.query ? result->suggestion.query : "";
            ck_assert_msg (strcmp (query, table[i].query) == 0, "\"%s\": \"%s\"", table[i].text, query);
            ck_assert_msg (operators_note (result) == table[i].at, "\"%s\"", table[i].text);
            ck_assert_int_eq (*query != '\0', result->suggestion.count > 0);
            sks_result_destroy (&result);
        }
}
END_TEST

START_TEST (suggests_nothing_that_finds_nothing)
{
    sks_query query = SKS_QUERY_INIT;
    query.match = SKS_MATCH_ALL;
    query.text = "mial doses";
    sks_result *result = engine_search (&small, &query);
    ck_assert_ptr_null (result->suggestion.word);
    sks_result_destroy (&result);
    query.match = SKS_MATCH_ANY;
    result = engine_search (&small, &query);
    ck_assert_str_eq (result->suggestion.query, "mail doses");
    ck_assert_uint_eq (result->suggestion.count, 2);
    sks_result_destroy (&result);
}
END_TEST

START_TEST (suggestions_ignore_filter_and_page_but_their_counts_do_not)
{
    static const char *const levels[] = { "advanced" };
    sks_query query = SKS_QUERY_INIT;
    query.text = "mial";
    query.match = SKS_MATCH_ALL;
    query.limit = 0;
    query.filter[SKS_FACET_LEVEL] = (sks_filter) { levels, 1, 0, 0 };
    sks_result *result = engine_search (&small, &query);
    ck_assert_uint_eq (result->total, 0);
    ck_assert_str_eq (result->suggestion.query, "mail");
    ck_assert_uint_eq (result->suggestion.count, 0);
    sks_result_destroy (&result);
    query.filter[SKS_FACET_LEVEL].count = 0;
    result = engine_search (&small, &query);
    ck_assert_uint_eq (result->suggestion.count, 1);
    sks_result_destroy (&result);
}
END_TEST

/* -------------------------------------------------------------------- drawn */

static unsigned
lower (unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The textbook algorithm with the whole matrix, on bytes. */
static unsigned
naive_distance (const char *a, size_t a_size, const char *b, size_t b_size)
{
    static unsigned d[SKS_MAX_WORD_BYTES + 1][SKS_MAX_WORD_BYTES + 1];
    for (size_t i = 0; i <= a_size; i++)
        for (size_t j = 0; j <= b_size; j++) {
            d[i][j] = (unsigned) (i + j) * SKS_EDIT_COST;
            if (!i || !j)
                continue;
            d[i][j] = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : SKS_EDIT_COST);
            d[i][j] = lower (d[i][j], lower (d[i - 1][j], d[i][j - 1]) + SKS_EDIT_COST);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = lower (d[i][j], d[i - 2][j - 2] + SKS_SWAP_COST);
        }
    return d[a_size][b_size];
}

static size_t
widen (const char *bytes, size_t size, uint32_t *out)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (unsigned char) bytes[i];
    return size;
}

/* Make one typing error; the word has space for one more letter. */
static void
misspell (unsigned *state, char *word)
{
    size_t size = strlen (word), at = engine_draw (state, (unsigned) size);
    char letter = (char) ('a' + engine_draw (state, 26)), next = word[at + 1];
    switch (engine_draw (state, 4)) {
    case 0:
        word[at] = letter;
        break;
    case 1:
        memmove (word + at, word + at + 1, size - at);
        break;
    case 2:
        memmove (word + at + 1, word + at, size - at + 1);
        word[at] = letter;
        break;
    default:
        if (next) {
            word[at + 1] = word[at];
            word[at] = next;
        }
    }
}

/* A folded word of ASCII letters of some statement. */
static void
draw_letters (unsigned *state, char *out)
{
    size_t size = 0;
    do {
        char word[SKS_MAX_WORD_BYTES + 1];
        corpus_draw_word (state, word, sizeof word);
        size = sks_text_fold (word, strlen (word), out);
        out[size] = '\0';
    } while (size < 3 || size > 40 || strspn (out, "abcdefghijklmnopqrstuvwxyz") != size);
}

START_TEST (distances_are_those_of_the_whole_matrix)
{
    unsigned state = 11;
    for (int i = 0; i < 20000; i++) {
        char a[SKS_MAX_WORD_BYTES + 8], b[SKS_MAX_WORD_BYTES + 8];
        uint32_t wide[2][SKS_MAX_WORD_BYTES + 8];
        draw_letters (&state, a);
        strcpy (b, a);
        for (unsigned errors = engine_draw (&state, 4); errors && strlen (b) > 1; errors--)
            misspell (&state, b);
        size_t a_size = widen (a, strlen (a), wide[0]), b_size = widen (b, strlen (b), wide[1]);
        unsigned most = 1 + engine_draw (&state, 2), naive = naive_distance (a, a_size, b, b_size);
        unsigned expected = naive > most * SKS_EDIT_COST ? (most + 1) * SKS_EDIT_COST : naive;
        unsigned found = sks_spelling_distance (wide[0], a_size, wide[1], b_size, most);
        ck_assert_msg (found == expected, "%s and %s: %u, not %u", a, b, found, expected);
    }
}
END_TEST

/* Whether the dictionary has another inflection of the word. */
static bool
is_inflected (const sks_store *store, const char *word)
{
    for (uint32_t i = 0; i < store->forms; i++) {
        const sks_form *form = &store->form[i];
        if (form->stem != SKS_NONE && !form->joined &&
            sks_inflection_related (word, strlen (word), store->strings + form->text, form->size))
            return true;
    }
    return false;
}

/* Whether the dictionary has the word, its stem or another inflection. */
static bool
is_known (const sks_store *store, const char *word)
{
    char stem[SKS_MAX_WORD_BYTES];
    size_t size;
    ck_assert_int_eq (sks_stemmer_stem (stemmer, word, strlen (word), stem, sizeof stem, &size, NULL), 0);
    return sks_store_form (store, word, strlen (word)) != SKS_NONE || sks_store_stem (store, stem, size) != SKS_NONE ||
           is_inflected (store, word);
}

/* Copy a word with one letter for each run of equal ones. */
static void
squeeze (const char *word, size_t size, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++)
        if (!i || word[i] != word[i - 1])
            out[used++] = word[i];
    out[used] = '\0';
}

/* Whether a correction of a word of 4 letters is rare, and its letters are neither swapped nor doubled. */
static bool
is_doubtful (const sks_store *store, const char *word, size_t size, const sks_form *form)
{
    char a[SKS_MAX_WORD_BYTES + 8], b[SKS_MAX_WORD_BYTES + 8];
    const char *bytes = store->strings + form->text;
    squeeze (word, size, a);
    squeeze (bytes, form->size, b);
    return size == 4 && form->statements * SKS_COMMON_SHARE < store->statements && strcmp (a, b) != 0 &&
           naive_distance (word, size, bytes, form->size) != SKS_SWAP_COST;
}

/* The form that is first in the documented order; NULL if there is none. */
static const sks_form *
naive_correction (const sks_store *store, const char *word)
{
    const sks_form *best = NULL;
    size_t size = strlen (word);
    unsigned least = 0, most = size < 4 ? 0 : size < 8 ? 1 : 2;
    for (uint32_t i = 0; i < store->forms; i++) {
        const sks_form *form = &store->form[i];
        const char *bytes = store->strings + form->text;
        bool digit = false;
        for (size_t k = 0; k < form->size; k++)
            digit |= bytes[k] >= '0' && bytes[k] <= '9';
        unsigned cost = naive_distance (word, size, bytes, form->size);
        if (digit || !form->statements || cost > most * SKS_EDIT_COST)
            continue;
        cost = cost * 4 + (bytes[0] != *word ? 2 : 0) + (form->stop ? 1 : 0);
        if (best && (cost > least || (cost == least && form->statements <= best->statements)))
            continue;
        best = form;
        least = cost;
    }
    return best && is_doubtful (store, word, size, best) ? NULL : best;
}

START_TEST (corrections_are_those_of_a_naive_search)
{
    const sks_store *store = sks_generation_snapshot (corpus.generation)->store;
    unsigned state = 5, corrected = 0;
    for (int i = 0; i < 300; i++) {
        char word[SKS_MAX_WORD_BYTES + 8];
        draw_letters (&state, word);
        misspell (&state, word);
        if (engine_draw (&state, 2))
            misspell (&state, word);
        if (is_known (store, word))
            continue;
        const sks_form *expected = naive_correction (store, word);
        sks_result *result = engine_ask (&corpus, word);
        const char *found = result->suggestion.replacement;
        if (!expected != !found || (found && (strlen (found) != expected->size ||
                                              memcmp (found, store->strings + expected->text, expected->size) != 0)))
            ck_abort_msg ("%s was corrected to %s, not to %.*s", word, found ? found : "none",
                          expected ? expected->size : 4, expected ? store->strings + expected->text : "none");
        corrected += found != NULL;
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (corrected, 100);
}
END_TEST

START_TEST (counts_what_the_corrected_query_matches)
{
    unsigned state = 3, suggested = 0;
    for (int i = 0; i < 200; i++) {
        char word[SKS_MAX_WORD_BYTES + 8], other[SKS_MAX_WORD_BYTES + 8], text[256];
        draw_letters (&state, word);
        draw_letters (&state, other);
        misspell (&state, word);
        snprintf (text, sizeof text, "%s %s", other, word);
        sks_query query = SKS_QUERY_INIT;
        query.text = text;
        query.match = (int) engine_draw (&state, 3);
        query.limit = 0;
        sks_result *result = engine_search (&corpus, &query), *corrected;
        if (result->suggestion.word) {
            ck_assert_str_eq (result->suggestion.word, word);
            query.text = result->suggestion.query;
            corrected = engine_search (&corpus, &query);
            ck_assert_uint_eq (result->suggestion.count, corrected->total);
            ck_assert_ptr_null (corrected->suggestion.word);
            sks_result_destroy (&corrected);
            suggested++;
        }
        sks_result_destroy (&result);
    }
    ck_assert_uint_gt (suggested, 50);
}
END_TEST

/* ------------------------------------------------------------------- limits */

START_TEST (needs_4_letters_for_one_edit_and_8_for_two)
{
    static const char *const table[][2] = {
        { "mia", "" }, /* 3 letters */
        { "frg", "" },
        { "frgo", "frog" },        /* 4 letters, one edit */
        { "rfgo", "" },            /* 4 letters, two */
        { "prcelss", "" },         /* 7 letters, two */
        { "parccelz", "parcels" }, /* 8 letters, two */
        { "eqvipmenr", "equipment" },
        { "eqvipmfnr", "" }, /* three */
    };
    for
        EACH (i, table)
    assert_corrected (table[i][0], table[i][1]);
}
END_TEST

START_TEST (corrects_only_the_first_8_unknown_words)
{
    char text[256] = "", expected[256] = "";
    for (int i = 0; i <= SKS_MAX_CORRECTIONS; i++) {
        strcat (text, "mial ");
        strcat (expected, i < SKS_MAX_CORRECTIONS ? "mail " : "mial ");
    }
    assert_corrected (text, expected);
}
END_TEST

START_TEST (suggests_no_query_that_is_too_long)
{
    char text[SKS_MAX_QUERY_BYTES + 1];
    memset (text, ' ', sizeof text);
    memcpy (text, "incomin", 7);
    text[SKS_MAX_QUERY_BYTES] = '\0';
    ck_assert_str_eq (correct (&small, text), "");
    text[SKS_MAX_QUERY_BYTES - 1] = '\0';
    ck_assert_uint_eq (strlen (correct (&small, text)), SKS_MAX_QUERY_BYTES);
}
END_TEST

START_TEST (suggests_no_query_that_would_be_refused)
{
    assert_corrected ("tiver levle:fire", "");
    ck_assert_uint_gt (engine_total (&small, "levle:fire"), 0);
}
END_TEST

START_TEST (accepts_words_of_maximum_length)
{
    char text[3 * SKS_MAX_WORD_BYTES + 1];
    memset (text, 'x', sizeof text);
    text[SKS_MAX_WORD_BYTES] = '\0';
    assert_corrected (text, "");
    text[SKS_MAX_WORD_BYTES] = 'x';
    text[sizeof text - 1] = '\0';
    assert_corrected (text, "");
}
END_TEST

Suite *
suite_spelling (void)
{
    Suite *suite = suite_create ("spelling");
    TCase *core = corpus_case (suite, "Core"), *limits = tcase_create ("Limits");
    tcase_add_unchecked_fixture (core, open_small, engine_small_close);
    tcase_add_unchecked_fixture (limits, open_small, engine_small_close);
    tcase_add_test (core, corrects_words_that_occur_nowhere);
    tcase_add_test (core, prefers_the_nearest_then_the_most_likely_word);
    tcase_add_test (core, splits_a_word_in_two_if_both_are_more_common_than_a_distant_correction);
    tcase_add_test (core, does_not_correct_known_or_quoted_words_or_numbers);
    tcase_add_test (core, corrects_with_words_of_the_field);
    tcase_add_test (core, corrects_the_name_of_a_field_to_a_field_only);
    tcase_add_test (core, names_the_first_word_and_replaces_all);
    tcase_add_test (core, a_word_that_the_query_leaves_out_is_a_correction_only_if_letters_are_swapped);
    tcase_add_test (core, a_word_of_4_letters_is_corrected_to_a_common_word_or_if_letters_were_swapped_or_doubled);
    tcase_add_test (core, a_corrected_query_finds_more_unless_letters_are_swapped_or_doubled);
    tcase_add_test (core, signs_after_a_word_do_not_make_it_misspelt);
    tcase_add_test (core, offers_the_words_of_operators_that_find_nothing);
    tcase_add_test (core, suggests_nothing_that_finds_nothing);
    tcase_add_test (core, suggestions_ignore_filter_and_page_but_their_counts_do_not);
    tcase_add_test (core, distances_are_those_of_the_whole_matrix);
    tcase_add_test (core, corrections_are_those_of_a_naive_search);
    tcase_add_test (core, counts_what_the_corrected_query_matches);
    tcase_add_test (limits, needs_4_letters_for_one_edit_and_8_for_two);
    tcase_add_test (limits, corrects_only_the_first_8_unknown_words);
    tcase_add_test (limits, suggests_no_query_that_is_too_long);
    tcase_add_test (limits, suggests_no_query_that_would_be_refused);
    tcase_add_test (limits, accepts_words_of_maximum_length);
    suite_add_tcase (suite, limits);
    return suite;
}
