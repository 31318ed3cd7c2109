/* stats.h - the one reader of the counters. Any thread may call it. */
#ifndef SKS_STATS_H
#define SKS_STATS_H

#include "counters.h"

/* All counters at this moment, with the resident memory of the process. */
void sks_stats_fill (sks_stats *stats, sks_counters *counters);

#endif
