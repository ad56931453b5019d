/* The table of all addresses: docs/api.md describes them, docs/openapi.json lists the same. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "serve/request.h"

static const route routes[] = {
    {"GET", "/", BODY_NONE, answer_page},
    {"GET", "/assets/*", BODY_NONE, answer_asset},
    {"GET", "/api", BODY_NONE, answer_about},
    {"POST", "/api/inspect", BODY_FORM, answer_inspect},
    {"GET", "/api/jobs", BODY_NONE, answer_jobs},
    {"POST", "/api/jobs", BODY_FORM, answer_new_jobs},
    {"GET", "/api/jobs/#", BODY_NONE, answer_job},
    {"DELETE", "/api/jobs/#", BODY_NONE, answer_delete},
    {"POST", "/api/jobs/#/cancel", BODY_NONE, answer_cancel},
    {"POST", "/api/jobs/#/again", BODY_FORM, answer_again},
    {"GET", "/api/jobs/#/files/*", BODY_NONE, answer_result_file},
    {"GET", "/api/jobs/#/candidates/*", BODY_NONE, answer_candidate},
    {"GET", "/api/jobs/#/zip", BODY_NONE, answer_archive},
    {"GET", "/api/jobs/#/map", BODY_NONE, answer_map},
    {"POST", "/api/jobs/#/samples", BODY_JSON, answer_samples},
};

/* A number without sign or leading zeros; *end is behind it. */
static bool read_id(const char *text, const char **end, long *id)
{
    char *behind;
    if (*text < '1' || *text > '9')
        return false;
    errno = 0;
    *id = strtol(text, &behind, 10);
    *end = behind;
    return errno == 0;
}

static bool matches(const char *pattern, const char *path, long *id, const char **rest)
{
    for (; *pattern; pattern++) {
        if (*pattern == '*') {
            *rest = path;
            return *path != '\0';
        }
        if (*pattern == '#') {
            if (!read_id(path, &path, id))
                return false;
        } else if (*pattern != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

const route *routes_find(request *r, const char *method, const char *path)
{
    char allowed[64] = "";
    const char *wanted = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const char *rest = NULL;
        if (!matches(routes[i].pattern, path, &r->id, &rest))
            continue;
        if (strcmp(routes[i].method, wanted) != 0) {
            if (allowed[0])
                strcat(allowed, ", ");
            strcat(allowed, routes[i].method);
            continue;
        }
        if (rest && !(r->rest = strdup(rest))) {
            reply_error(r, 500, "out of memory");
            return NULL;
        }
        return &routes[i];
    }
    if (!allowed[0]) {
        reply_error(r, 404, "there is nothing at this address; see docs/api.md");
        return NULL;
    }
    reply_error(r, 405, "this address takes %s", allowed);
    MHD_add_response_header(r->response, MHD_HTTP_HEADER_ALLOW, allowed);
    return NULL;
}

const char *request_query(const request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

bool request_number(request *r, const char *name, double min, double max, double otherwise, double *out)
{
    const char *text = request_query(r, name);
    char *end;
    if (!text) {
        *out = otherwise;
        return true;
    }
    *out = strtod(text, &end);
    if (end != text && *end == '\0' && *out >= min && *out <= max)
        return true;
    reply_error(r, 400, "%s wants a number from %g to %g", name, min, max);
    return false;
}
