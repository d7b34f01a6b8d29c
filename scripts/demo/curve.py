"""The sigmoid curve (paper, eq. 3) in 80-digit decimals: a second opinion on the contract's integers.

P(s) = P₀ / (1 + e^(−x)), x = α·(s − s₀); ∫₀ˢ P = K·G, K = P₀/α, G = g(s) − g(0), g = ln(1 + e^x).
Supplies are in token base units, money in reserve base units. Errors are below 10⁻⁷⁰ of a result.
"""

from decimal import Decimal, getcontext

getcontext().prec = 80

TOKEN = Decimal(10**6)  # base units of a whole token
BPS = Decimal(10_000)


class Sigmoid:
    """The curve of a market's parameters."""

    def __init__(self, curve: dict):
        if curve["kind"] != "sigmoid":
            raise ValueError(f"the demo's second opinion knows sigmoid curves only, not {curve['kind']}")
        self.max_supply = int(curve["max_supply"])
        self._scale = Decimal(curve["price_scale"])
        self._steepness = Decimal(curve["steepness"]) / Decimal(10**24)
        self._midpoint = int(curve["midpoint"])
        self._start = self._g(0)
        self._kept: dict[int, Decimal] = {}

    def _exponential(self, supply: int) -> Decimal:
        return (self._steepness * Decimal(supply - self._midpoint) / TOKEN).exp()

    def _g(self, supply: int) -> Decimal:
        return (1 + self._exponential(supply)).ln()

    def price(self, supply: int) -> Decimal:
        """P(s), reserve base units per whole token."""
        return self._scale / (1 + 1 / self._exponential(supply))

    def total(self, supply: int) -> Decimal:
        """G(s)."""
        if supply not in self._kept:
            self._kept[supply] = self._g(supply) - self._start
        return self._kept[supply]

    def cost_at(self, multiplier: Decimal, before: int, after: int) -> Decimal:
        """multiplier · ∫ P from `before` to `after`."""
        return multiplier * self._scale / self._steepness * (self.total(after) - self.total(before))

    def cost(self, state: "Backing", multiplier: Decimal, premium_bps: int, after: int) -> Decimal:
        """What a purchase up to `after` costs: X·∫P with X = max(B, min(M, B·(1 + π)))."""
        span = self.total(after) - self.total(state.supply)
        backing = Decimal(state.reserve) * span / self.total(state.supply)
        premium = backing * (1 + premium_bps / BPS)
        return max(backing, min(self.cost_at(multiplier, state.supply, after), premium))

    def proceeds(self, state: "Backing", tokens: int) -> Decimal:
        """What a sale of `tokens` takes out of the reserve: B·∫P."""
        span = self.total(state.supply) - self.total(state.supply - tokens)
        return Decimal(state.reserve) * span / self.total(state.supply)


class Backing:
    """A reserve R and the supply that it backs: B = R ÷ (K·G)."""

    def __init__(self, reserve: int, supply: int):
        self.reserve = reserve
        self.supply = supply

    def above(self, other: "Backing", curve: Sigmoid) -> Decimal:
        """R·G′ − R′·G, by how much this B is above the other, relative to it; exact when G = G′."""
        if self.supply == other.supply:
            return Decimal(self.reserve - other.reserve) / Decimal(other.reserve)
        mine = Decimal(self.reserve) * curve.total(other.supply)
        theirs = Decimal(other.reserve) * curve.total(self.supply)
        return (mine - theirs) / theirs
