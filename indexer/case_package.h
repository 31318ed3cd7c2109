/* case_package.h - reads a CFPackage of 1EdTech's CASE, 1.0 or 1.1, as an export: docs/exports.md has the mapping.
 *
 * A package must say which level a statement has: it has items of the type "Level", named after a level, and each
 * statement has an association hasSkillLevel or isChildOf to one of them. Where types of items are levels ("Emerging"),
 * these can be used instead. No level is derived from anything else. */
#ifndef SKS_CASE_PACKAGE_H
#define SKS_CASE_PACKAGE_H

#include "export_reader.h"

struct cJSON;

/* Whether a JSON object is a CFPackage. */
bool sks_case_package_is (const struct cJSON *root);

/* Read it. Bad items are reported and left out; r->bad is set if the export is rejected.
 *   level_from_type   in a package without levels, the types of items are levels */
void sks_case_package_read (sks_export_reader *r, const struct cJSON *root, bool level_from_type);

#endif
