/* option_values.h - what the value of an option does to the options; for option_table.c and options.c. */
#ifndef SKS_OPTION_VALUES_H
#define SKS_OPTION_VALUES_H

#include "option.h"

/* The argument is the offset of a bool, of a const char *, in sks_options; SKS_WANT_... bits. */
sks_option_apply sks_option_set_flag;
sks_option_apply sks_option_set_text;
sks_option_apply sks_option_set_want;

sks_option_apply sks_option_set_match;
sks_option_apply sks_option_set_query;
sks_option_apply sks_option_set_sort;
sks_option_apply sks_option_set_limit;
sks_option_apply sks_option_set_offset;
sks_option_apply sks_option_set_explain;
sks_option_apply sks_option_set_collapse;
sks_option_apply sks_option_add_exclude;
sks_option_apply sks_option_add_columns;
sks_option_apply sks_option_set_format;
sks_option_apply sks_option_add_filter;
sks_option_apply sks_option_add_zones;
sks_option_apply sks_option_add_facet;
sks_option_apply sks_option_set_tree;
sks_option_apply sks_option_set_output;
sks_option_apply sks_option_set_tags;
sks_option_apply sks_option_set_escape;
sks_option_apply sks_option_set_units;
sks_option_apply sks_option_set_color;
sks_option_apply sks_option_set_timeout;
sks_option_apply sks_option_set_print;
sks_option_apply sks_option_set_interval;
sks_option_apply sks_option_set_count;
sks_option_apply sks_option_set_ask;

#endif
