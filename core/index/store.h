/* store.h - a generation's own file, "statements": written and read here.
 *
 * Xapian holds postings ("postings" in the same folder, and also "additions" when the generation was made from the
 * previous one); everything else that an answer needs is in this one file, which is read into memory when it is
 * opened:
 *
 *   numbering   Statements are numbered from 0 in the order of their ids: by SOC
 *               code, then level name, then digits. So equal scores are ordered by
 *               number, and the statements of one occupation at one level, a
 *               *cell*, are a run of numbers. Every facet is a property of cells.
 *   tokens      Each statement is a list of entries, in variable-length numbers;
 *               an entry is a word as written with the separator that follows
 *               it. The common ones have small numbers. Text, word positions,
 *               exact forms and spans all come from this list.
 *   dictionary  entry -> form (the folded word) -> stem. Forms and stems are
 *               sorted by their bytes; a stem knows its forms, the common first.
 *   context     For each stem the occupations that have it in title, group or
 *               description: what ranks a statement by its surroundings.
 *   editions    What the exports of one edition of a framework share (version,
 *               attribution, sources, labels of the levels), stored once.
 *   documents   The statement of each document of the Xapian files, if it differs from the document's number:
 *               statement numbers change when others are added or removed, but a postings file that is taken over
 *               does not change.
 *
 * All numbers are little-endian; each section has a checksum, and so has each
 * Xapian file. A truncated or damaged file, or one of another format, is refused with its name, and so is one with
 * right checksums but inconsistent numbers (checks.h). All files are read once, completely (image.h): later changes
 * to them do not affect answers. docs/index-format.md describes every byte. */
#ifndef SKS_STORE_H
#define SKS_STORE_H

#include "core/base/buffer.h"
#include "core/base/schema.h"
#include "image.h"

#define SKS_STATEMENTS_FILE "statements"
#define SKS_POSTINGS_FILE "postings"
#define SKS_ADDITIONS_FILE "additions"
#define SKS_CURRENT_LINK "current"

#define SKS_NONE UINT32_MAX /* no form, no stem, no statement */

/* A word as written and the separator after it. An entry without a word (form == SKS_NONE) begins a statement that
 * does not start with a word, or marks the next words as a compound and has its joined form (core/base/text.h). */
typedef struct sks_entry {
    uint32_t text; /* offset in strings, no NUL at its end; or the joined form */
    uint32_t form; /* SKS_NONE if it folds to nothing */
    uint16_t size; /* bytes of word and separator; 0 for a joined form */
    uint16_t word; /* bytes of the word, or words of the compound; with these flags: */
} sks_entry;
#define SKS_ENTRY_DUTY 0x8000u   /* the separator contains a duty mark */
#define SKS_ENTRY_JOINED 0x4000u /* text is the joined form of the next words */
#define SKS_ENTRY_WORD 0x3FFFu

typedef struct sks_form {
    uint32_t text;       /* offset in strings; no NUL at its end */
    uint32_t stem;       /* SKS_NONE for a stop word */
    uint32_t statements; /* that hold it */
    uint8_t size;
    uint8_t rank;   /* rank among the forms of its stem, 0 for the most common */
    uint8_t stop;   /* 1 for a stop word */
    uint8_t joined; /* 1 when it is only written with signs between its parts */
} sks_form;

typedef struct sks_stem {
    uint32_t text; /* offset in strings; no NUL at its end */
    uint32_t size;
    uint32_t statements; /* that hold it: postings in Xapian */
    uint32_t forms;      /* first of its forms in stem_forms */
    uint32_t contexts;   /* first of its contexts */
} sks_stem;              /* an extra row at the end closes the last ranges */

/* A stem in an occupation's title, group or description. */
typedef struct sks_context {
    uint32_t occupation;
    uint16_t count; /* occurrences, weighted by where they are */
    uint16_t title; /* 1 when in the title */
} sks_context;

typedef struct sks_occupation {
    uint32_t soc, title, group_title, description; /* strings with NUL */
    uint32_t exported_at, source;                  /* strings with NUL */
    uint32_t edition;                              /* row of editions */
    uint32_t length;                               /* words of the occupation as one document, weighted */
    uint64_t content;                              /* hash of the export's bytes */
    uint16_t group, sector;                        /* rows of groups, sectors */
    uint8_t zone;                                  /* 0: none */
    uint8_t clean;                                 /* 1: read without a problem or a warning */
    uint8_t inferred;                              /* SKS_INFERRED_...: whether the zone was */
    uint8_t unused;
} sks_occupation;

#define SKS_INFERRED_UNKNOWN 0 /* missing in the export */
#define SKS_INFERRED_NO 1
#define SKS_INFERRED_YES 2

/* What the exports of one edition of a framework have in common, once for all of
 * them. Strings with NUL; what an export lacks is "". */
typedef struct sks_edition_row {
    uint32_t version, description, attribution;
    uint32_t labels[SKS_LEVELS]; /* by enum sks_level */
    uint32_t citations;          /* first of its citations */
} sks_edition_row;               /* an extra row at the end closes the last range */

/* A source that an edition names. */
typedef struct sks_citation_row {
    uint32_t name, text; /* strings with NUL */
} sks_citation_row;

/* A value of the group or sector facet. */
typedef struct sks_value {
    uint32_t code, label; /* strings with NUL */
} sks_value;

/* Maximum number of words in a statement: there is at least one byte between two words. */
#define SKS_MAX_STATEMENT_WORDS (SKS_MAX_STATEMENT_BYTES / 2 + 1)

/* A position: the place, and a flag for a long statement id. */
#define SKS_POSITION 0x7FFFu
#define SKS_POSITION_LONG_ID 0x8000u

/* What a statements file holds. Filled by sks_store_open with pointers into its bytes, or by the indexer with
 * pointers to its own memory for writing. Borrowed pointers. */
typedef struct sks_store {
    uint64_t generation;
    uint64_t created;    /* seconds since 1970 */
    uint64_t words;      /* of all statements, stop words not counted */
    uint64_t content;    /* hash of all sections and Xapian files; equal for equal content */
    sks_print postings;  /* the Xapian file beside the statements file */
    sks_print additions; /* of size 0: no such file */
    uint32_t statements, occupations, groups, sectors, entries, forms, stems, contexts;
    uint32_t editions, citations;
    uint32_t documents; /* rows of `document`: 0, or those of both files */
    uint32_t base;      /* rows of postings; the rest belongs to additions */
    uint64_t tokens_size, strings_size;

    const uint8_t *tokens;
    const uint32_t *offsets;   /* statements + 1: where its tokens start */
    const uint16_t *positions; /* statements: SKS_POSITION is the 1-based place in its level */
    const uint8_t *lengths;    /* statements: words that are not stop words, at most 255 */
    const uint32_t *cells;     /* occupations * SKS_LEVELS + 1: first statement */
    const sks_occupation *occupation;
    const sks_value *group, *sector;
    const sks_edition_row *edition; /* editions + 1 */
    const sks_citation_row *citation;
    const sks_entry *entry;
    const sks_form *form;
    const sks_stem *stem;       /* stems + 1 */
    const uint32_t *stem_forms; /* forms in the order of stems, then ranks */
    const sks_context *context;
    const uint32_t *document; /* documents: its statement; SKS_NONE if it is gone */
    const char *strings;

    sks_image file;                    /* all bytes; empty unless opened */
    int postings_copy, additions_copy; /* the Xapian files in memory: sks_image_open; -1: none */
} sks_store;

/* Open FOLDER/statements: read it and the Xapian files into memory, check every
 * checksum, and that no number is out of range (checks.h, glass.h).
 *   *out   caller owns it; free with sks_store_close. NULL on failure.
 * Returns 0, SKS_EINDEX (text names the file), SKS_EIO (with the cause, for example "Permission denied") or
 * SKS_ENOMEM. */
int sks_store_open (sks_store **out, const char *folder, sks_error *err);
void sks_store_close (sks_store **store_p);

/* Write FOLDER/statements from `store`, with the sizes and hashes of FOLDER/postings and, if it exists,
 * FOLDER/additions. These must be complete
 * and synced; the statements file is synced here. */
int sks_store_write (sks_store *store, const char *folder, sks_error *err);

/* Write value as a variable-length number (at most 5 bytes); returns its end. */
uint8_t *sks_token_put (uint8_t *at, uint32_t value);

/* Read a variable-length number and advance *at past it. */
static inline uint32_t
sks_token_next (const uint8_t **at)
{
    const uint8_t *p = *at;
    uint32_t value = *p & 0x7F;
    for (unsigned shift = 7; *p++ & 0x80; shift += 7)
        value |= (uint32_t) (*p & 0x7F) << shift;
    *at = p;
    return value;
}

static inline const char *
sks_store_string (const sks_store *store, uint32_t offset)
{
    return store->strings + offset;
}

/* Write a statement's text, without NUL; returns its bytes. */
size_t sks_store_put_text (const sks_store *store, uint32_t statement, char out[SKS_MAX_STATEMENT_BYTES]);

/* Append a statement's text. */
void sks_store_text (const sks_store *store, uint32_t statement, sks_buffer *out);

/* The form or stem of these bytes, SKS_NONE if unknown. */
uint32_t sks_store_form (const sks_store *store, const char *bytes, size_t size);
uint32_t sks_store_stem (const sks_store *store, const char *bytes, size_t size);

/* Cells in id order: an occupation's four levels are ordered by name. */
static inline uint32_t
sks_cell (uint32_t occupation, int level)
{
    static const uint8_t slot[SKS_LEVELS] = { 2, 1, 3, 0 };
    return occupation * SKS_LEVELS + slot[level];
}

static inline int
sks_cell_level (uint32_t cell)
{
    static const uint8_t level[SKS_LEVELS] = { SKS_ADVANCED, SKS_DEVELOPING, SKS_EMERGING, SKS_PROFICIENT };
    return level[cell % SKS_LEVELS];
}

/* The cell of a statement. */
uint32_t sks_store_cell (const sks_store *store, uint32_t statement);

/* Bytes of a statement's token stream; an upper bound of its tokens. */
static inline uint32_t
sks_store_tokens (const sks_store *store, uint32_t statement)
{
    return store->offsets[statement + 1] - store->offsets[statement];
}

/* The occupation of a SOC code; SKS_NONE if unknown. */
uint32_t sks_store_occupation (const sks_store *store, const char *soc);

/* The occupations whose SOC code starts with prefix: [*first, *end). */
void sks_store_occupations (const sks_store *store, const char *prefix, size_t size, uint32_t *first, uint32_t *end);

/* The 1-based place of a statement in its level's list in the export. */
static inline uint32_t
sks_store_position (const sks_store *store, uint32_t statement)
{
    return store->positions[statement] & SKS_POSITION;
}

/* Write a statement's id and NUL: "SOC/level/" and the first 12 hexadecimal digits
 * of its text's hash. Of statements of one level that agree in these, the first
 * in the order of their bytes has this id, and the others have all 16 digits. */
void sks_store_id (const sks_store *store, uint32_t statement, char out[SKS_STATEMENT_ID_BYTES]);

/* The same, from the statement's text. */
void sks_store_id_of_text (const sks_store *store, uint32_t statement, const char *text, size_t size,
                           char out[SKS_STATEMENT_ID_BYTES]);

/* The statement of an id; SKS_NONE if unknown. */
uint32_t sks_store_find (const sks_store *store, const char *id);

#endif
