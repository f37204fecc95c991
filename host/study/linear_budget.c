/* Computes the moments of the miss vector ("the end") from the responses of the loop and the distributions of the
 * sources. A maneuver with acceleration A and roll rho contributes A e^(i rho) g to it, where g is the end of a
 * maneuver of 1 m/s2 in channel y. */
#include "study/linear_budget.h"

#include "study/linear_response.h"

#include <math.h>

#define TURN 6.283185307179586476925

static double square(double complex x) { return creal(x) * creal(x) + cimag(x) * cimag(x); }

static double variance_of(const struct quantity *q)
{
    const double scale = (double)q->scale;
    return q->kind == ZEM_QUANTITY_CONSTANT ? 0.0
           : q->kind == ZEM_QUANTITY_NORMAL ? scale * scale
                                            : scale * scale / 12.0;
}

static double mean_of(const struct quantity *q)
{
    return (double)q->base + (q->kind == ZEM_QUANTITY_UNIFORM ? 0.5 * (double)q->scale : 0.0);
}

/* Returns the mean of exp(i 2 pi n x) for a quantity x in turns, which is its characteristic function. */
static double complex turning(const struct quantity *q, double n)
{
    const double half = 0.5 * TURN * n * (double)q->scale;
    const double size = q->kind == ZEM_QUANTITY_CONSTANT ? 1.0
                        : q->kind == ZEM_QUANTITY_NORMAL ? exp(-2.0 * half * half)
                        : half == 0.0                    ? 1.0
                                                         : sin(half) / half;
    return size * cexp(I * TURN * n * mean_of(q));
}

/* ---- a maneuver of 1 m/s2 in channel y ---- */

/* Moments of the end g of a maneuver of 1 m/s2 in channel y. A maneuver depends on two drawn values: the phase, and the
 * "node", which is the period of a weave or spiral, the start of a step or the reversals of a telegraph. For each of
 * these values `first` is the variance, over this value, of the mean over the other, and `total` is the mean, over the
 * other, of the variance over this value. */
struct pattern {
    double complex mean;
    double square; /* mean of |g|^2 */
    struct {
        double first, total;
    } phase, node;
};

/* Returns the mean square, over the phase phi, of a weave with the response h: g = Im(h e^(i phi)). `turned_twice` is
 * the mean of e^(2 i phi). */
static double weave_square(double complex h, double complex turned_twice)
{
    return 0.5 * square(h) - 0.5 * creal(turned_twice * h * h);
}

static struct pattern wave_pattern(const struct cell_parameters *cell, const struct zem_linear_response *r)
{
    const bool spiral = (cell->features & ZEM_FEATURE_SPIRAL) != 0;
    const double complex once = turning(&cell->varied[ZEM_VARIED_PHASE], 1.0),
                         twice = turning(&cell->varied[ZEM_VARIED_PHASE], 2.0);
    struct pattern p = {.mean = 0.0};
    double complex mean_response = 0.0;
    double of_means = 0.0; /* mean over the period of the squared mean over the phase */
    for (size_t k = 0; k < r->nodes; k++) {
        const double complex h = r->node[k].response;
        const double weight = r->node[k].probability;
        mean_response += weight * h;
        p.square += weight * (spiral ? square(h) : weave_square(h, twice));
        of_means += weight * (spiral ? square(once * h) : pow(cimag(once * h), 2.0));
    }
    p.mean = spiral ? once * mean_response : cimag(once * mean_response);
    /* mean over the phase of the squared mean over the period */
    const double of_means_2 = spiral ? square(mean_response) : weave_square(mean_response, twice);
    p.phase.first = of_means_2 - square(p.mean);
    p.phase.total = p.square - of_means;
    p.node.first = of_means - square(p.mean);
    p.node.total = p.square - of_means_2;
    return p;
}

static struct pattern step_pattern(const struct zem_linear_response *r)
{
    struct pattern p = {.mean = 0.0};
    for (size_t k = 0; k < r->nodes; k++) {
        p.mean += r->node[k].probability * r->node[k].response;
        p.square += r->node[k].probability * square(r->node[k].response);
    }
    p.node.first = p.node.total = p.square - square(p.mean);
    return p;
}

/* Returns (1 - e^-x) / x, the mean of e^-t over t from 0 to x. */
static double decay_mean(double x) { return x < 1e-6 ? 1.0 - 0.5 * x : -expm1(-x) / x; }

/* Returns the mean of e^-|s - t| over s and t from 0 to x. */
static double decay_mean_twice(double x) { return x < 1e-4 ? 1.0 - x / 3.0 : 2.0 * (x + expm1(-x)) / (x * x); }

/* Returns the moments of a telegraph maneuver. Its signal s(t) of rate nu has the mean 0 and the autocorrelation exp(-2
 * nu |tau|) (Papoulis, Probability, Random Variables and Stochastic Processes, section 9-2). The nodes of the response
 * are times (linear_response.h). Between two neighbouring nodes the impulse response is taken as constant; its integral
 * is the difference of their responses. `before` is the sum over earlier pairs of nodes. */
static struct pattern telegraph_pattern(const struct cell_parameters *cell, const struct zem_linear_response *r)
{
    const double rate = 2.0 * (double)cell->switching_rate;
    struct pattern p = {.mean = 0.0};
    double before = 0.0;
    for (size_t k = 0; k + 1 < r->nodes; k++) {
        const double part = creal(r->node[k].response - r->node[k + 1].response),
                     x = rate * (r->node[k + 1].value - r->node[k].value);
        p.square += part * part * decay_mean_twice(x) + 2.0 * part * decay_mean(x) * before;
        before = before * exp(-x) + part * decay_mean(x);
    }
    p.node.first = p.node.total = p.square;
    return p;
}

/* ---- the budget ---- */

/* Adds a maneuver to the budget. `node` is what one source of the maneuver contributes: the period of a weave or
 * spiral, the start of a step, or the reversals of a telegraph. The values of this source are the nodes of the
 * response. */
static void add_maneuver(const struct cell_parameters *cell, const struct zem_linear_response *r,
                         struct zem_linear_budget *budget)
{
    const feature_set features = cell->features;
    const bool waves = (features & (ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL)) != 0;
    const struct pattern p = waves                              ? wave_pattern(cell, r)
                             : features & ZEM_FEATURE_TELEGRAPH ? telegraph_pattern(cell, r)
                                                                : step_pattern(r);
    const struct quantity *acceleration = &cell->varied[ZEM_VARIED_ACCELERATION];
    const double level = mean_of(acceleration), spread = variance_of(acceleration), strength = level * level + spread;
    const double complex roll = turning(&cell->varied[ZEM_VARIED_ROLL], 1.0);
    const double rolled = square(roll); /* |mean of e^(i rho)|^2 */
    struct zem_linear_part *part = budget->part;
    struct zem_linear_part *node = &part[waves                              ? (unsigned)ZEM_VARIED_PERIOD
                                         : features & ZEM_FEATURE_TELEGRAPH ? (unsigned)ZEM_SOURCE_REVERSALS
                                                                            : (unsigned)ZEM_VARIED_START];
    part[ZEM_VARIED_ACCELERATION].mean = level * roll * p.mean;
    part[ZEM_VARIED_ACCELERATION].first = spread * rolled * square(p.mean);
    part[ZEM_VARIED_ACCELERATION].total = spread * p.square;
    part[ZEM_VARIED_ROLL].first = level * level * square(p.mean) * (1.0 - rolled);
    part[ZEM_VARIED_ROLL].total = strength * p.square * (1.0 - rolled);
    part[ZEM_VARIED_PHASE].first = level * level * rolled * p.phase.first;
    part[ZEM_VARIED_PHASE].total = strength * p.phase.total;
    node->first = level * level * rolled * p.node.first;
    node->total = strength * p.node.total;
    budget->mean += part[ZEM_VARIED_ACCELERATION].mean;
    budget->variance += strength * p.square - square(part[ZEM_VARIED_ACCELERATION].mean);
}

/* Adds a source whose contribution does not depend on other sources. */
static void add_term(struct zem_linear_budget *budget, unsigned source, double variance, double complex mean)
{
    budget->part[source] = (struct zem_linear_part){variance, variance, mean};
    budget->variance += variance;
    budget->mean += mean;
}

static void add_handover(const struct cell_parameters *cell, uint32_t acting, const struct zem_linear_response *r,
                         struct zem_linear_budget *budget)
{
    static const struct {
        unsigned quantity;
        bool displacement, z;
    } errors[] = {{ZEM_VARIED_HEADING_Y, false, false},
                  {ZEM_VARIED_HEADING_Z, false, true},
                  {ZEM_VARIED_DISPLACEMENT_Y, true, false},
                  {ZEM_VARIED_DISPLACEMENT_Z, true, true}};
    for (size_t k = 0; k < sizeof errors / sizeof *errors; k++) {
        const struct quantity *q = &cell->varied[errors[k].quantity];
        const double response = errors[k].displacement ? r->displacement : r->heading, mean = response * mean_of(q);
        if (acting >> errors[k].quantity & 1u)
            add_term(budget, errors[k].quantity, response * response * variance_of(q), errors[k].z ? I * mean : mean);
    }
}

/* Adds the seeker noise. Both channels have noise of the same density, and the noise is independent from step to
 * step. */
static void add_noise(const struct zem_linear_response *r, struct zem_linear_budget *budget)
{
    double sum[ZEM_NOISE_KINDS] = {0};
    for (size_t k = 0; k < r->groups; k++)
        for (unsigned kind = 0; kind < ZEM_NOISE_KINDS; kind++)
            sum[kind] += 2.0 * (double)r->share[k][kind]
                         * (r->noise_mean[k] * r->noise_mean[k] + r->noise_slope[k] * r->noise_slope[k]);
    for (unsigned kind = 0; kind < ZEM_NOISE_KINDS; kind++)
        add_term(budget, ZEM_SOURCE_NOISE + kind, sum[kind], 0.0);
}

int zem_linear_budget_find(const struct cell_parameters *cell, uint32_t acting, unsigned threads,
                           struct zem_linear_budget *budget, struct zem_error *error)
{
    struct zem_linear_response response;
    *budget = (struct zem_linear_budget){.variance = 0.0};
    if (!zem_linear_response_applies(cell))
        return 1;
    const int status = zem_linear_response_find(cell, threads, &response, error);
    if (status == 0) {
        if (response.nodes > 0)
            add_maneuver(cell, &response, budget);
        add_handover(cell, acting, &response, budget);
        add_noise(&response, budget);
    }
    zem_linear_response_free(&response);
    return status;
}
