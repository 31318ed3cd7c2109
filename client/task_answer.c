/* task_answer.c - the commands whose answer is not a list of statements. */
#include "core/base/error.h"
#include "core/base/printable_put.h"
#include "input.h"
#include "print.h"
#include "recent.h"
#include "sheet.h"
#include "task.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
sks_task_report_names (const sks_note *notes, size_t count)
{
    sks_buffer text = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    sks_terminal terminal;
    sks_terminal_detect (&terminal, STDERR_FILENO, SKS_COLOR_NEVER);
    sks_print_names (&text, &terminal, notes, count);
    sks_session_complain (&text);
    sks_buffer_free (&text);
}

/* Write an answer as it came, as rows, or as text; `answer` is also its name in sheet.h and print.h. */
#define PUT_ANSWER(session, table, answer)                                                                             \
    do {                                                                                                               \
        if (sks_session_put (session, (answer)->json))                                                                 \
            break;                                                                                                     \
        if (table)                                                                                                     \
            sks_sheet_##answer (table, answer);                                                                        \
        else                                                                                                           \
            sks_print_##answer (&(session)->out, &(session)->terminal, answer);                                        \
    } while (0)

int
sks_task_compare (sks_session *session)
{
    const sks_options *options = session->options;
    const char *duty = *options->query.text ? options->query.text : NULL;
    sks_table *table = sks_session_table (session);
    sks_comparison *comparison;
    if (sks_client_compare (session->client, options->words[0], duty, &options->query, &comparison, &session->err) != 0)
        return sks_session_fail (session);
    bool found = comparison->row_count > 0;
    if (sks_session_put (session, comparison->json))
        ;
    else if (table)
        sks_sheet_comparison (table, comparison);
    else
        sks_print_comparison (&session->out, &session->terminal, comparison, duty, options->changes);
    sks_comparison_destroy (&comparison);
    return sks_session_finish (session, found);
}

/* The level of its name; -1 if there is none. */
static int
level_of (const char *name)
{
    int level = SKS_LEVELS - 1;
    while (level >= 0 && strcmp (name, sks_level_name (level)) != 0)
        level--;
    return level;
}

/* Store the statements' ids, so that later commands can use their numbers. */
static void
keep_record (const sks_record *record)
{
    sks_buffer answer = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    uint64_t number = 0;
    for (int level = 0; level < SKS_LEVELS; level++)
        for (size_t i = 0; i < record->levels[level].count; i++)
            sks_recent_put (&answer, ++number, record->levels[level].statements[i].id);
    sks_recent_keep (&answer);
    sks_buffer_free (&answer);
}

int
sks_task_occupation (sks_session *session)
{
    const sks_query *query = &session->options->query;
    sks_table *table = sks_session_table (session);
    sks_record *record;
    if (sks_client_occupation_with (session->client, query->text, query, &record, &session->err) != 0)
        return sks_session_fail (session);
    if (sks_session_put (session, record->json))
        ;
    else if (table)
        sks_sheet_record (table, record);
    else {
        sks_print_record (&session->out, &session->terminal, record);
        keep_record (record);
    }
    sks_record_destroy (&record);
    return sks_session_finish (session, true);
}

int
sks_task_crosswalk (sks_session *session)
{
    const sks_options *options = session->options;
    const sks_filter *levels = &options->query.filter[SKS_FACET_LEVEL];
    int level = levels->count ? level_of (levels->values[0]) : -1;
    sks_table *table = sks_session_table (session);
    sks_crosswalk *crosswalk;
    if (sks_client_crosswalk (session->client, options->words[0], options->words[1], level, &options->query, &crosswalk,
                              &session->err) != 0)
        return sks_session_fail (session);
    bool found = crosswalk->pair_count > 0;
    PUT_ANSWER (session, table, crosswalk);
    sks_crosswalk_destroy (&crosswalk);
    return sks_session_finish (session, found);
}

/* A text that is the name of a file was probably meant to be read. */
static void
warn_of_file (const char *text)
{
    sks_buffer warning = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    struct stat what;
    if (stat (text, &what) != 0 || S_ISDIR (what.st_mode))
        return;
    sks_buffer_puts (&warning,
                     "skillsearch: the text is the name of a file; for what is in it: skillsearch map --file ");
    sks_printable_put_word (&warning, text);
    sks_buffer_putc (&warning, '\n');
    sks_session_complain (&warning);
    sks_buffer_free (&warning);
}

/* Store the statements' ids, so that later commands can use their numbers. */
static void
keep_matches (const sks_mapping *mapping)
{
    sks_buffer answer = SKS_BUFFER_INIT (SKS_OUTPUT_BYTES);
    uint64_t number = 0;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        for (size_t k = 0; k < mapping->sentences[i].match_count; k++)
            sks_recent_put (&answer, ++number, mapping->sentences[i].matches[k].hit->id);
    sks_recent_keep (&answer);
    sks_buffer_free (&answer);
}

int
sks_task_map (sks_session *session)
{
    const sks_options *options = session->options;
    const char *text = options->query.text;
    const char *file = options->file ? options->file : strcmp (text, "-") == 0 ? "-" : NULL;
    char *read = NULL;
    sks_table *table = sks_session_table (session);
    sks_mapping *mapping;
    if (file && sks_input_read (options->memory, file, SKS_MAX_MAP_BYTES, &read, &session->err) != 0)
        return sks_session_fail (session);
    text = read ? read : text;
    if (!file)
        warn_of_file (text);
    if (sks_client_map (session->client, text, &options->query, &mapping, &session->err) != 0)
        return sks_session_fail (session);
    bool found = false;
    for (size_t i = 0; i < mapping->sentence_count; i++)
        found |= mapping->sentences[i].match_count > 0;
    if (sks_session_put (session, mapping->json))
        ;
    else if (table) {
        sks_sheet_mapping (table, mapping, text);
        sks_task_report_names (mapping->notes, mapping->note_count);
    } else { /* units are bytes in both */
        sks_print_names (&session->out, &session->terminal, mapping->notes, mapping->note_count);
        sks_print_mapping (&session->out, &session->terminal, mapping, text);
        keep_matches (mapping);
    }
    sks_mapping_destroy (&mapping);
    return sks_session_finish (session, found);
}

int
sks_task_suggest (sks_session *session)
{
    const sks_query *query = &session->options->query;
    sks_table *table = sks_session_table (session);
    sks_completions *completions;
    if (sks_client_suggest (session->client, query->text, query->limit, &completions, &session->err) != 0)
        return sks_session_fail (session);
    bool found = completions->word_count || completions->duty_count || completions->occupation_count;
    PUT_ANSWER (session, table, completions);
    sks_completions_destroy (&completions);
    return sks_session_finish (session, found);
}

int
sks_task_analyze (sks_session *session)
{
    sks_table *table = sks_session_table (session);
    sks_analysis *analysis;
    if (sks_client_analyze (session->client, &session->options->query, &analysis, &session->err) != 0)
        return sks_session_fail (session);
    if (sks_session_put (session, analysis->json))
        ;
    else if (table)
        sks_sheet_analysis (table, analysis);
    else
        sks_print_analysis (&session->out, &session->terminal, analysis, session->options->query.text);
    sks_analysis_destroy (&analysis);
    return sks_session_finish (session, true);
}
