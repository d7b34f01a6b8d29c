#!/usr/bin/env python3
"""Writes curve_eval.json: expected answers of `modelbond curve eval`.

Independent of the product: the formulas of the curves in mpmath at 150 digits (the linear curve in
fractions), purchases by bisection over single base units. Run: python3 curve_eval.py > curve_eval.json
"""
import json
from fractions import Fraction
from math import ceil, floor

import mpmath
from mpmath import exp, log, mpf

mpmath.mp.dps = 150
SCALE = 10**18


def integral(kind, p, a, t, s):
    if kind == "linear":
        p, a, t, s = (Fraction(v) for v in (p, a, t, Fraction(s, 10**6)))
        return p * (s + a * ((s - t) ** 2 - t**2) / 2)
    p, a, t, s = mpf(p), mpf(a), mpf(t), mpf(s) / 10**6
    if kind == "exponential":
        return p / a * (exp(a * (s - t)) - exp(-a * t))
    return p / a * (log(1 + exp(a * (s - t))) - log(1 + exp(-a * t)))


def price(kind, p, a, t, s):
    if kind == "linear":
        return Fraction(p) * (1 + Fraction(a) * (Fraction(s, 10**6) - Fraction(t)))
    x = mpf(a) * (mpf(s) / 10**6 - mpf(t))
    return mpf(p) * exp(x) if kind == "exponential" else mpf(p) / (1 + exp(-x))


def down(v):
    return int(floor(v)) if isinstance(v, Fraction) else int(mpmath.floor(v))


def up(v):
    return int(ceil(v)) if isinstance(v, Fraction) else int(mpmath.ceil(v))


def text(v):
    whole, fraction = divmod(down(v * SCALE), SCALE)
    return f"{whole}.{fraction:018d}"


def expected(kind, p, a, t, n, s, m, mode, amount):
    number = Fraction if kind == "linear" else mpf
    worth = lambda supply: integral(kind, p, a, t, supply) * number(m)
    cost = lambda tokens: up(worth(s + tokens) - worth(s)) if tokens else 0
    answer = {}
    if mode == "tokens-out":
        after = s + amount
        answer |= {"tokens_out": amount, "reserve_in": cost(amount)}
    elif mode == "tokens-in":
        after = s - amount
        answer |= {"tokens_in": amount, "reserve_out": down(worth(s) - worth(after))}
    else:
        low, high = 0, n - s
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if cost(middle) <= amount else (low, middle - 1)
        after = s + low
        answer |= {"reserve_in": amount, "tokens_out": low, "reserve_used": cost(low), "change": amount - cost(low)}
    answer = {key: str(value) for key, value in answer.items()}
    return answer | {
        "supply_after": str(after),
        "price_before": text(price(kind, p, a, t, s) * number(m)),
        "price_after": text(price(kind, p, a, t, after) * number(m)),
        "integral": text(integral(kind, p, a, t, s)),
    }


CASES = {
    # name: kind, P, A, T, N, S, M, trade, amount
    "sigmoid_exact_in": ("sigmoid", "100", "3e-6", "1000000", 2 * 10**12, 10**11, "1", "reserve-in", 10**6),
    "sigmoid_exact_out": ("sigmoid", "100", "3e-6", "1000000", 2 * 10**12, 10**11, "1.37", "tokens-out", 12345678901),
    "sigmoid_sale_with_all_decimals": ("sigmoid", "0.123456789012345678", "0.0000061234567", "123456.789012", 10**12, 987654321098, "1.8", "tokens-in", 123456789012),
    "sigmoid_last_token": ("sigmoid", "5000000", "6e-6", "500000", 10**12, 999999 * 10**6, "1", "reserve-in", 10**15),
    "sigmoid_steep_midpoint": ("sigmoid", "1000000", "0.000064", "500000", 10**12, 5 * 10**11, "1", "tokens-out", 1),
    "exponential_exact_out": ("exponential", "42.5", "0.000006", "500000.5", 10**12, 31415926535, "1", "tokens-out", 271828182845),
    "exponential_buys_all": ("exponential", "1000", "6e-12", "500000000000", 10**18, 5 * 10**16, "1.000000000000000001", "reserve-in", 123456789012345678),
    "exponential_sells_half": ("exponential", "7", "1e-5", "10.25", 10**12, 10**12, "0.5", "tokens-in", 5 * 10**11),
    "linear_exact_out_of_little_worth": ("linear", "0.000001", "7.6e-6", "125000", 10**12, 0, "1", "tokens-out", 10**12),
    "linear_exact_in": ("linear", "250", "0.0000076", "125000", 10**12, 125 * 10**8, "1.3", "reserve-in", 7777777),
    "linear_last_unit": ("linear", "3", "1e-24", "0.000001", 10**18, 10**18 - 1, "1", "tokens-out", 1),
    "nothing_for_too_little": ("linear", "5000000", "0.000001", "0", 10**12, 0, "1", "reserve-in", 4),
    "nothing_bought": ("sigmoid", "100", "3e-6", "1000000", 2 * 10**12, 10**11, "1", "tokens-out", 0),
    "nothing_sold": ("sigmoid", "100", "3e-6", "1000000", 2 * 10**12, 10**11, "1", "tokens-in", 0),
}

if __name__ == "__main__":
    keys = ("kind", "price-scale", "steepness", "midpoint", "max-supply", "supply", "multiplier")
    cases = []
    for name, case in CASES.items():
        arguments = [part for key, value in zip(keys, case) for part in (f"--{key}", str(value))]
        arguments += [f"--{case[7]}", str(case[8])]
        cases.append({"name": name, "arguments": arguments, "expected": expected(*case)})
    print(json.dumps(cases, indent=2))
