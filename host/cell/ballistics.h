/* Unguided flight of one body in double precision, with gravity and drag in the U.S. Standard Atmosphere 1976: the
 * host's side of point-mass kinematics, used once per cell to fly the nominal geometry backward from the collision. */
#ifndef ZEM_BALLISTICS_H
#define ZEM_BALLISTICS_H

/* Position and velocity in Earth axes, x downrange, y crossrange, z up; m, m/s. */
struct zem_body {
    double position[3], velocity[3];
};

/* Air density, kg/m3, at a geometric altitude in m: U.S. Standard Atmosphere 1976 to 86 km, exponential beyond. */
double zem_air_density(double altitude);

/* Flies the body by `duration` seconds (negative is backward). `ballistic_coefficient` in kg/m2, 0 means no drag. */
void zem_body_fly(struct zem_body *body, double ballistic_coefficient, double duration);

#endif
