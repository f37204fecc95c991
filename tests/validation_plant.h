/* One channel of the homing loop with causes of miss that validation_reference.h lacks, such as quadratic lags, a
 * radome and a sampled seeker. It is flown in double precision with steps of 50 us and shares no code with kernels/. */
#ifndef VALIDATION_PLANT_H
#define VALIDATION_PLANT_H

enum law_here { PN, APN, OGL };

/* The causes of miss in one channel, in SI units. 0 means that a cause is absent. `known_error` is the fraction of the
 * target's acceleration that guidance does not know, `scale_error` and `bias` are the errors of its time to go, and
 * `memory` is the factor of the fading memory. */
struct plant {
    enum law_here law;
    double gain, known_error, seeker_lag, filter_lag, stage_lag, quadratic_lag, damping;
    int stages;
    double further[4];                     /* stages with lags of their own, s; 0: none */
    double seeker_damping, filter_damping; /* of a quadratic tracker and filter */
    double radome, turning_lag, interval, delay, memory, scale_error, bias;
    double level, rise, start; /* of the target's maneuver, level ((t - start)/rise)^power */
    int power;
    double heading;  /* rad */
    double noise_at; /* time at which a unit impulse of angle noise comes, s; 0: none */
    double look;     /* time to go at which the seeker looks for the target, s; 0: at start of homing */
    double flight;   /* s */
    long kicked;     /* number of the sample with an error of 1 rad; negative: none */
};

/* Flies the channel and returns y at the end, m. Sample interval and delay must be multiples of the step. */
double plant_fly(const struct plant *p);

#endif
