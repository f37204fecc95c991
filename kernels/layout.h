/* The structures and enumerations that cross between host and device. They are declared once for every compiler, with
 * checks of their sizes. Members have 4 bytes (float, u32), but for the feature set of 8 bytes, which comes first. So
 * no compiler inserts padding. Quantities are in SI units and radians unless a comment says otherwise; phases and roll
 * are in turns. The file includes nothing and needs portable.h before it. */
#ifndef ZEM_LAYOUT_H
#define ZEM_LAYOUT_H

/* Version of the kernels' numerics. Every change that moves a bit of any result must raise it. The digest (checksum) of
 * a result includes it. */
#define ZEM_KERNEL_VERSION 9

#define ZEM_RADII_LIMIT 32 /* hit radii of one scenario */
#define ZEM_SHOTS_LIMIT 8  /* shots of one salvo */
#define ZEM_STAGES_LIMIT 5 /* autopilot stages */
#define ZEM_DELAY_LIMIT 15 /* longest delay of a sampled seeker's estimates, in sample intervals */
#define ZEM_CHAIN_STATES_LIMIT (4 + ZEM_STAGES_LIMIT) /* states of a channel in transition.h */
#define ZEM_TRANSITION_REACH 7 /* number of states, itself included, on which a state depends in one step */
#define ZEM_MIDDLE_REACH 6     /* number of states on which the filter depends in half a step */

/* Features: the parts of the model that a cell uses, one bit each. A part whose bit is known to be clear at compile
 * time costs nothing (specialise.h). */
typedef u64 feature_set;
#define ZEM_FEATURE(bit) ((feature_set)1 << (bit))
#define ZEM_FEATURE_POINT_MASS ZEM_FEATURE(0)
#define ZEM_FEATURE_STEP ZEM_FEATURE(1) /* one of six target maneuvers: bits 1 to 4, 24, 25 */
#define ZEM_FEATURE_WEAVE ZEM_FEATURE(2)
#define ZEM_FEATURE_SPIRAL ZEM_FEATURE(3)
#define ZEM_FEATURE_TELEGRAPH ZEM_FEATURE(4)
#define ZEM_FEATURE_GUIDANCE ZEM_FEATURE(5) /* any guidance law */
#define ZEM_FEATURE_APN ZEM_FEATURE(6)
#define ZEM_FEATURE_OGL ZEM_FEATURE(7)
#define ZEM_FEATURE_TRACKER ZEM_FEATURE(8)    /* seeker_lag > 0, without estimator and sampled seeker */
#define ZEM_FEATURE_FILTER ZEM_FEATURE(9)     /* filter_lag > 0, without estimator and sampled seeker */
#define ZEM_FEATURE_AUTOPILOT ZEM_FEATURE(10) /* autopilot_lag, quadratic_lag or the lag of a further stage > 0 */
#define ZEM_FEATURE_LIMIT ZEM_FEATURE(11)     /* constant acceleration limit */
#define ZEM_FEATURE_AERODYNAMIC_LIMIT ZEM_FEATURE(12)
#define ZEM_FEATURE_DIVERT_LIMIT ZEM_FEATURE(13)
#define ZEM_FEATURE_NOISE ZEM_FEATURE(14)
#define ZEM_FEATURE_TARGET_DRAG ZEM_FEATURE(15)
#define ZEM_FEATURE_INTERCEPTOR_DRAG ZEM_FEATURE(16)
#define ZEM_FEATURE_LIFT_LIMIT ZEM_FEATURE(17)
#define ZEM_FEATURE_PERFECT ZEM_FEATURE(18) /* the estimator that knows the true state */
#define ZEM_FEATURE_KALMAN ZEM_FEATURE(19)  /* the estimator that is a Kalman filter */
#define ZEM_FEATURE_CARLETON ZEM_FEATURE(20)
#define ZEM_FEATURE_SALVO ZEM_FEATURE(21)
#define ZEM_FEATURE_TRANSITION ZEM_FEATURE(22)    /* transition.h flies the steps */
#define ZEM_FEATURE_VARIED_PERIOD ZEM_FEATURE(23) /* the period of a weave or spiral varies per trial */
#define ZEM_FEATURE_RAMP ZEM_FEATURE(24)          /* two further target maneuvers */
#define ZEM_FEATURE_PARABOLA ZEM_FEATURE(25)
#define ZEM_FEATURE_WEAVE_LAW ZEM_FEATURE(26)         /* a guidance law that answers the target's weave */
#define ZEM_FEATURE_TIME_TO_GO ZEM_FEATURE(27)        /* guidance has an error in its time to go */
#define ZEM_FEATURE_RADOME ZEM_FEATURE(28)            /* the radome bends the line of sight */
#define ZEM_FEATURE_QUADRATIC ZEM_FEATURE(29)         /* the last two autopilot stages are a quadratic lag */
#define ZEM_FEATURE_SAMPLED ZEM_FEATURE(30)           /* the seeker measures at intervals */
#define ZEM_FEATURE_UNEQUAL ZEM_FEATURE(31)           /* autopilot stages have time constants of their own */
#define ZEM_FEATURE_QUADRATIC_TRACKER ZEM_FEATURE(32) /* the tracker is a quadratic lag */
#define ZEM_FEATURE_QUADRATIC_FILTER ZEM_FEATURE(33)  /* the noise filter is a quadratic lag */
#define ZEM_FEATURE_ACQUISITION ZEM_FEATURE(34)       /* the seeker must acquire the target within a range or cone */
#define ZEM_FEATURE_END ZEM_FEATURE(35)               /* the first bit that no feature uses */

/* N' Vc in m/s: the command of a guidance law, divided by the line-of-sight rate to which it is proportional. N' is the
 * effective navigation ratio and Vc the closing speed. The result has the precision of the arguments. Every other file
 * uses this macro, so that the formula stands once. */
#define ZEM_LAW_AUTHORITY(gain, closing_speed) ((gain) * (closing_speed))

/* The least time to go that guidance uses, as a share of the true one. */
#define ZEM_TIME_TO_GO_LEAST 0.2f

/* Features that choose a guidance law or a maneuver. Proportional navigation has no bit of its own. guidance.h and
 * target.h list the features for which they have a formula, and do not compile while one is missing. */
#define ZEM_FEATURES_OF_LAWS (ZEM_FEATURE_APN | ZEM_FEATURE_OGL | ZEM_FEATURE_WEAVE_LAW)
#define ZEM_FEATURES_OF_MANEUVERS \
    (ZEM_FEATURE_STEP | ZEM_FEATURE_WEAVE | ZEM_FEATURE_SPIRAL | ZEM_FEATURE_TELEGRAPH | ZEM_FEATURE_RAMP \
     | ZEM_FEATURE_PARABOLA)
/* Maneuvers whose acceleration jumps or begins to grow within a step. The step is cut there (step_parts.h). */
#define ZEM_FEATURES_OF_CUTS (ZEM_FEATURE_STEP | ZEM_FEATURE_TELEGRAPH | ZEM_FEATURE_RAMP | ZEM_FEATURE_PARABOLA)

/* Quantities that may vary per trial. Their random draws are numbered in this order, so append and never reorder. */
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

#define ZEM_NOISE_KINDS 4 /* glint, angle, semiactive and active noise */

/* Sources of chance: what varies from trial to trial, each by draws of its own. The quantities of enum zem_varied are
 * the first sources. */
enum zem_source {
    ZEM_SOURCE_REVERSALS = ZEM_VARIED_COUNT, /* reversals of a telegraph maneuver, and its first sign */
    ZEM_SOURCE_NOISE,                        /* ZEM_NOISE_KINDS kinds of seeker noise */
    ZEM_SOURCE_LETHALITY = ZEM_SOURCE_NOISE + ZEM_NOISE_KINDS, /* the draw that decides a hit by Carleton lethality */
    ZEM_SOURCE_COUNT
};

/* A quantity that may vary per trial. Its value is base + scale * x, where x is 0 (kind 0), a standard normal (kind 1)
 * or uniform on [0, 1) (kind 2). */
struct quantity {
    float base, scale;
    u32 kind;
};

enum { ZEM_QUANTITY_CONSTANT = 0, ZEM_QUANTITY_NORMAL = 1, ZEM_QUANTITY_UNIFORM = 2 };

/* All parameters of one cell that a device needs. */
struct cell_parameters {
    feature_set features;
    u32 stages;              /* number of autopilot stages, 1 to 5, with ZEM_FEATURE_AUTOPILOT */
    u32 cell_word;           /* word 1 of the random-number counter: the cell, or 0 with common random numbers */
    u32 seed_low, seed_high; /* key of the random numbers: the seed */
    u32 schedule_first;      /* linear: index of this cell's first step in the schedule array of its batch */
    u32 schedule_steps;      /* linear: number of steps down to blind_time */
    u32 blind_steps;         /* number of steps of the blind time, in which the last command is held */
    u32 step_limit;          /* point-mass: largest number of steps; ends a trial with ZEM_OUTCOME_TIME_LIMIT */
    u32 radius_count, shots;
    /* Added to the batch's trial numbers. It is 0 except in batches in which every cell stands for a single trial,
     * whose values the host has drawn. */
    u32 trial_offset;
    float flight_time, blind_time, step, inverse_step_ratio;
    float filter_share; /* kalman: longest step in units of the filter's response time; 0: no such limit */
    float closing_speed, interceptor_speed;
    struct quantity varied[ZEM_VARIED_COUNT];
    float switching_rate;
    float navigation_gain;
    float inverse_seeker_lag, inverse_filter_lag, inverse_stage_lag; /* 1/s, 0 where there is no lag */
    float autopilot_lag;
    float acceleration_limit;  /* m/s2, 0 if none */
    float rate_limit;          /* linear: the line-of-sight rate that commands acceleration_limit, rad/s */
    float aerodynamic_limit;   /* m/s2 per Pa of dynamic pressure, 0 if none */
    float divert_limit;        /* m/s, 0 if none */
    float glint, angle_noise;  /* two-sided power spectral densities, m2/Hz and rad2/Hz */
    float semiactive_noise;    /* density / reference_range^2, rad2/(Hz m2) */
    float active_noise;        /* density / reference_range^4, rad2/(Hz m4) */
    float process_noise;       /* kalman: spectral density of the target's jerk, m2/s5 */
    float initial_variance[3]; /* kalman: variance of position, velocity, target acceleration at start of homing, SI */
    float inverse_rise_time;   /* ramp, parabola: 1/s */
    /* apn, ogl, weave law: the factor of the target's acceleration in the law (guidance.h). It is 1/2 if guidance knows
     * this acceleration without error. */
    float half_known_share;
    float assumed_turn_rate;                 /* weave law: turns per s of the target's maneuver, as guidance assumes */
    float time_to_go_scale, time_to_go_bias; /* guidance uses scale tgo + bias as the time to go, s */
    float quadratic_ratio;                   /* quadratic lag: its frequency in rad/s divided by inverse_stage_lag */
    float quadratic_drag;                    /* quadratic lag: twice its damping ratio */
    float tracker_drag, filter_drag;         /* quadratic tracker and noise filter: twice the damping ratio */
    float stage_ratio[ZEM_STAGES_LIMIT];     /* unequal stages: 1 / (time constant * inverse_stage_lag) of each */
    float radome_rate;                       /* slope / interceptor's speed, rad/(m/s) */
    float radome_lead;                       /* radome_rate times the lag of the turning rate, rad/(m/s2) */
    float sample_interval, sample_delay;     /* s */
    float acquisition_range;                 /* m; 1e30 if the seeker looks for the target at start of homing */
    float acquisition_tangent;               /* tangent of half the cone within which the seeker acquires */
    float memory_angle, memory_rate;         /* gains of the fading-memory filter, 1 and 1/s */
    float spacing;                           /* time between two shots of a salvo, s */
    float target_drag, interceptor_drag;     /* 1/(2 beta), m2/kg: deceleration = drag * density * speed^2 */
    float lift_limit;                        /* lift-to-drag / (2 beta), m2/kg: lift limit = this * density * speed^2 */
    /* point-mass: nominal state at start of homing in Earth axes (x downrange, y crossrange, z up). The position is
     * target minus interceptor. Each value is the sum high + low. */
    float position_high[3], position_low[3];
    float target_velocity_high[3], target_velocity_low[3];
    float interceptor_velocity_high[3], interceptor_velocity_low[3];
    float target_altitude;
    float channel_y[3]; /* unit vector of channel y, normal to the nominal line of sight at the start of homing */
    float roll_axis[3]; /* unit vector whose projection normal to the target's velocity has roll 0 */
    float radius[ZEM_RADII_LIMIT]; /* hit radii in increasing order, m; unused ones are 0 */
};

/* The type of the values in a schedule. It is double where the kernels are compiled in double precision (portable.h),
 * because such a schedule never goes to a device. Otherwise it is float. */
#ifdef ZEM_DOUBLE
typedef double scheduled;
#else
typedef float scheduled;
#endif

/* Coefficients of the transition matrices of one step. transition.h orders the states of a channel in a chain, from the
 * filter to the first autopilot stage. The states at the end of the step are sums over the states at its start and over
 * inputs, weighted by these coefficients. Row k of an array belongs to state k of the chain at the end of the step. */
struct transition {
    scheduled state[ZEM_CHAIN_STATES_LIMIT]
                   [ZEM_TRANSITION_REACH];        /* column k: the state k places further in the chain, at the start */
    scheduled command[ZEM_CHAIN_STATES_LIMIT][3]; /* of the command, as a line-of-sight rate, at start, middle, end */
    scheduled noise[2][2];                        /* of the noise's mean and slope, in units of noise_sigma */
    scheduled disturbance[4][3];                  /* of the disturbance at start, middle and end */
    /* Coefficients of states, command, noise and disturbance for the filter in the middle of the step. */
    scheduled middle[ZEM_MIDDLE_REACH], middle_command, middle_noise[2], middle_disturbance[3];
    scheduled middle_aside; /* added to the coefficient of the noise's slope in the middle, near the limit */
    scheduled rough;        /* standard deviation of the filter's change over the step by noise, rad/s */
};

/* One step of the linear kinematics. It depends on time alone, so the host tabulates it once for each cell
 * (schedule.h), and all trials share it. Index 0, 1, 2 is the start, the middle and the end of the step. */
struct schedule_step {
    scheduled step;                  /* duration, s */
    scheduled time[3];               /* since start of homing, s */
    scheduled time_to_go[3];         /* s */
    scheduled inverse_time_to_go[3]; /* 1/s */
    scheduled inverse_range[3];      /* 1/m */
    /* Square root of noise density over duration of the step, for the densities at start, middle and end; rad. It is
     * the standard deviation of the mean noise over the step if the density is constant. */
    scheduled noise_sigma[3];
    scheduled gain[3];  /* kalman: gain of position, velocity and acceleration, in the middle of the step */
    scheduled range[3]; /* m */
    /* Weave and spiral of constant period: cosine and sine of the angles by which they turn in half of the step and in
     * the whole step. */
    scheduled half_turn_cosine, half_turn_sine, turn_cosine, turn_sine;
    scheduled event;              /* enum zem_event at the start of the step, as a number */
    struct transition transition; /* with ZEM_FEATURE_TRANSITION */
};

/* What the seeker does at the start of a step: a set of bits. The first two are those of a sampled seeker, the last two
 * those of a seeker that must acquire the target. */
enum zem_event {
    ZEM_EVENT_SAMPLE = 1,  /* it measures */
    ZEM_EVENT_RELEASE = 2, /* its last estimate reaches guidance */
    ZEM_EVENT_COAST = 4,   /* it has not looked for the target yet: the step is flown without guidance */
    ZEM_EVENT_LOOK = 8     /* it looks for the target */
};

/* Outcomes of a trial. */
enum zem_outcome {
    ZEM_OUTCOME_PASSED, /* hit or miss: the trial has a miss distance */
    ZEM_OUTCOME_NOT_CLOSING,
    ZEM_OUTCOME_GROUND,
    ZEM_OUTCOME_TIME_LIMIT,
    ZEM_OUTCOME_NOT_FINITE,
    ZEM_OUTCOME_NOT_ACQUIRED,
    ZEM_OUTCOME_COUNT
};

/* The miss histogram has logarithmic bins from 1 mm to 100 km, 32 a decade. An underflow bin precedes them and an
 * overflow bin follows. */
#define ZEM_HISTOGRAM_BINS 256
#define ZEM_HISTOGRAM_SLOTS (ZEM_HISTOGRAM_BINS + 2)

/* A tally counts trials in an array of 64-bit integers. Tallies are merged by adding word by word, in any order; no
 * other operation is valid. A sum over trials, such as that of the miss, takes two words. Its terms are 64-bit
 * fixed-point numbers: one word adds up their low 32 bits, the other their high 32 bits, and the sum is (low + 2^32
 * high) * 2^-24. Neither word can overflow within 2^32 trials. */
enum zem_tally_word {
    ZEM_TALLY_TRIALS,
    ZEM_TALLY_OUTCOME,                                     /* ZEM_OUTCOME_COUNT words */
    ZEM_TALLY_MIX = ZEM_TALLY_OUTCOME + ZEM_OUTCOME_COUNT, /* sum of trial_mix over all trials, modulo 2^64 (tally.h) */
    ZEM_TALLY_CLIPPED,          /* of the trials that passed, those with a term beyond the range of a sum */
    ZEM_TALLY_SATURATED_TRIALS, /* of the trials that passed, those whose command met its limit */
    ZEM_TALLY_MISS,             /* sum of the miss distance, m; sums take two words and cover the trials that passed */
    ZEM_TALLY_MISS_SQUARED = ZEM_TALLY_MISS + 2,        /* miss^2, m2 */
    ZEM_TALLY_FLIGHT_TIME = ZEM_TALLY_MISS_SQUARED + 2, /* s */
    ZEM_TALLY_DIVERT = ZEM_TALLY_FLIGHT_TIME + 2,       /* integral of the achieved acceleration, m/s */
    ZEM_TALLY_SATURATED_TIME = ZEM_TALLY_DIVERT + 2,    /* time during which the command was at its limit, s */
    ZEM_TALLY_HISTOGRAM = ZEM_TALLY_SATURATED_TIME + 2, /* ZEM_HISTOGRAM_SLOTS words */
    /* radius_count + 1 words. Word k counts the trials that are hits within radius k and within no smaller radius. The
     * last word counts the trials without a hit. */
    ZEM_TALLY_RADIUS = ZEM_TALLY_HISTOGRAM + ZEM_HISTOGRAM_SLOTS
    /* A salvo appends radius_count x shots words: for each radius, the hits of each shot. Then follow radius_count x
     * (shots + 1) words: for each radius, the number of salvos with 0, 1, ..., shots hits. */
};

#define ZEM_TALLY_FRACTION_BITS 24
#define ZEM_TALLY_SALVO(radii) (ZEM_TALLY_RADIUS + (radii) + 1)
#define ZEM_TALLY_WORDS(radii, shots) \
    (ZEM_TALLY_SALVO(radii) + ((shots) > 1 ? (radii) * (shots) + (radii) * ((shots) + 1) : 0))

#define ZEM_KNOWN_ANSWERS 12 /* words of the self-test for one argument (known_answer.h) */

/* The trials of a batch, the same ones in several cells. Trial j of the batch is trial first_trial + j * stride. */
struct batch_range {
    u32 first_trial_low, first_trial_high;
    u32 stride;
    u32 trials; /* number of trials in each cell */
};

ZEM_CHECK((ZEM_FEATURES_OF_LAWS | ZEM_FEATURES_OF_MANEUVERS | ZEM_FEATURE_QUADRATIC_FILTER) < ZEM_FEATURE_END);
ZEM_SIZE_CHECK(struct quantity, 12);
ZEM_SIZE_CHECK(struct transition,
               (ZEM_CHAIN_STATES_LIMIT * (ZEM_TRANSITION_REACH + 3) + 16 + ZEM_MIDDLE_REACH + 8) * sizeof(scheduled));
ZEM_SIZE_CHECK(struct schedule_step, 27 * sizeof(scheduled) + sizeof(struct transition));
ZEM_SIZE_CHECK(struct batch_range, 16);
ZEM_SIZE_CHECK(struct cell_parameters, 4 * (20 + 3 * ZEM_VARIED_COUNT + 44 + 18 + 1 + 6 + ZEM_RADII_LIMIT));

#endif
