"""Trades on random curves with exact results, for `vectors/check.rs`.

    python vectors/generate.py COUNT [SEED] > FILE
    cargo run --release -p modelbond-curve --example precision -- FILE

Needs mpmath, with gmpy2 for speed. 220 digits: the smallest difference of g is 2^-193, the largest
result has 254 bits, which leaves 270 bits to spare. Linear results are exact rationals. Curves cover
the whole domain: alpha S_max from 10^-30 to 64, S_max from 1 to 10^18, midpoints from 0 to beyond
S_max, price scales from 10^-18 to the reserve bound; trades are whole, single units, empty, in both
tails, and symmetric about the midpoint. A few growths are a hair from a power of two.

One trade is one line of hexadecimal numbers:
kind p a u0 S_max from to m  exact.128 sign excess.128  amount tokens.64  R premium exact.128 excess.128  price excess
where x.n has n fractional bits and is rounded down; sign is = if nothing was cut off, else +. A
result that u128 cannot hold is -. excess is what a cost may exceed the exact result by, beyond 1,
rounded up. After every tenth trade a line gives g and the relative price at its end, rounded down
to Q8.248 (g of the linear curve is an integer):
G kind a u0 S_max u g relative
"""

import random
import sys
from fractions import Fraction
from math import isqrt

from mpmath import mp, mpf, exp, floor, log, log1p, expm1

mp.dps = 220
E12, E18, E30 = 10**12, 10**18, 10**30
TWO = mpf(2)
EPSILON = TWO**-242


def whole(value):
    """floor of a non-negative number that may be a hair below an integer, and whether it is one"""
    near = int(floor(value + mpf(1) / 2))
    if abs(value - near) < TWO**-150:
        return near, True
    return int(floor(value)), False


class Curve:
    def __init__(self, kind, a, u0, smax):
        self.kind, self.a, self.u0, self.smax = kind, a, u0, smax
        self.alpha = mpf(a) / E30

    def g(self, u):
        if self.kind == "L":
            return u * (2 * (E30 - self.a * self.u0) + self.a * u)
        if self.kind == "E":
            return exp(-self.alpha * (self.smax - u))
        x = self.alpha * (u - self.u0)
        return x + log1p(exp(-x)) if x > 0 else log1p(exp(x))

    def factor(self):
        """reserve base units for a unit of g at p = m = 1"""
        if self.kind == "L":
            return Fraction(1, 2 * 10**72)
        if self.kind == "S":
            return 1 / (mpf(E12) * self.a)
        return exp(self.alpha * (self.smax - self.u0)) / (mpf(E12) * self.a)

    def level(self, u):
        """price over the price scale"""
        if self.kind == "L":
            return Fraction(E30 + self.a * (u - self.u0), E30)
        x = self.alpha * (u - self.u0)
        return exp(x) if self.kind == "E" else 1 / (1 + exp(-x))

    def supply_times(self, target, scale):
        """floor(scale * u) where g(u) = target"""
        if self.kind == "L":
            # a U^2 + b U <= T scale^2 with U = scale u and b = 2 (10^30 - a u0) scale
            b = 2 * (E30 - self.a * self.u0) * scale
            limit = target.numerator * scale**2 // target.denominator
            return (isqrt(b * b + 4 * self.a * limit) - b) // (2 * self.a)
        if self.kind == "E":
            u = self.smax + log(target) / self.alpha
        else:
            x = target + log(-expm1(-target))
            u = self.u0 + x / self.alpha
        return whole(u * scale)[0]


def log_uniform(rng, low, high):
    """an integer in [low, high], by its number of digits"""
    bits = rng.uniform(low.bit_length(), high.bit_length())
    return max(low, min(high, int(2**bits * rng.random())))


def near_ln_2(rng):
    """an exponential curve whose whole growth, or that to its midpoint, is a hair from 2^k"""
    distance, k = rng.randint(1, 3), rng.randint(1, 92)
    a = int(k * log(TWO) * E30 / distance) + rng.choice([-1, 0, 1, 2])
    u0 = rng.choice([0, distance, 2 * distance])
    smax = distance if u0 != distance else rng.choice([1, 2]) * distance
    return Curve("E", a, u0, smax) if a * max(smax, u0) <= 64 * E30 else near_ln_2(rng)


def random_curve(rng):
    if rng.random() < 0.02:
        return near_ln_2(rng)
    kind = rng.choice("LESSE")
    smax = rng.choice([10**18, 10**18, 1, rng.randint(1, 10), log_uniform(rng, 1, 10**18), rng.randint(1, 10**18)])
    limit = 64 * E30 // smax
    regime = rng.random()
    if regime < 0.15:
        a = limit
    elif regime < 0.25:
        a = rng.choice([1, 2, 1000])
    elif regime < 0.6:
        a = int(rng.uniform(3, 10) * 1e15) * 10**15 // smax
    else:
        a = log_uniform(rng, 1, limit)
    a = max(1, min(a, limit))
    reach = (95 * E30 // 100 if kind == "L" else 64 * E30) // a
    place = rng.random()
    if place < 0.1:
        u0 = 0
    elif place < 0.2:
        u0 = reach
    elif place < 0.3:
        u0 = rng.randint(0, reach)
    elif place < 0.4:
        u0 = log_uniform(rng, 1, reach)
    else:
        u0 = rng.randint(0, smax)
    return Curve(kind, a, min(u0, reach), smax)


def random_range(rng, curve):
    smax, u0 = curve.smax, curve.u0

    def anywhere():
        place = rng.random()
        if place < 0.4:
            return rng.randint(0, smax)
        if place < 0.6:
            return log_uniform(rng, 1, smax)
        if place < 0.8:
            return smax - log_uniform(rng, 1, smax)
        return max(0, min(smax, u0 + rng.choice([-1, 1]) * log_uniform(rng, 1, smax)))

    form = rng.random()
    if form < 0.1:
        return 0, smax
    if form < 0.25:
        start = min(anywhere(), smax - 1)
        return start, start + 1
    if form < 0.35 and 0 < u0 < smax:
        reach = log_uniform(rng, 1, min(u0, smax - u0))
        return u0 - reach, u0 + reach
    if form < 0.37:
        start = anywhere()
        return start, start
    if form < 0.6:
        start = anywhere()
        return start, min(smax, start + log_uniform(rng, 1, smax))
    return tuple(sorted((anywhere(), anywhere())))


def text(*numbers):
    return " ".join(f"{number:x}" if isinstance(number, int) else number for number in numbers)


def fixed(exact, excess, mixed):
    """exact.128 sign excess.128, or what stands for a result that does not fit"""
    value, integer = (int(exact * 2**128), (exact * 2**128).denominator == 1) if mixed else whole(exact * TWO**128)
    excess = 0 if mixed else int(excess * 2**128) + 1
    if value + excess >= 2**256 - 2**130:
        return "- + 0"
    return text(value, "=" if integer else "+", excess)


def trade(rng):
    curve = random_curve(rng)
    linear = curve.kind == "L"
    factor = curve.factor()
    bottom, top = curve.g(0), curve.g(curve.smax)
    largest = int(2**126 / (2 * E18 * factor * (top - bottom)))
    if largest < 1:
        return None
    largest = min(largest, 2**256 - 1)
    p = rng.choice([largest, largest, log_uniform(rng, 1, largest), log_uniform(rng, 1, largest), 1])
    m = rng.choice([E18, E18, 2 * E18, rng.randint(E18, 2 * E18), rng.randint(E18, 2 * E18)])
    start, end = random_range(rng, curve)
    low, high = curve.g(start), curve.g(end)
    unit = p * m * factor
    span = high - low
    exact = unit * span
    excess = 0 if linear else 4 * EPSILON * unit

    ceiling = whole(exact)[0]
    amount = rng.choice([ceiling, ceiling, ceiling + 1, max(0, ceiling - 1), rng.randint(0, 2 * ceiling + 1),
                         log_uniform(rng, 1, 2**126), 1, 0])
    target = low + amount / unit
    if target >= top:
        tokens = (curve.smax - start) << 64
    else:
        tokens = curve.supply_times(target, 2**64) - (start << 64)

    reserve = rng.choice([log_uniform(rng, 1, 2**126), rng.randint(0, 2**126), 1, 10**15])
    premium = rng.choice([0, 0, 1500, 2500, rng.randint(0, 10_000)])
    if start > 0:
        total = low - bottom
        scaled = Fraction(reserve * (10_000 + premium), 10_000) if linear else mpf(reserve) * (10_000 + premium) / 10_000
        backed = scaled * span / total
        slack = 0 if linear else 4 * EPSILON * (1 + span / total) / total * scaled
        backing = fixed(backed, slack, linear)
    else:
        backing = "- + 0"

    level = curve.level(end) * p
    if linear:
        price, error = int(level), 0
    else:
        price = whole(level)[0]
        error = int(TWO**-241 * p * (curve.level(curve.smax) if curve.kind == "E" else 1))
    if max(price, error) >= 2**256:
        price, error = "-", 0
    line = " ".join([
        curve.kind, text(p, curve.a, curve.u0, curve.smax, start, end, m),
        fixed(exact, excess, linear), text(amount, max(0, tokens)),
        text(reserve, premium), backing, text(price, error),
    ])
    return line, curve, end


def point(curve, u):
    g, level = curve.g(u), curve.level(u)
    if curve.kind == "L":
        relative = int(level * 2**248)
    else:
        g = int(g * TWO**248)
        relative = int((g if curve.kind == "E" else level * TWO**248))
    return text("G", curve.kind, curve.a, curve.u0, curve.smax, u, g, relative)


def main():
    count = int(sys.argv[1])
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    done = 0
    while done < count:
        result = trade(rng)
        if result is None:
            continue
        line, curve, end = result
        print(line)
        done += 1
        if done % 10 == 0:
            print(point(curve, end))


main()
