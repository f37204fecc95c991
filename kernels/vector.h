/* Three-dimensional vectors, and sums of vectors that keep their rounding error. A component has one number for each
 * lane (trial). */
#ifndef ZEM_VECTOR_H
#define ZEM_VECTOR_H

struct vector {
    real x, y, z;
};

ZEM_FUNCTION struct vector vector_of(real x, real y, real z)
{
    struct vector v;
    v.x = x;
    v.y = y;
    v.z = z;
    return v;
}
ZEM_FUNCTION struct vector vector_load(UNIFORM float *v) { return vector_of(splat(v[0]), splat(v[1]), splat(v[2])); }
ZEM_FUNCTION struct vector vector_sum(struct vector a, struct vector b)
{
    return vector_of(a.x + b.x, a.y + b.y, a.z + b.z);
}
ZEM_FUNCTION struct vector vector_difference(struct vector a, struct vector b)
{
    return vector_of(a.x - b.x, a.y - b.y, a.z - b.z);
}
ZEM_FUNCTION struct vector vector_scale(real s, struct vector a) { return vector_of(s * a.x, s * a.y, s * a.z); }

/* Returns s a + b. */
ZEM_FUNCTION struct vector vector_add_scaled(real s, struct vector a, struct vector b)
{
    return vector_of(fmadd(s, a.x, b.x), fmadd(s, a.y, b.y), fmadd(s, a.z, b.z));
}
ZEM_FUNCTION real vector_dot(struct vector a, struct vector b) { return fmadd(a.x, b.x, fmadd(a.y, b.y, a.z * b.z)); }
ZEM_FUNCTION struct vector vector_cross(struct vector a, struct vector b)
{
    return vector_of(fmadd(a.y, b.z, -(a.z * b.y)), fmadd(a.z, b.x, -(a.x * b.z)), fmadd(a.x, b.y, -(a.y * b.x)));
}
ZEM_FUNCTION struct vector vector_unit(struct vector a)
{
    return vector_scale(inverse_square_root(vector_dot(a, a)), a);
}

/* Returns the unit vector along the part of `a` that is normal to the unit vector `direction`. */
ZEM_FUNCTION struct vector vector_unit_normal(struct vector a, struct vector direction)
{
    return vector_unit(vector_add_scaled(-vector_dot(a, direction), direction, a));
}

/* A running sum whose rounding errors are kept in `low` and fed back (Kahan, CACM 8, 1965). precise_add adds to it.
 * two_sum_error returns the rounding error of one addition a + b = sum (Knuth's two-sum). */
struct precise {
    struct vector high, low;
};
ZEM_FUNCTION real two_sum_error(real a, real b, real sum)
{
    const real b_virtual = sum - a;
    return (a - (sum - b_virtual)) + (b - b_virtual);
}
ZEM_FUNCTION void precise_add(struct precise *p, struct vector increment)
{
    const struct vector term = vector_sum(increment, p->low);
    const struct vector sum = vector_sum(p->high, term);
    p->low = vector_of(two_sum_error(p->high.x, term.x, sum.x), two_sum_error(p->high.y, term.y, sum.y),
                       two_sum_error(p->high.z, term.z, sum.z));
    p->high = sum;
}

#endif
