/* option.h - one option of the command line: what its table says, and what its
 * value does to the options. For options.c and the two files beside it only. */
#ifndef SKS_OPTION_H
#define SKS_OPTION_H

#include "options.h"

enum sks_section {
    SKS_SECTION_SEARCH,
    SKS_SECTION_FILTERS,
    SKS_SECTION_COUNTS,
    SKS_SECTION_OUTPUT,
    SKS_SECTION_DAEMON,
    SKS_SECTION_KEYS,
    SKS_SECTION_HELP,
    SKS_SECTIONS
};

typedef struct sks_option sks_option;

struct sks_option {
    const char *name;
    char letter;         /* 0: only the long name */
    const char *value;   /* what it takes, NULL for a flag */
    const char *choices; /* the only values it takes, blank-separated; NULL: any */
    int section;         /* enum sks_section */
    unsigned commands;   /* bits: the commands it means something to */
    int (*apply) (sks_options *options, const sks_option *option, const char *value, sks_error *err);
    int argument; /* of apply */
    const char *help;
};

/* The row after the last option has no name. */
#define SKS_MAX_OPTIONS 64

extern const sks_option sks_option_table[SKS_MAX_OPTIONS];

/* What apply may be: each reads value (NULL for a flag) into options. */
typedef int sks_option_apply (sks_options *options, const sks_option *option, const char *value, sks_error *err);
sks_option_apply sks_option_set_match;
sks_option_apply sks_option_set_no_meaning;
sks_option_apply sks_option_set_sort;
sks_option_apply sks_option_set_limit;
sks_option_apply sks_option_set_offset;
sks_option_apply sks_option_set_explain;
sks_option_apply sks_option_set_collapse;
sks_option_apply sks_option_set_fix;
sks_option_apply sks_option_add_exclude;
sks_option_apply sks_option_set_file;
sks_option_apply sks_option_set_format;
sks_option_apply sks_option_add_filter;
sks_option_apply sks_option_add_zones;
sks_option_apply sks_option_add_facet;
sks_option_apply sks_option_set_tree;
sks_option_apply sks_option_set_no_facets;
sks_option_apply sks_option_set_no_pager;
sks_option_apply sks_option_set_bom;
sks_option_apply sks_option_set_full;
sks_option_apply sks_option_set_changes;
sks_option_apply sks_option_set_excel_safe;
sks_option_apply sks_option_set_provenance;
sks_option_apply sks_option_set_output;
sks_option_apply sks_option_set_marked;
sks_option_apply sks_option_set_tags;
sks_option_apply sks_option_set_escape;
sks_option_apply sks_option_set_units;
sks_option_apply sks_option_set_color;
sks_option_apply sks_option_set_endpoint;
sks_option_apply sks_option_set_timeout;
sks_option_apply sks_option_set_server_key;
sks_option_apply sks_option_set_client_key;
sks_option_apply sks_option_set_print;
sks_option_apply sks_option_set_null;
sks_option_apply sks_option_set_name;
sks_option_apply sks_option_set_server;
sks_option_apply sks_option_set_interval;
sks_option_apply sks_option_set_count;
sks_option_apply sks_option_set_ask;

#endif
