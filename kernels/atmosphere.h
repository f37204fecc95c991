/* Air density of the U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562, table 4 and equations 33a, 33b, 42). The altitude
 * is geometric. The model is the standard up to 86 km and exponential above. All eight layers share one formula, so the
 * code has no branches. At the geopotential height h above the layer's base hb:
 *
 *   ln rho = ln rho_b - A (h - hb) phi(B (h - hb)),  A = (g0/R + L)/Tb,  B = L/Tb,  phi(u) = ln(1 + u)/u
 *
 * Here rho is the density, L the layer's change of temperature with height, R the gas constant of air, and g0 standard
 * gravity. rho_b and Tb are density and temperature at the base. */
#ifndef ZEM_ATMOSPHERE_H
#define ZEM_ATMOSPHERE_H

/* The eight layers: geopotential base height in m, logarithm of the base density in kg/m3, and A and B in 1/m. */
TABLE float zem_layer_base[8] = {0.0f, 11000.0f, 20000.0f, 32000.0f, 47000.0f, 51000.0f, 71000.0f, 84852.0f};
TABLE float zem_layer_log_density[8] = {0.202940155f, -1.01082733f, -2.43002305f, -4.32564633f,
                                        -6.55180784f, -7.05671373f, -9.65333623f, -11.8756359f};
TABLE float zem_layer_a[8] = {9.60027581e-05f, 0.000157688413f, 0.000162304153f, 0.000161658407f,
                              0.000126226472f, 0.000115881008f, 0.00014984018f,  0.000182743652f};
TABLE float zem_layer_b[8] = {-2.25576956e-05f, 0.0f, 4.61573967e-06f, 1.22457905e-05f, 0.0f, -1.03454646e-05f,
                              -9.31749359e-06f, 0.0f};

#define ZEM_EARTH_RADIUS 6356766.0f /* m, U.S. Standard Atmosphere 1976, equation 18 */

/* Returns the density in kg/m3 at a geometric altitude in m, valid from -5 km upwards. The density is 0 where the
 * formula gives less than 1.6e-38. */
ZEM_FUNCTION real air_density(real altitude)
{
    const real height = altitude * ZEM_EARTH_RADIUS * reciprocal(altitude + ZEM_EARTH_RADIUS);
    bits layer = splat_bits(0u);
    const bits one = splat_bits(1u), zero = splat_bits(0u);
    for (int k = 1; k < 8; k++)
        layer = layer + choose_bits(less(height, splat(zem_layer_base[k])), zero, one);
    const real above = height - lookup(zem_layer_base, layer);
    const real u = above * lookup(zem_layer_b, layer);
    /* The polynomial gives phi(u) with an error below 3e-9 for u from -0.30 to 0.20. All layers have u within -0.25 to
     * 0.19. */
    real phi = splat(0.197554737f);
    phi = fmadd(phi, u, splat(-0.125533506f));
    phi = fmadd(phi, u, splat(0.135952279f));
    phi = fmadd(phi, u, splat(-0.167005807f));
    phi = fmadd(phi, u, splat(0.200186148f));
    phi = fmadd(phi, u, splat(-0.249990955f));
    phi = fmadd(phi, u, splat(0.333331645f));
    phi = fmadd(phi, u, splat(-0.50000006f));
    phi = fmadd(phi, u, splat(1.0f));
    return exponential(fmadd(-above * phi, lookup(zem_layer_a, layer), lookup(zem_layer_log_density, layer)));
}

#endif
