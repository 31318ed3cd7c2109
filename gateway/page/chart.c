/* chart.c - coverage: statements found by group and level, as a picture and as a
 * table. */
#include "chart.h"

#include "address.h"
#include "html.h"
#include "level.h"
#include "reply.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ROWS 6
#define ROW_HEIGHT 44
#define HEAD_HEIGHT 24
#define COLUMN_WIDTH 100 /* of a picture 400 wide: a bar and its number */
#define BAR_WIDTH 60

struct row {
    const char *value, *label;
    int counts[GW_LEVELS];
};

/* The count of a group in the facets of a reply. */
static int
count_of (const cJSON *reply, const char *group)
{
    const cJSON *item;
    cJSON_ArrayForEach (item, gw_reply_member (gw_reply_member (reply, "facets"), "group"))
    {
        if (strcmp (gw_reply_text (item, "value"), group) == 0)
            return gw_reply_number (item, "count");
    }
    return 0;
}

/* Read the groups of the statements found, the largest first. When groups are chosen, the others have counts too and
 * are skipped. */
static size_t
read_rows (const gw_address *address, const cJSON *found, const cJSON *by_level[GW_LEVELS], struct row rows[MAX_ROWS])
{
    bool chosen = gw_address_count (address, "group") > 0;
    size_t count = 0;
    const cJSON *item;
    cJSON_ArrayForEach (item, gw_reply_member (gw_reply_member (found, "facets"), "group"))
    {
        if (count == MAX_ROWS || gw_reply_number (item, "count") == 0 || (chosen && !gw_reply_true (item, "selected")))
            continue;
        struct row *row = &rows[count++];
        *row = (struct row) { gw_reply_text (item, "value"), gw_reply_text (item, "label"), { 0 } };
        for (size_t i = 0; i < GW_LEVELS; i++)
            row->counts[i] = by_level[i] ? count_of (by_level[i], row->value) : 0;
    }
    return count;
}

static int
largest (const struct row *rows, size_t count)
{
    int most = 1;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < GW_LEVELS; j++)
            most = rows[i].counts[j] > most ? rows[i].counts[j] : most;
    return most;
}

static void
put_picture (html *page, const struct row *rows, size_t count)
{
    int most = largest (rows, count);
    html_put (page,
              "<figure><svg class=\"chart\" role=\"img\" aria-labelledby=\"cov-t\" viewBox=\"0 0 400 %d\">"
              "<title id=\"cov-t\">Statements found by group and level.",
              HEAD_HEIGHT + ROW_HEIGHT * (int) count);
    for (size_t i = 0; i < count; i++) {
        html_put (page, " %s:", rows[i].label);
        for (size_t j = 0; j < GW_LEVELS; j++)
            html_put (page, " %s %'d%s", gw_level_label (gw_level_names[j]), rows[i].counts[j],
                      j + 1 < GW_LEVELS ? "," : ".");
    }
    html_put (page, "</title>");
    for (size_t j = 0; j < GW_LEVELS; j++)
        html_put (page, "<text class=\"head\" x=\"%d\" y=\"16\">%s</text>", (int) j * COLUMN_WIDTH,
                  gw_level_label (gw_level_names[j]));
    for (size_t i = 0; i < count; i++) {
        int top = HEAD_HEIGHT + ROW_HEIGHT * (int) i;
        html_put (page, "<text x=\"0\" y=\"%d\">%s</text>", top + 14, rows[i].label);
        for (size_t j = 0; j < GW_LEVELS; j++) {
            double width = (double) BAR_WIDTH * rows[i].counts[j] / most;
            html_put (page, "<rect x=\"%d\" y=\"%d\" width=\"%f\" height=\"14\"/>", (int) j * COLUMN_WIDTH, top + 20,
                      width);
            html_put (page, "<text x=\"%f\" y=\"%d\">%'d</text>", (double) j * COLUMN_WIDTH + width + 4, top + 32,
                      rows[i].counts[j]);
        }
    }
    html_put (page, "</svg></figure>\n");
}

static void
put_table (html *page, const struct row *rows, size_t count)
{
    html_put (page, "<details><summary>Show as a table</summary><div class=\"scroll\" role=\"region\" "
                    "aria-labelledby=\"cov-c\" tabindex=\"0\"><table><caption id=\"cov-c\">Statements found, by group "
                    "and level</caption><thead><tr><th scope=\"col\">Group</th>");
    for (size_t j = 0; j < GW_LEVELS; j++)
        html_put (page, "<th scope=\"col\">%s</th>", gw_level_label (gw_level_names[j]));
    html_put (page, "</tr></thead><tbody>");
    for (size_t i = 0; i < count; i++) {
        html_put (page, "<tr><th scope=\"row\" dir=\"auto\">%s</th>", rows[i].label);
        for (size_t j = 0; j < GW_LEVELS; j++)
            html_put (page, "<td>%'d</td>", rows[i].counts[j]);
        html_put (page, "</tr>");
    }
    html_put (page, "</tbody></table></div></details>");
}

void
gw_chart_put (html *page, const gw_address *address, const cJSON *found, const cJSON *by_level[GW_LEVELS])
{
    struct row rows[MAX_ROWS];
    size_t count = read_rows (address, found, by_level, rows);
    int groups = gw_reply_number (gw_reply_member (found, "distinct"), "group");
    if (count == 0)
        return;
    html_put (page, "<section aria-labelledby=\"cov\"><h2 id=\"cov\">Coverage by group and level</h2>\n");
    if (groups > (int) count && gw_address_count (address, "group") == 0)
        html_put (page, "<p>The %d largest of %d groups.</p>", (int) count, groups);
    put_picture (page, rows, count);
    put_table (page, rows, count);
    html_put (page, "</section>\n");
}
