/* filters.c - facets as checkboxes. They are outside the search form and refer to it, because the form's landmark
 * must not contain the results. */
#include "filters.h"

#include "address.h"
#include "anchor.h"
#include "html.h"
#include "level.h"
#include "reply.h"

#include <string.h>

static const struct facet {
    const char *name, *label, *noun;
    bool open;
} facets[] = {
    { "level", "Level", "level", true },        { "occupation", "Occupation", "occupation", true },
    { "sector", "Sector", "sector", false },    { "zone", "Job zone", "job zone", false },
    { "version", "Version", "version", false }, { "group", "Group", "group", false },
};
#define SHOWN 5 /* the last one is part of the tree of occupations */

static const struct facet *
find_facet (const char *name)
{
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++)
        if (strcmp (facets[i].name, name) == 0)
            return &facets[i];
    return NULL;
}

const char *
gw_filters_label (const char *name)
{
    const struct facet *facet = find_facet (name);
    return facet ? facet->label : NULL;
}

const char *
gw_filters_noun (const char *name)
{
    const struct facet *facet = find_facet (name);
    return facet ? facet->noun : NULL;
}

static const cJSON *
find_value (const cJSON *values, const char *value)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, values)
    {
        const cJSON *child = find_value (gw_reply_member (item, "children"), value);
        if (child || strcmp (gw_reply_text (item, "value"), value) == 0)
            return child ? child : item;
    }
    return NULL;
}

const char *
gw_filters_value_label (const cJSON *all, const char *facet, const char *value)
{
    const cJSON *found = find_value (gw_reply_member (all, facet), value);
    return found && *gw_reply_text (found, "label") ? gw_reply_text (found, "label") : value;
}

static int
largest_count (const cJSON *values)
{
    const cJSON *item;
    int most = 1;
    cJSON_ArrayForEach (item, values) most =
        gw_reply_number (item, "count") > most ? gw_reply_number (item, "count") : most;
    return most;
}

/* "selected" in a reply is not used: the prefix of a code selects all its codes, and
 * the form would send those as well. */
static void
put_box (html *page, const gw_address *address, const char *facet, const char *form, const cJSON *item, int most)
{
    const char *value = gw_reply_text (item, "value");
    const char *label = *gw_reply_text (item, "label") ? gw_reply_text (item, "label") : value;
    gw_bytes id = { NULL, 0, 0, false };
    gw_bytes_puts (&id, facet);
    gw_bytes_puts (&id, "-");
    gw_address_encode (value, &id);
    const char *name = gw_bytes_text (&id) ? id.data : "";
    html_put (page, "<input type=\"checkbox\" name=\"%s\" value=\"%s\" id=\"%s\"", facet, value, name);
    if (*form)
        html_put (page, " form=\"%s\"", form);
    if (gw_address_has (address, facet, value))
        html_put (page, " checked");
    html_put (page, "><label for=\"%s\"><span class=\"l\" dir=\"auto\">%s</span> <span class=\"c\">%'d", name, label,
              gw_reply_number (item, "count"));
    html_put (page, "<span class=\"hidden\"> %s</span></span>",
              gw_reply_number (item, "count") == 1 ? "statement" : "statements");
    html_put (page,
              "<svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
              "focusable=\"false\"><rect width=\"%f\" height=\"8\"/></svg></label>",
              100.0 * gw_reply_number (item, "count") / most);
    gw_bytes_free (&id);
}

static bool
has_chosen (const gw_address *address, const char *facet, const cJSON *values)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, values)
    {
        if (gw_address_has (address, facet, gw_reply_text (item, "value")))
            return true;
    }
    return false;
}

void
gw_filters_boxes (html *page, const gw_address *address, const char *facet, const cJSON *values, const char *form)
{
    int most = largest_count (values);
    const cJSON *item;
    cJSON_ArrayForEach (item, values)
    {
        const cJSON *children = gw_reply_member (item, "children");
        html_put (page, "<li>");
        put_box (page, address, facet, form, item, most);
        if (!*form && strcmp (facet, "occupation") == 0) {
            gw_anchor_open_to (page, "/occupation/", NULL, gw_reply_text (item, "value"));
            html_put (page, "Levels<span class=\"hidden\"> of %s</span></a>", gw_reply_text (item, "label"));
        }
        if (cJSON_GetArraySize (children) > 0) {
            html_put (page, "<details class=\"sub\" id=\"s-%s\"", gw_reply_text (item, "value"));
            if (has_chosen (address, facet, children))
                html_put (page, " open");
            html_put (page, "><summary>Occupations<span class=\"hidden\"> of %s</span></summary><ul>",
                      gw_reply_text (item, "label"));
            gw_filters_boxes (page, address, facet, children, form);
            html_put (page, "</ul></details>");
        }
        html_put (page, "</li>\n");
    }
}

void
gw_filters_unlisted (html *page, const char *facet, const gw_address *address, const cJSON *values, const char *form)
{
    for (size_t i = 0; i < address->count; i++) {
        const gw_term *term = &address->terms[i];
        if (strcmp (term->name, facet) != 0 || find_value (values, term->value))
            continue;
        html_put (page, "<input type=\"hidden\" name=\"%s\" value=\"%s\"", facet, term->value);
        if (*form)
            html_put (page, " form=\"%s\"", form);
        html_put (page, ">");
    }
}

/* Write the four levels in order, including those without a match, which the daemon leaves out. */
static void
put_levels (html *page, const gw_address *address, const cJSON *values)
{
    cJSON *all = cJSON_CreateArray ();
    for (size_t i = 0; i < GW_LEVELS; i++) {
        const cJSON *found = find_value (values, gw_level_names[i]);
        cJSON *item = found ? cJSON_Duplicate (found, true) : cJSON_CreateObject ();
        if (!found) {
            cJSON_AddStringToObject (item, "value", gw_level_names[i]);
            cJSON_AddStringToObject (item, "label", gw_level_label (gw_level_names[i]));
            cJSON_AddNumberToObject (item, "count", 0);
        }
        cJSON_AddItemToArray (all, item);
    }
    gw_filters_boxes (page, address, "level", all, "search");
    cJSON_Delete (all);
}

/* The number of listed values with a match; groups are counted by their occupations. */
static int
listed_count (const cJSON *values)
{
    const cJSON *item;
    int count = 0;
    cJSON_ArrayForEach (item, values)
    {
        const cJSON *children = gw_reply_member (item, "children");
        count += children ? listed_count (children) : gw_reply_number (item, "count") > 0;
    }
    return count;
}

static void
put_facet (html *page, const gw_address *address, const struct facet *facet, const cJSON *values, int distinct)
{
    int chosen = (int) gw_address_count (address, facet->name);
    html_put (page, "<details id=\"f-%s\"", facet->name);
    if (facet->open || chosen)
        html_put (page, " open");
    html_put (page, "><summary>%s", facet->label);
    if (chosen)
        html_put (page, " <span class=\"n\">— %d chosen</span>", chosen);
    html_put (page, "</summary><fieldset><legend class=\"hidden\">%s</legend><ul>", facet->label);
    if (strcmp (facet->name, "level") == 0)
        put_levels (page, address, values);
    else
        gw_filters_boxes (page, address, facet->name, values, "search");
    html_put (page, "</ul>");
    if (cJSON_GetArraySize (values) == 0 && strcmp (facet->name, "level") != 0)
        html_put (page, "<p class=\"none\">None here.</p>");
    if (strcmp (facet->name, "level") != 0)
        gw_filters_unlisted (page, facet->name, address, values, "search");
    if (distinct > listed_count (values) || (distinct && strcmp (facet->name, "occupation") == 0)) {
        gw_bytes path = { NULL, 0, 0, false };
        gw_address all = *address;
        gw_address_remove (&all, "page", NULL);
        gw_bytes_printf (&path, "/facet/%s", facet->name);
        html_put (page, "<p class=\"more\">");
        gw_anchor_open (page, &all, gw_bytes_text (&path) ? path.data : "/", NULL);
        if (distinct > 1)
            html_put (page, "All ");
        html_count (page, distinct, facet->noun);
        html_put (page, "</a></p>");
        gw_bytes_free (&path);
    }
    html_put (page, "</fieldset></details>\n");
}

void
gw_filters_put (html *page, const gw_address *address, const cJSON *found, int occupations)
{
    const cJSON *values = gw_reply_member (found, "facets"), *distinct = gw_reply_member (found, "distinct");
    size_t chosen = 0;
    html_put (page, "<aside class=\"filters\" aria-labelledby=\"f-h\"><h2 id=\"f-h\">Filters</h2>\n"
                    "<p class=\"jump\"><a href=\"#results\">Go to the results</a></p>\n");
    for (size_t i = 0; i < sizeof facets / sizeof *facets; i++)
        chosen += gw_address_count (address, facets[i].name);
    for (size_t i = 0; i < SHOWN; i++)
        put_facet (page, address, &facets[i], gw_reply_member (values, facets[i].name),
                   strcmp (facets[i].name, "occupation") == 0 ? occupations
                                                              : gw_reply_number (distinct, facets[i].name));
    gw_filters_unlisted (page, "group", address, NULL, "search");
    gw_address bare = { .count = 0 };
    gw_address_add (&bare, "q", gw_address_value (address, "q"));
    gw_address_add (&bare, "sort", gw_address_value (address, "sort"));
    html_put (page, "<p class=\"apply\"><button type=\"submit\" form=\"search\">Apply filters</button> ");
    if (chosen) {
        gw_anchor_open (page, &bare, "/", NULL);
        html_put (page, "Clear all filters</a>");
    }
    html_put (page, "</p></aside>\n");
}
