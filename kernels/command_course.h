/* The command over a step in which it meets its limit or ends. Such a command has kinks or a jump, and a smooth method
 * that takes it at the start, the middle and the end of the step integrates it wrongly. It is replaced by the parabola
 * with the same mean, slope and curvature, which is its projection on the Legendre polynomials up to degree two. The
 * effect of a command on the states is smooth, so what the projection leaves out acts in the third order only. */
#ifndef ZEM_COMMAND_COURSE_H
#define ZEM_COMMAND_COURSE_H

/* Equal parts of the step in which the command is sampled, at two Gauss points each. A kink is located to a part. */
#ifndef ZEM_COURSE_PARTS
#define ZEM_COURSE_PARTS 4u
#endif
#define ZEM_COURSE_PART (1.0f / ZEM_COURSE_PARTS)

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

/* Lanes in which a command with these values at start, middle and end has a kink within the step, by the lanes in which
 * each value exceeds the limit. A command that turns round beyond the limit counts, because it crosses the range below
 * the limit in between. */
ZEM_FUNCTION mask course_has_kink(const struct command demanded[3], const mask over[3])
{
    const mask some = either(over[0], either(over[1], over[2])), all = both(over[0], both(over[1], over[2]));
    const real before = fmadd(demanded[0].y, demanded[1].y, demanded[0].z * demanded[1].z);
    const real after = fmadd(demanded[1].y, demanded[2].y, demanded[1].z * demanded[2].z);
    const mask turns = less(lesser(before, after), splat(0.0f));
    return both(some, either(mask_not(all), turns));
}

/* Projects a command that follows a parabola through `demanded`, is held to `limit`, and is zero beyond the fraction
 * `end` of the step. */
ZEM_APART struct command_course course_project(const struct command demanded[3], real limit, real end, real rough)
{
    struct command_course course;
    struct command bend, slope, moment[3];
    const real point[2] = {splat(0.211324865f), splat(0.788675135f)};
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        moment[k].y = moment[k].z = splat(0.0f);
    course.size = course.share = splat(0.0f);
    bend.y = 2.0f * ((demanded[0].y - demanded[1].y) + (demanded[2].y - demanded[1].y));
    bend.z = 2.0f * ((demanded[0].z - demanded[1].z) + (demanded[2].z - demanded[1].z));
    slope.y = (demanded[2].y - demanded[0].y) - bend.y;
    slope.z = (demanded[2].z - demanded[0].z) - bend.z;
    for (u32 part = 0u; part < ZEM_COURSE_PARTS; part++) {
        const real first = small_to_real(splat_bits(part));
        const real flown = greater(lesser(end * (float)ZEM_COURSE_PARTS - first, splat(1.0f)), splat(0.0f));
        const real weight = flown * (0.5f * ZEM_COURSE_PART);
        for (int k = 0; k < 2; k++) {
            mask over;
            const real at = fmadd(flown, point[k], first) * ZEM_COURSE_PART, x = fmadd(splat(2.0f), at, splat(-1.0f));
            const struct command c = command_add(at, command_add(at, bend, slope), demanded[0]);
            const real r = (at - (part >= ZEM_COURSE_PARTS / 2u ? 0.5f : 0.0f)) * 2.0f;
            const real shift = rough * square_root(0.1875f * fmadd(-r, r, r));
            for (int side = 0; side < 2; side++) {
                struct command d = c;
                d.y = side ? c.y + shift : c.y - shift;
                d.z = (side ^ k) ? c.z + shift : c.z - shift;
                d = command_limit(d, limit, &over);
                const real w = 0.5f * weight;
                moment[0] = command_add(w, d, moment[0]);
                moment[1] = command_add(w * x, d, moment[1]);
                moment[2] = command_add(w * fmadd(1.5f * x, x, splat(-0.5f)), d, moment[2]);
                course.size = fmadd(w, command_size(d), course.size);
                course.share = course.share + choose(over, w, splat(0.0f));
            }
        }
    }
    course.share = course.share + (1.0f - greater(lesser(end, splat(1.0f)), splat(0.0f)));
    const struct command ends = command_add(splat(5.0f), moment[2], moment[0]);
    course.node[0] = command_add(splat(-3.0f), moment[1], ends);
    course.node[1] = command_add(splat(-2.5f), moment[2], moment[0]);
    course.node[2] = command_add(splat(3.0f), moment[1], ends);
    return course;
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
