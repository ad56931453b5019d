/* Sums of sines at columns and their mirror images against the sums as they are written. */
#include "support.h"

#include "pdf/sines.h"

static double number(size_t i)
{
    return cos(12.9898 * (double)i + 1);
}

static double direct(long first_row, size_t n_rows, double angle, const double *scale, size_t v)
{
    double sum = 0;
    for (size_t k = 0; k < n_rows; k++)
        sum += number(100 * v + k) * scale[k] * sin((double)(first_row + (long)k) * angle);
    return sum;
}

static void test_mirrored(void **state)
{
    (void)state;
    enum { ROWS = 41, COLUMNS = 40, IMAGE = 77 }; /* columns -3 to 36, whose images are 80 to 41 */
    const long first_column = -3;
    const double row_step = 0.37, column_step = M_PI / (IMAGE * row_step);
    for (long first_row = 0; first_row < 2; first_row++) {
        double scale[ROWS], weight[3][ROWS + 1], scratch[ROWS + 1];
        for (size_t k = 0; k < ROWS; k++)
            scale[k] = 1 + 0.3 * number(k + 900);
        sines_mirrored sines;
        deepstruc_diag diag = {0};
        assert_ok(
            sines_mirrored_create(&sines, first_row, ROWS, row_step, scale, first_column, column_step, COLUMNS, &diag),
            diag);
        size_t length = sines_mirrored_length(&sines);
        assert_true(length >= COLUMNS);
        double *out = calloc(6 * length, sizeof *out);
        double *const here[3] = {out, out + length, out + 2 * length},
                      *const there[3] = {out + 3 * length, out + 4 * length, out + 5 * length},
                      *const in[3] = {weight[0], weight[1], weight[2]};
        for (size_t s = 0; kernels_nth(s); s++)
            for (size_t n_rows = 0; n_rows <= ROWS; n_rows += n_rows < 3 ? 1 : 19) /* whole and a part of the rows */
                for (size_t n_out = 1; n_out <= 3; n_out++) {
                    for (size_t v = 0; v < n_out; v++)
                        for (size_t k = 0; k < n_rows; k++)
                            weight[v][k] = number(100 * v + k);
                    sines_mirrored_apply(&sines, kernels_nth(s), here, there, in, scratch, n_out, n_rows);
                    for (size_t v = 0; v < n_out; v++)
                        for (size_t c = 0; c < COLUMNS; c++) {
                            double column = (double)(first_column + (long)c), unit = row_step * column_step;
                            /* 41 products of size 1, angles up to 130 */
                            assert_close(here[v][c], direct(first_row, n_rows, column * unit, scale, v), 1e-12);
                            assert_close(there[v][c], direct(first_row, n_rows, (IMAGE - column) * unit, scale, v),
                                         1e-12);
                        }
                }
        free(out);
        sines_mirrored_free(&sines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_mirrored)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
