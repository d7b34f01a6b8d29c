#!/usr/bin/env python3
"""The demo's report: what happened to a market, what everybody made of it, and whether I1–I8 held.

Reads the chain through its RPC (every transaction of the market, and the state after each) and the journal
of `scripts/demo.sh` for the names of accounts and steps. Exit code 1 when a check failed.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from statistics import median

from chain import Chain, ChainError
from checks import Check, all_checks, ledgers
from facts import Facts, collect
from identities import identities
from words import dollars, fields, money, paragraph, ratio, table, tokens

BPS = 10_000


def heading(text: str) -> None:
    """A blank line and a title."""
    print(f"\n{text}")


# --- Parts of the report --------------------------------------------------------------------------------


def standing(facts: Facts) -> dict:
    """Prices, multipliers and ledgers of now."""
    price, held = facts.now.price, facts.now.ledgers
    age = int(facts.steps[-1].seconds)
    average = facts.ask({"twap": {"window_secs": age}})
    heading(f"{facts.symbol} at {facts.market}, block {facts.now.height}")
    print(fields({
        "supply": f"{tokens(facts.now.supply)} of {tokens(facts.curve.max_supply)} {facts.symbol}",
        "base price P": money(price["base"], 6),
        "average of P": f"{money(Decimal(average['price']), 6)} over {average['window_secs']} s",
        "multiplier M": f"{ratio(price['multiplier'])} on its way to M* {ratio(price['target'])}",
        "backing B": ratio(price["backing"]),
        "a purchase pays X": ratio(price["purchase_multiplier"]),
        "buy price X·P": money(price["spot"], 6),
        "sale price B·P": money(price["sale"], 6),
        "reserve R": money(held["reserve"]),
        "pending, streams into R": money(held["pending"]),
        "bank balance": money(facts.now.bank),
    }))
    return {"height": facts.now.height, "supply": facts.now.supply, "ledgers": held, "bank": facts.now.bank,
            "average": average, "price": {key: str(value) for key, value in price.items()}}


def course(facts: Facts) -> list[dict]:
    """Each message with the prices after it."""
    heading("What happened, and the prices after it (USD per token)")
    rows, data = [], []
    for step in facts.steps:
        price = step.state.price
        shown = ("multiplier", "backing", "purchase_multiplier", "base", "spot", "sale")
        numbers = [ratio(price[key] if index < 3 else price[key] / 10**6) for index, key in enumerate(shown)]
        rows.append([f"{step.seconds:5.1f} s", f"{step.who} {step.what}".strip(), *numbers])
        data.append({"seconds": round(step.seconds, 3), "height": step.message.height, "who": step.who,
                     "what": step.what, "action": step.message.action, "transaction": step.message.hash,
                     "gas_used": step.message.gas_used, "reserve": step.state.ledgers["reserve"],
                     "supply": step.state.supply, **{key: str(price[key]) for key in shown}})
    print(table(["time", "", "M", "B", "X", "P", "buy X·P", "sell B·P"], rows, left=2))
    return data


def vesting_tokens(facts: Facts) -> dict[str, int]:
    """Tokens that the contract holds for beneficiaries, claimable or still vesting."""
    vesting = facts.ask({"vesting": {}})
    held = defaultdict(int)
    for claimable in vesting["claimable"]:
        held[claimable["address"]] += int(claimable["amount"])
    held[facts.config["creator"]] += int(vesting["initial"]["vesting"])
    for share in facts.config["params"]["allocation"]["stakeholders"]:
        held[share["address"]] += int(vesting["stakeholders"]["vesting"]) * share["bps"] // BPS
    return held


def accounts(facts: Facts) -> list[dict]:
    """Everybody's money in, money out, and what they could sell their tokens for."""
    heading("Who made what of it (USD; tokens are worth what each account would get for them now, price limit aside)")
    vesting = vesting_tokens(facts)
    others = {who for step in facts.steps for who, _ in step.message.received} - facts.names.keys()
    rows, data = [], []
    for address in [*facts.names, *sorted(others)]:
        paid, received = facts.flows(address)
        held, promised = facts.now.balances.get(address, 0), vesting.get(address, 0)
        worth = facts.sale_value(held + promised)
        profit = received + worth - paid
        data.append({"account": facts.name(address), "address": address, "paid": paid, "received": received,
                     "tokens": held, "vesting": promised, "worth": worth, "profit": profit})
        rows.append([facts.name(address), dollars(paid), dollars(received), tokens(held), tokens(promised),
                     dollars(worth), dollars(profit), f"{Decimal(profit) / Decimal(paid):+.1%}" if paid else ""])
    paid, received = (sum(row[key] for row in data) for key in ("paid", "received"))
    rows.append(["all", dollars(paid), dollars(received), "", "", "", "", f"{dollars(paid - received)} in the bank"])
    head = ["account", "paid", "got", f"{facts.symbol} held", "and vesting", "worth", "profit", ""]
    print(table(head, rows))
    return data


def fees(facts: Facts) -> dict:
    """Where fees went, and what became of each ledger."""
    heading("Fees by ledger (USD); other: purchases and revenue to the holders, premium above B to the treasury")
    found = ledgers(facts)
    rows = [[name, *map(dollars, vars(ledger).values())] for name, ledger in found.items()]
    sums = [sum(column) for column in zip(*(vars(ledger).values() for ledger in found.values()))]
    print(table(["ledger", "fees", "other", "went out", "is there"], [*rows, ["all", *map(dollars, sums)]]))
    return {name: vars(ledger) for name, ledger in found.items()}


def gas(facts: Facts) -> dict:
    """Gas by kind of message; the code is not pinned."""
    heading("Gas per operation (code not pinned)")
    used = defaultdict(list)
    for step in facts.steps:
        used[step.message.action].append(step.message.gas_used)
    rows = [[action, str(len(all_)), *(f"{int(pick(all_)):,}" for pick in (min, median, max))]
            for action, all_ in sorted(used.items(), key=lambda item: -median(item[1]))]
    print(table(["operation", "times", "least", "median", "most"], rows))
    return used


def refusals(facts: Facts) -> list[dict]:
    """What was tried and refused, in the market's words."""
    heading("Refused, nothing was charged")
    refused = [entry for entry in facts.journal if entry["kind"] == "refused"]
    for entry in refused:
        print(f"  {entry['who']} {entry['what']}")
        print(paragraph("  ", entry["answer"]["error"]))
    return [{key: entry[key] for key in ("who", "what", "answer")} for entry in refused]


def explained(facts: Facts) -> dict:
    """Why the price moved."""
    answer = facts.ask({"explain": {"since": facts.config["opened_at"]}})
    heading("Why the buy price moved since the opening")
    names = {"before": "then", "fees_and_burn": "fees, burns, revenue", "multiplier": "success multiplier",
             "flow": "trades and emission", "now": "now"}
    print(fields({label: money(Decimal(answer[key]), 6) for key, label in names.items()}))
    return answer


def verdict(checks: list[Check]) -> None:
    """Each check with its numbers."""
    heading("Invariants, checked against the chain's state")
    for check in checks:
        print(paragraph(f"{check.invariant:<6}{'ok' if check.passed else 'FAILED':<8}", check.text))


# --- Command line ---------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rpc", required=True, help="the node, http://HOST:PORT")
    parser.add_argument("--market", required=True, help="address of the market")
    parser.add_argument("--accounts", required=True, type=Path, help="JSON objects {name: address}, one a line")
    parser.add_argument("--journal", required=True, type=Path, help="the journal of scripts/demo.sh")
    parser.add_argument("--program", required=True, help="the command line, for its offline mathematics")
    parser.add_argument("--seconds", type=float, default=0, help="how long the demo has taken so far")
    parser.add_argument("--json", type=Path, help="write the data here, too")
    return parser.parse_args()


def main() -> int:
    started = time.monotonic()
    options = arguments()
    names = {}
    for line in options.accounts.read_text().splitlines():
        names |= {address: name for name, address in json.loads(line).items()}
    journal = [json.loads(line) for line in options.journal.read_text().splitlines()]
    try:
        chain = Chain(options.rpc)
        people, checks = identities(chain, journal)
        facts = collect(chain, options.market, names, journal, options.program)
        checks = [*all_checks(facts), *checks]
        data = {
            "identities": people,
            "market": facts.market,
            "symbol": facts.symbol,
            "config": facts.config,
            "course": course(facts),
            "now": standing(facts),
            "explain": explained(facts),
            "accounts": accounts(facts),
            "ledgers": fees(facts),
            "gas": gas(facts),
            "refusals": refusals(facts),
            "checks": [vars(check) for check in checks],
        }
    except (ChainError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", getattr(error, "stderr", None) or "", file=sys.stderr)
        return 1
    verdict(checks)
    failed = sum(not check.passed for check in checks)
    seconds = options.seconds + time.monotonic() - started
    print(f"\n{len(checks)} checks, {failed} failed, {seconds:.0f} s")
    if options.json:
        options.json.write_text(json.dumps({**data, "failed": failed, "seconds": round(seconds, 1)}, indent=2) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
