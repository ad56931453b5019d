/* Every variant of the kernels against the plain loops, on arrays that end where memory ends. */
#define _GNU_SOURCE
#include "support.h"

#include <sys/mman.h>

#include "pdf/kernels.h"

/* `size` bytes, zeroed, whose last byte is the last that may be touched. */
typedef struct {
    void *map;
    size_t mapped;
} guarded;

static void *guard(guarded *area, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page;
    area->mapped = (pages + 2) * page;
    area->map = mmap(NULL, area->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(area->map != MAP_FAILED);
    char *start = area->map;
    assert_int_equal(mprotect(start, page, PROT_NONE), 0);
    assert_int_equal(mprotect(start + (pages + 1) * page, page, PROT_NONE), 0);
    return start + (pages + 1) * page - size;
}

static void unguard(guarded *area)
{
    munmap(area->map, area->mapped);
}

static double random_number(void)
{
    static uint64_t seed = 11;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(seed >> 11) / 9007199254740992.0;
}

enum { CELLS = 70 };

static const double CELL = 1 / 7.0, LOW = 0.5, HIGH = 9.5; /* Å */

static void run_pairs(const kernels_set *set, const double *xyz, size_t n, size_t begin, size_t end, double cell,
                      size_t n_cells, double high, double *sums, bool *close)
{
    guarded area[4];
    size_t count = n + KERNELS_LANES, numbers = (n_cells + KERNELS_LANES) * KERNELS_MOMENTS;
    double *axis[3];
    for (int a = 0; a < 3; a++) {
        axis[a] = guard(&area[a], count * sizeof(double));
        for (size_t i = 0; i < count; i++)
            axis[a][i] = i < n ? xyz[3 * i + (size_t)a] : KERNELS_FAR_AWAY;
    }
    double *moments = guard(&area[3], numbers * sizeof *moments);
    kernels_pairs job = {axis[0], axis[1], axis[2], n, cell, LOW, high, n_cells};
    *close = set->pairs(&job, begin, end, moments);
    memcpy(sums, moments, n_cells * KERNELS_MOMENTS * sizeof *sums);
    for (int a = 0; a < 4; a++)
        unguard(&area[a]);
}

static double distance(const double *p, const double *q)
{
    return sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2));
}

/* Atoms in a cube none of whose distances lies where a quick root might choose the next cell. */
static void atoms_off_the_edges(double *xyz, size_t n, double side, double cell)
{
    for (size_t i = 0; i < n; i++)
        for (bool off = false; !off;) {
            for (size_t a = 0; a < 3; a++)
                xyz[3 * i + a] = side * random_number();
            off = true;
            for (size_t j = 0; j < i; j++) {
                double place = distance(xyz + 3 * i, xyz + 3 * j) / cell;
                off = off && fabs(place - rint(place)) > 1e-4 * place;
            }
        }
}

static void test_pairs(void **state)
{
    (void)state;
    double xyz[3 * 70];
    atoms_off_the_edges(xyz, 70, 8, CELL); /* distances to 13.9: some too far, a few too close */
    for (size_t v = 1; kernels_nth(v); v++)
        for (size_t n = 0; n <= 70; n++) {
            double wanted[CELLS * KERNELS_MOMENTS], got[CELLS * KERNELS_MOMENTS];
            bool wanted_close, close;
            size_t begin = n > 3 ? 2 : 0, end = n % 3 == 2 ? n / 2 : n;
            end = end < begin ? begin : end;
            run_pairs(kernels_nth(0), xyz, n, begin, end, CELL, CELLS, HIGH, wanted, &wanted_close);
            run_pairs(kernels_nth(v), xyz, n, begin, end, CELL, CELLS, HIGH, got, &close);
            assert_int_equal(close, wanted_close);
            for (size_t i = 0; i < CELLS * KERNELS_MOMENTS;
                 i++) /* v is below 1.4, the difference of two numbers below 90: to 7 x 1e-14, v^7 to 5e-12 */
                assert_close(got[i], wanted[i], 1e-10 * fmax(1, fabs(wanted[i])));
        }
}

/* So many cells that the quick root alone would take distances for those of the next. */
static void test_pairs_of_many_cells(void **state)
{
    (void)state;
    enum { N = 20, MANY = 9000 };
    const double cell = 0.05, side = 250;
    double xyz[3 * N], *wanted = calloc(2 * MANY, sizeof(kernels_moments)), *got = wanted + MANY * KERNELS_MOMENTS;
    bool close;
    for (size_t i = 0; i < 3 * N; i++)
        xyz[i] = side * random_number();
    run_pairs(kernels_nth(0), xyz, N, 0, N, cell, MANY, 440, wanted, &close);
    for (size_t v = 1; kernels_nth(v); v++) {
        run_pairs(kernels_nth(v), xyz, N, 0, N, cell, MANY, 440, got, &close);
        for (size_t c = 0; c < MANY; c++)
            assert_close(got[c * KERNELS_MOMENTS], wanted[c * KERNELS_MOMENTS], 0);
    }
    free(wanted);
}

/* Exactly at the limits, on a cell's edge, and in one place. */
static void test_pairs_at_the_edges(void **state)
{
    (void)state;
    static const struct {
        double d;
        long cell; /* -1: does not count */
        bool close;
    } cases[] = {{0.5, 3, false}, {9.5, 66, false}, {0.499, -1, true}, {9.501, -1, false},
                 {0, -1, false},  {1.0, 7, false},  {9.2, 64, false}};
    for (size_t v = 0; kernels_nth(v); v++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            const double xyz[6] = {1, 2, 3, 1, 2, 3 + cases[i].d};
            double sums[CELLS * KERNELS_MOMENTS], total = 0;
            bool close;
            run_pairs(kernels_nth(v), xyz, 2, 0, 2, CELL, CELLS, HIGH, sums, &close);
            assert_int_equal(close, cases[i].close);
            for (size_t c = 0; c < CELLS; c++)
                total += sums[c * KERNELS_MOMENTS];
            assert_close(total, cases[i].cell < 0 ? 0 : 1, 0);
            if (cases[i].cell < 0)
                continue;
            size_t c = (size_t)cases[i].cell; /* a distance on an edge may be counted on either side of it */
            c -= sums[c * KERNELS_MOMENTS] == 0;
            assert_close(sums[c * KERNELS_MOMENTS], 1, 0);
            double middle = ((double)c + 0.5) * CELL, square = cases[i].d * cases[i].d; /* whole, the sum of the two */
            assert_close(middle * middle + sums[c * KERNELS_MOMENTS + 1], square, 1e-13 * square);
        }
}

static void test_moments(void **state)
{
    (void)state;
    for (size_t v = 0; kernels_nth(v); v++) {
        const double xyz[6] = {0, 0, 0, 3, 0, 4.1}; /* 7 d = 35.56248: cell 35, whose middle is 35.5 / 7 */
        double sums[CELLS * KERNELS_MOMENTS], difference = 9 + 4.1 * 4.1 - 35.5 * 35.5 / 49;
        bool close;
        run_pairs(kernels_nth(v), xyz, 2, 0, 2, CELL, CELLS, HIGH, sums, &close);
        for (int m = 0; m < KERNELS_MOMENTS; m++) /* the difference of two numbers of 26 */
            assert_close(sums[35 * KERNELS_MOMENTS + m], pow(difference, m), 7e-12 * pow(difference, m));
    }
}

static void test_spread(void **state)
{
    (void)state;
    enum { PER_NODE = 3, N = 20, NODES = (N - 1) / PER_NODE + KERNELS_TAPS };
    guarded area[4];
    double(*source)[KERNELS_MOMENTS][KERNELS_MOMENTS] = guard(&area[0], N * sizeof *source);
    double(*window)[KERNELS_MOMENTS][KERNELS_TAPS] = guard(&area[1], PER_NODE * sizeof *window);
    kernels_moments *total = guard(&area[2], N * sizeof *total);
    double *node = guard(&area[3], NODES * sizeof *node), wanted[NODES] = {0};
    for (size_t c = 0; c < N; c++)
        for (size_t i = 0; i < KERNELS_MOMENTS * KERNELS_MOMENTS; i++)
            source[c][i / KERNELS_MOMENTS][i % KERNELS_MOMENTS] = random_number();
    for (size_t p = 0; p < PER_NODE; p++)
        for (size_t m = 0; m < KERNELS_MOMENTS; m++)
            for (size_t k = 0; k < KERNELS_TAPS; k++)
                window[p][m][k] = random_number() - 0.5;
    for (size_t c = 0; c < N; c++)
        for (size_t m = 0; m < KERNELS_MOMENTS && c != 5; m++) /* cell 5 is empty */
            total[c][m] = random_number();
    const kernels_spread how = {(const double(*)[KERNELS_MOMENTS][KERNELS_MOMENTS])source,
                                (const double(*)[KERNELS_MOMENTS][KERNELS_TAPS])window, PER_NODE};
    kernels_nth(0)->spread(wanted, (const kernels_moments *)total, N, &how);
    double first = 0; /* node 0 is tap 0 of the first three cells */
    for (size_t c = 0; c < PER_NODE; c++)
        for (size_t m = 0; m < KERNELS_MOMENTS; m++)
            for (size_t k = 0; k < KERNELS_MOMENTS; k++)
                first += window[c][k][0] * source[c][m][k] * total[c][m];
    assert_close(wanted[0], first, 1e-13);
    for (size_t v = 1; kernels_nth(v); v++) {
        memset(node, 0, NODES * sizeof *node);
        kernels_nth(v)->spread(node, (const kernels_moments *)total, N, &how);
        for (size_t i = 0; i < NODES; i++) /* some thousand products below 1, in another order */
            assert_close(node[i], wanted[i], 1e-12);
    }
    for (int a = 0; a < 4; a++)
        unguard(&area[a]);
}

static void test_combine(void **state)
{
    (void)state;
    for (size_t rows = 0; rows <= 70; rows += rows < 9 ? 1 : 13)
        for (size_t panels = 1; panels <= 3; panels++) {
            guarded area[7];
            size_t columns = panels * KERNELS_PANEL;
            kernels_matrix matrix = {rows, panels, guard(&area[0], (rows * columns + 1) * sizeof(double))};
            double *weight[3], *out[3], wanted[3 * 3 * KERNELS_PANEL];
            for (size_t i = 0; i < rows * columns; i++)
                matrix.at[i] = random_number() - 0.5;
            for (int o = 0; o < 3; o++) {
                weight[o] = guard(&area[1 + o], (rows + 1) * sizeof(double));
                out[o] = guard(&area[4 + o], columns * sizeof(double));
                for (size_t k = 0; k < rows; k++)
                    weight[o][k] = random_number() - 0.5;
            }
            kernels_nth(0)->combine(out, (const double *const *)weight, 3, &matrix, rows, panels);
            for (size_t o = 0; o < 3; o++)
                memcpy(wanted + o * columns, out[o], columns * sizeof(double));
            double first = 0;
            for (size_t k = 0; k < rows; k++)
                first += weight[0][k] * matrix.at[k * KERNELS_PANEL + 5];
            assert_close(wanted[5], first, 1e-14);
            for (size_t v = 0; kernels_nth(v); v++)
                for (size_t n_out = 1; n_out <= 3; n_out++) {
                    for (size_t o = 0; o < 3; o++)
                        memset(out[o], 0xff, columns * sizeof(double));
                    kernels_nth(v)->combine(out, (const double *const *)weight, n_out, &matrix, rows, panels);
                    for (size_t o = 0; o < n_out; o++)
                        for (size_t i = 0; i < columns; i++) /* 70 products below 1/4, in another order */
                            assert_close(out[o][i], wanted[o * columns + i], 1e-14);
                }
            for (int a = 0; a < 7; a++)
                unguard(&area[a]);
        }
}

static void test_windows(void **state)
{
    (void)state;
    enum { TERMS = 5, TABLE = 40, TAPS = 12 };
    guarded area[6];
    double *table = guard(&area[0], TABLE * sizeof(double)), *place = guard(&area[1], 33 * sizeof(double));
    double *coefficient = guard(&area[2], TERMS * KERNELS_TAPS * sizeof(double));
    double *weight = guard(&area[3], TAPS * 16 * sizeof(double)),
           *from = guard(&area[4], (20 + TAPS - 1) * sizeof(double));
    double *dense = guard(&area[5], 20 * 16 * sizeof(double)), value[2][33], slope[2][33], wanted[20 * 16];
    for (size_t i = 0; i < TABLE; i++)
        table[i] = random_number();
    for (size_t i = 0; i < TERMS * KERNELS_TAPS; i++)
        coefficient[i] = random_number() - 0.5;
    for (size_t i = 0; i < TAPS * 16; i++)
        weight[i] = random_number() - 0.5;
    for (size_t i = 0; i < 20 + TAPS - 1; i++)
        from[i] = random_number();
    for (size_t k = 0; k < 33; k++)
        place[k] = (double)k * 0.74; /* the last reads entries up to 23 + 8 = TABLE - FRONT - 1 */
    kernels_nth(0)->read(value[0], slope[0], place, 33, table, coefficient, TERMS);
    for (size_t v = 1; kernels_nth(v); v++) {
        kernels_nth(v)->read(value[1], slope[1], place, 33, table, coefficient, TERMS);
        for (size_t k = 0; k < 33; k++) {
            assert_close(value[1][k], value[0][k], 1e-13);
            assert_close(slope[1][k], slope[0][k], 1e-13);
        }
        kernels_nth(v)->read(value[1], NULL, place, 33, table, coefficient, TERMS);
        for (size_t k = 0; k < 33; k++)
            assert_close(value[1][k], value[0][k], 1e-13);
    }
    for (size_t stride = 8; stride <= 16; stride += 8)
        for (size_t blocks = 0; blocks <= 20; blocks += 5) {
            kernels_nth(0)->refine(wanted, from, blocks, weight, TAPS, stride);
            for (size_t v = 1; kernels_nth(v); v++) {
                double *end = dense + (20 * 16 - blocks * stride);
                kernels_nth(v)->refine(end, from + (20 - blocks), blocks, weight, TAPS, stride);
                kernels_nth(0)->refine(wanted, from + (20 - blocks), blocks, weight, TAPS, stride);
                for (size_t i = 0; i < blocks * stride; i++)
                    assert_close(end[i], wanted[i], 1e-13);
            }
        }
    for (int a = 0; a < 6; a++)
        unguard(&area[a]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_pairs_of_many_cells),
        cmocka_unit_test(test_pairs_at_the_edges),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_combine),
        cmocka_unit_test(test_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
