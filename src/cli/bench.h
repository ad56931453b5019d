/* The rows of `deepstruc bench`: what is timed, against what. One bench_NAME.c for each part of the program. */
#ifndef CLI_BENCH_H
#define CLI_BENCH_H

#include <deepstruc/deepstruc.h>

typedef struct {
    double median_s;    /* of one piece of work */
    int repeats;        /* that the median is taken of */
    double reference_s; /* the same work by the plain reference code, in the same run; NaN where there is none */
    double limit_s;     /* its matrix products alone, at the rate of a large one in the same run; NaN where not known */
} bench_result;

typedef struct {
    const char *name, *what;
    deepstruc_status (*run)(bench_result *out, long threads, deepstruc_diag *diag);
} bench_row;

enum { BENCH_REPEATS = 11 };

/* Times `work` so often that one repeat takes a few milliseconds; the result is for one piece of work. */
void bench_time(bench_result *out, void (*work)(void *data), void *data);
/* The result of BENCH_REPEATS times that the library took itself (sorted in place). */
void bench_take(bench_result *out, double *each);
/* One run of `work`, in seconds. */
double bench_once(void (*work)(void *data), void *data);

/* Every row, in the order of the table; each list ends with a name of NULL. */
extern const bench_row bench_pdf_rows[], bench_model_rows[], bench_train_rows[];

#endif
