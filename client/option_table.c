/* option_table.c - the tables of options and commands, from which --help and shell completion are made. */
#include "option_values.h"

#include <stddef.h>
#include <string.h>

#define FOR(command) (1u << SKS_COMMAND_##command)
#define FOR_QUERY (FOR (SEARCH) | FOR (FACETS))
#define FOR_MATCH (FOR_QUERY | FOR (ANALYZE) | FOR (EXPORT) | FOR (BROWSE))
#define FOR_MEANING ((FOR_MATCH & ~FOR (ANALYZE)) | FOR (SIMILAR) | FOR (MAP) | FOR (COMPARE) | FOR (CROSSWALK))
#define FOR_FILTER (FOR_QUERY | FOR (SIMILAR) | FOR (MAP) | FOR (EXPORT) | FOR (BROWSE))
#define FOR_LIMIT (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (SUGGEST))
#define FOR_MARKED (FOR (SEARCH) | FOR (SIMILAR) | FOR (MAP) | FOR (EXPORT))
#define FOR_UNITS (FOR_MARKED | FOR (FACETS) | FOR (GET) | FOR (COMPARE) | FOR (CROSSWALK) | FOR (ANALYZE))
#define FOR_ALL (~0u)
#define FOR_DAEMON (FOR_ALL & ~FOR (KEYGEN) & ~FOR (TRY))
#define FOR_INDEX (FOR_DAEMON & ~FOR (TOP))
#define FOR_FORMAT (FOR_ALL & ~FOR (BROWSE) & ~FOR (TRY) & ~FOR (COMPLETE))
#define FOR_PAGER (FOR_ALL & ~FOR (BROWSE) & ~FOR (TOP) & ~FOR (KEYGEN) & ~FOR (COMPLETE))

#define AT(member) ((int) offsetof (sks_options, member))
#define AT_QUERY(member) ((int) offsetof (sks_query, member))

#define LEVELS "emerging developing proficient advanced"
#define FACETS "level sector group occupation zone version"
#define COLUMNS                                                                                                        \
    "id level position soc occupation group sector sector_label zone duty detail text version exported_at source "     \
    "attribution"
#define ORDERS "relevance level occupation id -relevance -level -occupation -id"

static const char *const headings[SKS_SECTIONS] = {
    [SKS_SECTION_SEARCH] = "Search",
    [SKS_SECTION_FILTERS] = "Filters (repeat them, or put commas between values)",
    [SKS_SECTION_COUNTS] = "Counts",
    [SKS_SECTION_OUTPUT] = "Output",
    [SKS_SECTION_DAEMON] = "Daemon",
    [SKS_SECTION_KEYS] = "Keys",
    [SKS_SECTION_COMPLETION] = "Completion",
    [SKS_SECTION_HELP] = "Help",
};

#define OPTION(name, letter, value, choices, section, commands, apply, detail, help)                                   \
    {                                                                                                                  \
        { name, letter, value, choices, help }, section, commands, apply, detail                                       \
    }

const sks_option sks_option_table[] = {
    OPTION ("match", 0, "HOW", "auto all any meaning", SKS_SECTION_SEARCH, FOR_MATCH, sks_option_set_match, -1,
            "which words a statement must have: all; any; meaning: the rarest words, or near words; auto: all, "
            "and if few statements have all, also the closest"),
    OPTION ("all", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR_MATCH, sks_option_set_match, SKS_MATCH_ALL,
            "the same as --match all"),
    OPTION ("any", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR_MATCH, sks_option_set_match, SKS_MATCH_ANY,
            "the same as --match any"),
    OPTION ("no-meaning", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR_MEANING, sks_option_set_query, AT_QUERY (plain),
            "use no near words and no word vectors"),
    OPTION ("sort", 0, "ORDER", ORDERS, SKS_SECTION_SEARCH, FOR (SEARCH) | FOR (EXPORT) | FOR (BROWSE),
            sks_option_set_sort, 0,
            "relevance (not for export), level, occupation or id; a \"-\" before it reverses the order"),
    OPTION ("limit", 'n', "N", NULL, SKS_SECTION_SEARCH, FOR_LIMIT, sks_option_set_limit, 0,
            "statements on a page, 0 to 100 (as many as fit on the terminal, else 10); with map, for each "
            "sentence (3); with suggest, of each kind, up to 20 (8)"),
    OPTION ("offset", 0, "N", NULL, SKS_SECTION_SEARCH, FOR (SEARCH), sks_option_set_offset, 0,
            "skip the first N statements"),
    OPTION ("explain", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR (SEARCH) | FOR (SIMILAR), sks_option_set_explain, 0,
            "how the query was read, and the id and what makes up the score of each statement"),
    OPTION ("collapse", 0, "N", NULL, SKS_SECTION_SEARCH, FOR (SEARCH), sks_option_set_collapse, 0,
            "at most N statements per occupation, 1 to 10"),
    OPTION ("partial", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR_QUERY, sks_option_set_query, AT_QUERY (partial),
            "of an index in shards, leave out the shards that do not answer"),
    OPTION ("fix", 0, NULL, NULL, SKS_SECTION_SEARCH, FOR (SEARCH), sks_option_set_flag, AT (fix),
            "search for the suggested query, if there is one"),
    OPTION ("exclude", 0, "WHAT", "occupation level", SKS_SECTION_SEARCH, FOR (SIMILAR), sks_option_add_exclude, 0,
            "leave out statements of the same occupation, level, or both (separated by a comma)"),
    OPTION ("file", 0, "FILE", NULL, SKS_SECTION_SEARCH, FOR (MAP), sks_option_set_text, AT (file),
            "read the text from FILE; \"-\" is the standard input"),

    OPTION ("level", 0, "NAME", LEVELS, SKS_SECTION_FILTERS, FOR_FILTER | FOR (CROSSWALK), sks_option_add_filter,
            SKS_FACET_LEVEL, "emerging, developing, proficient or advanced, or the beginning of one, as in adv"),
    OPTION ("sector", 0, "NAME", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_filter, SKS_FACET_SECTOR,
            "NAICS sector: its code, as in 55 or 31-33, or its label or a part of that, as in finance"),
    OPTION ("group", 0, "NAME", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_filter, SKS_FACET_GROUP,
            "SOC major group, likewise: 43, or office"),
    OPTION ("occupation", 0, "NAME", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_filter, SKS_FACET_OCCUPATION,
            "SOC code, as in 43-9061.00, or its beginning, as in 43- or 43-90, or a title or a part of it"),
    OPTION ("soc", 0, "NAME", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_filter, SKS_FACET_OCCUPATION,
            "the same as --occupation"),
    OPTION ("zone", 0, "ZONES", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_zones, SKS_FACET_ZONE,
            "job zone: 1 to 5, a range as in 2-3, none, or a label or a part of it, as in considerable"),
    OPTION ("framework-version", 0, "VERSION", NULL, SKS_SECTION_FILTERS, FOR_FILTER, sks_option_add_filter,
            SKS_FACET_VERSION, "version of the framework, as in its exports"),

    OPTION (
        "facet", 0, "NAME[:LIMIT[:FIND]]", FACETS, SKS_SECTION_COUNTS, FOR_QUERY, sks_option_add_facet, 0,
        "count the values of level, sector, group, occupation, zone or version: at most LIMIT of them (10), only those "
        "with the word FIND in their label"),
    OPTION ("tree", 0, NULL, NULL, SKS_SECTION_COUNTS, FOR_QUERY, sks_option_set_tree, 0,
            "count groups, and below each its occupations; --facet occupation says how many of both"),
    OPTION ("no-facets", 0, NULL, NULL, SKS_SECTION_COUNTS, FOR (SEARCH), sks_option_set_flag, AT (no_facets),
            "no counts below the statements on a terminal"),

    OPTION (
        "format", 0, "FORMAT", "text json ndjson csv tsv markdown case1.0 case1.1 ctdl rsd md", SKS_SECTION_OUTPUT,
        FOR_FORMAT, sks_option_set_format, 0,
        "text: for people (the default, except for export: ndjson); json: the daemon's reply as it came; ndjson: one "
        "JSON object per line; csv, tsv, markdown: a table with a heading; of export also, per occupation: case1.0, "
        "case1.1, ctdl: JSON of CASE and CTDL-ASN; rsd: a table of skill descriptors; md: a section of Markdown"),
    OPTION ("bom", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_FORMAT, sks_option_set_flag, AT (bom),
            "csv, tsv, rsd: begin with a byte order mark, for spreadsheet programs"),
    OPTION ("excel-safe", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_FORMAT, sks_option_set_flag, AT (excel_safe),
            "csv, tsv, rsd: put ' before a cell that a spreadsheet would read as a formula"),
    OPTION ("provenance", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_want, SKS_WANT_PROVENANCE,
            "version, date, sources and attribution of the export that each statement comes from"),
    OPTION ("columns", 0, "NAMES", COLUMNS, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_add_columns, 0,
            "ndjson, csv, tsv: these columns, separated by commas, such as id,level,duty,detail,sector_label"),
    OPTION ("output", 'o', "FILE", NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_text, AT (output_file),
            "write to FILE, which appears when it is complete; \"-\" is the standard output"),
    OPTION ("output-dir", 0, "DIR", NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_text, AT (output_folder),
            "case1.0, case1.1, ctdl, rsd, md: write one file per occupation to DIR, named by its SOC code"),
    OPTION ("base-uri", 0, "URI", NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_text, AT (base_uri),
            "case1.0, case1.1, ctdl, rsd: begin URIs with URI, as in https://host/ (urn:uuid:)"),
    OPTION ("creator", 0, "NAME", NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_text, AT (creator),
            "case1.0, case1.1, ctdl, rsd: the creator or author (the attribution of the export)"),
    OPTION ("publisher", 0, "URI", NULL, SKS_SECTION_OUTPUT, FOR (EXPORT), sks_option_set_text, AT (publisher),
            "ctdl: the publisher's URI in the Credential Registry"),
    OPTION ("json", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_FORMAT, sks_option_set_output, SKS_OUTPUT_JSON,
            "the same as --format json"),
    OPTION ("prometheus", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR (STATS), sks_option_set_output, SKS_OUTPUT_PROMETHEUS,
            "in the text format of Prometheus"),
    OPTION ("print", 0, "WHAT", "id text json", SKS_SECTION_OUTPUT, FOR (BROWSE), sks_option_set_print, 0,
            "for each picked statement: its id, its text, or one line of JSON (id)"),
    OPTION ("null", '0', NULL, NULL, SKS_SECTION_OUTPUT, FOR (BROWSE), sks_option_set_flag, AT (null),
            "end each with a NUL instead of a line end, for xargs -0"),
    OPTION ("interval", 0, "SECONDS", NULL, SKS_SECTION_OUTPUT, FOR (TOP), sks_option_set_interval, 0,
            "seconds between updates (2)"),
    OPTION ("count", 0, "N", NULL, SKS_SECTION_OUTPUT, FOR (TOP), sks_option_set_count, 0, "end after N updates"),
    OPTION (
        "tsv", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_FORMAT, sks_option_set_output, SKS_OUTPUT_TSV,
        "the same as --format tsv without the heading; of statements: id, score, level, SOC code, occupation, text; of "
        "counts: facet, value, label, count, selected"),
    OPTION ("marked", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_MARKED, sks_option_set_want, SKS_WANT_MARKED,
            "with --json: each text once more, with <b> </b> around what matched; in tables: in place of the text"),
    OPTION ("tags", 0, "OPEN,CLOSE", NULL, SKS_SECTION_OUTPUT, FOR_MARKED, sks_option_set_tags, 0,
            "the same with other tags than <b> </b>"),
    OPTION ("escape", 0, "HOW", "auto html none", SKS_SECTION_OUTPUT, FOR_MARKED, sks_option_set_escape, 0,
            "how the text between the tags is written: html, none, or auto: as HTML if a tag contains a <"),
    OPTION ("units", 0, "UNITS", "bytes utf16 codepoints", SKS_SECTION_OUTPUT, FOR_UNITS, sks_option_set_units, 0,
            "with --json: the unit of spans and other places in texts (bytes)"),
    OPTION ("long", 'l', NULL, NULL, SKS_SECTION_OUTPUT, FOR (SEARCH) | FOR (GET) | FOR (SIMILAR), sks_option_set_flag,
            AT (full), "also the score and the id of each statement"),
    OPTION ("words", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR (COMPARE), sks_option_set_flag, AT (changes),
            "which words each level gained (+) and lost (-)"),
    OPTION ("no-pager", 0, NULL, NULL, SKS_SECTION_OUTPUT, FOR_PAGER, sks_option_set_flag, AT (no_pager),
            "no pager on a terminal; else $SKILLSEARCH_PAGER, $PAGER or less shows the answer"),
    OPTION ("color", 0, "WHEN", "auto always never", SKS_SECTION_OUTPUT, FOR_ALL, sks_option_set_color, 0,
            "auto: on a terminal, unless NO_COLOR is set or TERM is dumb"),

    OPTION ("connect", 0, "ENDPOINT", NULL, SKS_SECTION_DAEMON, FOR_DAEMON, sks_option_set_text, AT (endpoint),
            "tcp://HOST:PORT or ipc://PATH, several separated by commas; else $SKILLSEARCH_ENDPOINT, "
            "else " SKS_DEFAULT_ENDPOINT),
    OPTION ("index", 0, "DIR", NULL, SKS_SECTION_DAEMON, FOR_INDEX, sks_option_set_text, AT (index),
            "search the index in DIR without a daemon; else $SKILLSEARCH_INDEX, if no endpoint is given"),
    OPTION ("timeout", 0, "MS", NULL, SKS_SECTION_DAEMON, FOR_DAEMON | FOR (TRY), sks_option_set_timeout, 0,
            "timeout in milliseconds; else $SKILLSEARCH_TIMEOUT_MS, else 5000"),
    OPTION ("server-key", 0, "FILE", NULL, SKS_SECTION_DAEMON, FOR_DAEMON, sks_option_set_text, AT (server_key),
            "the daemon's public certificate; else $SKILLSEARCH_SERVER_KEY, else no keys are used"),
    OPTION ("client-key", 0, "FILE", NULL, SKS_SECTION_DAEMON, FOR_DAEMON, sks_option_set_text, AT (client_key),
            "your secret certificate, as keygen made it; else $SKILLSEARCH_CLIENT_KEY"),

    OPTION ("name", 0, "NAME", NULL, SKS_SECTION_KEYS, FOR (KEYGEN), sks_option_set_text, AT (name),
            "of keygen: the owner's name, written into the files (default: the file's name)"),
    OPTION ("server", 0, NULL, NULL, SKS_SECTION_KEYS, FOR (KEYGEN), sks_option_set_flag, AT (server),
            "of keygen: create FILE as the key folder of a daemon"),

    OPTION ("line", 0, "TEXT", NULL, SKS_SECTION_COMPLETION, FOR (COMPLETE), sks_option_set_text, AT (line_typed),
            "of complete: a command line up to the cursor; the word is what the shell would replace"),

    OPTION ("help", 'h', NULL, NULL, SKS_SECTION_HELP, FOR_ALL, sks_option_set_ask, SKS_ASK_HELP, "this text"),
    OPTION ("version", 'V', NULL, NULL, SKS_SECTION_HELP, FOR_ALL, sks_option_set_ask, SKS_ASK_VERSION,
            "the version of this program"),
    OPTION ("list-options", 0, NULL, NULL, SKS_SECTION_HELP, FOR_ALL, sks_option_set_ask, SKS_ASK_LIST,
            "options and what they take, for programs"),
};

_Static_assert(sizeof sks_option_table / sizeof *sks_option_table <= SKS_MAX_OPTIONS, "SKS_MAX_OPTIONS is too low");

const sks_argument_table sks_option_arguments = { sks_option_table, sizeof sks_option_table / sizeof *sks_option_table,
                                                  sizeof *sks_option_table,
                                                  "to leave a word out, write NOT before it" };

#define TSV "the same as --format tsv without the heading; columns: "

/* Help of an option for some commands alone, where the text in the table is about more than these. */
static const struct {
    const char *name;
    unsigned commands;
    const char *help;
} own_helps[] = {
    { "sort", FOR (SEARCH) | FOR (BROWSE),
      "relevance (the default), level, occupation or id; a \"-\" before it reverses the order" },
    { "sort", FOR (EXPORT), "level, occupation or id (the default); a \"-\" before it reverses the order" },
    { "limit", FOR (SEARCH) | FOR (SIMILAR),
      "statements on a page, 0 to 100 (as many as fit on the terminal, else 10)" },
    { "limit", FOR (MAP), "statements for each sentence, 1 to 100 (3)" },
    { "limit", FOR (SUGGEST), "items of each kind, 1 to 20 (8)" },
    { "bom", FOR_FORMAT & ~FOR (EXPORT), "csv, tsv: begin with a byte order mark, for spreadsheet programs" },
    { "excel-safe", FOR_FORMAT & ~FOR (EXPORT),
      "csv, tsv: put ' before a cell that a spreadsheet would read as a formula" },
    { "explain", FOR (SIMILAR), "the id and what makes up the score of each statement" },
    { "level", FOR (CROSSWALK),
      "only this level: emerging, developing, proficient or advanced, or the beginning of one, as in adv" },
    { "format", FOR (EXPORT),
      "ndjson: one JSON object per line (the default); json: a list of them; csv, tsv, markdown: a table with a "
      "heading; text: for people; per occupation: case1.0, case1.1, ctdl: JSON of CASE and CTDL-ASN; rsd: a table of "
      "skill descriptors; md: a section of Markdown" },
    { "format", FOR (TOP) | FOR (KEYGEN),
      "text: for people (the default); json, ndjson: JSON objects; csv, tsv, markdown: a table with a heading" },
    { "format", FOR_FORMAT,
      "text: for people (the default); json: the daemon's reply as it came; ndjson: one JSON object per line; csv, "
      "tsv, markdown: a table with a heading" },
    { "tsv", FOR (SEARCH) | FOR (GET) | FOR (SIMILAR) | FOR (OCCUPATION),
      TSV "id, score, level, soc, occupation, text" },
    { "tsv", FOR (FACETS), TSV "facet, value, label, count, selected" },
    { "tsv", FOR (COMPARE), TSV "row, duty, level, likeness, id, text, gained, lost" },
    { "tsv", FOR (CROSSWALK), TSV "likeness, left_id, left_level, left_text, right_id, right_level, right_text" },
    { "tsv", FOR (MAP), TSV "sentence, sentence_text, share, id, level, soc, occupation, text" },
    { "tsv", FOR (SUGGEST), TSV "kind, value, text, count" },
    { "tsv", FOR (ANALYZE), TSV "word, stem, count, known, stop, expansions" },
    { "tsv", FOR (EXPORT), TSV "id, level, position, soc, occupation, group, sector, zone, duty, text" },
    { "tsv", FOR (STATS), TSV "group, name, value" },
    { "tsv", FOR (PING), TSV "status, generation, statements" },
    { "tsv", FOR (KEYGEN), TSV "file, advice" },
    { "tsv", FOR_FORMAT, "the same as --format tsv without the heading" },
    { "marked", FOR (EXPORT), "each text once more, with <b> </b> around what matched" },
    { "units", FOR (EXPORT), "the unit of spans and other places in texts (bytes)" },
    { "name", FOR (KEYGEN), "the owner's name, written into the files (default: the file's name)" },
    { "server", FOR (KEYGEN), "create FILE as the key folder of a daemon" },
    { "line", FOR (COMPLETE), "a command line up to the cursor; the word is what the shell would replace" },
};

/* By command. */
static const char *const examples[SKS_COMMANDS] = {
    [SKS_COMMAND_SEARCH] = "  skillsearch incoming mail\n"
                           "  skillsearch --level advanced --sector finance budget\n"
                           "  skillsearch '\"incoming mail\" route'\n",
    [SKS_COMMAND_FACETS] = "  skillsearch facets mail\n"
                           "  skillsearch facets --facet occupation:20:nurse medication\n",
    [SKS_COMMAND_GET] = "  skillsearch get 43-9051.00/developing/5bbaa99f9972\n"
                        "  skillsearch get 1 3          numbers of the last answer\n"
                        "  skillsearch --tsv mail | cut -f1 | skillsearch get -\n",
    [SKS_COMMAND_SIMILAR] = "  skillsearch similar 2\n"
                            "  skillsearch similar 43-9051.00/developing/5bbaa99f9972\n"
                            "  skillsearch similar --exclude occupation 43-9051.00/developing/5bbaa99f9972\n",
    [SKS_COMMAND_OCCUPATION] = "  skillsearch occupation 43-9051\n"
                               "  skillsearch occupation mail clerks\n",
    [SKS_COMMAND_COMPARE] = "  skillsearch compare 43-9051\n"
                            "  skillsearch compare \"mail clerks\" incoming mail\n",
    [SKS_COMMAND_CROSSWALK] = "  skillsearch crosswalk 43-9051 43-4051\n"
                              "  skillsearch crosswalk --level advanced electricians \"elementary teachers\"\n",
    [SKS_COMMAND_MAP] = "  skillsearch map --file vacancy.txt\n"
                        "  skillsearch map 'Sorts mail. Answers the phone.'\n",
    [SKS_COMMAND_SUGGEST] = "  skillsearch suggest mai\n",
    [SKS_COMMAND_ANALYZE] = "  skillsearch analyze 'rout* NOT title:clerk'\n",
    [SKS_COMMAND_BROWSE] = "  skillsearch browse --sector 55 budget\n"
                           "  skillsearch browse --print text > picked.txt\n",
    [SKS_COMMAND_EXPORT] = "  skillsearch export --format csv > all.csv\n"
                           "  skillsearch export --format case1.1 --base-uri https://host/ --output-dir case\n"
                           "  skillsearch export --sector 55 --level proficient --sort occupation\n",
    [SKS_COMMAND_STATS] = "  skillsearch stats\n",
    [SKS_COMMAND_TOP] = "  skillsearch top --interval 5\n",
    [SKS_COMMAND_PING] = "  skillsearch ping --timeout 1000\n",
    [SKS_COMMAND_KEYGEN] = "  skillsearch keygen alice\n"
                           "  skillsearch keygen --server keys\n",
    [SKS_COMMAND_TRY] = "  skillsearch try exports\n",
    [SKS_COMMAND_COMPLETE] = "  skillsearch complete -- skillsearch --sector fin\n",
};

static const struct {
    const char *name, *arguments, *summary;
} commands[SKS_COMMANDS] = {
    [SKS_COMMAND_SEARCH] = { "search", "[WORDS...]", "find statements; the word \"search\" may be left out" },
    [SKS_COMMAND_FACETS] = { "facets", "[WORDS...]", "only count the statements found, by facet" },
    [SKS_COMMAND_GET] = { "get", "ID...", "show statements by their ids" },
    [SKS_COMMAND_SIMILAR] = { "similar", "ID", "statements most similar to this one" },
    [SKS_COMMAND_OCCUPATION] = { "occupation", "SOC",
                                 "one occupation as its export describes it, with its statements" },
    [SKS_COMMAND_COMPARE] = { "compare", "SOC [WORDS...]",
                              "an occupation's four levels side by side, or only duties with these words" },
    [SKS_COMMAND_CROSSWALK] = { "crosswalk", "SOC SOC", "what two occupations have in common, and what only one has" },
    [SKS_COMMAND_MAP] = { "map", "TEXT",
                          "the statements that match each sentence of a text, or of standard input (-)" },
    [SKS_COMMAND_SUGGEST] = { "suggest", "TEXT", "words, duties and occupations that begin with TEXT" },
    [SKS_COMMAND_ANALYZE] = { "analyze", "[WORDS...]", "how a query is read" },
    [SKS_COMMAND_BROWSE] = { "browse", "[WORDS...]",
                             "search while typing, on the full screen; print the ids of what was picked" },
    [SKS_COMMAND_EXPORT] = { "export", "[WORDS...]", "all statements found, for other programs" },
    [SKS_COMMAND_STATS] = { "stats", "", "the daemon's contents and its state" },
    [SKS_COMMAND_TOP] = { "top", "", "live figures: rates, times, queue; q ends it" },
    [SKS_COMMAND_PING] = { "ping", "", "whether the daemon can answer" },
    [SKS_COMMAND_KEYGEN] = { "keygen", "FILE", "new keys: FILE to give away, FILE_secret to keep" },
    [SKS_COMMAND_TRY] = { "try", "FOLDER...", "index exports in a place for trials and show what to ask" },
    [SKS_COMMAND_COMPLETE] = { "complete", "PROGRAM WORD...",
                               "completions of the last word of a command line, for shells" },
};

const char *
sks_option_command_name (int command)
{
    return command >= 0 && command < SKS_COMMANDS ? commands[command].name : NULL;
}

int
sks_option_command_of (const char *name)
{
    for (int i = 0; i < SKS_COMMANDS; i++)
        if (strcmp (commands[i].name, name) == 0)
            return i;
    return -1;
}

/* ------------------------------------------------------------- describing */

#define HELP_COLUMN 27
#define HELP_WIDTH 79

/* Words from column HELP_COLUMN on, in as many lines as they need. */
static void
put_help (sks_buffer *out, const char *help)
{
    size_t column = HELP_COLUMN;
    while (*help) {
        size_t size = strcspn (help, " ");
        if (column > HELP_COLUMN && column + 1 + size > HELP_WIDTH) {
            sks_buffer_printf (out, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            sks_buffer_putc (out, ' ');
            column++;
        }
        sks_buffer_add (out, help, size);
        column += size;
        help += size;
        help += strspn (help, " ");
    }
    sks_buffer_putc (out, '\n');
}

/* Blanks up to HELP_COLUMN after what was written since `before`. */
static void
put_gap (sks_buffer *out, size_t before)
{
    size_t used = out->size - before;
    if (used + 2 > HELP_COLUMN)
        sks_buffer_printf (out, "\n%*s", HELP_COLUMN, "");
    else
        sks_buffer_printf (out, "%*s", (int) (HELP_COLUMN - used), "");
}

const char *
sks_option_help (const sks_option *option, int command)
{
    for (size_t i = 0; command >= 0 && i < sizeof own_helps / sizeof *own_helps; i++)
        if (own_helps[i].commands & 1u << command && strcmp (own_helps[i].name, option->argument.name) == 0)
            return own_helps[i].help;
    return option->argument.help;
}

static void
put_option (sks_buffer *out, const sks_option *option, int command)
{
    size_t before = out->size;
    if (option->argument.letter)
        sks_buffer_printf (out, "  -%c, --%s", option->argument.letter, option->argument.name);
    else
        sks_buffer_printf (out, "      --%s", option->argument.name);
    if (option->argument.value)
        sks_buffer_printf (out, " %s", option->argument.value);
    put_gap (out, before);
    put_help (out, sks_option_help (option, command));
}

/* The options in their sections: all of them (-1), or those that a command takes. */
static void
put_options (sks_buffer *out, int command)
{
    const unsigned of = command < 0 ? FOR_ALL : 1u << command;
    for (int section = 0; section < SKS_SECTIONS; section++) {
        bool headed = false, single = command == SKS_COMMAND_CROSSWALK && section == SKS_SECTION_FILTERS;
        for (size_t i = 0; i < sks_option_arguments.count; i++) {
            if (sks_option_table[i].section != section || !(sks_option_table[i].commands & of))
                continue;
            if (!headed)
                sks_buffer_printf (out, "\n%s:\n", single ? "Filter" : headings[section]);
            headed = true;
            put_option (out, &sks_option_table[i], command);
        }
    }
}

void
sks_options_describe_command (sks_buffer *out, int command)
{
    sks_buffer_printf (out, "%s\n%s %s %s%s[options]\n", examples[command], "Usage: skillsearch",
                       commands[command].name, commands[command].arguments, *commands[command].arguments ? " " : "");
    sks_buffer_printf (out, "  %s\n", commands[command].summary);
    put_options (out, command);
}

const char *
sks_option_command_names (void)
{
    static char names[256];
    char *end = names;
    for (int i = 0; i < SKS_COMMANDS && !(i == 0 && *names); i++)
        end = stpcpy (stpcpy (end, commands[i].name), " ");
    return names;
}

void
sks_options_describe (sks_buffer *out)
{
    sks_buffer_puts (out, "\nCommands:\n");
    for (int i = 0; i < SKS_COMMANDS; i++) {
        size_t before = out->size;
        sks_buffer_printf (out, "  %s %s", commands[i].name, commands[i].arguments);
        put_gap (out, before);
        put_help (out, commands[i].summary);
    }
    size_t before = out->size;
    sks_buffer_puts (out, "  help COMMAND");
    put_gap (out, before);
    put_help (out, "examples and options of one command, as COMMAND --help");
    put_options (out, -1);
}
