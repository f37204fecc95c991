/* The acceleration command over a step in which it reaches its limit, or ends because the divert budget is spent.
 * Within such a step the command has kinks (sudden changes of slope) or a jump. A Runge-Kutta step takes the command
 * only at the start, the middle and the end, and would integrate it wrongly. So the step gets the projection of the
 * command on the Legendre polynomials up to degree two, which is the parabola with the same mean, slope and curvature.
 * The states follow a command smoothly, so the part of the command that the projection leaves out changes them in third
 * order only. */
#ifndef ZEM_COMMAND_COURSE_H
#define ZEM_COMMAND_COURSE_H

/* course_project and course_size cut the step into this many equal parts and take the command at two Gauss points of
 * each part. The place of a kink is then known to within one part. */
#define ZEM_COURSE_PARTS 4u
#define ZEM_COURSE_PART 0.25f /* the inverse of ZEM_COURSE_PARTS */
/* The Gauss points as fractions of a part: (1 - 1/sqrt(3))/2, and 1 minus that. */
#define ZEM_COURSE_EARLY 0.211324865f
#define ZEM_COURSE_LATE 0.788675135f

/* The projection of a command over a step: the values of the parabola at start, middle and end. */
struct command_course {
    struct command node[3];
    real size;  /* mean magnitude over the step */
    real share; /* fraction of the step in which the command is at its limit or has ended */
};

/* Returns share * c + sum. */
ZEM_FUNCTION struct command command_add(real share, struct command c, struct command sum)
{
    sum.y = fmadd(share, c.y, sum.y);
    sum.z = fmadd(share, c.z, sum.z);
    return sum;
}

/* Returns the mean of a command in the two Runge-Kutta states in the middle of a step. The errors of second order of
 * these two states are equal and opposite. */
ZEM_FUNCTION struct command command_middle(struct command early, struct command late)
{
    struct command c;
    c.y = 0.5f * (early.y + late.y);
    c.z = 0.5f * (early.z + late.z);
    return c;
}

/* Returns the lanes (trials) in which a command turns by more than 90 degrees between two of its values `node` at
 * start, middle and end of the step. */
ZEM_FUNCTION mask course_turns(const struct command node[3])
{
    const real before = fmadd(node[0].y, node[1].y, node[0].z * node[1].z);
    const real after = fmadd(node[1].y, node[2].y, node[1].z * node[2].z);
    return less(lesser(before, after), splat(0.0f));
}

/* Returns the lanes (trials) in which a command has a kink within the step, because it crosses its limit. `demanded`
 * has the command before the limit at start, middle and end of the step, and `over` the lanes in which each value
 * exceeds the limit. A lane in which all three values exceed the limit counts if the command turns by more than 90
 * degrees between two of them, because it is then below the limit in between. */
ZEM_FUNCTION mask course_has_kink(const struct command demanded[3], const mask over[3])
{
    const mask some = either(over[0], either(over[1], over[2])), all = both(over[0], both(over[1], over[2]));
    return both(some, either(mask_not(all), course_turns(demanded)));
}

/* Returns the lanes (trials) in which the command at start, middle and end of the step, `demanded`, tells where in the
 * step it has a kink. `rough` is the standard deviation of the change that noise makes to the command over the step, in
 * each channel. Where it exceeds a quarter of the command's steady change over the step, chance decides the place of
 * the kink. The three values, each held to the limit, are then right in the mean, and a projection gains nothing. */
ZEM_FUNCTION mask course_is_smooth(const struct command demanded[3], real rough)
{
    const real first_y = demanded[1].y - demanded[0].y, first_z = demanded[1].z - demanded[0].z;
    const real last_y = demanded[2].y - demanded[1].y, last_z = demanded[2].z - demanded[1].z;
    const real change = fmadd(first_y, first_y, first_z * first_z) + fmadd(last_y, last_y, last_z * last_z);
    return less(8.0f * rough * rough, change);
}

/* Weighted sums over samples of a command in a step. moment[k] sums the command times the Legendre polynomial of degree
 * k in x = 2u - 1, where u is the fraction of the step. `size` and `share` become those of struct command_course. */
struct course_sum {
    struct command moment[3];
    real size, share;
};

/* Adds a sample of the command, held to `limit`, to the sums. The sample is at the fraction `at` of the step and has
 * the weight `weight`, which is the fraction of the step that it stands for. */
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

/* The parabola through the values of a vector at start, middle and end of a step: start + u * (slope + u * bend), with
 * the fraction u of the step. */
struct parabola {
    struct command start, slope, bend;
};

ZEM_FUNCTION struct parabola parabola_through(const struct command node[3])
{
    struct parabola p;
    p.start = node[0];
    p.bend.y = 2.0f * ((node[0].y - node[1].y) + (node[2].y - node[1].y));
    p.bend.z = 2.0f * ((node[0].z - node[1].z) + (node[2].z - node[1].z));
    p.slope.y = (node[2].y - node[0].y) - p.bend.y;
    p.slope.z = (node[2].z - node[0].z) - p.bend.z;
    return p;
}
ZEM_FUNCTION struct command parabola_at(const struct parabola *p, real at)
{
    return command_add(at, command_add(at, p->bend, p->slope), p->start);
}

/* Returns the projection of a command over a step. The command follows the parabola through `demanded`, its values at
 * start, middle and end. It is held to `limit`, and it is zero after the fraction `end` of the step. */
ZEM_APART struct command_course course_project(const struct command demanded[3], real limit, real end)
{
    struct command_course course;
    const struct parabola demand = parabola_through(demanded);
    struct course_sum sum;
    const real point[2] = {splat(ZEM_COURSE_EARLY), splat(ZEM_COURSE_LATE)};
    ZEM_UNROLL
    for (int k = 0; k < 3; k++)
        sum.moment[k].y = sum.moment[k].z = splat(0.0f);
    sum.size = sum.share = splat(0.0f);
    for (u32 part = 0u; part < ZEM_COURSE_PARTS; part++) {
        const real first = small_to_real(splat_bits(part));
        const real flown = greater(lesser(end * (float)ZEM_COURSE_PARTS - first, splat(1.0f)), splat(0.0f));
        const real weight = flown * (0.5f * ZEM_COURSE_PART);
        for (int k = 0; k < 2; k++) {
            const real at = fmadd(flown, point[k], first) * ZEM_COURSE_PART;
            course_sample(parabola_at(&demand, at), limit, at, weight, &sum);
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

/* Returns the fraction of a step that a command is at its limit, by Simpson's rule. `over` has the lanes (trials) in
 * which it is at the limit at start, middle and end of the step. */
ZEM_FUNCTION real over_share(const mask over[3])
{
    const real sixth = splat(0.166666672f), zero = splat(0.0f);
    return choose(over[0], sixth, zero) + choose(over[1], 4.0f * sixth, zero) + choose(over[2], sixth, zero);
}

/* Returns the integral of the magnitude of a vector from the start to the fraction `end` of a step of unit duration.
 * The vector follows the parabola through `node`. */
ZEM_APART real course_size(const struct command node[3], real end)
{
    const struct parabola p = parabola_through(node);
    const real point[2] = {splat(ZEM_COURSE_EARLY), splat(ZEM_COURSE_LATE)}, part_size = end * ZEM_COURSE_PART;
    real sum = splat(0.0f);
    for (u32 part = 0u; part < ZEM_COURSE_PARTS; part++)
        for (int k = 0; k < 2; k++)
            sum = sum + command_size(parabola_at(&p, part_size * (small_to_real(splat_bits(part)) + point[k])));
    return 0.5f * part_size * sum;
}

/* Returns the fraction of a step at which the integral of the magnitude of a vector reaches `share` times the step's
 * duration. The vector follows the parabola through `node`. `share` must be at most the integral over the step of unit
 * duration. The integral increases with time, so Newton's method converges. */
ZEM_FUNCTION real course_end(const struct command node[3], real share)
{
    const struct parabola p = parabola_through(node);
    const real whole = course_size(node, splat(1.0f));
    real end = share * reciprocal(greater(whole, splat(1.0e-9f)));
    for (int k = 0; k < 4; k++) {
        const real rate = command_size(parabola_at(&p, end));
        end = fmadd(share - course_size(node, end), reciprocal(greater(rate, 0.05f * whole + splat(1.0e-9f))), end);
        end = greater(lesser(end, splat(1.0f)), splat(0.0f));
    }
    return end;
}

#endif
