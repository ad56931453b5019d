/* Many structures against one target, in parallel: a refiner per thread, one item of work at a time. */
#ifndef REFINE_CREW_H
#define REFINE_CREW_H

#include "refine/refiner.h"

/* Item i of some work, with the refiner of the thread that runs it. What it writes depends on i only. */
typedef deepstruc_status crew_work(void *user, size_t i, deepstruc_refiner *refiner);

/* Runs items 0 .. n-1 on `threads` threads (0: all). Items that fail for want of memory fail the call; any other
 * failure is the item's own affair. Progress is reported, as going from `from` to `to`, and cancellation asked from the
 * calling thread, between batches. */
deepstruc_status crew_run(const deepstruc_target *target, size_t n, int threads, crew_work *work, void *user,
                          const char *stage, double from, double to, const deepstruc_progress *progress,
                          deepstruc_diag *diag);

#endif
