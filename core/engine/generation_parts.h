/* generation_parts.h - what the engine's rooms may see of a generation. */
#ifndef SKS_GENERATION_PARTS_H
#define SKS_GENERATION_PARTS_H

#include "postings.h"
#include "rank.h"

const sks_rank *sks_generation_rank (const sks_generation *generation);

/* By group row, the words of its statements, stop words not counted. */
const uint64_t *sks_generation_group_words (const sks_generation *generation);

/* By entry, the stem of its word; SKS_NONE for stop words and entries without one. */
const uint32_t *sks_generation_stem_of_entry (const sks_generation *generation);

/* By entry, its form; the number of forms for entries without a word,
 * joined forms among them. */
const uint32_t *sks_generation_form_of_entry (const sks_generation *generation);

/* By entry, what it is, in one byte: the table of all stays in the nearest cache. */
#define SKS_ENTRY_HAS_WORD 1u
#define SKS_ENTRY_ENDS_DUTY 2u
const uint8_t *sks_generation_kind_of_entry (const sks_generation *generation);

/* The entry of a form after `entry`, the first one after SKS_NONE; SKS_NONE after the
 * last. */
uint32_t sks_generation_next_entry (const sks_generation *generation, uint32_t form, uint32_t entry);

/* Whether any statement may have a duty. */
bool sks_generation_has_duties (const sks_generation *generation);

/* By form, the number of a stop word, 1..254; 0 for all other words, and for none:
 * the number of forms. */
const uint8_t *sks_generation_stop_of_form (const sks_generation *generation);

/* By stem, whether some statement holds it as the joined form of a compound. */
const bool *sks_generation_joined_of_stem (const sks_generation *generation);

/* Where a form is split in two (split.h), as bytes of its first part, 0 for nowhere:
 * false when that was not looked for yet. Any thread may ask and tell. */
bool sks_generation_split (const sks_generation *generation, uint32_t form, size_t *left);
void sks_generation_keep_split (sks_generation *generation, uint32_t form, size_t left);

/* Bytes that the decoded list of a stem takes at most. */
size_t sks_postings_bytes (const sks_generation *generation, uint32_t stem);

/* Decode a stem's list into `list`, which has sks_postings_bytes of room. */
int sks_postings_decode (const sks_generation *generation, sks_lists *lists, uint32_t stem, sks_postings *list,
                         sks_arena *scratch, sks_error *err);

#endif
