/* store.h - writes and reads the file "statements" of a generation.
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
 *               sorted by their bytes; a stem lists its forms, the most common first.
 *   context     For each stem the occupations that have it in title, group or
 *               description. Ranking uses it for the statements of these occupations.
 *   editions    What the exports of one edition of a framework share (version,
 *               attribution, sources, labels of the levels), stored once.
 *   documents   The statement of each document of the Xapian files, if it differs from the document's number:
 *               statement numbers change when others are added or removed, but a reused postings file does not
 *               change.
 *
 * All numbers are little-endian; each section has a checksum, and so has each Xapian file. A truncated or damaged
 * file, or one of another format, is refused with an error that names it, and so is one with correct checksums but
 * inconsistent numbers (checks.h). All files are read once, completely (image.h): later changes to them do not affect
 * answers. docs/index-format.md describes every byte. */
#ifndef SKS_STORE_H
#define SKS_STORE_H

#include "core/base/buffer.h"
#include "rows.h"
#include "token.h"

#define SKS_CURRENT_LINK "current"

/* Open FOLDER/statements: read it and the Xapian files into memory, check every
 * checksum, and that no number is out of range (checks.h, glass.h).
 *   *out   caller owns it; free with sks_store_close. NULL on failure.
 * A folder gen-N must hold generation N. Returns 0, SKS_EINDEX (text names the file),
 * SKS_EIO (with the cause, for example "Permission denied") or SKS_ENOMEM. */
int sks_store_open (sks_store **out, const char *folder, sks_error *err);

/* The same for a folder that no other process changes, as a generation that is being built: its statements file is
 * mapped, and libxapian reads the other files themselves. */
int sks_store_open_built (sks_store **out, const char *folder, sks_error *err);

/* The same without posting lists: the checksums of the Xapian files are checked, but their bytes are not kept. */
int sks_store_open_without_lists (sks_store **out, const char *folder, sks_error *err);

/* The same without the texts of an index in shards, which the host that answers does not have: its tokens, offsets,
 * positions and lengths are NULL. An index without shards is opened completely. */
int sks_store_open_front (sks_store **out, const char *folder, sks_error *err);
void sks_store_close (sks_store **store_p);

/* Write FOLDER/statements from `store`, with the sizes and hashes of FOLDER/postings and, if it exists,
 * FOLDER/additions. These must be complete and synced; the statements file is synced here. With store->shards there
 * are no postings, and FOLDER/texts is written too.
 *   postings   size and hash that FOLDER/postings must have; NULL: it is read for them. Who opens the store compares. */
int sks_store_write (sks_store *store, const sks_print *postings, const char *folder, sks_error *err);

static inline const char *
sks_store_string (const sks_store *store, uint32_t offset)
{
    return store->strings + offset;
}

/* Write a statement's text, without NUL; returns its bytes. */
size_t sks_store_put_text (const sks_store *store, uint32_t statement, char out[SKS_MAX_STATEMENT_BYTES]);

/* Append a statement's text. */
void sks_store_text (const sks_store *store, uint32_t statement, sks_buffer *out);

/* Whether an entry's word is written in capitals only. */
bool sks_store_in_capitals (const sks_store *store, uint32_t entry);

/* The form or stem of these bytes; SKS_NONE if no statement, title, group or description has it. */
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

/* Write a statement's id and NUL: "SOC/level/" and the first 12 hexadecimal digits of its text's hash. If several
 * statements of a level agree in these, the first in byte order has this id, and the others have all 16 digits. */
void sks_store_id (const sks_store *store, uint32_t statement, char out[SKS_STATEMENT_ID_BYTES]);

/* The same, from the statement's cell and text. */
void sks_store_id_of_text (const sks_store *store, uint32_t statement, uint32_t cell, const char *text, size_t size,
                           char out[SKS_STATEMENT_ID_BYTES]);

/* The statement of an id; SKS_NONE if unknown. */
uint32_t sks_store_find (const sks_store *store, const char *id);

#endif
