// The equations of the deck "standard" with Boost.odeint: its classical Runge-Kutta stepper on a std::array of
// single-precision numbers, threads by OpenMP, no explicit vectors. c++ -O3 -march=native -fopenmp odeint.cpp
#include "peer.h"

#include <array>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>

typedef std::array<float, 14> state; // in each channel: position, velocity, tracker, filter, three stages
typedef boost::numeric::odeint::runge_kutta4<state, float, state, float> stepper;

struct loop {
    float level, omega, phase, noise[2];

    void operator()(const state &x, state &d, float t) const
    {
        const float range = CLOSING_SPEED * (FLIGHT_TIME - t);
        const float target[2] = {level * std::sin(omega * t + phase), 0.0f};
        float command[2] = {GAIN * CLOSING_SPEED * x[3], GAIN * CLOSING_SPEED * x[10]};
        const float size = std::sqrt(command[0] * command[0] + command[1] * command[1]);
        if (size > LIMIT)
            for (float &part : command)
                part *= LIMIT / size;
        for (int c = 0; c < 2; c++) {
            const int k = 7 * c;
            d[k] = x[k + 1];
            d[k + 1] = target[c] - x[k + 6];
            d[k + 2] = (x[k] / range + noise[c] - x[k + 2]) / SEEKER_LAG;
            d[k + 3] = (d[k + 2] - x[k + 3]) / FILTER_LAG;
            d[k + 4] = (command[c] - x[k + 4]) / STAGE_LAG;
            d[k + 5] = (x[k + 4] - x[k + 5]) / STAGE_LAG;
            d[k + 6] = (x[k + 5] - x[k + 6]) / STAGE_LAG;
        }
    }
};

static float fly(int cell, uint64_t seed)
{
    generator g;
    generator_seed(&g, seed);
    state x = {};
    stepper rk4;
    loop system;
    system.level = cell_acceleration(cell);
    system.omega = 6.2831853f / cell_period(cell);
    system.phase = 6.2831853f * generator_uniform(&g);
    x[1] = -INTERCEPTOR_SPEED * HEADING_SIGMA * generator_normal(&g);
    x[8] = -INTERCEPTOR_SPEED * HEADING_SIGMA * generator_normal(&g);
    for (int k = 0; k < step_count; k++) {
        system.noise[0] = steps[k].sigma * generator_normal(&g);
        system.noise[1] = steps[k].sigma * generator_normal(&g);
        rk4.do_step(std::cref(system), x, steps[k].t, steps[k].h);
    }
    const float y = x[0] + BLIND_TIME * x[1], z = x[7] + BLIND_TIME * x[8];
    return std::sqrt(y * y + z * z);
}

int main(int argc, char **argv) { return serve(argc, argv); }
