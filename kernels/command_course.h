/* The command over a step in which it meets its limit or ends. Such a command has kinks or a jump, and a smooth method
 * that takes it at the start, the middle and the end of the step integrates it wrongly. It is replaced by the parabola
 * with the same mean, slope and curvature, which is its projection on the Legendre polynomials up to degree two. The
 * effect of a command on the states is smooth, so what the projection leaves out acts in the third order only. */
#ifndef ZEM_COMMAND_COURSE_H
#define ZEM_COMMAND_COURSE_H

/* The step is cut into so many equal parts, and the command is sampled at two Gauss points of each. The place of a kink
 * is known to within one part. */
#define ZEM_COURSE_PARTS 4u
#define ZEM_COURSE_PART 0.25f /* the inverse of ZEM_COURSE_PARTS */

/* A command over a step: its values at start, middle and end. */
struct command_course {
    struct command node[3];
    real size;  /* mean magnitude over the step */
    real share; /* fraction of the step in which the limit reduces it */
};

ZEM_FUNCTION struct command command_add(real share, struct command c, struct command sum)
{
    sum.y = fmadd(share, c.y, sum.y);
    sum.z = fmadd(share, c.z, sum.z);
    return sum;
}

/* Lanes in which a command with these values at start, middle and end of the step has a kink within the step, by the
 * lanes in which each value exceeds the limit. A command that turns round beyond the limit counts, because it crosses
 * the range below the limit in between. */
ZEM_FUNCTION mask course_has_kink(const struct command demanded[3], const mask over[3])
{
    const mask some = either(over[0], either(over[1], over[2])), all = both(over[0], both(over[1], over[2]));
    const real before = fmadd(demanded[0].y, demanded[1].y, demanded[0].z * demanded[1].z);
    const real after = fmadd(demanded[1].y, demanded[2].y, demanded[1].z * demanded[2].z);
    const mask turns = less(lesser(before, after), splat(0.0f));
    return both(some, either(mask_not(all), turns));
}

/* Lanes in which the values of a command at start, middle and end of the step tell where in the step it has a kink.
 * Noise changes the command over the step by the standard deviation `rough` in each channel. Where that is more than a
 * quarter of a steady change, the kink lies anywhere in the step by chance. The values at the nodes, each held to the
 * limit, are right in the mean then, and nothing is gained by a projection. */
ZEM_FUNCTION mask course_is_smooth(const struct command demanded[3], real rough)
{
    const real first_y = demanded[1].y - demanded[0].y, first_z = demanded[1].z - demanded[0].z;
    const real last_y = demanded[2].y - demanded[1].y, last_z = demanded[2].z - demanded[1].z;
    const real change = fmadd(first_y, first_y, first_z * first_z) + fmadd(last_y, last_y, last_z * last_z);
    return less(8.0f * rough * rough, change);
}

/* A sum over the samples of a command: its moments, for the polynomials 1, 2u - 1 and the next of Legendre. */
struct course_sum {
    struct command moment[3];
    real size, share;
};

/* Adds a sample at the fraction `at` of the step, held to `limit`. */
ZEM_FUNCTION void course_sample(struct command c, real limit, real at, real weight, struct course_sum *sum)
{
    mask over;
    const real x = fmadd(splat(2.0f), at, splat(-1.0f));
    c = command_limit(c, limit, &over);
    sum->moment[0] = command_add(weight, c, sum->moment[0]);
    sum->moment[1] = command_add(weight * x, c, sum->moment[1]);
    sum->moment[2] = command_add(weight * fmadd(1.5f * x, x, splat(-0.5f)), c, sum->moment[2]);
    sum->size = fmadd(weight, command_size(c), sum->size);
    sum->share = sum->share + choose(over, weight, splat(0.0f));
}

/* Projects a command that follows a parabola through `demanded`, is held to `limit`, and is zero beyond the fraction
 * `end` of the step. */
ZEM_APART struct command_course course_project(const struct command demanded[3], real limit, real end)
{
    struct command_course course;
    struct command bend, slope;
    struct course_sum sum;
    const real point[2] = {splat(0.211324865f), splat(0.788675135f)};
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        sum.moment[k].y = sum.moment[k].z = splat(0.0f);
    sum.size = sum.share = splat(0.0f);
    bend.y = 2.0f * ((demanded[0].y - demanded[1].y) + (demanded[2].y - demanded[1].y));
    bend.z = 2.0f * ((demanded[0].z - demanded[1].z) + (demanded[2].z - demanded[1].z));
    slope.y = (demanded[2].y - demanded[0].y) - bend.y;
    slope.z = (demanded[2].z - demanded[0].z) - bend.z;
    for (u32 part = 0u; part < ZEM_COURSE_PARTS; part++) {
        const real first = small_to_real(splat_bits(part));
        const real flown = greater(lesser(end * (float)ZEM_COURSE_PARTS - first, splat(1.0f)), splat(0.0f));
        const real weight = flown * (0.5f * ZEM_COURSE_PART);
        for (int k = 0; k < 2; k++) {
            const real at = fmadd(flown, point[k], first) * ZEM_COURSE_PART;
            const struct command c = command_add(at, command_add(at, bend, slope), demanded[0]);
            course_sample(c, limit, at, weight, &sum);
        }
    }
    course.size = sum.size;
    course.share = sum.share + (1.0f - greater(lesser(end, splat(1.0f)), splat(0.0f)));
    const struct command ends = command_add(splat(5.0f), sum.moment[2], sum.moment[0]);
    course.node[0] = command_add(splat(-3.0f), sum.moment[1], ends);
    course.node[1] = command_add(splat(-2.5f), sum.moment[2], sum.moment[0]);
    course.node[2] = command_add(splat(3.0f), sum.moment[1], ends);
    return course;
}

/* Fraction of a step at the limit, from the lanes that are there at its start, middle and end. */
ZEM_FUNCTION real over_share(const mask over[3])
{
    const real sixth = splat(0.166666672f), zero = splat(0.0f);
    return choose(over[0], sixth, zero) + choose(over[1], 4.0f * sixth, zero) + choose(over[2], sixth, zero);
}

/* The fraction of a step at which the integral of a magnitude reaches `share` of the step's duration. The magnitude is
 * a parabola through its values at start, middle and end. The integral increases, so Newton's method converges; `share`
 * must be at most the whole integral. */
ZEM_FUNCTION real course_end(const real size[3], real share)
{
    const real bend = 2.0f * ((size[0] - size[1]) + (size[2] - size[1])), slope = (size[2] - size[0]) - bend;
    const real whole = fmadd(splat(0.333333343f), bend, fmadd(splat(0.5f), slope, size[0]));
    real end = share * reciprocal(greater(whole, splat(1.0e-9f)));
    for (int k = 0; k < 4; k++) {
        const real rate = fmadd(end, fmadd(end, bend, slope), size[0]);
        const real reached = end * fmadd(end, fmadd(0.333333343f * end, bend, 0.5f * slope), size[0]);
        end = fmadd(share - reached, reciprocal(greater(rate, 0.05f * whole + splat(1.0e-9f))), end);
        end = greater(lesser(end, splat(1.0f)), splat(0.0f));
    }
    return end;
}

#endif
