/* rows.h - the rows of the sections of a statements file; store.h explains their purpose, docs/index-format.md
 * describes every byte. */
#ifndef SKS_ROWS_H
#define SKS_ROWS_H

#include "core/base/error.h"
#include "core/base/schema.h"
#include "image.h"

/* The files of a generation. */
#define SKS_STATEMENTS_FILE "statements"
#define SKS_POSTINGS_FILE "postings"
#define SKS_ADDITIONS_FILE "additions"

/* The further files of an index in shards; the name of a shard's file is this and its number. */
#define SKS_TEXTS_FILE "texts"
#define SKS_SHARDS_FILE "shards"
#define SKS_SHARD_FILE "shard-"

#define SKS_NONE UINT32_MAX /* no form, no stem, no statement */

/* A word as written, with the separator before the next word. An entry without a word (form == SKS_NONE) begins a
 * statement that does not start with a word, or marks the following words as a compound and gives its joined form
 * (core/base/text.h). */
typedef struct sks_entry {
    uint32_t text; /* offset in strings, no NUL at its end; or the joined form */
    uint32_t form; /* SKS_NONE if the folded form is empty */
    uint16_t size; /* bytes of word and separator; 0 for a joined form */
    uint16_t word; /* bytes of the word, or words of the compound; with these flags: */
} sks_entry;
#define SKS_ENTRY_DUTY 0x8000u   /* the separator contains a duty mark */
#define SKS_ENTRY_JOINED 0x4000u /* text is the joined form of the following words */
#define SKS_ENTRY_WORD 0x3FFFu

typedef struct sks_form {
    uint32_t text;       /* offset in strings; no NUL at its end */
    uint32_t stem;       /* SKS_NONE for a stop word */
    uint32_t statements; /* that contain it */
    uint8_t size;
    uint8_t rank;   /* among the forms of its stem, 0 the most common */
    uint8_t stop;   /* 1 for a stop word */
    uint8_t joined; /* SKS_FORM_JOINED, SKS_FORM_ABSENT; 0 for other forms */
} sks_form;

#define SKS_FORM_JOINED 1u /* it occurs only with signs between its parts */
#define SKS_FORM_ABSENT 2u /* no text has it any more, but old postings refer to the ranks of forms after it */

typedef struct sks_stem {
    uint32_t text; /* offset in strings; no NUL at its end */
    uint32_t size;
    uint32_t statements; /* that contain it: postings in Xapian */
    uint32_t forms;      /* first of its forms in stem_forms */
    uint32_t contexts;   /* first of its contexts */
} sks_stem;              /* an additional row at the end closes the last ranges */

/* A stem in an occupation's title, group or description. */
typedef struct sks_context {
    uint32_t occupation;
    uint16_t count; /* occurrences, weighted by where they are */
    uint16_t title; /* 1 when in the title */
} sks_context;

/* What an index in shards has of a stem in place of its posting list. */
typedef struct sks_usage {
    uint32_t opening;  /* its statements that begin with it */
    uint32_t holdings; /* first of its holdings */
} sks_usage;           /* one more row at the end closes the last range */

/* An occupation with statements that contain a stem. */
typedef struct sks_holding {
    uint32_t occupation, statements;
} sks_holding;

typedef struct sks_occupation {
    uint32_t soc, title, group_title, description; /* strings with NUL */
    uint32_t exported_at, source;                  /* strings with NUL */
    uint32_t edition;                              /* row of editions */
    uint32_t length;                               /* words of the occupation as one document, weighted */
    uint64_t content;                              /* hash of the export's bytes */
    uint16_t group, sector;                        /* rows of groups, sectors */
    uint8_t zone;                                  /* 0: none */
    uint8_t clean;                                 /* 1: read without a problem or a warning */
    uint8_t inferred;                              /* SKS_INFERRED_...: whether the zone was inferred */
    uint8_t unused;
} sks_occupation;

#define SKS_INFERRED_UNKNOWN 0 /* the export does not say */
#define SKS_INFERRED_NO 1
#define SKS_INFERRED_YES 2

/* What the exports of one edition of a framework share, stored once. Strings with NUL; "" for what an export lacks. */
typedef struct sks_edition_row {
    uint32_t version, description, attribution;
    uint32_t labels[SKS_LEVELS]; /* by enum sks_level */
    uint32_t citations;          /* first of its citations */
} sks_edition_row;               /* one more row at the end closes the last range */

/* A source that an edition names. */
typedef struct sks_citation_row {
    uint32_t name, text; /* strings with NUL */
} sks_citation_row;

/* A value of the group or sector facet. */
typedef struct sks_value {
    uint32_t code, label; /* strings with NUL */
} sks_value;

/* The maximum number of words in a statement: at least one byte separates two words. */
#define SKS_MAX_STATEMENT_WORDS (SKS_MAX_STATEMENT_BYTES / 2 + 1)

/* The parts of a position: the place, and a flag that the statement has the long id. */
#define SKS_POSITION 0x7FFFu
#define SKS_POSITION_LONG_ID 0x8000u

#define SKS_MAX_GENERATION (UINT64_C (1) << 53) /* the greatest whole number that JSON readers keep exactly */
#define SKS_MAX_CREATED UINT64_C (253402300799) /* the end of the year 9999 */

/* A part of a section. */
typedef struct sks_slice {
    const void *bytes;
    size_t size;
} sks_slice;

/* The content of a statements file. After sks_store_open, its pointers lead into the bytes of a file; in the indexer,
 * into its own memory. All are borrowed. */
typedef struct sks_store {
    uint64_t generation; /* 1 to SKS_MAX_GENERATION; 0: not to be published */
    uint64_t created;    /* seconds since 1970, up to SKS_MAX_CREATED */
    uint64_t words;      /* of all statements, stop words not counted */
    uint64_t content;    /* hash of all sections and Xapian files; equal for equal content */
    sks_print postings;  /* the Xapian file in the same folder */
    sks_print additions; /* size 0: there is none */
    uint32_t statements, occupations, groups, sectors, entries, forms, stems, contexts;
    uint32_t editions, citations;
    uint32_t documents; /* rows of `document`: 0, or those of both files */
    uint32_t base;      /* those of them that belong to postings; the rest to additions */
    uint64_t vectors;   /* hash of the file of word vectors that `vector` was made with; 0: there are none */
    uint64_t set;       /* random number of the set of shards that was built with this file; 0 without shards */
    uint32_t shards;    /* 0: one index with postings */
    uint32_t holdings;
    uint32_t collected; /* statements of the index: more than `statements` in a store of a part of them */
    uint64_t tokens_size, strings_size;

    const uint8_t *tokens;
    const sks_slice *token_slices; /* of a store that is written: where its tokens are, if they are in several places */
    size_t token_slice_count;      /* 0: they are at `tokens` */
    const uint32_t *offsets;       /* statements + 1: where its tokens start */
    const uint16_t *positions;     /* statements: SKS_POSITION is the 1-based place in its level */
    const uint8_t *lengths;        /* statements: words that are not stop words, at most 255 */
    const uint32_t *cells;         /* occupations * SKS_LEVELS + 1: first statement */
    const sks_occupation *occupation;
    const sks_value *group, *sector;
    const sks_edition_row *edition; /* editions + 1 */
    const sks_citation_row *citation;
    const sks_entry *entry;
    const sks_form *form;
    const sks_stem *stem;       /* stems + 1 */
    const uint32_t *stem_forms; /* forms in the order of stems, then ranks */
    const sks_context *context;
    const uint32_t *document;    /* documents: its statement; SKS_NONE if it is gone */
    const int8_t *vector;        /* statements x SKS_CENTROID_DIMENSIONS (centroid.h), or none */
    const sks_usage *usage;      /* stems + 1 in an index in shards, else none */
    const sks_holding *holding;  /* in the order of stems, then occupations */
    const uint64_t *group_words; /* groups: the sum of their statements' lengths, in an index in shards; else none */
    const char *strings;

    sks_image file;                            /* all bytes of the file; none unless opened from one */
    sks_image texts;                           /* of the texts of an index in shards, if they were read */
    sks_image postings_image, additions_image; /* of the Xapian files; empty if there are no additions */
} sks_store;

#endif
