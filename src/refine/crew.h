/* Many structures against one target, in parallel: a refiner per thread, one item of work at a time. */
#ifndef REFINE_CREW_H
#define REFINE_CREW_H

#include "refine/refiner.h"

/* Item i of some work, with the refiner of the thread that runs it. What it writes depends on i only. */
typedef deepstruc_status crew_work(void *user, size_t i, deepstruc_refiner *refiner);

/* What item i wrote, into `bytes`, or, on a rank that did not run it, out of them. */
typedef void crew_copy(void *user, size_t i, void *bytes, bool take);

typedef struct {
    crew_work *work;
    crew_copy *copy; /* NULL: every rank runs every item for itself */
    size_t size;     /* bytes of one item's result */
    void *user;
} crew_task;

/* Runs items 0 .. n-1 on `threads` threads (0: all) of each rank. Items that fail for want of memory fail the call; any
 * other failure is the item's own affair. Progress is reported, as going from `from` to `to`, and cancellation asked
 * from the calling thread, between batches. */
deepstruc_status crew_run(const deepstruc_target *target, size_t n, int threads, const crew_task *task,
                          const char *stage, double from, double to, const deepstruc_progress *progress,
                          deepstruc_diag *diag);

#endif
