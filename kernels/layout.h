/* The structures that cross between host and device, declared once for every compiler, with size checks.
 * Members are 4-byte words (float, u32) so that no compiler has padding to choose; SI units and radians unless a
 * comment says otherwise (phases and roll are in turns). Needs portable.h before it, includes nothing. */
#ifndef ZEM_LAYOUT_H
#define ZEM_LAYOUT_H

/* Raised whenever a change of kernel numerics moves the bits of any result. Part of the digest. */
#define ZEM_KERNEL_VERSION 4

#define ZEM_RADII_LIMIT 32                            /* hit radii of one scenario */
#define ZEM_SHOTS_LIMIT 8                             /* shots of one salvo */
#define ZEM_STAGES_LIMIT 5                            /* autopilot stages */
#define ZEM_CHAIN_STATES_LIMIT (4 + ZEM_STAGES_LIMIT) /* states of a channel in transition.h */
#define ZEM_TRANSITION_REACH 7                        /* states that a state depends on in one step */
#define ZEM_MIDDLE_REACH 6                            /* and in half a step */

/* What a cell needs of the kernel. Parts whose bit is clear cost nothing where the compiler knows (specialise.h). */
enum zem_feature {
    ZEM_FEATURE_POINT_MASS = 1 << 0,
    ZEM_FEATURE_STEP = 1 << 1, /* target manoeuvres, at most one of the next four */
    ZEM_FEATURE_WEAVE = 1 << 2,
    ZEM_FEATURE_SPIRAL = 1 << 3,
    ZEM_FEATURE_TELEGRAPH = 1 << 4,
    ZEM_FEATURE_GUIDANCE = 1 << 5, /* any law but none */
    ZEM_FEATURE_APN = 1 << 6,
    ZEM_FEATURE_OGL = 1 << 7,
    ZEM_FEATURE_TRACKER = 1 << 8,    /* seeker_lag > 0 */
    ZEM_FEATURE_FILTER = 1 << 9,     /* filter_lag > 0 */
    ZEM_FEATURE_AUTOPILOT = 1 << 10, /* autopilot_lag > 0 */
    ZEM_FEATURE_LIMIT = 1 << 11,     /* constant acceleration limit */
    ZEM_FEATURE_AERODYNAMIC_LIMIT = 1 << 12,
    ZEM_FEATURE_DIVERT_LIMIT = 1 << 13,
    ZEM_FEATURE_NOISE = 1 << 14,
    ZEM_FEATURE_TARGET_DRAG = 1 << 15,
    ZEM_FEATURE_INTERCEPTOR_DRAG = 1 << 16,
    ZEM_FEATURE_LIFT_LIMIT = 1 << 17,
    ZEM_FEATURE_PERFECT = 1 << 18, /* estimators */
    ZEM_FEATURE_KALMAN = 1 << 19,
    ZEM_FEATURE_CARLETON = 1 << 20,
    ZEM_FEATURE_SALVO = 1 << 21,
    ZEM_FEATURE_TRANSITION = 1 << 22,    /* steps are flown by tabulated transition matrices (transition.h) */
    ZEM_FEATURE_VARIED_PERIOD = 1 << 23, /* of a weave or spiral */
    ZEM_FEATURE_END = 1 << 24            /* the first bit that no feature has */
};

/* N' Vc, the command of a law that is linear in the line-of-sight rate over that rate, m/s; in the precision of its
 * arguments. Formed here alone. */
#define ZEM_LAW_AUTHORITY(gain, closing_speed) ((gain) * (closing_speed))

/* Features that choose a guidance law (proportional navigation has none of its own) and a maneuver. guidance.h and
 * target.h say which they fly, and do not compile while one is missing. */
#define ZEM_FEATURES_OF_LAWS (ZEM_FEATURE_APN | ZEM_FEATURE_OGL)
#define ZEM_FEATURES_OF_MANEUVERS (ZEM_FEATURE_STEP | ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL | ZEM_FEATURE_TELEGRAPH)

/* Quantities that may vary per trial, in the order of their random draws: never reorder, append. */
enum zem_varied {
    ZEM_VARIED_ACCELERATION,
    ZEM_VARIED_PERIOD,
    ZEM_VARIED_PHASE, /* turns */
    ZEM_VARIED_START,
    ZEM_VARIED_ROLL, /* turns */
    ZEM_VARIED_TARGET_COUNT,
    ZEM_VARIED_HEADING_Y = ZEM_VARIED_TARGET_COUNT,
    ZEM_VARIED_HEADING_Z,
    ZEM_VARIED_DISPLACEMENT_Y,
    ZEM_VARIED_DISPLACEMENT_Z,
    ZEM_VARIED_COUNT
};

/* value = base + scale * x with x = 0 (kind 0), a standard normal (kind 1) or uniform on [0, 1) (kind 2). */
struct quantity {
    float base, scale;
    u32 kind;
};

enum { ZEM_QUANTITY_CONSTANT = 0, ZEM_QUANTITY_NORMAL = 1, ZEM_QUANTITY_UNIFORM = 2 };

/* Everything a device needs to know of one cell. */
struct cell_parameters {
    u32 features;            /* enum zem_feature */
    u32 stages;              /* autopilot stages, 1 to 5, if ZEM_FEATURE_AUTOPILOT */
    u32 cell_word;           /* word 1 of the random-number counter: the cell, or 0 with common random numbers */
    u32 seed_low, seed_high; /* key of the random numbers */
    u32 schedule_first;      /* linear: index of this cell's first step in the schedule array of its batch */
    u32 schedule_steps;      /* linear: number of steps down to blind_time */
    u32 blind_steps;         /* steps in which the rest is flown with the last command held */
    u32 step_limit;          /* point-mass: a trial that took this many steps is out of time */
    u32 radius_count, shots;
    float flight_time, blind_time, step, inverse_step_ratio;
    float closing_speed, interceptor_speed;
    struct quantity varied[ZEM_VARIED_COUNT];
    float switching_rate;
    float navigation_gain;
    float inverse_seeker_lag, inverse_filter_lag, inverse_stage_lag; /* 0 where there is no lag */
    float autopilot_lag;
    float acceleration_limit;  /* m/s2, 0 if none */
    float rate_limit;          /* linear: line-of-sight rate whose command is acceleration_limit, rad/s */
    float aerodynamic_limit;   /* m/s2 per Pa of dynamic pressure, 0 if none */
    float divert_limit;        /* m/s, 0 if none */
    float glint, angle_noise;  /* two-sided power spectral densities, m2/Hz, rad2/Hz */
    float semiactive_noise;    /* divided by reference_range^2: rad2/(Hz m2) */
    float active_noise;        /* divided by reference_range^4: rad2/(Hz m4) */
    float process_noise;       /* kalman: spectral density of the target's jerk, m2/s5 */
    float initial_variance[3]; /* kalman: of position, velocity and target acceleration at start of homing, SI */
    float spacing;             /* s between two shots */
    float target_drag, interceptor_drag; /* 1/(2 beta): deceleration = drag * density * speed^2, m2/kg */
    float lift_limit; /* lift-to-drag / (2 beta): largest lift acceleration = this * density * speed^2 */
    /* point-mass: state at start of homing, Earth axes x downrange, y crossrange, z up; position is target minus
     * interceptor */
    float position_high[3], position_low[3];
    float target_velocity_high[3], target_velocity_low[3];
    float interceptor_velocity_high[3], interceptor_velocity_low[3];
    float target_altitude;
    float channel_y[3]; /* unit vector of channel y, normal to the nominal line of sight at start of homing */
    float roll_axis[3]; /* unit vector from which the manoeuvre's roll is counted, projected normal to the target's
                           velocity */
    float radius[ZEM_RADII_LIMIT]; /* hit radii, increasing; unused ones 0 */
};

/* The type of what the schedule tabulates: float everywhere but in the double reading (portable.h), whose schedule
 * crosses to no device. */
#ifdef ZEM_DOUBLE
typedef double scheduled;
#else
typedef float scheduled;
#endif

/* What one step of the linear homing loop makes of its states and inputs (transition.h). Rows are states at its end in
 * the order of the chain. */
struct transition {
    scheduled state[ZEM_CHAIN_STATES_LIMIT]
                   [ZEM_TRANSITION_REACH];        /* column k: the state k places on in the chain, at the start */
    scheduled command[ZEM_CHAIN_STATES_LIMIT][3]; /* at start, middle and end, as line-of-sight rate */
    scheduled noise[2][2];                        /* mean and slope of the noise, both standardised */
    scheduled disturbance[4][3];                  /* at start, middle and end */
    /* the same for the filter in the middle of the step */
    scheduled middle[ZEM_MIDDLE_REACH], middle_command, middle_noise[2], middle_disturbance[3];
};

/* One step of the linear kinematics. It depends on time alone, so the host tabulates it once per cell (schedule.h) and
 * every trial shares it. Index 0, 1, 2 is the start, the middle and the end of the step. */
struct schedule_step {
    scheduled step;                  /* duration, s */
    scheduled time[3];               /* since start of homing, s */
    scheduled time_to_go[3];         /* s */
    scheduled inverse_time_to_go[3]; /* 1/s */
    scheduled inverse_range[3];      /* 1/m */
    scheduled noise_sigma[3]; /* standard deviation of the mean over the step of angle noise as dense as here, rad */
    scheduled gain[3];        /* kalman: gains of position, velocity and acceleration at the measurement of the step */
    scheduled range[3];       /* m */
    /* weave, spiral of one period: cosine and sine of the angle by which it goes on in half the step and in the whole
     */
    scheduled half_turn_cosine, half_turn_sine, turn_cosine, turn_sine;
    struct transition transition; /* with ZEM_FEATURE_TRANSITION */
};

/* How a trial ended. */
enum zem_outcome {
    ZEM_OUTCOME_PASSED, /* hit or miss: it has a miss distance */
    ZEM_OUTCOME_NOT_CLOSING,
    ZEM_OUTCOME_GROUND,
    ZEM_OUTCOME_TIME_LIMIT,
    ZEM_OUTCOME_NOT_FINITE,
    ZEM_OUTCOME_COUNT
};

/* Miss histogram: logarithmic bins from 1 mm to 100 km, 32 a decade, with an underflow bin before and an overflow bin
 * after. */
#define ZEM_HISTOGRAM_BINS 256
#define ZEM_HISTOGRAM_SLOTS (ZEM_HISTOGRAM_BINS + 2)

/* A tally is a row of 64-bit integers. Tallies add word by word, in any order; nothing else may be done to them.
 * A sum of x is kept in fixed point as two words, the low and the high 32 bits of every term added apart, so that it
 * cannot overflow in 2^32 trials: x = (low + 2^32 high) * 2^-24. */
enum zem_tally_word {
    ZEM_TALLY_TRIALS,
    ZEM_TALLY_OUTCOME,                                     /* ZEM_OUTCOME_COUNT words */
    ZEM_TALLY_MIX = ZEM_TALLY_OUTCOME + ZEM_OUTCOME_COUNT, /* sum modulo 2^64 of mix(trial, bits of the miss) */
    ZEM_TALLY_CLIPPED,                                  /* trials whose sums were clipped at the end of their range */
    ZEM_TALLY_SATURATED_TRIALS,                         /* trials in which the command met its limit at all */
    ZEM_TALLY_MISS,                                     /* sums, two words each; of the trials that passed: miss, m */
    ZEM_TALLY_MISS_SQUARED = ZEM_TALLY_MISS + 2,        /* miss^2, m2 */
    ZEM_TALLY_FLIGHT_TIME = ZEM_TALLY_MISS_SQUARED + 2, /* s */
    ZEM_TALLY_DIVERT = ZEM_TALLY_FLIGHT_TIME + 2,       /* integral of the interceptor's achieved acceleration, m/s */
    ZEM_TALLY_SATURATED_TIME = ZEM_TALLY_DIVERT + 2,    /* time with the command at its limit, s */
    ZEM_TALLY_HISTOGRAM = ZEM_TALLY_SATURATED_TIME + 2, /* ZEM_HISTOGRAM_SLOTS words */
    ZEM_TALLY_RADIUS =
        ZEM_TALLY_HISTOGRAM
        + ZEM_HISTOGRAM_SLOTS /* radius_count + 1 words: trials whose smallest hit radius is this one; the last: none */
    /* with a salvo there follow radius_count x shots words: hits of each shot within each radius,
     * then radius_count x (shots + 1) words: salvos with this many hits within each radius */
};

#define ZEM_TALLY_FRACTION_BITS 24
#define ZEM_TALLY_SALVO(radii) (ZEM_TALLY_RADIUS + (radii) + 1)
#define ZEM_TALLY_WORDS(radii, shots) \
    (ZEM_TALLY_SALVO(radii) + ((shots) > 1 ? (radii) * (shots) + (radii) * ((shots) + 1) : 0))

#define ZEM_KNOWN_ANSWERS 12 /* words that a device answers to one argument of its self-test (known_answer.h) */

/* One piece of work: the same trials in `cells` cells. Trial j of the batch is trial first_trial + j * stride. */
struct batch_range {
    u32 first_trial_low, first_trial_high;
    u32 stride;
    u32 trials; /* per cell */
};

ZEM_SIZE_CHECK(struct quantity, 12);
ZEM_SIZE_CHECK(struct transition,
               (ZEM_CHAIN_STATES_LIMIT * (ZEM_TRANSITION_REACH + 3) + 16 + ZEM_MIDDLE_REACH + 6) * sizeof(scheduled));
ZEM_SIZE_CHECK(struct schedule_step, 26 * sizeof(scheduled) + sizeof(struct transition));
ZEM_SIZE_CHECK(struct batch_range, 16);
ZEM_SIZE_CHECK(struct cell_parameters, 4 * (17 + 3 * ZEM_VARIED_COUNT + 22 + 18 + 1 + 6 + ZEM_RADII_LIMIT));

#endif
