/* skillsearch.h - find occupational skill statements.
 *
 * The public vocabulary of the project (levels, facets, limits, error codes,
 * query, result) and the calls of the client library libskillsearch. This
 * header is the manual: every entry states shapes, units, ownership, errors and
 * threads. It includes nothing of ours and compiles alone as C90 and C++98.
 *
 * Where to begin: sks_client_open, sks_client_search and sks_client_close are
 * in the part "client", a query and its result in the parts before it; each
 * other operation has a call in "other operations" and an answer in a part with
 * its name. docs/programs.md has a whole program.
 *
 * Conventions
 *   - Functions return 0 or a negative SKS_E... code; the text of a failure
 *     goes to the caller's sks_error, the last parameter, which may be NULL.
 *   - Strings are UTF-8 and end in NUL. Positions in texts are byte offsets;
 *     a span is [start, end).
 *   - Ownership is stated in one of four sentences:
 *       "Caller owns it; free with X."   "Borrowed: valid until Y."
 *       "Takes ownership; sets *p to NULL."   "Copies."
 *   - A client belongs to one thread at a time. Results and errors are plain
 *     memory and may be handed between threads.
 */
#ifndef SKILLSEARCH_H
#define SKILLSEARCH_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SKS_API __attribute__ ((visibility ("default")))
#else
#define SKS_API
#endif

#define SKS_VERSION "0.1.0"
#define SKS_PROTOCOL_VERSION 1
#define SKS_DEFAULT_ENDPOINT "tcp://127.0.0.1:7311"

/* ---------------------------------------------------------------- limits
 * Everything that comes from outside has a named maximum. A request beyond it is refused with SKS_ELIMIT,
 * SKS_ETOOCOMPLEX or SKS_EBADREQUEST; an input file beyond it is reported. Nothing is truncated silently. */
#define SKS_MAX_REQUEST_BYTES 65536  /* one request frame */
#define SKS_MAX_FRAME_BYTES 262144   /* a larger frame ends the connection without a reply */
#define SKS_MAX_REPLY_BYTES 16777216 /* one reply frame */
#define SKS_MAX_REQUEST_DEPTH 16     /* nesting of a request's JSON */
#define SKS_MAX_REQUEST_VALUES 5000  /* numbers, strings, lists and objects in a request */
#define SKS_MAX_REQUEST_ID_BYTES 128 /* "id" of a request */
#define SKS_MAX_QUERY_BYTES 2048     /* "q" */
#define SKS_MAX_QUERY_WORDS 64
#define SKS_MAX_QUERY_DEPTH 8         /* levels of parentheses */
#define SKS_MAX_QUERY_PREFIXES 4      /* words ending in "*" */
#define SKS_MIN_PREFIX_LETTERS 2      /* letters before "*" */
#define SKS_MAX_PREFIX_EXPANSIONS 800 /* words one "*" may stand for */
#define SKS_MAX_QUERY_NEARS 8         /* NEAR in one query */
#define SKS_MAX_QUERY_NOTES 32        /* "notes" of one reply; any more are left out */
#define SKS_MAX_NEAR_DISTANCE 64      /* n of NEAR/n */
#define SKS_DEFAULT_NEAR_DISTANCE 10
#define SKS_DEFAULT_LIMIT 10 /* hits on a page */
#define SKS_MAX_LIMIT 100
#define SKS_MAX_WINDOW 10000       /* offset + limit */
#define SKS_DEFAULT_FACET_LIMIT 10 /* values of one facet */
#define SKS_MAX_FACET_LIMIT 1000
#define SKS_MAX_FILTER_VALUES 256 /* values of one facet's filter */
#define SKS_MAX_FILTER_VALUE_BYTES 128
#define SKS_MAX_TAG_BYTES 64    /* each of the two mark tags */
#define SKS_MAX_IDS 100         /* ids of one "get" */
#define SKS_MAX_COLLAPSE 10     /* hits kept of each occupation */
#define SKS_MAX_MAP_BYTES 32768 /* text of one "map" */
#define SKS_MAX_MAP_SENTENCES 500
#define SKS_DEFAULT_MAP_LIMIT 3 /* statements of each sentence */
#define SKS_MAX_MULTI 16        /* requests of one "multi" */
#define SKS_DEFAULT_SCAN 100    /* statements of one page of "scan" */
#define SKS_MAX_SCAN 1000
#define SKS_DEFAULT_SUGGESTIONS 8 /* of each kind in "suggest" */
#define SKS_MAX_SUGGESTIONS 20
#define SKS_MAX_DEADLINE_MS 60000
#define SKS_MAX_FRAMES 10             /* of one message, addresses of proxies included; one with more is dropped */
#define SKS_MAX_UNTAKEN_REQUESTS 32   /* of one connection, that the daemon has not taken yet */
#define SKS_MAX_REFUSALS 256          /* of one connection's messages; then nothing is read from it for a while */
#define SKS_MAX_REST_MS 500           /* the longest of these pauses */
#define SKS_MAX_UNTAKEN_BYTES 2621440 /* the same in bytes, with those of unfinished messages */
#define SKS_MAX_UNREAD_REPLIES 128    /* of one connection; further ones may be dropped, those above 255 are */
#define SKS_MAX_UNREAD_BYTES 16777216 /* likewise, of replies that are larger than 65,536 bytes */
#define SKS_MAX_HANDSHAKE_MS 3000     /* a connection whose handshake takes longer is ended */
#define SKS_MAX_SILENCE_MS 15000      /* a connection whose peer reads nothing for longer is ended */
#define SKS_MAX_UNDER_WAY 128         /* requests of one client that sks_client_send has sent */
#define SKS_MAX_ENDPOINTS 8           /* endpoints one client may name */
#define SKS_MAX_EXPORT_BYTES 16777216 /* one export */
#define SKS_MAX_FILE_BYTES 268435456  /* one file of several exports */
#define SKS_MAX_EXPORT_DEPTH 16       /* nesting of an export's JSON */
#define SKS_MAX_EXPORT_VALUES 1000000 /* numbers, strings, words, arrays and objects of an export's JSON */
#define SKS_MAX_PACKAGE_ITEMS 100000  /* items of a CFPackage */
#define SKS_MAX_STATEMENT_BYTES 4096
#define SKS_MAX_NAME_BYTES 512         /* title, group, sector, version ... */
#define SKS_MAX_NOTICE_BYTES 4096      /* attribution, each source, description of a framework */
#define SKS_MAX_SOURCES 32             /* sources listed in one export */
#define SKS_MAX_LEVEL_STATEMENTS 10000 /* statements of one level */
#define SKS_MAX_WORD_BYTES 64          /* of a folded word; the rest is not compared */

/* ---------------------------------------------------------------- errors */
enum sks_code {
    SKS_OK = 0,
    /* Codes of the protocol, each with its name in error.code. */
    SKS_EBADREQUEST = -1,   /* bad_request: not a valid request of this version */
    SKS_EBADVERSION = -2,   /* bad_version: "v" is not 1 */
    SKS_EQUERYSYNTAX = -3,  /* query_syntax: "at" is the byte in q */
    SKS_ETOOCOMPLEX = -4,   /* query_too_complex: "at" is the byte in q */
    SKS_ELIMIT = -5,        /* limit: a number or size is over its maximum */
    SKS_ENOTFOUND = -6,     /* not_found */
    SKS_EBUSY = -7,         /* busy: the queue is full, try again later */
    SKS_EDEADLINE = -8,     /* deadline: no answer within deadline_ms */
    SKS_ESHUTTINGDOWN = -9, /* shutting_down */
    SKS_EINDEX = -10,       /* index: missing, damaged or of another format */
    SKS_EINTERNAL = -11,    /* internal: a defect; see the daemon's log */
    SKS_EAUTH = -12,        /* auth: the client's key is unknown to the daemon, or was revoked */
    SKS_EUNAVAILABLE = -13, /* unavailable: what the daemon needs to answer does not answer; or an endpoint accepts
                               connections and closes them, as a balancer without a server does */
    SKS_EUNSUPPORTED = -14, /* unsupported: a valid request that this daemon cannot answer */
    /* Codes that are only used locally, not in the protocol. */
    SKS_ENOMEM = -20,   /* no_memory */
    SKS_EIO = -21,      /* io: a file or socket failed; text has the path */
    SKS_ELOCKED = -22,  /* locked: another process holds it */
    SKS_EINVALID = -23, /* invalid: an argument or an input file is wrong */
    SKS_ECONNECT = -24, /* connect: no answer at the endpoint */
    SKS_EPROTOCOL = -25 /* protocol: not a valid reply of version 1 */
};

#define SKS_ERROR_TEXT_BYTES 320

/* What failed. Caller owns it (a plain struct); filled only on failure. */
typedef struct sks_error {
    int code;                        /* one of enum sks_code */
    long at;                         /* byte position in the input, or -1 */
    char text[SKS_ERROR_TEXT_BYTES]; /* one line of UTF-8, without a final period */
} sks_error;

/* The protocol's name of a code ("query_syntax"). Borrowed: valid for ever. */
SKS_API const char *sks_code_name (int code);

/* ---------------------------------------------------------------- levels */
enum sks_level { SKS_EMERGING, SKS_DEVELOPING, SKS_PROFICIENT, SKS_ADVANCED, SKS_LEVELS };

/* The name of a level ("emerging"), NULL if there is none. Borrowed: valid for ever. */
SKS_API const char *sks_level_name (int level);

/* ---------------------------------------------------------------- facets */
enum sks_facet {
    SKS_FACET_LEVEL,      /* values: emerging, developing, proficient, advanced */
    SKS_FACET_SECTOR,     /* values: NAICS sectors, "55", "31-33"; filters also accept "31" */
    SKS_FACET_GROUP,      /* values: first two digits of the SOC code, "43" */
    SKS_FACET_OCCUPATION, /* values: SOC codes, "43-9061.00" */
    SKS_FACET_ZONE,       /* values: "1" .. "5", "none" */
    SKS_FACET_VERSION,    /* values: framework versions as in the exports, "none" */
    SKS_FACETS
};

#define SKS_ZONES 5        /* job zones, from 1 */
#define SKS_FACET_PLACES 8 /* slots for facets in a query, so that new facets do not change its layout */

/* The name of a facet ("level"), NULL if there is none. Borrowed: valid for ever. */
SKS_API const char *sks_facet_name (int facet);

/* ----------------------------------------------------------------- query */
enum sks_match {
    SKS_MATCH_AUTO,   /* as ALL; if fewer than 10 statements have all words, also those with 15 % of the query's
                        weight (a quarter if near words are off) */
    SKS_MATCH_ALL,    /* every word must occur */
    SKS_MATCH_ANY,    /* at least one word must occur */
    SKS_MATCH_MEANING /* words with 35 % of the query's weight, or near words of them, must occur */
};

enum sks_sort {
    SKS_SORT_RELEVANCE,  /* best score first, ties by id; as OCCUPATION if there are no words to rank by */
    SKS_SORT_LEVEL,      /* emerging first, then SOC code, then place in the level */
    SKS_SORT_OCCUPATION, /* SOC code, then level, then place in the level */
    SKS_SORT_ID          /* statement id */
};

/* Bits of sks_query.want. */
#define SKS_WANT_MARKED 1u     /* text with tags around each span */
#define SKS_WANT_EXPLAIN 2u    /* each term's share of the score */
#define SKS_WANT_PROVENANCE 4u /* the export that a statement comes from */

/* How the text between the tags of "marked" is written. The tags themselves are not escaped. */
enum sks_escape {
    SKS_ESCAPE_AUTO, /* as HTML if a tag contains "<", else NONE */
    SKS_ESCAPE_HTML, /* & < > " ' become &amp; &lt; &gt; &quot; &#39; */
    SKS_ESCAPE_NONE  /* the text as it is: not safe inside HTML */
};

/* The unit of positions in texts. */
enum sks_units {
    SKS_UNITS_BYTES,     /* of UTF-8 */
    SKS_UNITS_UTF16,     /* UTF-16 code units, as strings of JavaScript, Java and C# count */
    SKS_UNITS_CODEPOINTS /* as strings of Python count */
};

/* The values chosen in one facet; alternatives (OR). An occupation value may also be a prefix of SOC codes that
 * reaches at least the "-": "43-" is a group, so groups and occupations can be chosen together. All strings are
 * borrowed. */
typedef struct sks_filter {
    const char *const *values;
    size_t count;
    int min, max; /* SKS_FACET_ZONE only: min..max as well when min > 0 */
} sks_filter;

/* One facet to count. */
typedef struct sks_facet_ask {
    int facet;        /* enum sks_facet */
    uint32_t limit;   /* number of values; chosen values are always included */
    const char *find; /* only values with this word in their label; may be NULL */
    int tree;         /* non-zero, SKS_FACET_OCCUPATION only: groups, and below each its occupations;
                          limit and find apply to both */
} sks_facet_ask;

/* A search. Start from SKS_QUERY_INIT; every pointer is borrowed for the call. */
typedef struct sks_query {
    uint32_t version;     /* of this struct: 3; 2 ends before resolve; 1, of 0.1.0, has five places for facets and ends
                             before escape, and its hits and shares are those of 0.1.0 */
    const char *text;     /* NULL or "" matches everything */
    int match;            /* enum sks_match */
    int sort;             /* enum sks_sort */
    int reverse;          /* non-zero: reverse the order */
    unsigned want;        /* SKS_WANT_... */
    uint32_t offset;      /* first hit, from 0 */
    uint32_t limit;       /* hits on the page; 0 counts only */
    uint32_t deadline_ms; /* 0: the daemon's own */
    sks_filter filter[SKS_FACET_PLACES];
    sks_facet_ask facets[SKS_FACET_PLACES];
    size_t facet_count;
    const char *tag_open, *tag_close; /* of SKS_WANT_MARKED; default <b> </b> */
    uint32_t collapse;                /* hits to keep of each occupation; 0: all of them */
    int escape;                       /* enum sks_escape; of SKS_WANT_MARKED */
    int units;                        /* enum sks_units; of spans and of the "at" of a refused text */
    int resolve;                      /* non-zero: filter values and SOC codes may also be given as labels or
                                         parts of labels ("finance"); notes show how they were read */
    int plain;                        /* non-zero: near words and vectors are not used */
    int partial;                      /* non-zero: of an index in shards, those that do not answer may be left out;
                                         the result says how many answered */
} sks_query;

#define SKS_QUERY_INIT                                                                                                 \
    {                                                                                                                  \
        3, NULL, SKS_MATCH_AUTO, SKS_SORT_RELEVANCE, 0, 0, 0, SKS_DEFAULT_LIMIT, 0, { { NULL, 0, 0, 0 } },             \
            { { 0, 0, NULL, 0 } }, 0, NULL, NULL, 0, SKS_ESCAPE_AUTO, SKS_UNITS_BYTES, 0, 0, 0                         \
    }

/* ---------------------------------------------------------------- result */
typedef struct sks_span {
    uint32_t start, end; /* in the hit's text, in the requested units */
} sks_span;

/* One share of a score; the shares of a hit add up to its score. */
typedef struct sks_share {
    const char *part; /* "stem", "form", "occupation", "group", "all", "title", "near", "meaning", "sentence",
                       * "feedback" */
    const char *term; /* the word it comes from; "" if it does not come from one word */
    double score;
    const char *word; /* of "near" and "meaning": the word of the statement that is near; else NULL */
} sks_share;

/* A source that an export names, as {"onet": "v30.2 (CC BY 4.0)"}. */
typedef struct sks_citation {
    const char *name, *text;
} sks_citation;

/* Where a statement comes from. A text that its export lacks is "". */
typedef struct sks_hit_provenance {
    const char *version;         /* of the framework */
    const char *exported_at;     /* as the export has it, mostly ISO 8601 */
    const char *attribution;     /* the credit to show with statements */
    const sks_citation *sources; /* in the order of the export */
    size_t source_count;
} sks_hit_provenance;
/* A near word: a statement that contains it ranks nearly as high as one that contains the query's word or words. */
typedef struct sks_near {
    const char *term;   /* word or words of the query, folded */
    const char *word;   /* the near word, or several adjacent words */
    double weight;      /* above 0, at most 1: how near */
    const char *source; /* the table that has it */
} sks_near;

/* What a statement was found by, or what statements were compared by. */
#define SKS_BY_WORDS "words"
#define SKS_BY_MEANING "meaning" /* found: by near words alone; compared: by words and by vectors */

typedef struct sks_hit {
    const char *id;     /* SOC/level/HASH; changes only with the wording */
    const char *text;   /* white space folded to single spaces */
    const char *marked; /* NULL unless wanted */
    const char *duty;   /* text before the first " - " (em dash); NULL if plain */
    const char *soc;
    const char *occupation; /* title */
    const char *group;      /* SOC major group title */
    const char *sector;     /* NAICS code; NULL if the export has none */
    int level;              /* enum sks_level */
    int zone;               /* 1..5, 0 for none */
    uint32_t position;      /* 1-based place in its level's list */
    double score;           /* 0 when nothing was ranked */
    const sks_span *spans;  /* ascending, never overlapping */
    size_t span_count;
    const sks_share *shares; /* NULL unless SKS_WANT_EXPLAIN */
    size_t share_count;
    uint64_t more;                        /* collapsed: matches of this occupation that are not shown */
    const sks_hit_provenance *provenance; /* NULL unless SKS_WANT_PROVENANCE */
    const char *by;                       /* SKS_BY_MEANING: found only by near words; else NULL */
} sks_hit;

typedef struct sks_facet_value {
    const char *value;
    const char *label;
    uint64_t count;                         /* statements found if this value were the facet's only filter */
    int selected;                           /* non-zero: chosen in this query's filter */
    const struct sks_facet_value *children; /* a tree's group ("43-"): its occupations; else NULL */
    size_t child_count;
    uint64_t distinct; /* a tree's group: occupations with a count above 0, beyond the limit too */
} sks_facet_value;

typedef struct sks_facet_counts {
    int facet; /* enum sks_facet */
    const sks_facet_value *values;
    size_t count;
    uint64_t distinct; /* values with a count above 0, beyond the limit too */
} sks_facet_counts;

/* A correction of a word that occurs nowhere. If there are several such words, `word` is the first, and `query`
 * replaces every one that has a correction. */
typedef struct sks_suggestion {
    const char *word; /* as in the query; NULL: no suggestion */
    const char *replacement;
    const char *query; /* the complete query, corrected */
    uint64_t count;    /* its total with the same filters; may be 0 */
} sks_suggestion;

/* A part of a query that was not read literally. */
typedef struct sks_note {
    const char *code; /* "parenthesis", "quote", ...: a closed list, in docs/protocol.md */
    uint32_t at;      /* byte in the query */
    const char *text; /* one line of English, without a final period */
} sks_note;

/* The answer to a search or a get. Allocated only by the library, so it may
 * grow at the end. Everything inside is borrowed: valid until the result is
 * destroyed. */
typedef struct sks_result {
    uint64_t generation;        /* number of the index generation that answered */
    uint64_t total;             /* statements that match, filters applied */
    uint64_t matched_all;       /* those of them that contain every word */
    int relaxed;                /* non-zero: SKS_MATCH_AUTO relaxed "all words" */
    const char *read_as;        /* how the query was understood */
    const char *const *ignored; /* stop words that were left out */
    size_t ignored_count;
    sks_suggestion suggestion;
    const sks_hit *hits;
    size_t hit_count;
    const sks_facet_counts *facets; /* in the order of the request */
    size_t facet_count;
    const char *const *missing; /* get: unknown ids */
    size_t missing_count;
    const char *cursor;         /* scan: where the next page starts; NULL at the end */
    uint64_t took_us;           /* inside the daemon, without transport */
    const char *json;           /* client calls: the reply as received; else NULL */
    void *memory;               /* owns all of the above; not for callers */
    const char *const *unknown; /* words of the query that no statement contains */
    size_t unknown_count;
    const sks_note *notes; /* by position in the query */
    size_t note_count;
    const sks_near *near; /* near words that changed the order of this page, in the order of the query's words */
    size_t near_count;
    const char *compared_by; /* similar: SKS_BY_WORDS or SKS_BY_MEANING; NULL if the daemon is too old to say so */
    uint32_t shards_asked, shards_answered; /* with sks_query.partial, of an index in shards; else 0 */
} sks_result;

/* Free a result. Takes ownership; sets *result_p to NULL. Safe on NULL. */
SKS_API void sks_result_destroy (sks_result **result_p);

/* --------------------------------------------------------------- answers
 * The results of the operations other than search and get. As with sks_result, a client call allocates them,
 * everything inside is borrowed until they are destroyed, and new members may be added at the end. */

/* ---------------------------------------------------------------- compare
 * The four levels of one occupation side by side. A row follows one duty through the levels: the most similar
 * statements of different levels. */
typedef struct sks_compare_cell {
    const sks_hit *hit;        /* NULL: no statement of this level matches the row */
    const char *const *gained; /* words that the previous level does not have */
    const char *const *lost;   /* words of the previous level that are missing here */
    size_t gained_count, lost_count;
    double likeness;         /* 0..1, compared with the row's previous statement; 0 for the first */
    int loose;               /* non-zero: the likeness is so low that a reader would often not pair the two */
    const sks_share *shares; /* the reasons: words in common, and what both mean; they add up to likeness */
    size_t share_count;
} sks_compare_cell;

typedef struct sks_compare_row {
    const char *duty; /* of its first statement; NULL for plain ones */
    sks_compare_cell cells[SKS_LEVELS];
} sks_compare_row;

typedef struct sks_comparison {
    const char *soc, *occupation;
    const sks_compare_row *rows; /* in the order of the first level's list */
    size_t row_count;
    int partial;                  /* very long statements were compared by their most significant words only */
    uint64_t generation, took_us; /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
    const char *compared_by; /* as in sks_result */
} sks_comparison;

/* -------------------------------------------------------------- crosswalk
 * Two occupations: pairs of matching statements, and the unpaired rest. */
typedef struct sks_crosswalk_pair {
    const sks_hit *left, *right;
    double likeness;         /* 0..1 */
    const sks_share *shares; /* the reasons: words in common, and what both mean; they add up to likeness */
    size_t share_count;
} sks_crosswalk_pair;

typedef struct sks_crosswalk {
    const char *left_soc, *left_title, *right_soc, *right_title;
    const sks_crosswalk_pair *pairs; /* the most alike first */
    size_t pair_count;
    const sks_hit *left_only, *right_only; /* by level, then position */
    size_t left_count, right_count;
    int partial;                  /* as above */
    uint64_t generation, took_us; /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
    const char *compared_by; /* as in sks_result */
} sks_crosswalk;

/* ------------------------------------------------------------- occupation
 * One occupation as its export describes it. */
typedef struct sks_record_statement {
    const char *id;    /* as that of a hit */
    uint32_t position; /* 1-based place in its level's list */
    const char *text;
} sks_record_statement;

typedef struct sks_record_level {
    const char *label;                      /* as in the export, "Emerging"; "" if missing */
    const sks_record_statement *statements; /* by position */
    size_t count;
    uint64_t total; /* statements of the level; more than count when they were not requested */
} sks_record_level;

/* A text that the export lacks is "". */
typedef struct sks_record {
    const char *soc; /* the full code */
    const char *title;
    const char *group;           /* SOC major group, "43" */
    const char *group_title;     /* as the export has it */
    const char *sector;          /* NAICS code; NULL if the export has none */
    const char *sector_label;    /* NULL likewise */
    int zone;                    /* 1..5, 0 for none */
    int zone_inferred;           /* 1 or 0; -1: not stated in the export */
    const char *description;     /* of the occupation: what the statements are about */
    const char *version;         /* of the framework */
    const char *framework;       /* description of the framework */
    const char *exported_at;     /* as the export has it, mostly ISO 8601 */
    const char *attribution;     /* the credit to show with statements */
    const sks_citation *sources; /* in the order of the export */
    size_t source_count;
    sks_record_level levels[SKS_LEVELS]; /* by enum sks_level */
    uint64_t generation, took_us;        /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
} sks_record;

/* -------------------------------------------------------------------- map
 * The sentences of a text and the statements that match them. */
typedef struct sks_map_match {
    const sks_hit *hit;       /* its spans are in the statement's text */
    const sks_span *evidence; /* what matched in the sentence: spans of the whole text */
    size_t evidence_count;
    double share; /* 0..1 of the sentence's weight (sum of idf) */
} sks_map_match;

typedef struct sks_map_sentence {
    uint32_t start, end;          /* in the text, in the requested units */
    const sks_map_match *matches; /* best first */
    size_t match_count;
    double coverage; /* 0..1: the share of its weight found in its matches */
} sks_map_sentence;

typedef struct sks_mapping {
    const sks_map_sentence *sentences;
    size_t sentence_count;
    double coverage;              /* 0..1 of the text's weight */
    uint64_t levels[SKS_LEVELS];  /* sentences whose best match is at this level */
    uint64_t generation, took_us; /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
    const sks_note *notes; /* about the filters */
    size_t note_count;
    const char *compared_by; /* as in sks_result */
} sks_mapping;

/* ---------------------------------------------------------------- suggest
 * Completions of a text that is being typed. */
typedef struct sks_completion {
    const char *text;  /* the word, duty or title */
    const char *value; /* an occupation's SOC code; else NULL */
    uint64_t count;    /* statements that contain it */
} sks_completion;

typedef struct sks_completions {
    const sks_completion *words, *duties, *occupations; /* the most frequent first */
    size_t word_count, duty_count, occupation_count;
    uint64_t generation, took_us; /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
} sks_completions;

/* ---------------------------------------------------------------- analyze
 * How a text is read. */
typedef struct sks_read_word {
    uint32_t start, end;           /* in the query, in the requested units */
    const char *form, *stem;       /* stem: NULL for a stop word and for a prefix */
    int stop, known;               /* known: not among the unknown words of a search */
    uint64_t count;                /* statements that contain it */
    const char *const *expansions; /* words that a prefix matches */
    size_t expansion_count;
} sks_read_word;

typedef struct sks_reading_node {
    const char *kind;    /* "word", "phrase", "near", "value", "bag", "and", "or", "not", "all" */
    const char *field;   /* NULL: the text */
    const char *value;   /* a field's value, else NULL */
    uint32_t start, end; /* of the query */
    uint32_t distance;   /* near */
    int exact;
    const uint32_t *words; /* indexes into the words */
    size_t word_count;
    const struct sks_reading_node *children;
    size_t child_count;
} sks_reading_node;

/* Words that a word or phrase of the query may also be in a statement, side by side: "e mail" for "e-mail", whose own
 * word is "email"; "health care" for "healthcare". A statement with either is found. */
typedef struct sks_other_word {
    const char *form, *stem; /* stem: NULL for a stop word */
} sks_other_word;

typedef struct sks_other_words {
    uint32_t start, end; /* those of the node that they are for */
    const sks_other_word *words;
    size_t word_count;
} sks_other_words;

typedef struct sks_analysis {
    const char *read_as;
    const sks_read_word *words;
    size_t word_count;
    sks_reading_node tree;
    const sks_note *notes;
    size_t note_count;
    uint64_t generation, took_us; /* as in sks_result; so are the next two */
    const char *json;
    void *memory;
    const sks_near *near; /* all near words that apply */
    size_t near_count;
    const sks_other_words *other; /* of nodes that have some, in the order of the tree */
    size_t other_count;
} sks_analysis;

/* ------------------------------------------------------------ the daemon
 * Answers about the daemon itself. */
typedef struct sks_named_count {
    const char *name;
    uint64_t count;
} sks_named_count;

/* Name, version and limits of the daemon. */
typedef struct sks_hello {
    const char *name, *version; /* "skillsearch", and the version of the daemon */
    uint32_t protocol;
    const char *const *operations;
    const char *const *facets;
    const char *const *levels; /* in their order */
    size_t operation_count, facet_count, level_count;
    const sks_named_count *limits; /* "max_limit": SKS_MAX_LIMIT of the daemon, ... */
    size_t limit_count;
    uint64_t generation;
    const char *json; /* as in sks_result; so is the next one */
    void *memory;
} sks_hello;

/* A shard of an index in shards. */
typedef struct sks_shard_health {
    uint32_t shard;      /* from 1 */
    int up;              /* non-zero: its server answers */
    uint64_t generation; /* of the shard when it was last connected */
} sks_shard_health;

/* Shows that the daemon can answer, and from which generation. */
typedef struct sks_health {
    const char *status; /* "ok" */
    uint64_t generation, statements;
    const char *json; /* as in sks_result; so is the next one */
    void *memory;
    const sks_shard_health *shards; /* of an index in shards */
    size_t shard_count;
} sks_health;

/* One number of the daemon. docs/protocol.md lists the names; a newer daemon has more. */
typedef struct sks_figure {
    const char *group; /* "process"; "" for a number without a group */
    const char *name;  /* "uptime_s": the ending is the unit, _s, _us or _bytes */
    double value;
} sks_figure;

/* Replies to one operation: how many with each code, and how long they took. */
typedef struct sks_reply_figures {
    const char *operation; /* "none": requests that could not be read; NULL: all operations */
    const sks_named_count *replies;
    size_t reply_count;
    const uint64_t *counts; /* counts[i]: replies faster than bound i, but not faster than bound i - 1 */
    uint64_t sum_us;        /* the sum of their times, from arrival to reply */
} sks_reply_figures;

/* What the daemon serves, and its state. Counters start with the daemon. */
typedef struct sks_daemon_stats {
    const char *version;
    const sks_figure *figures; /* all numbers except those below, in the order of the reply */
    size_t figure_count;
    sks_reply_figures all;
    const sks_reply_figures *operations; /* those with at least one reply */
    size_t operation_count;
    const double *bounds_us; /* ascending; the last one is HUGE_VAL: no bound */
    size_t bound_count;      /* of counts as well */
    uint64_t generation;
    const char *json; /* as in sks_result; so is the next one */
    void *memory;
    const sks_shard_health *shards; /* of an index in shards */
    size_t shard_count;
} sks_daemon_stats;

/* The figure of a group and a name, NULL if the daemon does not have it. Borrowed:
 * valid until the stats are destroyed. NULL for an argument that is NULL. */
SKS_API const sks_figure *sks_daemon_stats_find (const sks_daemon_stats *stats, const char *group, const char *name);

/* Free an answer. Each takes ownership, sets its pointer to NULL, and is safe on NULL. */
SKS_API void sks_comparison_destroy (sks_comparison **comparison_p);
SKS_API void sks_crosswalk_destroy (sks_crosswalk **crosswalk_p);
SKS_API void sks_record_destroy (sks_record **record_p);
SKS_API void sks_mapping_destroy (sks_mapping **mapping_p);
SKS_API void sks_completions_destroy (sks_completions **completions_p);
SKS_API void sks_analysis_destroy (sks_analysis **analysis_p);
SKS_API void sks_hello_destroy (sks_hello **hello_p);
SKS_API void sks_health_destroy (sks_health **health_p);
SKS_API void sks_daemon_stats_destroy (sks_daemon_stats **stats_p);

/* ---------------------------------------------------------------- client
 * A client belongs to the process that opened it. After fork(2) the child may only close it: every other call
 * returns SKS_EINVALID at once, and closing frees the child's copy without touching the parent's connection. The
 * child must open its own client.
 *
 * A NULL pointer where it is not allowed gives SKS_EINVALID; err may always be NULL. */
typedef struct sks_client sks_client;

/* How to connect. Start from SKS_CLIENT_OPTIONS_INIT; every pointer is borrowed
 * for the call, and NULL leaves the choice to the environment. */
typedef struct sks_client_options {
    uint32_t version;       /* of this struct: 4; version 1 ends before timeout_ms, 2 before later, 3 before spread */
    const char *endpoint;   /* as sks_client_open takes it */
    const char *server_key; /* file: the daemon's public certificate; NULL:
                                $SKILLSEARCH_SERVER_KEY, else no keys are used */
    const char *client_key; /* file: the caller's secret certificate; NULL:
                                $SKILLSEARCH_CLIENT_KEY, else no keys are used */
    uint32_t timeout_ms;    /* how long opening and each call may take; 0: 5,000 ms */
    int later;              /* non-zero: do not connect when opening, but in the first call */
    int spread;             /* of several endpoints: non-zero: each request begins at another one; 0: at the first in
                               the order of the list, until that fails */
} sks_client_options;

#define SKS_CLIENT_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        4, NULL, NULL, NULL, 0, 0, 1                                                                                   \
    }

/* Connect to a daemon.
 *   endpoint   "tcp://host:port" or "ipc://path"; several, separated by
 *              commas, share the requests, see below. NULL: $SKILLSEARCH_ENDPOINT,
 *              else SKS_DEFAULT_ENDPOINT. Copies.
 *   *out       caller owns it; free with sks_client_close. NULL on failure.
 * Tries a plain connection first, so a missing daemon is reported at once. The keys come from the environment, see
 * sks_client_options. Returns 0, SKS_EINVALID (endpoint, keys), SKS_ECONNECT, SKS_EUNAVAILABLE (the connection is
 * accepted and closed), SKS_EDEADLINE (it is accepted, but nothing answers), SKS_EAUTH, SKS_EIO (no free descriptors)
 * or SKS_ENOMEM.
 *
 * Several endpoints are daemons with copies of one index. A client has a random order of its own, and each request
 * begins at the next endpoint of that order, with a connection to each. All operations only read, so within its time
 * limit a request is sent
 *   - to each other endpoint, while the reply is busy, shutting_down or unavailable, or no connection can be made; also
 *     when a cursor of sks_client_scan is not known there, as while a new generation is copied from machine to machine;
 *   - to one other endpoint when the connection breaks;
 *   - to one more endpoint when no reply has come after a tenth of the time limit, but at least 100 ms (a hedged
 *     request). The first reply counts. Each ten requests allow one that is hedged, ten at once, so that slow requests
 *     do not double the load; more when it is known that an endpoint is silent. A connection that takes as long, or
 *     1 s, is given up, unless no other endpoint can be used.
 * An endpoint that failed, or answered nothing while another one answered, is left out for 1 s, then for 2, 4 and 8 s,
 * each time until one request has tried it again. Calls of stats begin at the same endpoint each time. All clients of a
 * process share this knowledge, of up to 256 endpoints. If every endpoint fails, the call does: with the last refusal,
 * else with the first failure. */
SKS_API int sks_client_open (sks_client **out, const char *endpoint, sks_error *err);

/* The same with options.
 *   options   borrowed for the call.
 * With keys everything is encrypted, and only the daemon that has the secret half of server_key can answer; a
 * daemon without keys is refused. Give both keys or neither. SKS_EAUTH is returned at once, and its text says which
 * side requires keys or does not know the other's key. An unknown version of the options gives SKS_EINVALID. */
SKS_API int sks_client_open_with (sks_client **out, const sks_client_options *options, sks_error *err);

/* Close. Takes ownership; sets *client_p to NULL. Safe on NULL. Does not wait. */
SKS_API void sks_client_close (sks_client **client_p);

/* How long a call waits for its reply; 5,000 ms unless set. Does nothing with
 * NULL. */
SKS_API void sks_client_set_timeout (sks_client *client, uint32_t timeout_ms);

/* Search. Blocks until the answer or the time-out.
 *   query   borrowed for the call.
 *   *out    caller owns it; free with sks_result_destroy. NULL on failure.
 * Returns 0 or any code of the protocol (text says where), SKS_ECONNECT,
 * SKS_EUNAVAILABLE, SKS_EAUTH, SKS_EDEADLINE (no reply in time), SKS_EINVALID (query), SKS_EPROTOCOL,
 * SKS_EIO, SKS_ENOMEM. */
SKS_API int sks_client_search (sks_client *client, const sks_query *query, sks_result **out, sks_error *err);

/* Fetch statements by id; unknown ids are returned in result->missing.
 *   ids     count strings (1..SKS_MAX_IDS), borrowed for the call.
 *   *out    caller owns it; free with sks_result_destroy. NULL on failure.
 * Returns as sks_client_search. */
SKS_API int sks_client_get (sks_client *client, const char *const *ids, size_t count, sks_result **out, sks_error *err);

/* ------------------------------------------------------ other operations
 * Each blocks until the answer or the time-out. From `query`, a call reads deadline_ms, units and the members
 * listed with it; NULL means the operation's defaults. Strings and the query are borrowed for the call.
 *   *out   caller owns it; free with the destroy of its type. NULL on failure.
 * Each returns as sks_client_search, and SKS_ENOTFOUND for an unknown id or code. */

/* Bits of `exclude`. */
#define SKS_EXCLUDE_OCCUPATION 1u /* no statements of the same occupation */
#define SKS_EXCLUDE_LEVEL 2u      /* no statements of the same level */

/* The statements most similar to one statement, best first.
 *   statement   its id.
 *   query       filter, resolve, limit, want, tag_open, tag_close, escape, plain. */
SKS_API int sks_client_similar (sks_client *client, const char *statement, unsigned exclude, const sks_query *query,
                                sks_result **out, sks_error *err);

/* The levels of an occupation side by side.
 *   soc     its SOC code.
 *   query   resolve, plain.
 *   duty   only rows with these words in their duty; NULL: all rows. */
SKS_API int sks_client_compare (sks_client *client, const char *soc, const char *duty, const sks_query *query,
                                sks_comparison **out, sks_error *err);

/* What two occupations have in common, and what only one of them has.
 *   left, right   their SOC codes.
 *   query         resolve, plain.
 *   level         enum sks_level, -1 for all levels. */
SKS_API int sks_client_crosswalk (sks_client *client, const char *left, const char *right, int level,
                                  const sks_query *query, sks_crosswalk **out, sks_error *err);

/* One occupation as its export describes it, with all its statements.
 *   soc   its SOC code, of six or eight digits and with any dash ("43-9051.00", "43-9051"). */
SKS_API int sks_client_occupation (sks_client *client, const char *soc, sks_record **out, sks_error *err);

/* The same.
 *   query   resolve. */
SKS_API int sks_client_occupation_with (sks_client *client, const char *soc, const sks_query *query, sks_record **out,
                                        sks_error *err);

/* The statements that match each sentence of a text of up to SKS_MAX_MAP_BYTES.
 *   query   filter, resolve, limit (statements of each sentence), want, tag_open, tag_close, escape, plain. */
SKS_API int sks_client_map (sks_client *client, const char *text, const sks_query *query, sks_mapping **out,
                            sks_error *err);

/* Completions of the beginning of a word, a duty or a title.
 *   limit   of each kind, up to SKS_MAX_SUGGESTIONS; 0: SKS_DEFAULT_SUGGESTIONS. */
SKS_API int sks_client_suggest (sks_client *client, const char *text, uint32_t limit, sks_completions **out,
                                sks_error *err);

/* The values of one facet, as a search counts them.
 *   query   text, match, filter, resolve and facets[0]; required.
 * In the result only that facet, generation, took_us and json are set. */
SKS_API int sks_client_facet_values (sks_client *client, const sks_query *query, sks_result **out, sks_error *err);

/* How a query is read.
 *   query   text and match; required. */
SKS_API int sks_client_analyze (sks_client *client, const sks_query *query, sks_analysis **out, sks_error *err);

/* One page of all statements that match, by ascending id, or in the order of sort.
 *   query    text, match, filter, resolve, sort (SKS_SORT_RELEVANCE: by id), reverse, limit (up to SKS_MAX_SCAN), want,
 *            tag_open, tag_close, escape.
 *   cursor   of the previous page; NULL: the first page. SKS_ENOTFOUND when its index is no longer served.
 * The last page has no cursor. */
SKS_API int sks_client_scan (sks_client *client, const sks_query *query, const char *cursor, sks_result **out,
                             sks_error *err);

/* Several searches in one request, on the same generation of the index. The deadline_ms of the first applies to
 * all.
 *   queries   count of them (1..SKS_MAX_MULTI).
 *   results   receives count results, NULL for a search that failed; their json is NULL. Caller owns each; free
 *             with sks_result_destroy.
 *   errors    receives count errors, with code 0 for a search that succeeded; may be NULL.
 * Returns as sks_client_search; 0 when the request was answered, even if searches in it failed. */
SKS_API int sks_client_multi_search (sks_client *client, const sks_query *queries, size_t count, sks_result **results,
                                     sks_error *errors, sks_error *err);

/* About the daemon. */
SKS_API int sks_client_hello (sks_client *client, sks_hello **out, sks_error *err);
SKS_API int sks_client_health (sks_client *client, sks_health **out, sks_error *err);
SKS_API int sks_client_stats (sks_client *client, sks_daemon_stats **out, sks_error *err);

/* Send any request of the protocol as JSON and wait for its reply.
 *   request   one JSON object, NUL at its end, borrowed for the call. Its "id"
 *             is sent as it is.
 *   *reply    the reply's JSON, including one with "ok":false. Caller owns it; free with sks_free. NULL on failure.
 * Returns 0, SKS_ELIMIT (request too large), SKS_ECONNECT, SKS_EUNAVAILABLE,
 * SKS_EDEADLINE, SKS_EPROTOCOL, SKS_ENOMEM. */
SKS_API int sks_client_call (sks_client *client, const char *request, char **reply, sks_error *err);

/* Ask whether the daemon can answer.
 *   *took_us   round-trip time in microseconds; may be NULL.
 * Returns 0 or as sks_client_search. */
SKS_API int sks_client_ping (sks_client *client, uint64_t *took_us, sks_error *err);

/* ------------------------------------------------------- without waiting
 * One client may have many requests under way, and replies come in any order. A program that also waits for other
 * events adds sks_client_fd to its poll(2):
 *
 *     sks_client_send (client, "{\"op\":\"health\"}", 1000, &ticket, &err);
 *     poll { sks_client_fd (client) } for sks_client_next_timeout (client) ms
 *     while (sks_client_receive (client, &reply, &err) == 0 && reply)
 *         ... reply->ticket ..., sks_reply_destroy (&reply);
 *
 * The descriptor is edge-triggered: after each poll and after each send, call sks_client_receive until it returns
 * nothing. These calls never wait, resolve names in the background, and use a separate connection from the calls
 * above. A connection that is lost, or was ended because a reply had more than SKS_MAX_REPLY_BYTES, ends the requests
 * under way with SKS_ECONNECT, and is restored automatically. With several endpoints there is a connection to each, or
 * without `spread` to those that were needed, and the requests under way go to other endpoints as described at
 * sks_client_open. */

/* The end of one request. */
typedef struct sks_reply {
    uint64_t ticket;
    int code;         /* 0, or why it failed: a code of the protocol, SKS_EDEADLINE, SKS_ECONNECT,
                         SKS_EAUTH, SKS_EPROTOCOL */
    sks_error error;  /* the failure if code is not 0; where the request itself cannot be read, "at" counts
                         from the first byte given to sks_client_send */
    const char *json; /* the reply's JSON without "v" and "id", not ended by NUL; NULL when none came.
                         Borrowed: valid until the reply is destroyed */
    size_t size;
    void *memory; /* owns all of the above; not for callers */
} sks_reply;

/* Free a reply. Takes ownership; sets *reply_p to NULL. Safe on NULL. */
SKS_API void sks_reply_destroy (sks_reply **reply_p);

/* Send any request of the protocol.
 *   request      one JSON object without "v" and "id", NUL at its end. Copies.
 *   timeout_ms   after this time it ends with SKS_EDEADLINE; 0: the client's time-out.
 *   *ticket      identifies the request; above 0.
 * Returns 0, SKS_EINVALID (not an object), SKS_ELIMIT (too large), SKS_EBUSY (SKS_MAX_UNDER_WAY are under way, or
 * the daemon takes no more), SKS_ECONNECT (not connected, or not yet), SKS_EAUTH, SKS_EIO, SKS_ENOMEM. A reply
 * follows only after 0. */
SKS_API int sks_client_send (sks_client *client, const char *request, uint32_t timeout_ms, uint64_t *ticket,
                             sks_error *err);

/* Take the next request that has ended: answered, refused, late or lost.
 *   *out   caller owns it; free with sks_reply_destroy. NULL when none has ended.
 * Returns 0, SKS_EINVALID, SKS_EIO or SKS_ENOMEM. */
SKS_API int sks_client_receive (sks_client *client, sks_reply **out, sks_error *err);

/* Give up a request: its reply is discarded when it arrives. Does nothing if the request has already ended. The
 * daemon still answers it, as it answers one that ended with SKS_EDEADLINE. Call sks_client_receive until *out is
 * NULL, which discards such replies, before you send others in its place: the daemon keeps only
 * SKS_MAX_UNREAD_REPLIES for certain, and a request whose reply it drops ends with SKS_EDEADLINE. */
SKS_API void sks_client_cancel (sks_client *client, uint64_t ticket);

/* The descriptor to poll for input, -1 on failure. It belongs to the library and stays the same until the client is
 * closed. The first call starts connecting. */
SKS_API int sks_client_fd (sks_client *client);

/* Milliseconds until sks_client_receive must be called even if nothing arrives, to report a late request or to
 * reconnect; -1: never. */
SKS_API int sks_client_next_timeout (sks_client *client);

/* ------------------------------------------------------- replies as text
 * Replies in the formats of other programs. These calls need no client. */

/* How the statements of a scan are written. */
enum sks_format {
    SKS_FORMAT_NDJSON,   /* one JSON object per line, with every member of the hit */
    SKS_FORMAT_CSV,      /* RFC 4180: a line of names, then id, level, position, soc, occupation, group,
                          sector, zone, duty, text. Cells that begin with = + - @ are quoted */
    SKS_FORMAT_TSV,      /* the same columns with tabs, without quotes; control characters are shown as \x09 */
    SKS_FORMAT_MARKDOWN, /* the same columns as a GitHub Markdown table */
    SKS_FORMATS
};

/* Bits of the flags of sks_lines_create; the first two apply to CSV and TSV only. */
#define SKS_LINES_EXCEL_SAFE 1u /* ' before a cell that begins with = + - @ tab or CR, a formula for a spreadsheet */
#define SKS_LINES_PROVENANCE 2u /* columns version, exported_at, source and attribution, of SKS_WANT_PROVENANCE */
#define SKS_LINES_SORTED 4u     /* any format: the scan is not in the order of ascending ids */

/* Writes the pages of one scan as text. */
typedef struct sks_lines sks_lines;

/* One page as text. Borrowed: valid until the next call with the same sks_lines. */
typedef struct sks_page {
    const char *text;    /* the lines, not ended by NUL */
    size_t size;         /* bytes of text */
    const char *cursor;  /* where the next page starts; NULL after the last one */
    uint64_t generation; /* of the index that answered */
    uint64_t total;      /* statements of all pages */
    uint32_t next_limit; /* for the next page, so that it has about 512 KiB if statements stay as long */
} sks_page;

#define SKS_FIRST_PAGE 100 /* statements of a first page, when it is not known how long they are */

/* Begin.
 *   format   enum sks_format.
 *   flags    SKS_LINES_...
 *   *out     caller owns it; free with sks_lines_destroy. NULL on failure.
 * Returns 0, SKS_EINVALID or SKS_ENOMEM. */
SKS_API int sks_lines_create (sks_lines **out, int format, unsigned flags, sks_error *err);

/* How lines are written. Start from SKS_LINES_OPTIONS_INIT. */
typedef struct sks_lines_options {
    uint32_t version; /* of this struct: 1 */
    int format;       /* enum sks_format */
    unsigned flags;   /* SKS_LINES_... */
    /* The columns by name, in this order; borrowed for the call. 0: those of the format. There are also sector_label,
     * and detail, the text after the duty. NDJSON has only these as members. */
    const char *const *columns;
    size_t column_count;
} sks_lines_options;

#define SKS_LINES_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        1, SKS_FORMAT_CSV, 0, NULL, 0                                                                                  \
    }

/* The same with options. SKS_EINVALID names a column that does not exist, or that is given twice. */
SKS_API int sks_lines_create_with (sks_lines **out, const sks_lines_options *options, sks_error *err);

/* The bits of sks_query.want that the columns need. 0 for NULL. */
SKS_API unsigned sks_lines_want (const sks_lines *lines);

/* Free. Takes ownership; sets *lines_p to NULL. Safe on NULL. */
SKS_API void sks_lines_destroy (sks_lines **lines_p);

/* Write the next page.
 *   json    size bytes: the reply to "scan", each page once and in order. "v" and
 *           "id" may be missing; the json of a sks_result or of a sks_reply can be given.
 *   *page   filled on success.
 * Returns 0, the failure in the reply, SKS_EPROTOCOL (not a reply to "scan", ids that do not ascend, fewer or more
 * statements than "total"; the text names the member), SKS_EINVALID or SKS_ENOMEM. */
SKS_API int sks_lines_page (sks_lines *lines, const char *json, size_t size, sks_page *page, sks_error *err);

/* ---------------------------------------------------------------- packages
 * Occupations as documents of other programs. docs/exports.md describes the formats. */
enum sks_package_format {
    SKS_PACKAGE_CASE_1_0, /* 1EdTech's CASE: a CFPackage on one line */
    SKS_PACKAGE_CASE_1_1,
    SKS_PACKAGE_CTDL,     /* CTDL-ASN: a graph of JSON-LD on one line */
    SKS_PACKAGE_RSD,      /* the CSV of the Open Skills Management Tool */
    SKS_PACKAGE_MARKDOWN, /* a section of Markdown */
    SKS_PACKAGE_FORMATS
};

/* The names of a format: "case1.1", its media type, and the extension of a file ("json"). NULL if there is no such
 * format. Borrowed: valid for ever. */
typedef struct sks_package_kind {
    const char *name, *media_type, *extension;
} sks_package_kind;
SKS_API const sks_package_kind *sks_package_kind_of (int format);

/* Bits of the flags of sks_package_options. */
#define SKS_PACKAGE_SEPARATE 1u   /* each package is a file of its own: a table has its line of names in each */
#define SKS_PACKAGE_EXCEL_SAFE 2u /* as SKS_LINES_EXCEL_SAFE, of SKS_PACKAGE_RSD */

/* What to write. Start from SKS_PACKAGE_OPTIONS_INIT; every pointer is borrowed for the call, and may be NULL. */
typedef struct sks_package_options {
    uint32_t version; /* of this struct: 1 */
    int format;       /* enum sks_package_format */
    unsigned flags;   /* SKS_PACKAGE_... */
    /* The statements: a query, of which text, match, filter, resolve, plain and deadline_ms are read; or a request
     * "scan" as sks_client_send takes it. Both NULL: all. */
    const sks_query *query;
    const char *request;
    const char *base_uri;  /* http or https: URIs are BASE/uri/UUID; NULL: urn:uuid:UUID */
    const char *creator;   /* NULL: the attribution of each occupation */
    const char *publisher; /* of SKS_PACKAGE_CTDL: a URI of the Credential Registry */
} sks_package_options;

#define SKS_PACKAGE_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        1, SKS_PACKAGE_CASE_1_1, 0, NULL, NULL, NULL, NULL, NULL                                                       \
    }

/* Writes the packages of all occupations that have matching statements, one after the other by SOC code. */
typedef struct sks_packages sks_packages;

/* A package or a piece of a large one, or nothing yet. Borrowed: valid until the next call with the same
 * sks_packages. */
typedef struct sks_package {
    const char *text;           /* not ended by NUL */
    size_t size;                /* bytes of text; 0: something else must be requested first */
    const char *soc;            /* of the occupation; NULL: none */
    int begins, more;           /* non-zero: this is the first piece of a package; others of it follow */
    int part;                   /* non-zero: the query leaves out statements of the occupation */
    uint64_t count;             /* statements of the package */
    int ended;                  /* non-zero: this was the last piece of all */
    uint64_t generation, total; /* of the index; statements of all packages */
    const sks_note *notes;      /* how names of filters were read; with the first reply */
    size_t note_count;
} sks_package;

/* Begin.
 *   *out   caller owns it; free with sks_packages_destroy. NULL on failure.
 * Returns 0, SKS_EINVALID (options; the text names the member), SKS_EBADREQUEST or SKS_ELIMIT (request), SKS_ENOMEM. */
SKS_API int sks_packages_create (sks_packages **out, const sks_package_options *options, sks_error *err);

/* Free. Takes ownership; sets *packages_p to NULL. Safe on NULL. */
SKS_API void sks_packages_destroy (sks_packages **packages_p);

/* Write the next piece, after requesting what is needed from the daemon. Call it until `ended`. Memory holds the texts
 * of one occupation, a page of a scan and a piece.
 * Returns 0 or as sks_client_search; SKS_ENOTFOUND after the first call: the index was replaced, begin again. */
SKS_API int sks_packages_next (sks_packages *packages, sks_client *client, sks_package *package, sks_error *err);

/* The same for programs that send requests themselves: the next request as sks_client_send takes it (NULL at the end,
 * while there are more pieces, or when out of memory; borrowed: valid until its reply is read), its reply, with or
 * without "v" and "id", and each piece that follows when `more` is set. */
SKS_API const char *sks_packages_request (sks_packages *packages);
SKS_API int sks_packages_read (sks_packages *packages, const char *json, size_t size, sks_package *package,
                               sks_error *err);
SKS_API int sks_packages_more (sks_packages *packages, sks_package *package, sks_error *err);

/* Write the reply to "stats" in the text format 0.0.4 of Prometheus. Figures missing from the reply are left out.
 *   stats   size bytes, as json above.
 *   *out   caller owns it; free with sks_free. NULL on failure.
 * Returns 0, the failure in the reply, SKS_EPROTOCOL, SKS_EINVALID or SKS_ENOMEM. */
SKS_API int sks_stats_prometheus (const char *stats, size_t size, char **out, sks_error *err);

/* ------------------------------------------------------------------ keys */

/* Make a new key pair and write its two certificates: PATH (public), and PATH_secret, readable only by its owner.
 *   name   of the owner, written into both; 1 to 128 bytes without quotes and
 *          control characters.
 * Returns 0, SKS_EINVALID (name, path, or the file already exists) or SKS_EIO; on failure no new file is left. */
SKS_API int sks_keys_write (const char *path, const char *name, sks_error *err);

/* Free memory that a call returned as char *. Safe on NULL. */
SKS_API void sks_free (void *memory);

/* The version of the linked library, in the form of SKS_VERSION. */
SKS_API const char *sks_version (void);

#ifdef __cplusplus
}
#endif
#endif
