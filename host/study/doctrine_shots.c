/* Applies a doctrine at the observed distribution of salvos, and at distributions that are limits. */
#include "study/doctrine_shots.h"

#include "base/bounded_mean.h"

#include <math.h>

/* What the functions here share while they apply one doctrine to the shots of one cell. */
struct shots {
    const struct zem_doctrine *doctrine;
    const struct zem_shot_classes *classes;
    double works, confidence;
    enum zem_interval_method method;
    size_t need; /* the most shots at a target */
    /* Probability that a target survives the first k shots: of the first class, in which no shot hits, of the last
     * class, in which all hit, and of the observed distribution of classes. */
    double none[ZEM_SHOTS_LIMIT + 1], all[ZEM_SHOTS_LIMIT + 1], observed[ZEM_SHOTS_LIMIT + 1];
};

/* Applies a doctrine where a target survives the first k shots with the probability survives[k]. */
static bool apply(const struct zem_doctrine *doctrine, const double *survives, struct zem_doctrine_outcome *outcome)
{
    double kill[ZEM_SHOTS_LIMIT];
    for (size_t k = 0; k < zem_doctrine_need(doctrine); k++)
        kill[k] = survives[k] > 0 ? fmin(fmax((survives[k] - survives[k + 1]) / survives[k], 0), 1) : 0;
    return zem_doctrine_apply(doctrine, kill, outcome);
}

/* Applies the doctrine after the share `share` of the salvos has moved to a class whose targets survive with `end`. */
static bool apply_shifted(const struct shots *s, const double *end, double share, struct zem_doctrine_outcome *outcome)
{
    double survives[ZEM_SHOTS_LIMIT + 1];
    for (size_t k = 0; k <= s->need; k++)
        survives[k] = (1 - share) * s->observed[k] + share * end[k];
    return apply(s->doctrine, survives, outcome);
}

/* Finds the limits where every number is a mean over the salvos, or monotone in one. */
static bool limits_of_means(const struct shots *s, struct zem_doctrine_estimate *estimate)
{
    double leaks[ZEM_SHOT_PATTERNS_MAX], fired[ZEM_SHOT_PATTERNS_MAX], survives[ZEM_SHOTS_LIMIT + 1];
    struct zem_doctrine_outcome of_class, less, more, fewest, most;
    struct zem_doctrine one = *s->doctrine;
    if (one.raid > 1) /* the inventory suffices; a single target may lack some of it and has it as it is */
        one.inventory = UINT64_MAX;
    one.raid = 1;
    one.track = one.common = 1; /* both change every number of a class in the same way */
    for (size_t i = 0; i < s->classes->count; i++) {
        zem_shot_class_survives(s->classes, i, s->works, survives);
        if (!apply(&one, survives, &of_class))
            return false;
        leaks[i] = of_class.leakers;
        fired[i] = of_class.salvos;
    }
    const struct zem_mean_shift leak = zem_bounded_mean_shift(s->classes->salvos, leaks, s->classes->count,
                                                              s->confidence, s->method),
                                shot = zem_bounded_mean_shift(s->classes->salvos, fired, s->classes->count,
                                                              s->confidence, s->method);
    if (!apply_shifted(s, s->all, leak.down, &less) || !apply_shifted(s, s->none, leak.up, &more)
        || !apply_shifted(s, s->all, shot.down, &fewest) || !apply_shifted(s, s->none, shot.up, &most))
        return false;
    estimate->lower = (struct zem_doctrine_outcome){more.no_leak, less.leakers, fewest.salvos};
    estimate->upper = (struct zem_doctrine_outcome){less.no_leak, more.leakers, most.salvos};
    return true;
}

/* Finds the limits of a raid whose inventory may run out. */
static bool limits_of_curves(const struct shots *s, struct zem_doctrine_estimate *estimate)
{
    double of_class[ZEM_SHOT_PATTERNS_MAX], curve[ZEM_SHOTS_LIMIT + 1],
        low[ZEM_SHOTS_LIMIT + 1] = {1}, high[ZEM_SHOTS_LIMIT + 1] = {1};
    struct zem_doctrine_outcome best, worst;
    for (size_t k = 1; k <= s->need; k++) {
        for (size_t i = 0; i < s->classes->count; i++) {
            zem_shot_class_survives(s->classes, i, s->works, curve);
            of_class[i] = curve[k];
        }
        const struct zem_mean_shift shift = zem_bounded_mean_shift(
            s->classes->salvos, of_class, s->classes->count, 1 - (1 - s->confidence) / (double)s->need, s->method);
        low[k] = (1 - shift.down) * s->observed[k] + shift.down * s->all[k];
        high[k] = fmin((1 - shift.up) * s->observed[k] + shift.up * s->none[k], high[k - 1]);
    }
    for (size_t k = s->need; k-- > 1;) /* who survives more shots survives these */
        low[k] = fmax(low[k], low[k + 1]);
    if (!apply(s->doctrine, low, &best) || !apply(s->doctrine, high, &worst))
        return false;
    estimate->lower = (struct zem_doctrine_outcome){worst.no_leak, best.leakers, best.salvos};
    estimate->upper = (struct zem_doctrine_outcome){best.no_leak, worst.leakers, worst.salvos};
    return true;
}

bool zem_doctrine_shots_apply(const struct zem_doctrine *doctrine, const struct zem_shot_classes *classes, double works,
                              double confidence, enum zem_interval_method method,
                              struct zem_doctrine_estimate *estimate)
{
    struct shots s = {.doctrine = doctrine,
                      .classes = classes,
                      .works = works,
                      .confidence = confidence,
                      .method = method,
                      .need = (size_t)zem_doctrine_need(doctrine)};
    const struct zem_doctrine_outcome none = {(double)NAN, (double)NAN, (double)NAN};
    double apart[ZEM_SHOTS_LIMIT];
    *estimate = (struct zem_doctrine_estimate){none, none, none, none};
    if (zem_shot_classes_salvos(classes) == 0)
        return true;
    zem_shot_class_survives(classes, 0, works, s.none);
    zem_shot_class_survives(classes, classes->count - 1, works, s.all);
    zem_shot_classes_survive(classes, works, s.observed);
    for (size_t k = 0; k < classes->shots; k++)
        apart[k] = works * zem_shot_classes_hit_share(classes, k);
    if (!apply(doctrine, s.observed, &estimate->value) || !zem_doctrine_apply(doctrine, apart, &estimate->independent))
        return false;
    const bool enough = doctrine->inventory >= doctrine->raid * zem_doctrine_need(doctrine);
    return doctrine->raid == 1 || enough ? limits_of_means(&s, estimate) : limits_of_curves(&s, estimate);
}
