#define _GNU_SOURCE
#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "serve/fail.h"
#include "serve/limits.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char *header(const request *r, const char *name)
{
    return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

/* ---- who may ask --------------------------------------------------------------------------------------------------
 */

/* "127.0.0.1:8137" or "localhost:8137". A name that another site resolves to this address is none of them. */
static bool is_own_host(const request *r, const char *host)
{
    char ours[64];
    snprintf(ours, sizeof ours, "127.0.0.1:%d", r->server->port);
    if (strcmp(host, ours) == 0)
        return true;
    snprintf(ours, sizeof ours, "localhost:%d", r->server->port);
    return strcasecmp(host, ours) == 0;
}

static bool is_own_origin(const request *r, const char *origin)
{
    return strncmp(origin, "http://", 7) == 0 && is_own_host(r, origin + 7);
}

static bool admit_sender(request *r)
{
    const char *host = header(r, "Host"), *origin = header(r, "Origin"), *site = header(r, "Sec-Fetch-Site");
    if (!host || !is_own_host(r, host))
        reply_error(r, 403, "this server answers to 127.0.0.1:%d and localhost:%d only", r->server->port,
                    r->server->port);
    else if ((origin && !is_own_origin(r, origin)) || (site && strcasecmp(site, "cross-site") == 0))
        reply_error(r, 403, "requests of other sites are refused");
    return !r->response;
}

/* ---- bodies ---------------------------------------------------------------------------------------------------------
 */

static bool admit_body(request *r)
{
    static const size_t most[] = {[BODY_NONE] = 0, [BODY_FORM] = LIMIT_FORM_BYTES, [BODY_JSON] = LIMIT_JSON_BYTES};
    const char *length = header(r, "Content-Length"), *type = header(r, "Content-Type");
    if (header(r, "Transfer-Encoding")) {
        reply_error(r, 411, "send the body with a Content-Length");
        return false;
    }
    unsigned long long size = length ? strtoull(length, NULL, 10) : 0;
    if (size > most[r->route->body])
        reply_error(r, 413, "the body has %llu bytes; at most %zu are taken here", size, most[r->route->body]);
    else if (r->route->body == BODY_JSON && (!type || strncasecmp(type, "application/json", 16) != 0))
        reply_error(r, 415, "send JSON with Content-Type: application/json");
    return !r->response;
}

static enum MHD_Result on_form_part(void *user, enum MHD_ValueKind kind, const char *key, const char *file_name,
                                    const char *type, const char *encoding, const char *bytes, uint64_t offset,
                                    size_t size)
{
    request *r = user;
    (void)kind;
    (void)type;
    (void)encoding;
    return form_add(&r->form, key, file_name, bytes, (size_t)offset, size) ? MHD_YES : MHD_NO;
}

static bool prepare_body(request *r)
{
    if (r->route->body == BODY_FORM && header(r, "Content-Type")) {
        r->post = MHD_create_post_processor(r->connection, 65536, on_form_part, r);
        if (!r->post)
            reply_error(r, 415, "send a form: multipart/form-data");
    } else if (r->route->body == BODY_JSON) {
        r->json = malloc(LIMIT_JSON_BYTES + 1);
        if (!r->json)
            reply_error(r, 500, "out of memory");
    }
    return !r->response;
}

/* What is broken or refused is read to its end, so that the answer finds a listener. */
static bool take_body(request *r, const char *bytes, size_t size)
{
    if (now() - r->began > LIMIT_REQUEST_SECONDS)
        return false;
    if (r->post && !r->broken) {
        r->broken = MHD_post_process(r->post, bytes, size) != MHD_YES;
    } else if (r->json && r->body_size + size <= LIMIT_JSON_BYTES) {
        memcpy(r->json + r->body_size, bytes, size);
    } else if (!r->post) {
        r->broken = true;
    }
    r->body_size += size;
    return true;
}

static bool body_is_good(request *r)
{
    if (r->json)
        r->json[r->body_size <= LIMIT_JSON_BYTES ? r->body_size : 0] = '\0';
    if (r->post) {
        bool complete = MHD_destroy_post_processor(r->post) == MHD_YES;
        r->post = NULL;
        r->broken = r->broken || !complete;
    }
    if (r->form.status != DEEPSTRUC_OK)
        reply_error(r, r->form.status == DEEPSTRUC_TOO_LARGE ? 413 : 400, "%s", r->form.message);
    else if (r->broken)
        reply_error(r, 400, "the body is damaged, or not what this address takes");
    return !r->response;
}

/* ---- a request's life ------------------------------------------------------------------------------------------- */

static request *request_begin(server *s, struct MHD_Connection *connection, const char *method, const char *path)
{
    request *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->server = s;
    r->connection = connection;
    r->began = now();
    if (admit_sender(r) && (r->route = routes_find(r, method, path)) && admit_body(r))
        prepare_body(r);
    return r;
}

static void request_end(request *r)
{
    if (r->post)
        MHD_destroy_post_processor(r->post);
    if (r->response)
        MHD_destroy_response(r->response);
    form_clear(&r->form);
    free(r->json);
    free(r->rest);
    free(r);
}

static int socket_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *bytes, size_t *size, void **context)
{
    request *r = *context;
    (void)version;
    if (!r) {
        slow_end(((server *)user)->connections, socket_of(connection));
        r = *context = request_begin(user, connection, method, url);
        if (!r)
            return MHD_NO;
        return r->response ? MHD_queue_response(connection, r->status, r->response) : MHD_YES;
    }
    if (*size > 0) {
        bool good = take_body(r, bytes, *size);
        *size = 0;
        return good ? MHD_YES : MHD_NO;
    }
    if (!r->answering) {
        r->answering = true;
        if (body_is_good(r))
            r->route->answer(r);
        if (r->waiting)
            return MHD_YES;
    }
    return r->response ? MHD_queue_response(connection, r->status, r->response) : MHD_NO;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    if (*context)
        request_end(*context);
    *context = NULL;
    slow_begin(((server *)user)->connections, socket_of(connection));
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    slow *connections = ((server *)user)->connections;
    (void)context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        slow_begin(connections, socket_of(connection));
    else
        slow_end(connections, socket_of(connection));
}

/* ---- later ------------------------------------------------------------------------------------------------------ */

typedef struct {
    request *r;
    void (*work)(request *r);
} later;

static void do_later(void *subject)
{
    later *what = subject;
    struct MHD_Connection *connection = what->r->connection;
    what->work(what->r);
    free(what);
    MHD_resume_connection(connection);
}

void request_later(request *r, void (*work)(request *r))
{
    later *what = malloc(sizeof *what);
    if (!what) {
        reply_error(r, 500, "out of memory");
        return;
    }
    *what = (later){r, work};
    r->waiting = true;
    MHD_suspend_connection(r->connection);
    if (background_add(r->server->background, do_later, what))
        return;
    free(what);
    reply_error(r, 503, "too much is asked at once; try again in a moment");
    MHD_resume_connection(r->connection);
}

/* ---- the daemon ------------------------------------------------------------------------------------------------- */

/* A socket that listens on 127.0.0.1:*port; *port becomes the one it got. -1: none, errno says why. */
static int listen_on(int *port)
{
    const int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

/* The port is known before the first request comes: requests are held against it, in other threads. */
deepstruc_status http_start(server *s, int port, deepstruc_diag *diag)
{
    errno = 0;
    s->port = port;
    int fd = listen_on(&s->port);
    if (fd < 0)
        return serve_fail(diag, DEEPSTRUC_UNAVAILABLE, "", "port %d cannot be had: %s; choose another with --port",
                          port, strerror(errno));
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)LIMIT_THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)LIMIT_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_CONNECTION_BYTES, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        s, MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_END);
    if (s->daemon)
        return DEEPSTRUC_OK;
    close(fd);
    return serve_fail(diag, DEEPSTRUC_UNAVAILABLE, "", "the server cannot be started: %s",
                      errno ? strerror(errno) : "the system gives no threads");
}

void http_quiesce(server *s)
{
    int socket = s->daemon ? MHD_quiesce_daemon(s->daemon) : -1;
    if (socket >= 0)
        close(socket);
}

void http_stop(server *s)
{
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
}
