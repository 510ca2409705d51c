/* Decides which accumulators a channel can reach, and finds an input for each. No twin. */
#include "golden/reach.h"

#include <string.h>

enum { COINS = 129 };

static int32_t gcd(int32_t a, int32_t b) {
  while (b != 0) {
    const int32_t r = a % b;
    a = b;
    b = r;
  }
  return a;
}

static int32_t size_of(int8_t w) { return w < 0 ? -w : w; }

static void count_coins(struct assay_reach *reach) {
  const struct assay_taps *t = &reach->taps;
  for (int32_t ky = t->ky_first; ky < t->ky_end; ky++) {
    for (int32_t kx = t->kx_first; kx < t->kx_end; kx++) {
      const int8_t *w =
          t->weight + ((size_t)ky * (size_t)t->kernel_x + (size_t)kx) * (size_t)t->in_c;
      for (int32_t ic = 0; ic < t->in_c; ic++) reach->count[size_of(w[ic])]++;
    }
  }
  reach->count[0] = 0;
  for (int32_t v = 1; v < COINS; v++) {
    if (reach->count[v] > 0) reach->greatest = v;
  }
}

/**
 * Improves apery by one coin, once round each cycle r -> r + coin modulo V. Starting from the
 * cycle's least entry, one round settles it (Boecker and Liptak, "A fast and simple algorithm for
 * the money changing problem", 2007).
 */
static void add_coin(struct assay_reach *reach, int32_t coin) {
  const int32_t modulus = reach->greatest;
  const int32_t cycles = gcd(modulus, coin);
  for (int32_t start = 0; start < cycles; start++) {
    int32_t best = start;
    for (int32_t r = start; r < modulus; r += cycles) {
      if (reach->apery[r] < reach->apery[best]) best = r;
    }
    if (reach->apery[best] == INT64_MAX) continue;
    int32_t from = best;
    for (int32_t i = 1; i < modulus / cycles; i++) {
      const int32_t to = (from + coin) % modulus;
      if (reach->apery[from] + coin < reach->apery[to]) {
        reach->apery[to] = reach->apery[from] + coin;
        reach->coin[to] = (uint8_t)coin;
      }
      from = to;
    }
  }
}

void assay_reach_prepare(const struct assay_taps *taps, struct assay_reach *reach) {
  memset(reach, 0, sizeof *reach);
  reach->taps = *taps;
  reach->bounds = assay_bounds_of_taps(taps);
  reach->span = taps->x_max - taps->x_min;
  count_coins(reach);
  reach->complete = reach->span >= 2 * reach->greatest - 2;
  if (reach->greatest == 0) return;
  for (int32_t r = 1; r < reach->greatest; r++) reach->apery[r] = INT64_MAX;
  for (int32_t coin = 1; coin < reach->greatest; coin++) {
    if (reach->count[coin] > 0) add_coin(reach, coin);
  }
}

/** Coins to use of each size. */
struct payment {
  int64_t used[COINS];
};

static int64_t limit(const struct assay_reach *reach, int32_t coin) {
  return reach->count[coin] * reach->span;
}

/** Pays `rest`, a multiple of V, with bundles of V equal coins and coins V. */
static bool pay_multiple(const struct assay_reach *reach, int64_t rest, struct payment *payment) {
  const int32_t v = reach->greatest;
  int64_t units = rest / v;  // a coin V is one unit, a bundle of coins c is c units
  for (int32_t coin = v - 1; coin > 0 && units > limit(reach, v); coin--) {
    int64_t bundles = (limit(reach, coin) - payment->used[coin]) / v;
    if (bundles > units / coin) bundles = units / coin;
    payment->used[coin] += bundles * v;
    units -= bundles * coin;
  }
  payment->used[v] = units;
  return units <= limit(reach, v);
}

/** Pays t, which is at most half of the total, exactly. */
static enum assay_reachability pay(const struct assay_reach *reach, int64_t t,
                                   struct payment *payment) {
  memset(payment, 0, sizeof *payment);
  if (t == 0) return ASSAY_REACH_WITNESS;
  const int32_t v = reach->greatest;
  if (v == 0) return ASSAY_REACH_NEVER;
  int32_t r = (int32_t)(t % v);
  if (reach->apery[r] > t) return ASSAY_REACH_NEVER;
  const int64_t rest = t - reach->apery[r];
  while (r != 0) {
    const int32_t coin = reach->coin[r];
    payment->used[coin]++;
    r = (r + v - coin) % v;
  }
  for (int32_t coin = 1; coin < v; coin++) {
    if (payment->used[coin] > limit(reach, coin)) return ASSAY_REACH_UNKNOWN;
  }
  return pay_multiple(reach, rest, payment) ? ASSAY_REACH_WITNESS : ASSAY_REACH_UNKNOWN;
}

/** Distance of acc from the nearer bound; *upper tells which. Negative outside the bounds. */
static int64_t from_bound(const struct assay_reach *reach, int64_t acc, bool *upper) {
  const int64_t below = acc - reach->bounds.lo, above = reach->bounds.hi - acc;
  *upper = above < below;
  return *upper ? above : below;
}

enum assay_reachability assay_reach_query(const struct assay_reach *reach, int64_t acc) {
  bool upper;
  const int64_t t = from_bound(reach, acc, &upper);
  if (t < 0) return ASSAY_REACH_NEVER;
  if (!reach->complete) {
    struct payment payment;
    return pay(reach, t, &payment);
  }
  if (t == 0) return ASSAY_REACH_WITNESS;
  if (reach->greatest == 0) return ASSAY_REACH_NEVER;
  return reach->apery[t % reach->greatest] <= t ? ASSAY_REACH_WITNESS : ASSAY_REACH_NEVER;
}

/** Steps that this tap takes away from its starting extreme. */
static int32_t take(const struct assay_reach *reach, struct payment *payment, int32_t coin) {
  const int64_t left = payment->used[coin];
  const int32_t steps = left < reach->span ? (int32_t)left : reach->span;
  payment->used[coin] -= steps;
  return coin == 0 ? 0 : steps;
}

/** Hands the coins out to the taps, starting from the input that reaches the bound. */
static void spend(const struct assay_reach *reach, bool upper, struct payment *payment,
                  uint8_t *patch) {
  const struct assay_taps *t = &reach->taps;
  assay_bounds_witness(t, upper, patch);
  for (int32_t ky = t->ky_first; ky < t->ky_end; ky++) {
    for (int32_t kx = t->kx_first; kx < t->kx_end; kx++) {
      const size_t base = ((size_t)ky * (size_t)t->kernel_x + (size_t)kx) * (size_t)t->in_c;
      for (size_t i = base; i < base + (size_t)t->in_c; i++) {
        const int32_t steps = take(reach, payment, size_of(t->weight[i]));
        const bool down = (t->weight[i] > 0) == upper;  // the input goes down from x_max
        patch[i] = (uint8_t)(down ? patch[i] - steps : patch[i] + steps);
      }
    }
  }
}

enum assay_reachability assay_reach_solve(const struct assay_reach *reach, int64_t acc,
                                          uint8_t *patch) {
  bool upper;
  struct payment payment;
  const int64_t t = from_bound(reach, acc, &upper);
  if (t < 0) return ASSAY_REACH_NEVER;
  const enum assay_reachability answer = pay(reach, t, &payment);
  if (answer == ASSAY_REACH_WITNESS) spend(reach, upper, &payment, patch);
  return answer;
}

/** Values t in [first, last] with t = r modulo V and t >= least. */
static int64_t count_residue(int64_t first, int64_t last, int32_t r, int32_t v, int64_t least) {
  if (first < least) first = least;
  const int64_t start = first + ((r - first % v) % v + v) % v;
  return start > last ? 0 : (last - start) / v + 1;
}

/** Values t in [first, last], 0 <= first, that are sums of coins without a limit. */
static int64_t count_half(const struct assay_reach *reach, int64_t first, int64_t last) {
  const int32_t v = reach->greatest;
  if (first > last) return 0;
  if (v == 0) return first == 0 ? 1 : 0;
  int64_t sum = 0;
  for (int32_t r = 0; r < v; r++) {
    if (reach->apery[r] != INT64_MAX) sum += count_residue(first, last, r, v, reach->apery[r]);
  }
  return sum;
}

int64_t assay_reach_count(const struct assay_reach *reach, int64_t first, int64_t last) {
  const int64_t lo = reach->bounds.lo, hi = reach->bounds.hi;
  const int64_t middle = lo + (hi - lo) / 2;  // the last one of the lower half
  if (first < lo) first = lo;
  if (last > hi) last = hi;
  const int64_t lower_last = last < middle ? last : middle;
  const int64_t upper_first = first > middle + 1 ? first : middle + 1;
  return count_half(reach, first - lo, lower_last - lo) +
         count_half(reach, hi - last, hi - upper_first);
}
