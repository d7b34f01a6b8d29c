"""Writes src/tables.rs: every constant of the transcendental functions.

    python vectors/tables.py > src/tables.rs && cargo fmt -p modelbond-curve

Needs mpmath. Values are exact to 1,000 bits before they are rounded; `tests/tables.rs` checks each
one in integers, without this script.
"""

from mpmath import mp, mpf, exp, factorial, floor, ln

mp.prec = 1000
ONE = mpf(2) ** 248


def limbs(value):
    value = int(value)
    assert 0 <= value < 2**256
    parts = [f"0x{value >> 64 * i & 2**64 - 1:016x}" for i in range(4)]
    return "U256([\n        " + ",\n        ".join(parts) + ",\n    ])"


def constant(doc, name, value):
    print(f"\n/// {doc}\npub(crate) const {name}: U256 = {limbs(value)};".replace("\n        ", "\n    ").replace("\n    ])", "\n])"))


def table(doc, name, values):
    print(f"\n/// {doc}\npub(crate) const {name}: [U256; {len(values)}] = [")
    for value in values:
        print(f"    {limbs(value)},")
    print("];")


def nearest(value):
    return floor(value * ONE + mpf(1) / 2)


print("""//! Constants of the transcendental functions, written by `vectors/tables.py`, checked by
//! `tests/tables.rs`. Do not edit.
//!
//! Unless said otherwise Q8.248, rounded to nearest, so wrong by at most 2^-249.

use crate::U256;""")

constant("ln 2 as a fraction of 2^256, rounded down.", "LN_2", floor(ln(2) * mpf(2) ** 256))
constant("2^355 / 10^30, rounded down.", "RECIPROCAL_OF_10_POW_30", floor(mpf(2) ** 355 / mpf(10) ** 30))
table("e^(-j/32) for j = 0..=22.", "EXP_NEG_STEPS", [nearest(exp(-mpf(j) / 32)) for j in range(23)])
table("1/n! for n = 0..=29.", "INVERSE_FACTORIALS", [nearest(1 / factorial(n)) for n in range(30)])
table("ln(1 + i/32) for i = 0..=32.", "LN_STEPS", [nearest(ln(1 + mpf(i) / 32)) for i in range(33)])
table("1/(2n + 1) for n = 0..=20.", "ODD_RECIPROCALS", [nearest(1 / mpf(2 * n + 1)) for n in range(21)])
