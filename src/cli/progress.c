#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

enum { BAR_WIDTH = 30 };
static const double QUIET_SECONDS = 1.0, TERMINAL_INTERVAL = 0.1, LINE_INTERVAL = 10.0;

static volatile sig_atomic_t stopped;

static struct {
    bool quiet, terminal, drawn;
    char stage[64];
    double began, last;
} bar;

double cli_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static void draw(const char *stage, double fraction)
{
    int filled = (int)(fraction * BAR_WIDTH);
    fprintf(stderr, "\r\033[K%-22s [", stage);
    for (int i = 0; i < BAR_WIDTH; i++)
        fputc(i < filled ? '#' : '.', stderr);
    fprintf(stderr, "] %3.0f %%", 100 * fraction);
    fflush(stderr);
    bar.drawn = true;
}

static void report(void *user, const char *stage, double fraction)
{
    (void)user;
    double t = cli_now();
    bool new_stage = strncmp(stage, bar.stage, sizeof bar.stage - 1) != 0;
    if (bar.quiet || t - bar.began < QUIET_SECONDS)
        return;
    if (!new_stage && t - bar.last < (bar.terminal ? TERMINAL_INTERVAL : LINE_INTERVAL))
        return;
    snprintf(bar.stage, sizeof bar.stage, "%s", stage);
    bar.last = t;
    if (bar.terminal)
        draw(stage, fraction);
    else
        fprintf(stderr, "%s: %.0f %%\n", stage, 100 * fraction);
}

static bool cancelled(void *user)
{
    (void)user;
    return stopped;
}

const deepstruc_progress *cli_progress_begin(const cli_call *call)
{
    static deepstruc_progress progress = {.report = report, .cancelled = cancelled};
    progress.ranks = call->ranks;
    memset(&bar, 0, sizeof bar);
    bar.quiet = call->common.quiet || !cli_leads(call);
    bar.terminal = isatty(STDERR_FILENO);
    bar.began = cli_now();
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND}; /* a second signal ends at once */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &progress;
}

void cli_progress_end(void)
{
    if (bar.drawn)
        fputs("\r\033[K", stderr);
    memset(&bar, 0, sizeof bar);
}
