/* Unguided flight of one body with gravity and drag in the U.S. Standard Atmosphere 1976, in double precision. For
 * every cell of point-mass kinematics the host flies both bodies backward from the nominal collision to the start of
 * homing. */
#ifndef ZEM_BALLISTICS_H
#define ZEM_BALLISTICS_H

/* Position (m) and velocity (m/s) in Earth axes: x downrange, y crossrange, z up. */
struct zem_body {
    double position[3], velocity[3];
};

/* Returns the air density in kg/m3 at a geometric altitude in m: U.S. Standard Atmosphere 1976 up to 86 km, exponential
 * above. */
double zem_air_density(double altitude);

/* Flies the body for `duration` seconds; a negative duration flies it backward. `ballistic_coefficient` is in kg/m2,
 * and 0 means no drag. */
void zem_body_fly(struct zem_body *body, double ballistic_coefficient, double duration);

#endif
