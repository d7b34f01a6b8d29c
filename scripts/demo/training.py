#!/usr/bin/env python3
"""The report of the demo's round of training: who led, who worked, what came of it, and what must hold.

Reads the chain through its RPC and what `training.sh` wrote down. Exit code 1 when a check failed.
"""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path

from chain import Chain, ChainError
from words import fields, money, ratio, table, tokens

STAGES = ["work", "check", "appeal", "committee", "second_committee", "third_committee"]


class Training:
    """The contracts of the round, asked through the chain."""

    def __init__(self, chain: Chain, network: dict, symbol: str, run: int):
        self.chain, self.run_id = chain, run
        self.address, self.beacon = network["contracts"]["training"], network["contracts"]["beacon"]
        self.market = network["markets"][symbol]["address"]
        self.height = chain.height()

    def ask(self, contract: str, question: dict) -> dict:
        """A smart query at one height, so that all answers are of the same state."""
        return self.chain.ask(contract, question, self.height)

    def of_round(self, name: str, **more) -> dict:
        """A question about round 1."""
        return self.ask(self.address, {name: {"run_id": self.run_id, "round_id": 1, **more}})


def mean(answer: dict, name: str) -> str:
    """A loss per sample."""
    return ratio(Decimal(answer[name]) / 10**6 / max(answer["samples"], 1))


def found(answer: dict) -> str:
    """What an answer says."""
    if answer["outcome"] != "result":
        return answer["outcome"]
    return (f"loss {mean(answer, 'loss_before')} → {mean(answer, 'loss_after')}, "
            f"{answer['correct']} of {answer['samples']} right")


def seats(training: Training, groups: int) -> list[dict]:
    """All seats with what was done in them."""
    every = []
    for stage in STAGES:
        for group in range(groups if stage in STAGES[:3] else 1):
            every += training.of_round("seats", stage=stage, group=group)["seats"]
    return every


def show(round_: dict, groups: list[dict], every: list[dict], before: dict, after: dict, claims: list[dict]) -> None:
    """The report for people."""
    leaders = [f"node {leader['node_id']}" for leader in round_["lead"]["leaders"]]
    new = (round_["model"]["aggregate"] or {}).get("answer")
    print("\nThe round of training")
    print(fields({
        "led": f"{leaders[round_['lead']['attempt']]}, of the queue {', '.join(leaders)}" if leaders else "nobody",
        "roster": f"{round_['roster']['nodes']} nodes of {round_['roster']['owners']} owners",
        "model, on rows nobody had seen": found(new) if new else "none",
        "confirmed": "yes" if round_["model"]["confirmed"] else "no",
    }))
    rows = []
    for seat in every:
        place = seat["id"]
        answer = seat["reveal"]["answer"] if seat["reveal"] else None
        rows.append([f"{place['stage']} {place['group']}.{place['slot']}", f"node {seat['seat']['node_id']}",
                     found(answer) if answer else "nothing"])
    print(table(["seat", "who", "found"], rows, left=3))
    for group in groups:
        ((verdict, how),) = group["verdict"].items()
        by = f" by {how['by']}" if "by" in how else ""
        print(f"  group {group['group']}, shard {group['shard']}: {verdict}{by}")
    for claim in claims:
        paid = sum(int(event["amount"]) for event in claim["answer"]["events"])
        print(f"  node {claim['node']} and its owner were paid {tokens(paid)}")
    print(table(["price", "M", "M*", "X", "buy", "sell"], [
        [name, *(ratio(Decimal(price[key])) for key in ("multiplier", "target", "purchase_multiplier")),
         money(Decimal(price["spot"]), 6), money(Decimal(price["sale"]), 6)]
        for name, price in (("before", before), ("after", after))]))


def missed(training: Training, home: Path) -> tuple[list[int], list[int]]:
    """Rounds that were due while the emitter was dead, and those of them that are not on the chain."""
    info = json.loads((home / "beacon.json").read_text())

    def number(second: int) -> int:
        return (second - int(info["genesis_time"])) // int(info["period"]) + 1

    killed, restarted = (int((home / name).read_text()) for name in ("killed", "restarted"))
    due = list(range(number(killed), number(restarted) + 1))
    absent = [n for n in due if not training.ask(training.beacon, {"round": {"source": 0, "round": n}})["round"]]
    return due, absent


def main() -> int:
    """Prints the report and the checks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rpc", required=True)
    parser.add_argument("--home", required=True, type=Path)
    parser.add_argument("--symbol", required=True)
    parser.add_argument("--run", required=True, type=int)
    parser.add_argument("--json", type=Path, help="the data of the demo's report, to which this is added")
    options = parser.parse_args()

    def read(name: str) -> dict:
        return json.loads((options.home / name).read_text())

    training = Training(Chain(options.rpc), read("network"), options.symbol, options.run)
    run = training.ask(training.address, {"run": {"run_id": options.run}})["run"]
    round_ = training.of_round("round")["round"]
    groups = training.of_round("groups")["groups"]
    every = seats(training, round_["groups"])
    before, after = read("price-before"), read("price-after")
    lines = options.home / "claims"
    claims = [json.loads(line) for line in lines.read_text().splitlines()] if lines.exists() else []
    show(round_, groups, every, before, after, claims)

    held = int(training.ask(training.market, {"balance": {"address": training.address}})["balance"])
    ledger = sum(int(amount) for amount in run["ledger"].values())
    due, absent = missed(training, options.home)
    new = (round_["model"]["aggregate"] or {}).get("answer") or {"loss_before": "0", "loss_after": "0"}
    checks = [
        ("the committee confirmed a new model", round_["model"]["confirmed"], round_["model"]["result_hash"]),
        ("the run goes on with it", run["params"]["base_hash"] == round_["model"]["result_hash"],
         run["params"]["base_hash"]),
        ("it is better on the holdout", int(new["loss_after"]) < int(new["loss_before"]),
         f"loss {int(new['loss_before']) / 1e6:.3f} → {int(new['loss_after']) / 1e6:.3f}, all rows together"),
        ("every seat that was drawn showed an answer", all(seat["reveal"] for seat in every), f"{len(every)} seats"),
        ("the metrics reached the market", before["target"] != after["target"],
         f"M* {before['target']} → {after['target']}"),
        ("the price follows", before["multiplier"] != after["multiplier"],
         f"M {before['multiplier']} → {after['multiplier']}"),
        ("somebody was paid", bool(claims), f"{len(claims)} nodes"),
        ("training holds what its ledger says", held == ledger, f"{tokens(held)} held, {tokens(ledger)} in the ledger"),
        ("the emitter handed in what it had missed", bool(due) and not absent, f"rounds {due}, absent {absent}"),
    ]
    print("\nChecks of the round")
    for what, holds, detail in checks:
        print(f"  {'ok    ' if holds else 'FAILED'}  {what}: {detail}")
    if options.json:
        data = json.loads(options.json.read_text()) if options.json.exists() else {}
        data["training"] = {
            "run": run, "round": round_, "groups": groups, "seats": every, "price_before": before,
            "price_after": after, "claims": claims,
            "checks": [{"what": what, "holds": holds, "detail": detail} for what, holds, detail in checks],
        }
        options.json.write_text(json.dumps(data, indent=2) + "\n")
    return 0 if all(holds for _, holds, _ in checks) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ChainError, KeyError, OSError, ValueError) as error:
        print(f"the round's report failed: {error!r}", file=sys.stderr)
        sys.exit(1)
