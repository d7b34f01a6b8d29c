"""What happened to a market, read from the chain: each message with the state right after it."""

import json
import subprocess
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from chain import Chain, Message
from curve import Backing, Sigmoid

PAGE = 30  # most accounts that one query lists


@dataclass
class State:
    """A market at the end of a block. Amounts are base units."""

    height: int
    price: dict[str, Decimal]
    ledgers: dict[str, int]
    bank: int  # balance of the contract
    supply: int
    balances: dict[str, int]  # every account's tokens, the contract's own included

    @property
    def backing(self) -> Backing:
        """R and the supply."""
        return Backing(self.ledgers["reserve"], self.supply)

    @property
    def owed(self) -> int:
        """Reserve, pending and every ledger."""
        return sum(self.ledgers.values())


@dataclass
class Step:
    """A message, what the story calls it, and the state after it."""

    message: Message
    who: str
    what: str
    mark: str
    seconds: float  # since the opening
    state: State

    def event(self, kind: str) -> dict[str, int] | None:
        """The market's event with its numbers as integers; texts are left out."""
        found = self.message.event(kind)
        return found and {key: int(value) for key, value in found.items() if value.isdigit()}

    @property
    def before(self) -> Backing | None:
        """R and supply right before the message, at the time of its block; none if it moved neither."""
        if bought := self.event("bought"):
            minted = bought["tokens_out"] + bought["stakeholder_tokens"]
            return Backing(bought["reserve"] - bought["to_reserve"], bought["supply"] - minted)
        if sold := self.event("sold"):
            return Backing(sold["reserve"] + sold["gross"], sold["supply"] + sold["tokens_in"])
        if burned := self.event("burned"):
            return Backing(burned["reserve"] + burned["gross"], burned["supply"] + burned["amount"])
        if emitted := self.event("emitted"):
            return Backing(emitted["reserve"] - emitted["spent"], emitted["supply"] - emitted["tokens_out"])
        return None

    @property
    def after(self) -> Backing:
        """R and supply after it: of its event, or else of the state."""
        for kind in ("bought", "sold", "burned", "emitted"):
            if event := self.event(kind):
                return Backing(event["reserve"], event["supply"])
        return self.state.backing


@dataclass
class Facts:
    """A market's whole life."""

    chain: Chain
    market: str
    config: dict
    symbol: str
    curve: Sigmoid
    names: dict[str, str]  # by address
    journal: list[dict]
    program: str  # modelbond
    steps: list[Step] = field(default_factory=list)
    now: State = None

    @property
    def denom(self) -> str:
        """Denom of the reserve."""
        return self.config["reserve_denom"]

    def name(self, address: str) -> str:
        """Who that is."""
        return self.names.get(address, "stranger")

    def ask(self, question: dict, height: int | None = None):
        """The market's answer as of a block, by default the last one of the report."""
        return self.chain.ask(self.market, question, height or self.now.height)

    def evaluate(self, supply: int, trade: str, units: int) -> dict[str, int]:
        """What the contract's mathematics says about a trade at M = 1, offline and before fees."""
        curve = self.config["params"]["curve"]
        options = {
            "kind": curve["kind"],
            "price-scale": curve["price_scale"],
            "steepness": f"{curve['steepness']}e-24",
            "midpoint": f"{curve['midpoint']}e-6",
            "max-supply": curve["max_supply"],
            "supply": supply,
            trade: units,
        }
        words = [word for option, value in options.items() for word in (f"--{option}", str(value))]
        answer = subprocess.run(
            [self.program, "curve", "eval", "--json", *words], check=True, capture_output=True, text=True
        )
        return {key: int(value) for key, value in json.loads(answer.stdout).items() if str(value).isdigit()}

    def marked(self, mark: str) -> list[Step]:
        """The messages of a group of steps."""
        return [step for step in self.steps if step.mark == mark]

    def flows(self, address: str) -> tuple[int, int]:
        """What an account paid into the market, refunds taken off, and what the market paid to it."""
        nets = [step.message.net(address) for step in self.steps]
        return sum(net for net in nets if net > 0), -sum(net for net in nets if net < 0)

    def sale_value(self, tokens: int) -> int:
        """What selling `tokens` now would pay after fees, price limit and locks aside."""
        if tokens == 0:
            return 0
        gross = int(self.curve.proceeds(self.now.backing, tokens))
        rates = (self.now.price["fee"], self.now.price["sell_surcharge"])
        return gross - sum(ceil(gross * rate) for rate in rates)


def collect(chain: Chain, market: str, names: dict[str, str], journal: list[dict], program: str) -> Facts:
    """Reads everything; each state is asked for at the height of its message."""
    now = chain.height()
    config = chain.ask(market, {"config": {}}, now)
    facts = Facts(
        chain=chain,
        market=market,
        config=config,
        symbol=chain.ask(market, {"token_info": {}}, now)["symbol"],
        curve=Sigmoid(config["params"]["curve"]),
        names=names,
        journal=journal,
        program=program,
    )
    told = {
        entry["answer"]["transaction"]["hash"]: entry
        for entry in journal
        if entry["kind"] == "act" and "transaction" in entry["answer"]
    }
    opened_at = int(config["opened_at"])
    for message in chain.messages(market, facts.denom):
        entry = told.get(message.hash, {"who": "", "what": message.action, "mark": ""})
        facts.steps.append(
            Step(
                message=message,
                who=entry["who"],
                what=entry["what"],
                mark=entry["mark"],
                seconds=(chain.block_time(message.height) - opened_at) / 1e9,
                state=_state(facts, message.height),
            )
        )
    facts.now = _state(facts, now)
    return facts


def _state(facts: Facts, height: int) -> State:
    def ask(question):
        return facts.chain.ask(facts.market, question, height)

    accounts, start = [], None
    while True:
        page = ask({"all_accounts": {"start_after": start, "limit": PAGE}})["accounts"]
        accounts += page
        if len(page) < PAGE:
            break
        start = page[-1]
    price = ask({"price": {}})
    ledgers = ask({"ledgers": {}})
    del ledgers["pending_ends_at"]
    return State(
        height=height,
        price={key: Decimal(value) for key, value in price.items()},
        ledgers={key: int(value) for key, value in ledgers.items()},
        bank=facts.chain.balance(facts.market, facts.denom, height),
        supply=int(ask({"token_info": {}})["total_supply"]),
        balances={
            address: int(ask({"balance": {"address": address}})["balance"])
            for address in {*accounts, facts.market}
        },
    )
