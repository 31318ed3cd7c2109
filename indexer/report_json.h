/* report_json.h - a report as JSON, with the numbers of the run. */
#ifndef SKS_REPORT_JSON_H
#define SKS_REPORT_JSON_H

#include "core/base/buffer.h"
#include "progress.h"
#include "report.h"

/* What the run did: the numbers of the summary and of the JSON report. */
typedef struct sks_summary {
    const char *outcome; /* "published", "unchanged", "checked", "failed" */
    uint64_t generation; /* the current one after the run, 0 without one */
    uint64_t files, exports, statements, occupations;
    uint64_t shards;                        /* 0: one index */
    uint64_t added, changed, removed, kept; /* exports, compared with the last generation */
    uint64_t renamed;                       /* of those kept: from another file now */
    uint64_t encoded;                       /* texts that the encoder was run on */
    uint64_t elapsed_ms, peak_bytes;
    uint64_t phase_ms[SKS_PHASES];
    const char *error; /* NULL, or why the run failed */
} sks_summary;

/* Write the JSON report: one object. docs/schema/report.json describes it. */
int sks_report_json (const sks_report *report, const sks_summary *summary, sks_buffer *out, sks_error *err);

#endif
