// The statistics for the section "explore" of a page of zem report: functions of counts alone. base/statistics.c and
// base/proportions.c have the same functions and the sources of the formulas; tests/explorer_test.py compares both.
"use strict";
const zemStatistics = (() => {
  const ratio = (above, below, x) => {
    let p = 0, q = 0;
    for (let i = 7; i >= 0; i--) {
      p = p * x + above[i];
      q = q * x + below[i];
    }
    return p / q;
  };

  // The quantile of the standard normal distribution (Wichura 1988, algorithm AS 241, PPND16).
  const normalQuantile = (p) => {
    const a = [3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
               4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3],
          b = [1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
               2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3],
          c = [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
               1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2,
               7.74545014278341407640e-4],
          d = [1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
               1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
               1.05075007164441684324e-9],
          e = [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
               2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
               2.71155556874348757815e-5, 2.01033439929228813265e-7],
          f = [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
               7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
               2.04426310338993978564e-15];
    const centred = p - 0.5;
    if (Math.abs(centred) <= 0.425)
      return centred * ratio(a, b, 0.180625 - centred * centred);
    const root = Math.sqrt(-Math.log(centred < 0 ? p : 1 - p));
    const magnitude = root <= 5 ? ratio(c, d, root - 1.6) : ratio(e, f, root - 5);
    return centred < 0 ? -magnitude : magnitude;
  };

  // The error of Stirling's formula for log(n!), n a whole number (Loader 2000).
  const stirlingError = (n) => {
    if (n < 16) {
      let factorial = 1;
      for (let i = 2; i <= n; i++)
        factorial *= i;
      return n === 0 ? 0 : Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
    }
    const square = 1 / (n * n);
    return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / n;
  };

  const deviance = (x, mean) => {
    const change = (x - mean) / mean;
    return x === 0 ? mean : mean * ((1 + change) * Math.log1p(change) - change);
  };

  const logProbability = (hits, misses, p, q) => {
    const trials = hits + misses;
    if (hits < 0 || misses < 0 || (p <= 0 && hits > 0) || (q <= 0 && misses > 0))
      return -Infinity;
    if (hits === 0)
      return misses === 0 ? 0 : misses * (p < 0.5 ? Math.log1p(-p) : Math.log(q));
    if (misses === 0)
      return hits * (q < 0.5 ? Math.log1p(-q) : Math.log(p));
    return stirlingError(trials) - stirlingError(hits) - stirlingError(misses) - deviance(hits, trials * p) -
      deviance(misses, trials * q) - 0.5 * Math.log(2 * Math.PI * hits * (misses / trials));
  };

  // ---- beta distributions, in the variable logit(x) - logit(mean)

  const beta = (a, b) => ({a, b, mean: a / (a + b), peak: Math.sqrt(a * (b / (a + b)) / (2 * Math.PI)) *
    Math.exp(stirlingError(a + b) - stirlingError(a) - stirlingError(b))});

  const betaDeviance = (of, d) => {
    if (of.mean > 0.5) {
      const complement = of.b / (of.a + of.b);
      return (of.a + of.b) * (Math.log1p(complement * Math.expm1(-d)) + complement * d);
    }
    return (of.a + of.b) * (Math.log1p(of.mean * Math.expm1(d)) - of.mean * d);
  };

  // The probability that a beta variable x has logit(x) - logit(mean) below d, integrated by the double-exponential
  // rule of Takahasi and Mori (1974).
  const betaLowerTail = (of, d) => {
    const odds = Math.expm1(d), rate = -of.a * odds * (1 - of.mean) / (1 + of.mean * odds);
    const scale = 1 / Math.max(rate, Math.sqrt(of.a * (of.b / (of.a + of.b)))), spacing = 1 / 12;
    let sum = 0;
    for (let i = -48; i <= 48; i++) {
      const v = i * spacing, shrink = Math.exp(-v), u = Math.exp(v - shrink);
      sum += Math.exp(-betaDeviance(of, d - scale * u)) * u * (1 + shrink);
    }
    return of.peak * scale * spacing * sum;
  };

  const betaLowerQuantile = (of, tail) => {
    const width = Math.sqrt(of.a * (of.b / (of.a + of.b)));
    let d = normalQuantile(tail) / width;
    for (let i = 0; i < 60; i++) {
      const probability = betaLowerTail(of, d), density = of.peak * Math.exp(-betaDeviance(of, d));
      let step = probability / density * Math.log(tail / probability);
      if (d + step > 2 / width)
        step = 0.5 * (2 / width - d);
      d += step;
      if (!(Math.abs(step) > 1e-15 * Math.max(Math.abs(d), 1 / width)))
        break;
    }
    return d;
  };

  const binomialTail = (hits, misses, p, q) => {
    if (hits < 1 || q <= 0)
      return 1;
    if (p <= 0)
      return 0;
    if (misses < 1)
      return Math.exp(hits * (q < 0.5 ? Math.log1p(-q) : Math.log(p)));
    const d = Math.log(p / q) - Math.log(hits / (misses + 1));
    return d <= 0 ? betaLowerTail(beta(hits, misses + 1), d) : 1 - betaLowerTail(beta(misses + 1, hits), -d);
  };
  const upperTail = (hits, trials, p) => binomialTail(hits, trials - hits, p, 1 - p);
  const lowerTail = (hits, trials, p) => hits >= trials ? 1 : binomialTail(trials - hits, hits, 1 - p, p);

  // ---- intervals

  // Returns [limit, 1 - limit] of the lower Clopper-Pearson limit of a probability.
  const exactLower = (hits, misses, tail) => {
    if (hits < 1)
      return [0, 1];
    if (misses < 1)
      return [Math.exp(Math.log(tail) / hits), -Math.expm1(Math.log(tail) / hits)];
    const of = beta(hits, misses + 1), d = betaLowerQuantile(of, tail), total = 1 + of.mean * Math.expm1(d);
    return [of.mean * Math.exp(d) / total, of.b / (of.a + of.b) / total];
  };

  const clopperPearson = (hits, misses, confidence) => {
    const tail = 0.5 * (1 - confidence);
    return [exactLower(hits, misses, tail)[0], exactLower(misses, hits, tail)[1]];
  };

  const wilson = (hits, misses, confidence) => {
    const z = -normalQuantile(0.5 * (1 - confidence)), trials = hits + misses;
    const upper = (2 * hits + z * z + z * Math.sqrt(z * z + 4 * hits * (misses / trials))) / (2 * (trials + z * z));
    return [hits * (hits / trials) / ((trials + z * z) * upper), misses === 0 ? 1 : upper];
  };

  // Returns the interval [lower, upper] of a probability; `method` is "wilson" or "clopper-pearson".
  const interval = (hits, trials, confidence, method) => trials === 0 ? [0, 1] :
    ({wilson, "clopper-pearson": clopperPearson})[method](hits, trials - hits, confidence); // others throw an error

  // Returns the interval [lower, upper] of p(second) - p(first); `first` and `second` are [hits, trials]. `correlation`
  // is that of both counts: 0 if they are independent; -1 gives an interval that holds for any dependence.
  const differenceInterval = (first, second, correlation, confidence) => {
    if (first[1] === 0 || second[1] === 0)
      return [-1, 1];
    const p = first[0] / first[1], q = second[0] / second[1];
    const a = clopperPearson(first[0], first[1] - first[0], confidence),
          b = clopperPearson(second[0], second[1] - second[0], confidence);
    const combined = (x, y) => Math.sqrt(Math.max(0, x * x + y * y - 2 * correlation * x * y));
    return [Math.max(-1, q - p - combined(a[1] - p, q - b[0])), Math.min(1, q - p + combined(p - a[0], b[1] - q))];
  };

  // ---- tests of two proportions

  const LARGE_VARIANCE = 1e8, TIE = 1e-7;

  // The complementary error function for x >= 0: by its series for small x, else by its continued fraction.
  const erfc = (x) => {
    if (x < 2) {
      let term = x, sum = x;
      for (let n = 1; n < 200 && Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
    let fraction = x;
    for (let n = 120; n >= 1; n--)
      fraction = x + 0.5 * n / fraction;
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  };

  const table = (first, second) => {
    const m = first[1], n = second[1], hits = first[0] + second[0], all = m + n, share = hits / all;
    return {m, n, hits, low: Math.max(0, hits - n), high: Math.min(m, hits),
            variance: all > 1 ? m * (n / all) * share * (1 - share) * (all / (all - 1)) : 0};
  };

  const tableLog = (t, k) => {
    const all = t.m + t.n, p = t.hits / all, q = (all - t.hits) / all;
    return logProbability(k, t.m - k, p, q) + logProbability(t.hits - k, t.n - t.hits + k, p, q) -
      logProbability(t.hits, all - t.hits, p, q);
  };

  const tableRatio = (t, k, step) => step > 0 ? (t.m - k) * (t.hits - k) / ((k + 1) * (t.n - t.hits + k + 1)) :
    k * (t.n - t.hits + k) / ((t.m - k + 1) * (t.hits - k + 1));

  const tableTail = (t, k, step) => {
    let term = Math.exp(tableLog(t, k)), sum = term;
    for (const end = step > 0 ? t.high : t.low; k !== end; k += step) {
      term *= tableRatio(t, k, step);
      sum += term;
      if (term < 1e-17 * sum)
        break;
    }
    return sum;
  };

  // Returns, from the mode of the hypergeometric distribution `t` in the direction `step`, the nearest count of hits
  // whose log probability is at most `limit`; null if there is none.
  const tableOpposite = (t, mode, limit, step) => {
    let inside = mode, outside = step > 0 ? t.high : t.low;
    if (tableLog(t, outside) > limit)
      return null;
    while (Math.abs(outside - inside) > 1) {
      const middle = Math.floor(0.5 * (inside + outside));
      if (tableLog(t, middle) > limit)
        inside = middle;
      else
        outside = middle;
    }
    return outside;
  };

  // Returns the two-sided p-value of Fisher's exact test of two independent proportions, each [hits, trials].
  const fisher = (first, second) => {
    const t = table(first, second), k = first[0];
    if (!(t.m > 0 && t.n > 0) || !(t.low < t.high))
      return 1;
    if (t.variance > LARGE_VARIANCE) {
      const distance = Math.abs(k - t.m * (t.hits / (t.m + t.n)));
      return Math.min(1, erfc(Math.max(distance - 0.5, 0) / Math.sqrt(2 * t.variance)));
    }
    const mode = Math.min(Math.max(Math.floor((t.m + 1) * ((t.hits + 1) / (t.m + t.n + 2))), t.low), t.high);
    const limit = tableLog(t, k) + TIE;
    if (tableLog(t, mode) <= limit)
      return 1;
    const step = k > mode ? 1 : -1, opposite = tableOpposite(t, mode, limit, -step);
    return Math.min(1, tableTail(t, k, step) + (opposite === null ? 0 : tableTail(t, opposite, -step)));
  };

  // Returns a two-sided p-value for two proportions, each [hits, trials], that holds for any dependence between them.
  const dependent = (first, second) => {
    if (first[1] === 0 || second[1] === 0)
      return 1;
    const swap = first[0] * second[1] > second[0] * first[1], less = swap ? second : first,
          more = swap ? first : second;
    let low = less[0] / less[1], high = more[0] / more[1];
    for (let i = 0; i < 40; i++) {
      const middle = 0.5 * (low + high);
      if (lowerTail(less[0], less[1], middle) > upperTail(more[0], more[1], middle))
        low = middle;
      else
        high = middle;
    }
    return Math.min(1, 4 * Math.min(lowerTail(less[0], less[1], low), upperTail(more[0], more[1], high)));
  };

  return {interval, differenceInterval, fisher, dependent, normalQuantile};
})();
