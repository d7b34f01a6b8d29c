"""The invariants I1–I8 of ARCHITECTURE.md, checked against the chain's state after every message.

Integers are compared as integers. Where the curve's integral is needed, it is recomputed with 80 digits
(see `curve`), so nothing here trusts the contract's own mathematics.
"""

from dataclasses import dataclass
from decimal import Decimal

from chain import ChainError
from facts import Facts, Step
from words import money, ratio, tokens

CURVE_POINTS = 100
SPLITS = 12
# The contract's results are whole units of an enclosure that is this much wider than the exact number.
ENCLOSURE = Decimal(1).scaleb(-9)
MOST_GAS = 2_500_000


@dataclass
class Check:
    """An invariant (`also`: a promise beside them), whether it holds, and the numbers that say so."""

    invariant: str
    passed: bool
    text: str


def all_checks(facts: Facts) -> list[Check]:
    """Every check, in the order of the invariants."""
    return [
        *_bank_covers_ledgers(facts),
        *_tokens_add_up(facts),
        *_backing_never_falls(facts),
        *_no_profit_from_a_round(facts),
        *_splitting_never_pays(facts),
        *_curve_is_monotone(facts),
        *_rounding_is_for_the_reserve(facts),
        *_price_stays_in_band(facts),
        *_every_unit_is_found(facts),
        _worth_is_what_is_quoted(facts),
        _largest_message(facts),
    ]


# --- I1, I2 ---------------------------------------------------------------------------------------------


def _donations(steps: list[Step]) -> int:
    """Coins that were sent to the contract without a message."""
    return sum(step.message.net() for step in steps if not step.message.events)


def _bank_covers_ledgers(facts: Facts):
    surplus = [step.state.bank - step.state.owed for step in facts.steps]
    yield Check(
        "I1",
        min(surplus) >= 0,
        f"bank balance ≥ reserve + pending + ledgers after each of {len(surplus)} messages: "
        f"surplus {min(surplus)} to {max(surplus)} units",
    )
    for previous, step in zip(facts.steps, facts.steps[1:]):
        if donated := _donations([step]):
            moved = step.state.owed - previous.state.owed
            yield Check("I1", moved == 0, f"a donation of {money(donated)} moved the ledgers by {moved} units")


def _tokens_add_up(facts: Facts):
    states = [step.state for step in facts.steps]
    gaps = [state.supply - sum(state.balances.values()) for state in states]
    most = max(state.supply for state in states)
    yield Check(
        "I2",
        not any(gaps) and most <= facts.curve.max_supply,
        f"Σ balances of {len(states[-1].balances)} accounts = supply after each message: largest gap "
        f"{max(map(abs, gaps))} units; supply at most {tokens(most)} of {tokens(facts.curve.max_supply)}",
    )


# --- I3 -------------------------------------------------------------------------------------------------


def _backing_never_falls(facts: Facts):
    points = []
    for step in facts.steps:
        points += [point for point in (step.before, step.after, step.state.backing) if point]
    points.append(facts.now.backing)
    pairs = list(zip(points, points[1:]))
    trades = [b.above(a, facts.curve) for a, b in pairs if a.supply != b.supply]
    pauses = [b.reserve - a.reserve for a, b in pairs if a.supply == b.supply]
    rise = points[-1].above(points[0], facts.curve)
    yield Check(
        "I3",
        min(trades) >= 0 and min(pauses) >= 0,
        f"R′·G ≥ R·G′, G with 80 digits: B changed by {min(trades):+.1e} or more in {len(trades)} trades and "
        f"emissions, R by {min(pauses):+} units or more in {len(pauses)} steps between them; in all B changed by "
        f"{rise:+.4%}",
    )
    decline = facts.marked("decline")
    first, last = decline[0].state.price, facts.ask({"price": {}}, decline[-1].state.height - 1)
    last = {key: Decimal(value) for key, value in last.items()}
    yield Check(
        "I3",
        last["multiplier"] < first["multiplier"] and last["sale"] >= first["sale"],
        f"M went from {ratio(first['multiplier'])} down to {ratio(last['multiplier'])} and the sale price from "
        f"{money(first['sale'], 6)} to {money(last['sale'], 6)}, without a trade in between",
    )


# --- I4, I5 ---------------------------------------------------------------------------------------------


def _rounds(facts: Facts, address: str):
    """From no token to no token: the steps of each round of an account."""
    held, start = 0, None
    for index, step in enumerate(facts.steps):
        now = step.state.balances.get(address, 0)
        if held == 0 and now > 0:
            start = index
        elif held > 0 and now == 0:
            yield facts.steps[start : index + 1]
        held = now


def _is_trade_of_another(step: Step, address: str) -> bool:
    for kind, trader in (("bought", "buyer"), ("sold", "seller"), ("burned", "owner")):
        if event := step.message.event(kind):
            return event[trader] != address
    return step.message.event("emitted") is not None


def _no_profit_from_a_round(facts: Facts):
    alone = 0
    for address in facts.names:
        for steps in _rounds(facts, address):
            if any(_is_trade_of_another(step, address) for step in steps):
                continue
            alone += 1
            profit = -sum(step.message.net(address) for step in steps)
            streamed = steps[-1].before.reserve - steps[0].after.reserve
            before, after = (steps[at].state.price["multiplier"] for at in (0, -1))
            yield Check(
                "I4",
                profit <= 0,
                f"{facts.name(address)} bought and sold everything, alone, while M went from {ratio(before)} to "
                f"{ratio(after)} and {money(streamed)} streamed in: profit {money(profit)}",
            )
    yield Check("I4", alone >= 2, f"{alone} such rounds were found, 2 at least were played")


def _splitting_never_pays(facts: Facts):
    asked = [entry for entry in facts.journal if entry["mark"] == "split" and entry["kind"] == "ask"]
    quote = asked[0]["answer"]["quote"]
    orders = [step.event("bought") for step in facts.marked("split")]
    whole, got = int(quote["tokens_out"]), sum(order["tokens_out"] for order in orders)
    spent = sum(order["amount_in"] for order in orders)
    yield Check(
        "I5",
        got <= whole and spent <= int(quote["amount_in"]) and len(orders) == 2,
        f"{len(orders)} orders of {money(spent)} together got {tokens(got)}, one was quoted {tokens(whole)} just "
        "before",
    )

    # The same at one and the same moment, which orders in two blocks cannot be: in the contract's own mathematics.
    supply = facts.now.supply
    sides = (("purchases", "tokens-out", "reserve_in", 1), ("sales", "tokens-in", "reserve_out", -1))
    for side, trade, result, sign in sides:
        gains = []
        for part in range(1, SPLITS + 1):
            first, second = supply * part // 997, supply * part // 1009 + part
            one = facts.evaluate(supply, trade, first + second)[result]
            two = facts.evaluate(supply, trade, first)[result]
            two += facts.evaluate(supply + sign * first, trade, second)[result]
            gains.append(sign * (one - two))
        yield Check(
            "I5",
            max(gains) <= 0,
            f"{len(gains)} {side} split in two at once by `modelbond curve eval`: the trader gains {min(gains)} to "
            f"{max(gains)} units",
        )


# --- I6, I7 ---------------------------------------------------------------------------------------------


def _curve_is_monotone(facts: Facts):
    points = facts.ask({"curve": {"points": CURVE_POINTS}})["points"]
    prices = [Decimal(point["base"]) for point in points]
    exact = [facts.curve.price(int(point["supply"])) for point in points]
    off = max(abs(price - own) for price, own in zip(prices, exact))
    yield Check(
        "I6",
        all(a < b for a, b in zip(prices, prices[1:])),
        f"base price rises at each of {len(prices)} points, from {money(prices[0], 6)} to {money(prices[-1], 6)}",
    )
    yield Check("I6", off <= Decimal(1).scaleb(-18), f"and is ours to the 18th decimal: at most {off:.1e} units off")


def _exact(facts: Facts, step: Step) -> tuple[Decimal, int] | None:
    """(exact worth, what was charged) of a purchase; (−exact worth, −what was paid) of a sale."""
    if opened := step.event("opened"):
        return facts.curve.cost_at(Decimal(1), 0, opened["initial_supply"]), opened["cost"]
    premium = facts.config["params"]["multiplier"]["max_premium_bps"]
    before, multiplier = step.before, step.state.price["multiplier"]
    for kind, charged in (("bought", "cost"), ("emitted", "spent")):
        if (event := step.event(kind)) and event[charged]:
            return facts.curve.cost(before, multiplier, premium, event["supply"]), event[charged]
    for kind, sold in (("sold", "tokens_in"), ("burned", "amount")):
        if event := step.event(kind):
            return -facts.curve.proceeds(before, event[sold]), -event["gross"]
    return None


def _rounding_is_for_the_reserve(facts: Facts):
    extra = [charged - exact for step in facts.steps if (pair := _exact(facts, step)) for exact, charged in [pair]]
    yield Check(
        "I6",
        min(extra) >= 0 and max(extra) < 1 + ENCLOSURE,
        f"{len(extra)} prices recomputed with 80 digits: rounded for the reserve, by {min(extra):.3f} to "
        f"{max(extra):.3f} units",
    )


def _price_stays_in_band(facts: Facts):
    prices = [step.state.price for step in facts.steps]
    places = [(p["base"] - p["band_low"]) / (p["band_high"] - p["band_low"]) for p in prices]
    yield Check(
        "I7",
        all(p["band_low"] <= p["base"] <= p["band_high"] for p in prices),
        f"base price inside of its band after each message: from {min(places):.1%} to {max(places):.1%} of its width",
    )


# --- I8 -------------------------------------------------------------------------------------------------

FEE_PARTS = ("fee_to_pending", "fee_to_rewards", "fee_to_provenance", "fee_to_treasury")


def _every_unit_is_found(facts: Facts):
    gaps = []
    for step in facts.steps:
        if bought := step.event("bought"):
            gaps.append(step.message.net() - bought["amount_in"])
            gaps.append(bought["amount_in"] - sum(bought[k] for k in ("cost", "fee", "surcharge", "dust")))
            gaps.append(bought["fee"] - sum(bought[part] for part in FEE_PARTS))
        if sold := step.event("sold"):
            gaps.append(step.message.net() + sold["reserve_out"])
            gaps.append(sold["gross"] - sum(sold[k] for k in ("reserve_out", "burned", "fee", "surcharge")))
            gaps.append(sold["fee"] - sum(sold[part] for part in FEE_PARTS))
    yield Check(
        "I8",
        not any(gaps),
        "each purchase: paid = reserve + treasury + fees + surcharge + dust; each sale: gross = paid out + burned + "
        f"fees + surcharge; coins moved as the events say: {len(gaps)} sums, largest gap {max(map(abs, gaps))} units",
    )

    flow = bank_gap = owed_gap = 0
    for index, step in enumerate(facts.steps):
        flow += step.message.net()
        bank_gap = max(bank_gap, abs(step.state.bank - flow))
        owed_gap = max(owed_gap, abs(step.state.owed + _donations(facts.steps[: index + 1]) - flow))
    yield Check(
        "I8",
        bank_gap == owed_gap == 0,
        f"all money in − all money out = bank balance = ledgers + donations = {money(flow)}: largest gap "
        f"{max(bank_gap, owed_gap)} units",
    )

    for name, ledger in ledgers(facts).items():
        booked = ledger.fees + ledger.other - ledger.out
        yield Check(
            "I8",
            booked == ledger.now,
            f"{name}: {money(ledger.fees + ledger.other)} in − {money(ledger.out)} out = {money(ledger.now)} there",
        )

    explained = facts.ask({"explain": {"since": facts.config["opened_at"]}})
    parts = [Decimal(explained[key]) for key in ("before", "fees_and_burn", "multiplier", "flow")]
    yield Check("also", sum(parts) == Decimal(explained["now"]), "explain: the parts add up to the buy price exactly")


@dataclass
class Ledger:
    """What a ledger got and gave since the opening, from events, and what the market says it holds."""

    fees: int = 0
    other: int = 0
    out: int = 0
    now: int = 0


def ledgers(facts: Facts) -> dict[str, Ledger]:
    """Every ledger by name; reserve and pending belong to the holders together."""
    now = facts.now.ledgers
    holders = Ledger(now=now["reserve"] + now["pending"])
    named = {name: Ledger(now=now[name]) for name in ("rewards", "provenance", "treasury")}
    for step in facts.steps:
        if opened := step.event("opened"):
            holders.other += opened["cost"]
        if bought := step.event("bought"):
            named["treasury"].other += bought["cost"] - bought["to_reserve"]
            holders.other += bought["to_reserve"] + bought["surcharge"] + bought["dust"]
        if sold := step.event("sold"):
            holders.other += sold["burned"] + sold["surcharge"]
            holders.out += sold["gross"]
        if traded := bought or sold:
            holders.fees += traded["fee_to_pending"]
            for name, ledger in named.items():
                ledger.fees += traded[f"fee_to_{name}"]
        if emitted := step.event("emitted"):
            named["rewards"].out += emitted["spent"]
            holders.other += emitted["spent"]
        if funded := step.event("funded"):
            holders.other += funded["amount"]
        if withdrawn := step.message.event("ledger_withdrawn"):
            named[withdrawn["ledger"]].out += int(withdrawn["amount"])
    return {"reserve + pending": holders, **named}


def _worth_is_what_is_quoted(facts: Facts) -> Check:
    gaps = []
    for address in facts.names:
        if held := facts.now.balances.get(address, 0):
            try:
                quote = facts.ask({"quote_sell": {"tokens_in": str(held), "partial": False}})
            except ChainError:
                continue  # beyond the price limit
            gaps.append(facts.sale_value(held) - int(quote["reserve_out"]))
    return Check(
        "also",
        bool(gaps) and not any(gaps),
        f"worth of the holdings, recomputed with 80 digits: as the market quotes it for the {len(gaps)} within the "
        f"price limit, largest gap {max(map(abs, gaps), default=0)} units",
    )


def _largest_message(facts: Facts) -> Check:
    step = max(facts.steps, key=lambda step: step.message.gas_used)
    gas = step.message.gas_used
    return Check("I12", gas < MOST_GAS, f"the largest message, {step.message.action}, took {gas:,} of {MOST_GAS:,} gas")
