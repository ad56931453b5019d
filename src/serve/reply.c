/* Answers, with the headers that every answer has. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/request.h"

/* The page draws with WebGL and styles elements from its script; it loads nothing from anywhere else. */
#define PAGE_POLICY                                                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "            \
    "connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
/* report.html brings its own script and may reach nothing, this server included. */
#define REPORT_POLICY                                                                                                  \
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; "      \
    "form-action 'none'; frame-ancestors 'none'"

static void finish(request *r, unsigned status, struct MHD_Response *response, const char *type)
{
    r->status = status;
    r->response = response;
    if (!response)
        return;
    bool own_page = strncmp(type, "text/html", 9) == 0 && r->route && r->route->answer != answer_page;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Content-Security-Policy", own_page ? REPORT_POLICY : PAGE_POLICY);
}

static void never_store(request *r)
{
    if (r->response)
        MHD_add_response_header(r->response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
}

static void reply_owned(request *r, unsigned status, const char *type, char *text)
{
    struct MHD_Response *response =
        text ? MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!response)
        free(text);
    finish(r, status, response, type);
    never_store(r);
}

void reply_json(request *r, unsigned status, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(10)) : NULL;
    json_decref(value);
    reply_owned(r, text ? status : 500, "application/json", text ? text : strdup("{\"error\":\"out of memory\"}"));
}

void reply_error(request *r, unsigned status, const char *format, ...)
{
    char message[1200];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    json_t *text = json_string(message);
    reply_json(r, status, json_pack("{s:o}", "error", text ? text : json_string("the message is not UTF-8")));
    if (status == 503 && r->response)
        MHD_add_response_header(r->response, MHD_HTTP_HEADER_RETRY_AFTER, "5");
}

void reply_diag(request *r, deepstruc_status status, const deepstruc_diag *diag)
{
    char text[1024];
    unsigned code = status == DEEPSTRUC_TOO_LARGE                                       ? 413
                    : status == DEEPSTRUC_BAD_ARGUMENT || status == DEEPSTRUC_BAD_INPUT ? 400
                    : status == DEEPSTRUC_UNAVAILABLE                                   ? 501
                                                                                        : 500;
    deepstruc_diag_text(diag, text, sizeof text);
    reply_error(r, code, "%s", text);
}

void reply_text(request *r, const char *type, char *text)
{
    reply_owned(r, 200, type, text);
}

void reply_static(request *r, const char *type, const void *bytes, size_t size, bool gzipped, bool immutable)
{
    finish(r, 200, MHD_create_response_from_buffer(size, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT), type);
    if (!r->response)
        return;
    if (gzipped)
        MHD_add_response_header(r->response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    MHD_add_response_header(r->response, MHD_HTTP_HEADER_CACHE_CONTROL,
                            immutable ? "public, max-age=31536000, immutable" : "no-cache");
}

void reply_fd(request *r, const char *type, int fd, const char *download)
{
    struct stat info;
    char header[300];
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        reply_error(r, 404, "there is no such file");
        return;
    }
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)info.st_size, fd);
    if (!response)
        close(fd);
    finish(r, 200, response, type);
    never_store(r);
    if (!response || !download)
        return;
    snprintf(header, sizeof header, "attachment; filename=\"%s\"", download);
    for (char *c = header; *c; c++)
        if ((unsigned char)*c >= 0x7f || (unsigned char)*c < 0x20)
            *c = '_';
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, header);
}

void reply_file(request *r, const char *type, const char *path, const char *download)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        reply_error(r, 404, "there is no such file");
    else
        reply_fd(r, type, fd, download);
}
