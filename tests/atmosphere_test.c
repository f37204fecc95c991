/* The air density of kernels/atmosphere.h, compared with the standard atmosphere in double precision
 * (kernel_errors.h). */
#include "kernel_errors.h"

/* Returns the density by the equations of the U.S. Standard Atmosphere 1976: temperature and pressure layer by layer
 * (equations 23, 33a, 33b, 42), with g0 = 9.80665, M0 = 28.9644 g/mol, R* = 8314.32 J/(kmol K). Above 84.852 km the
 * exponential continues. */
static double standard_density(double altitude)
{
    static const double base[8] = {0, 11000, 20000, 32000, 47000, 51000, 71000, 84852},
                        lapse[8] = {-0.0065, 0, 0.001, 0.0028, 0, -0.0028, -0.002, 0};
    const double g = 9.80665 * 28.9644 / 8314.32, height = altitude * 6356766.0 / (altitude + 6356766.0);
    double temperature = 288.15, pressure = 101325.0;
    for (int k = 0; k < 8; k++) {
        const double top = k < 7 && height > base[k + 1] ? base[k + 1] : height, thickness = top - base[k];
        const double next = temperature + lapse[k] * thickness;
        pressure *= lapse[k] != 0.0 ? pow(temperature / next, g / lapse[k]) : exp(-g * thickness / temperature);
        temperature = next;
        if (top == height)
            break;
    }
    return pressure * 28.9644 / (8314.32 * temperature);
}

static double density_error(u32 word) /* relative error at the altitude whose bits are `word` */
{
    const double exact = standard_density((double)as_real(word));
    return fabs((double)air_density(as_real(word)) - exact) / exact;
}

static void air_density_follows_the_standard_atmosphere(void **state)
{
    (void)state;
    /* The published densities (table I): geometric altitude in km, kg/m3. The table has five digits. */
    static const double table[][2] = {{0, 1.2250},     {10, 4.1351e-1}, {20, 8.8910e-2},
                                      {30, 1.8410e-2}, {40, 3.9957e-3}, {50, 1.0269e-3},
                                      {60, 3.0968e-4}, {70, 8.2829e-5}, {80, 1.8458e-5}};
    for (size_t k = 0; k < sizeof table / sizeof *table; k++)
        assert_true(fabs((double)air_density((float)(1000.0 * table[k][0])) / table[k][1] - 1.0) < 4e-5);
    assert_error("air density from 1 to 86 km, relative", worst(density_error, bits_of(1000.0f), bits_of(86000.0f), 1u),
                 2.94e-6);
    assert_error(
        "air density from -5 to 1 km, relative",
        fmax(worst(density_error, 0u, bits_of(1000.0f), 127u), worst(density_error, SIGN, bits_of(-5000.0f), 127u)),
        1.39e-7);
    assert_error("air density from 86 to 400 km, relative",
                 worst(density_error, bits_of(86000.0f), bits_of(400000.0f), 1u), 1.49e-5);
}

static int density_falls(u32 word) { return air_density(as_real(word)) >= air_density(as_real(word + 64u)); }

static void air_density_falls_with_altitude_down_to_zero(void **state)
{
    (void)state;
    const u32 first = bits_of(100.0f);
    /* The density falls between floats that are 64 apart; between neighbours rounding may raise it. */
    assert_int_equal(violations(density_falls, first, bits_of(400000.0f) - first, 64u), 0);
    assert_true(air_density(1.0e6f) == 0.0f && air_density(1.0e9f) == 0.0f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(air_density_follows_the_standard_atmosphere),
        cmocka_unit_test(air_density_falls_with_altitude_down_to_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
