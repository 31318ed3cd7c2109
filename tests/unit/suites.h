/* suites.h - one Check suite per file, or a kind of claim. */
#ifndef SKS_SUITES_H
#define SKS_SUITES_H

#include <check.h>

/* The list of all suites: X (name) for each suite_name. */
/* clang-format off */
#define SUITES(X) \
    X (memory) \
    X (budget) \
    X (text) \
    X (tokens) \
    X (printable) \
    X (schema) \
    X (json) \
    X (wire) \
    X (wire_ops) \
    X (wire_schema) \
    X (wire_reply) \
    X (wire_answers) \
    X (index) \
    X (builder) \
    X (store) \
    X (damage) \
    X (vectors) \
    X (embeddings) \
    X (wordnet) \
    X (encoder) \
    X (semantics) \
    X (stems) \
    X (likeness) \
    X (csv) \
    X (csv_export) \
    X (case_package) \
    X (source) \
    X (element) \
    X (export) \
    X (faults) \
    X (intake) \
    X (instant) \
    X (plan) \
    X (loss) \
    X (build) \
    X (reuse) \
    X (publish) \
    X (origin) \
    X (report) \
    X (diff) \
    X (progress) \
    X (query) \
    X (query_limits) \
    X (set) \
    X (contexts) \
    X (places) \
    X (fill) \
    X (match) \
    X (near) \
    X (amount) \
    X (facets) \
    X (facet_list) \
    X (facet_table) \
    X (version) \
    X (search) \
    X (label) \
    X (named) \
    X (inflection) \
    X (lexicon) \
    X (title_stems) \
    X (split) \
    X (hit) \
    X (order) \
    X (exact) \
    X (combine) \
    X (thesaurus) \
    X (nearness) \
    X (threads) \
    X (similar) \
    X (compare) \
    X (occupation) \
    X (lengthy) \
    X (map) \
    X (spelling) \
    X (suggest) \
    X (analyze) \
    X (scan) \
    X (shards) \
    X (shard_files) \
    X (shard_state) \
    X (config) \
    X (queue) \
    X (worker) \
    X (results) \
    X (signals) \
    X (zmtp) \
    X (connections) \
    X (pauses) \
    X (multi) \
    X (searchd) \
    X (frames) \
    X (backlog) \
    X (reload) \
    X (auth) \
    X (client) \
    X (operations) \
    X (failover) \
    X (spread) \
    X (channel) \
    X (endpoint) \
    X (identity) \
    X (keys) \
    X (misuse) \
    X (arguments) \
    X (options) \
    X (print) \
    X (print_hits) \
    X (print_facets) \
    X (print_failure) \
    X (browse) \
    X (browse_view) \
    X (lines) \
    X (packages) \
    X (answers)
/* clang-format on */

#define DECLARE(name) Suite *suite_##name (void);
SUITES (DECLARE)
#undef DECLARE

#endif
