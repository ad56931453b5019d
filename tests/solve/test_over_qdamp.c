/* Sizes and what is not known of qdamp. */
#include "support.h"

#include "solve/over_qdamp.h"

static const deepstruc_target TO_20 = {.n = 186, .rmin = 1.5, .rstep = 0.1, .qdamp = 0.03};

static double envelope(double r, double diameter, double qdamp)
{
    double x = r / diameter;
    return x < 1 ? (1 - 1.5 * x + 0.5 * x * x * x) * exp(-0.5 * qdamp * qdamp * r * r) : 0;
}

/* Against a plain search over diameters, for which the scale is tried too. */
static void test_the_envelope_most_alike_is_found(void **state)
{
    (void)state;
    for (double diameter = 10; diameter <= 30; diameter += 10) {
        double best = 0, least = INFINITY;
        for (double d = 0.9 * diameter; d < 1.2 * diameter; d += 0.002 * diameter)
            for (double scale = 0.9; scale < 1.1; scale += 0.002) {
                double sum = 0;
                for (double r = 1.5; r < 20.05; r += 0.1) {
                    double off = scale * envelope(r, d, 0.045) - envelope(r, diameter, 0.03);
                    sum += off * off;
                }
                if (sum < least)
                    least = sum, best = d;
            }
        /* Steps of 0.2 % in both, and scales of the data's own: within three of them. */
        assert_close(over_qdamp_diameter(diameter, 0.045, &TO_20), best, 0.006 * diameter);
        assert_close(over_qdamp_diameter(diameter, 0.03, &TO_20), diameter, 0.001 * diameter);
    }
}

static deepstruc_evidence widened(double diameter, double qdamp_esd, const deepstruc_fit *first)
{
    deepstruc_target target = TO_20;
    deepstruc_evidence e = {.n_atoms = {100, 80, 115}, .diameter = {diameter, diameter - 1, diameter + 0.7}};
    target.qdamp_esd = qdamp_esd;
    over_qdamp(&e, &target, first);
    return e;
}

static void test_unknown_qdamp_widens_the_size(void **state)
{
    (void)state;
    deepstruc_fit fit = {0}, refined = {.n_terms = 1, .term = {{.name = "qdamp", .free = true}}};
    deepstruc_evidence known = widened(15, 0, &fit), usual = widened(15, 0.015, &fit), large = widened(30, 0.015, &fit);
    assert_close(known.diameter.low, 14, 0);
    assert_close(known.diameter.high, 15.7, 0);
    assert_true(usual.diameter.low < 14 && usual.diameter.high > 15.7);
    assert_true(usual.n_atoms.low < 80 && usual.n_atoms.high > 115);
    assert_close(usual.diameter.mean, 15, 0);
    /* The upper end: 0.7 Å and the change of the sphere, in squares. */
    double change = over_qdamp_diameter(15, 0.045, &TO_20) - 15;
    assert_close(usual.diameter.high, 15 + hypot(0.7, change), 1e-9);
    /* Of a particle that ends behind the data qdamp says less. */
    assert_true(large.diameter.high / 30 > usual.diameter.high / 15);
    /* A fit that varied qdamp itself knows. */
    assert_close(widened(15, 0.015, &refined).diameter.low, 14, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_envelope_most_alike_is_found),
        cmocka_unit_test(test_unknown_qdamp_widens_the_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
