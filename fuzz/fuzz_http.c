#define _GNU_SOURCE
/* Any bytes as a request to the server, through its real listener: addresses, queries, forms, JSON. It has one job that
 * is done, whose file cannot be read again: so the map's questions are read and refused before a model is asked. What
 * stands before a record separator (0x1e) is put in place of that job's result.json.
 * Nothing is solved; whatever comes, the server answers or closes, and never says that it failed. */
#include "fuzz.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "serve/http.h"

enum {
    END_OF_RESULT = 0x1e,
    PORT = 8137,
    PATIENCE_S = 30,
    MOST_JOBS = 40,
    MOMENT_MS = 20
}; /* PORT stands in the corpus' Host headers */

static server s;
static struct sockaddr_in address = {.sin_family = AF_INET};

/* In place of the thread that solves. */
deepstruc_status worker_start(worker **out, store *jobs, const folder *data, const char *model, long threads,
                              deepstruc_diag *diag)
{
    (void)out, (void)jobs, (void)data, (void)model, (void)threads, (void)diag;
    return DEEPSTRUC_OK;
}

void worker_stop(worker *w)
{
    (void)w;
}

void worker_wake(worker *w)
{
    (void)w;
}

bool worker_cancel(worker *w, long id)
{
    (void)w, (void)id;
    return false;
}

json_t *worker_progress(worker *w, long id)
{
    (void)w, (void)id;
    return NULL;
}

/* ---- the server -----------------------------------------------------------------------------------------------------
 */

static const char good_result[] = "{\"candidates\": [{\"xyz\": \"candidates/001.xyz\", \"biso\": 0.5}]}";

static void write_result(const void *bytes, size_t size)
{
    char path[FOLDER_PATH];
    folder_result(&s.data, 1, "result.json", path);
    fuzz_write(path, bytes, size);
}

static void add_done_job(void)
{
    long id;
    char path[FOLDER_PATH], text[] = "no PDF", settings[] = "{}", name[] = "a.gr";
    static const char structure[] = "2\nsmall\nAu 0 0 0\nAu 2.88 0 0\n";
    const store_input input = {.name = name, .text = text, .settings = settings, .size = strlen(text)};
    promise(store_add(s.jobs, &input, &id, NULL) == DEEPSTRUC_OK && id == 1 && store_next(s.jobs) == 1);
    promise(store_finish(s.jobs, id, STORE_DONE, NULL, NULL, NULL) == DEEPSTRUC_OK);
    folder_result(&s.data, id, "", path);
    mkdir(path, 0700);
    write_result(good_result, sizeof good_result - 1);
    folder_result(&s.data, id, "candidates", path);
    mkdir(path, 0700);
    folder_result(&s.data, id, "candidates/001.xyz", path);
    fuzz_write(path, (const uint8_t *)structure, sizeof structure - 1);
}

/* With an empty folder. */
static void open_jobs(void)
{
    char path[FOLDER_PATH];
    store_close(s.jobs);
    promise(folder_open(&s.data, fuzz_folder(), NULL) == DEEPSTRUC_OK);
    folder_jobs_file(&s.data, path);
    promise(store_open(&s.jobs, path, NULL) == DEEPSTRUC_OK);
    add_done_job();
}

static void start(void)
{
    open_jobs();
    s.model = (void *)&s; /* there is one, and it is never reached */
    promise(background_start(&s.background, NULL) == DEEPSTRUC_OK && slow_create(&s.connections, NULL) == DEEPSTRUC_OK);
    promise(http_start(&s, 0, NULL) == DEEPSTRUC_OK);
    address.sin_port = htons((uint16_t)s.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s.port = PORT;
}

/* Requests that changed the store beyond use are followed by a new one. */
static void restore(void)
{
    store_state state;
    json_t *jobs = store_list(s.jobs, 0, MOST_JOBS + 1);
    bool full = json_array_size(jobs) > MOST_JOBS;
    json_decref(jobs);
    if (full || !store_state_of(s.jobs, 1, &state))
        open_jobs();
}

/* ---- a request ------------------------------------------------------------------------------------------------------
 */

static void send_all(int connection, const void *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(connection, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server has heard enough */
        bytes = (const char *)bytes + sent;
        size -= (size_t)sent;
    }
}

/* recv, after saying that nothing more is sent once nothing has come for a moment: the listener does not see an end
 * that arrives with the last bytes. */
static ssize_t listen_to(int connection, void *out, size_t size)
{
    struct pollfd wait = {.fd = connection, .events = POLLIN};
    if (poll(&wait, 1, MOMENT_MS) == 0)
        shutdown(connection, SHUT_WR);
    return recv(connection, out, size, 0);
}

/* The status of the first answer; 0: closed without one. */
static int receive(int connection)
{
    char head[16] = "", rest[4096];
    size_t n = 0;
    ssize_t got;
    while (n < sizeof head - 1 && (got = listen_to(connection, head + n, sizeof head - 1 - n)) > 0)
        n += (size_t)got;
    while ((got = listen_to(connection, rest, sizeof rest)) > 0) {
    }
    if (n < sizeof head - 1)
        return 0;
    promise(strncmp(head, "HTTP/1.", 7) == 0);
    return atoi(head + 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char blank[] = "\r\n\r\n";
    char length[120];
    struct timespec began, ended;
    if (!s.daemon)
        start();
    const uint8_t *behind = size > 0 ? memchr(bytes, END_OF_RESULT, size) : NULL;
    if (behind) {
        write_result(bytes, (size_t)(behind - bytes));
        size -= (size_t)(behind + 1 - bytes);
        bytes = behind + 1;
    }
    const uint8_t *blank_line = size > 4 ? memmem(bytes, size, blank, 4) : NULL;
    size_t head = blank_line ? (size_t)(blank_line - bytes) + 2 : size, body = blank_line ? size - head - 2 : 0;
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    promise(connection >= 0 && connect(connection, (struct sockaddr *)&address, sizeof address) == 0);
    /* At once closed ports: thousands of connections per second would run out of them. */
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = PATIENCE_S}, sizeof(struct timeval));
    clock_gettime(CLOCK_MONOTONIC, &began);
    send_all(connection, bytes, head);
    if (blank_line) { /* headers that mutations would never get right */
        snprintf(length, sizeof length, "Host: 127.0.0.1:%d\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", PORT,
                 body);
        bool own = memmem(bytes, head, "ost:", 4) != NULL;
        send_all(connection, own ? "\r\n" : length, own ? 2 : strlen(length));
        send_all(connection, bytes + head + 2, body);
    }
    promise(receive(connection) != 500);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    promise(ended.tv_sec - began.tv_sec < PATIENCE_S);
    close(connection);
    if (behind)
        write_result(good_result, sizeof good_result - 1);
    restore();
    return 0;
}
