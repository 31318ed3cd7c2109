/* page.c - reads the URL and the reply. */
#include "page.h"

#include "address.h"
#include "failure.h"
#include "filters.h"
#include "reply.h"

#include "gateway/http/answer.h"

#include <stdlib.h>
#include <string.h>

static void
free_page (void *data)
{
    gw_page *page = data;
    cJSON_Delete (page->reply);
    cJSON_Delete (page->more);
    gw_bytes_free (&page->form);
    free (page);
}

enum MHD_Result
gw_page_redirect (gw_request *request, const gw_address *address, const char *path)
{
    gw_bytes location = { NULL, 0, 0, false };
    gw_address_write (address, path, &location);
    const char *text = gw_bytes_text (&location);
    enum MHD_Result result = text ? gw_answer_redirect (request, text) : MHD_NO;
    gw_bytes_free (&location);
    return result;
}

/* Drop further values of a name, of which only the first is kept, unless it is a filter. */
static bool
drop_further (gw_address *address)
{
    size_t before = address->count;
    for (size_t i = 1; i < address->count;) {
        const gw_term term = address->terms[i];
        if (!gw_filters_label (term.name) && strcmp (term.name, address->terms[i - 1].name) == 0)
            gw_address_remove (address, term.name, term.value);
        else
            i++;
    }
    return address->count < before;
}

/* Drop invalid values of page and sort. */
static bool
drop_invalid (gw_address *address)
{
    static const char *const orders[] = { "level", "-level", "occupation", NULL };
    const char *page = gw_address_value (address, "page"), *sort = gw_address_value (address, "sort");
    const char *const *order = orders;
    bool bad_page = *page && (strspn (page, "0123456789") != strlen (page) || *page == '0' || strlen (page) > 4 ||
                              atoi (page) > SKS_MAX_WINDOW / GW_PAGE_HITS);
    while (*order && strcmp (*order, sort) != 0)
        order++;
    if (bad_page)
        gw_address_remove (address, "page", NULL);
    if (!*sort || *order)
        return bad_page;
    gw_address_remove (address, "sort", NULL);
    return true;
}

gw_page *
gw_page_begin (gw_request *request, const char *const *names, const char *path, enum MHD_Result *result)
{
    gw_page *page = calloc (1, sizeof *page);
    *result = MHD_NO;
    if (!page)
        return NULL;
    request->data = page;
    request->free_data = free_page;
    int form = gw_address_read (request, names, &page->address);
    if (form < 0) {
        *result = gw_answer_problem (request, gw_problem_named ("limit"), "The address has too many parts.", -1);
        return NULL;
    }
    for (size_t i = 0; i < page->address.count; i++)
        if (!gw_bytes_are_utf8 (page->address.terms[i].value)) {
            *result = gw_answer_problem (request, gw_problem_named ("bad_request"), "The address is not UTF-8.", -1);
            return NULL;
        }
    bool further = drop_further (&page->address);
    if (drop_invalid (&page->address) || further || form > 0) {
        *result = gw_page_redirect (request, &page->address, path);
        return NULL;
    }
    return page;
}

bool
gw_page_refused (gw_request *request, const cJSON *replies, enum MHD_Result *result)
{
    const gw_page *page = request->data;
    const cJSON *reply, *error = NULL;
    cJSON_ArrayForEach (reply, replies) error = error ? error : gw_reply_member (reply, "error");
    const cJSON *at = gw_reply_member (error, "at");
    if (error)
        *result = gw_failure_refused (request, &page->address, gw_reply_text (error, "code"),
                                      gw_reply_text (error, "message"), cJSON_IsNumber (at) ? at->valueint : -1);
    else if (cJSON_GetArraySize (replies) == 0)
        *result = gw_failure_answer (request, gw_problem_named ("protocol"), "The daemon's reply cannot be read.");
    return error || cJSON_GetArraySize (replies) == 0;
}

enum MHD_Result
gw_page_fail (gw_request *request)
{
    const sks_error *failure = &request->failure;
    const gw_problem *problem = gw_problem_of (failure->code);
    if (request->client_busy)
        return gw_answer_failure (request);
    const gw_page *page = request->data;
    return gw_failure_refused (request, page ? &page->address : NULL, problem->code, failure->text, failure->at);
}

const gw_page *
gw_page_finish (gw_request *request, enum MHD_Result *result)
{
    gw_page *page = request->data;
    if (request->failure.code) {
        *result = gw_page_fail (request);
        return NULL;
    }
    page->reply = gw_reply_read (request);
    if (page->reply)
        return page;
    *result = gw_failure_answer (request, gw_problem_named ("protocol"), "The daemon's reply cannot be read.");
    return NULL;
}
