/* Integrates the flight of a body by classical Runge-Kutta steps. sqrt and fabs are the only functions of the C library
 * that it calls, so that the result has the same bits on every machine. cell.c calls it for the nominal geometry. */
#include "cell/ballistics.h"

#include "base/exact_math.h"

#include <math.h>

#define STANDARD_GRAVITY 9.80665                         /* standard gravity, m/s2 */
#define EARTH_RADIUS 6356766.0                           /* m, U.S. Standard Atmosphere 1976, equation 18 */
#define GRAVITY_OVER_GAS (9.80665 / (8314.32 / 28.9644)) /* g0 M0/R*, K/m, with R* and M0 of the 1976 standard */

/* Layers of the U.S. Standard Atmosphere 1976: geopotential base height in m, temperature at the base in K, lapse rate
 * in K/m and density at the base in kg/m3. The densities follow from P0 = 101325 Pa by equations 33a and 33b. The last
 * layer is the exponential continuation above 86 km. */
static const struct {
    double base, temperature, lapse, density;
} layers[8] = {
    {0.0, 288.15, -0.0065, 1.2249991558877125},       {11000.0, 216.65, 0.0, 0.3639177759115578},
    {20000.0, 216.65, 0.001, 0.08803480364710482},    {32000.0, 228.65, 0.0028, 0.013224999644107827},
    {47000.0, 270.65, 0.0, 0.0014275325120644351},    {51000.0, 270.65, -0.0028, 0.000861604912540552},
    {71000.0, 214.65, -0.002, 6.421098672004276e-05}, {84852.0, 186.946, 0.0, 6.9578786607295884e-06},
};

double zem_air_density(double altitude)
{
    const double height = EARTH_RADIUS * altitude / (EARTH_RADIUS + altitude);
    int k = 0;
    while (k < 7 && height > layers[k + 1].base)
        k++;
    const double above = height - layers[k].base;
    if (layers[k].lapse == 0.0)
        return layers[k].density * zem_exact_exp(-GRAVITY_OVER_GAS * above / layers[k].temperature);
    const double ratio = 1.0 + layers[k].lapse * above / layers[k].temperature;
    return layers[k].density * zem_exact_exp(-(GRAVITY_OVER_GAS / layers[k].lapse + 1.0) * zem_exact_log(ratio));
}

static void body_rate(const struct zem_body *body, double drag, struct zem_body *rate)
{
    const double *v = body->velocity;
    const double speed = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    const double factor = drag > 0.0 ? -drag * zem_air_density(body->position[2]) * speed : 0.0;
    for (int k = 0; k < 3; k++) {
        rate->position[k] = v[k];
        rate->velocity[k] = factor * v[k];
    }
    rate->velocity[2] -= STANDARD_GRAVITY;
}

static struct zem_body body_advance(const struct zem_body *body, double factor, const struct zem_body *rate)
{
    struct zem_body sum;
    for (int k = 0; k < 3; k++) {
        sum.position[k] = body->position[k] + factor * rate->position[k];
        sum.velocity[k] = body->velocity[k] + factor * rate->velocity[k];
    }
    return sum;
}

void zem_body_fly(struct zem_body *body, double ballistic_coefficient, double duration)
{
    const double drag = ballistic_coefficient > 0.0 ? 0.5 / ballistic_coefficient : 0.0;
    /* Steps of 20 ms, and longer ones in flights above 400 s. The error of a flight of 5 s is below a micrometre within
     * a layer of the atmosphere. Across the boundary of two layers it is up to half a millimetre, because the gradient
     * of the density jumps there. */
    int steps = (int)(fabs(duration) / 0.02) + 1;
    if (steps > 20000)
        steps = 20000;
    const double h = duration / steps;
    for (int step = 0; step < steps; step++) {
        struct zem_body rate1, rate2, rate3, rate4;
        body_rate(body, drag, &rate1);
        struct zem_body middle = body_advance(body, 0.5 * h, &rate1);
        body_rate(&middle, drag, &rate2);
        middle = body_advance(body, 0.5 * h, &rate2);
        body_rate(&middle, drag, &rate3);
        const struct zem_body end = body_advance(body, h, &rate3);
        body_rate(&end, drag, &rate4);
        for (int k = 0; k < 3; k++) {
            body->position[k] +=
                h / 6.0 * (rate1.position[k] + 2.0 * rate2.position[k] + 2.0 * rate3.position[k] + rate4.position[k]);
            body->velocity[k] +=
                h / 6.0 * (rate1.velocity[k] + 2.0 * rate2.velocity[k] + 2.0 * rate3.velocity[k] + rate4.velocity[k]);
        }
    }
}
