/* The numbers of the deck "standard" of benchmarks/decks/, for the peers in C and C++. The peers in Python read this
 * file line by line. run.py checks that the probabilities of the peers agree with those of zem, so a wrong number is
 * noticed. SI units, radians. */
#define FLIGHT_TIME 5.0f
#define CLOSING_SPEED 4000.0f
#define INTERCEPTOR_SPEED 2000.0f
#define GAIN 4.0f
#define SEEKER_LAG 0.1f
#define FILTER_LAG 0.1f
#define STAGE_LAG 0.1f
#define LIMIT 294.1995f
#define HEADING_SIGMA 0.008726646f
#define GLINT 0.02f
#define ANGLE_NOISE 1e-9f
#define BLIND_TIME 1e-5f
#define STEP 0.075f
#define STEP_RATIO 5.0f
#define ACCELERATION_MOST 98.0665f
#define PERIOD_LEAST 1.0f
#define PERIOD_MOST 4.0f
#define POINTS 8
#define RADII 3
#define RADIUS_0 0.5f
#define RADIUS_1 1.0f
#define RADIUS_2 2.0f
