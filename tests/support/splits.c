/* splits.c - indexes the exports once per number of shards. */
#include "splits.h"

#include "corpus.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Statements of a level of an occupation that has many; occupations that have few. */
#define CROWD 400
#define OTHERS 40

const uint32_t splits_shards[SPLITS] = { 1, 2, 3, 5 };
engine whole;
sks_generation *splits_generations[SPLITS];
size_t splits;
static char *folders[SPLITS];

static void
open_split (const char *exports, uint32_t shards)
{
    sks_error err;
    folders[splits] = sample_folder ();
    sample_shards = shards;
    sample_index (folders[splits], exports);
    sample_shards = 0;
    ck_assert_msg (sks_generation_open (&splits_generations[splits], folders[splits], &err) == 0, "%s", err.text);
    splits++;
}

void
splits_open_corpus (void)
{
    engine_open (&whole, sample_corpus ());
    for
        EACH (i, splits_shards)
    open_split (sample_corpus (), splits_shards[i]);
}

void
splits_open_data (void)
{
    char path[PATH_MAX];
    if (!getenv ("SKS_DATA"))
        return;
    snprintf (path, sizeof path, "%s/onet/exports", getenv ("SKS_DATA"));
    engine_open (&whole, path);
    open_split (path, SPLITS_DATA_SHARDS);
}

/* Words that are one or several, duties, names in capitals, and two statements that differ in the order of words. */
static const sample_occupation written[] = {
    { .soc = "15-1252.00",
      .title = "Software Developers",
      .sector = "54",
      .zone = 4,
      .levels = { "Use computer-aided design for e-mail forms\nDesign furniture, using computer-aided drawing programs\n"
                  "Send an email to each follow-up list\nE-mail — follow up on each e-mail",
                  "Computer aided design of a web-site\nDesign of computer aided forms\nWeb site — design of the site",
                  "IT systems — keep it simple\nKeep it simple\nThe IT of the firm",
                  "State-of-the-art tools\nArt tools" } },
    { .soc = "43-9051.00",
      .title = "Mail Clerks",
      .levels = { "Route mail\nMail routes for the mail room\nMailroom — sort mail, then mail letters",
                  "Routing of incoming mail\nMail mail\nSort the incoming mail daily", "Sort\nRoute\nMail",
                  "Daily mail" } },
    { .soc = "53-7051.00",
      .title = "Forklift Drivers",
      .levels = { "Fork lift — check tires\nForklifts — check the forks" } },
};

/* Open exports, which are removed. */
static void
open_all (char *exports)
{
    engine_open (&whole, exports);
    for
        EACH (i, splits_shards)
    open_split (exports, splits_shards[i]);
    sample_remove (exports);
}

void
splits_open_written (void)
{
    char *exports = sample_folder ();
    for
        EACH (i, written)
    sample_put (exports, written[i].soc, &written[i]);
    open_all (exports);
}

/* As many lines as `count`, each with its number after the text. */
static void
write_lines (char *out, size_t size, const char *text, unsigned count)
{
    *out = '\0';
    for (unsigned i = 0; i < count; i++)
        snprintf (out + strlen (out), size - strlen (out), "%s%s %u", i ? "\n" : "", text, 100 + i);
}

void
splits_open_crowded (void)
{
    static char many[SKS_LEVELS][CROWD * 32], few[1024];
    static const char *const texts[SKS_LEVELS] = { "Sort mail", "Sort the mail", "Sorting mail", "Mail sort" };
    char *exports = sample_folder ();
    sample_occupation clerks = { .soc = "43-9051.00", .title = "Mail Clerks" };
    for (int level = 0; level < SKS_LEVELS; level++) {
        write_lines (many[level], sizeof many[level], texts[level], CROWD);
        clerks.levels[level] = many[level];
    }
    sample_put (exports, clerks.soc, &clerks);
    for (unsigned i = 0; i < OTHERS; i++) {
        char soc[16];
        sample_occupation other = { .soc = soc, .title = "Other Workers", .levels = { few, NULL, few } };
        snprintf (soc, sizeof soc, "15-10%02u.00", i);
        write_lines (few, sizeof few, "Carry tools, parts, papers, letters and mail from each room to the next one",
                     1 + i % 5);
        sample_put (exports, soc, &other);
    }
    open_all (exports);
}

void
splits_close (void)
{
    while (splits) {
        sks_generation_release (&splits_generations[--splits]);
        sample_remove (folders[splits]);
    }
    if (whole.folder)
        engine_close (&whole);
}

sks_gather *
splits_gather (size_t split)
{
    sks_gather *gather;
    sks_error err;
    ck_assert_msg (sks_gather_open (&gather, splits_generations[split],
                                    &(sks_gather_options) { .timeout_ms = 1000, .connect_ms = 1000 }, &err) == 0,
                   "%s", err.text);
    return gather;
}
