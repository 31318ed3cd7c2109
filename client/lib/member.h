/* member.h - looking into a reply whose shape the library does not know.
 *
 * A member that is missing or of another type reads as nothing: what is shown
 * to a person need not be judged, and a newer daemon may tell it differently. */
#ifndef SKS_MEMBER_H
#define SKS_MEMBER_H

#include <skillsearch.h>
#include <stdbool.h>

struct cJSON;

/* Parse a reply of size bytes.
 *   *out   caller owns it; free with cJSON_Delete. NULL on failure.
 * Returns 0, SKS_EPROTOCOL or SKS_ENOMEM. */
int sks_member_parse (struct cJSON **out, const char *reply, size_t size, sks_error *err);

/* The member of a name; NULL if there is none or it is null. */
const struct cJSON *sks_member (const struct cJSON *object, const char *name);

/* "" if there is none. Borrowed: valid as long as the tree. */
const char *sks_member_text (const struct cJSON *object, const char *name);

/* 0 if there is none. */
double sks_member_number (const struct cJSON *object, const char *name);
uint64_t sks_member_count (const struct cJSON *object, const char *name);

bool sks_member_flag (const struct cJSON *object, const char *name);

/* The first item of a list, NULL if there is none; and how many there are. */
const struct cJSON *sks_member_items (const struct cJSON *object, const char *name);
size_t sks_member_size (const struct cJSON *object, const char *name);

/* Spans of a list of pairs that lie within [from, to), in order, minus `from`.
 *   out   room for most of them. Returns how many there are. */
size_t sks_member_spans (const struct cJSON *object, const char *name, uint32_t from, uint32_t to, sks_span *out,
                         size_t most);

#endif
