"""What a node knows, asked over its RPC: the state at any height, and every transaction of a market.

Nothing here comes from Modelbond's own programs: the two protobuf messages that the chain's queries
need are written and read by hand, so a mistake of the command line cannot hide itself.
"""

import base64
import http.client
import json
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime, timezone


class ChainError(Exception):
    """The node did not answer, or refused the question."""


def _field(number: int, data: bytes) -> bytes:
    """A length-delimited protobuf field."""
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def _fields(data: bytes) -> dict[int, bytes]:
    """Length-delimited fields by number; the last one wins, as protobuf has it."""
    fields, at = {}, 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 != 2:
            raise ChainError(f"unexpected protobuf wire type {tag & 7}")
        length = varint()
        fields[tag >> 3] = data[at : at + length]
        at += length
    return fields


@dataclass
class Event:
    """An event of a transaction. `attributes` holds the last value where a key repeats."""

    kind: str
    attributes: dict[str, str]


@dataclass
class Message:
    """A transaction that touched the market, with the reserve it moved into and out of it."""

    hash: str
    height: int
    gas_used: int
    action: str
    events: list[Event]
    received: list[tuple[str, int]] = field(default_factory=list)  # (from whom, how much)
    paid: list[tuple[str, int]] = field(default_factory=list)  # (to whom, how much)

    def net(self, address: str | None = None) -> int:
        """What came in less what went out; of one account, or of all."""

        def total(moves: list[tuple[str, int]]) -> int:
            return sum(amount for who, amount in moves if address in (None, who))

        return total(self.received) - total(self.paid)

    def event(self, kind: str) -> dict[str, str] | None:
        """The market's own event of this kind."""
        return next((e.attributes for e in self.events if e.kind == f"wasm-market_{kind}"), None)


class Chain:
    """One node."""

    def __init__(self, rpc: str):
        self._connection = http.client.HTTPConnection(urllib.parse.urlparse(rpc).netloc, timeout=30)

    def rpc(self, method: str, **parameters) -> dict:
        """Calls a method of the node's JSON-RPC."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        try:
            self._connection.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = json.loads(self._connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise ChainError(f"the node does not answer {method}: {error}") from error
        if "error" in answer:
            raise ChainError(f"{method}: {answer['error']}")
        return answer["result"]

    def height(self) -> int:
        """Height of the last block whose state can be asked for: the node knows a block a moment before."""
        return int(self.rpc("abci_info")["response"]["last_block_height"])

    def block_time(self, height: int) -> int:
        """Time of a block in nanoseconds."""
        text = self.rpc("block", height=str(height))["block"]["header"]["time"]
        seconds, _, fraction = text.removesuffix("Z").partition(".")
        moment = datetime.fromisoformat(seconds).replace(tzinfo=timezone.utc)
        return int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0"))

    def _query(self, path: str, data: bytes, height: int) -> bytes:
        answer = self.rpc("abci_query", path=path, data=data.hex(), height=str(height))["response"]
        if answer.get("code", 0) != 0:
            raise ChainError(answer.get("log", "the query was refused"))
        return base64.b64decode(answer["value"] or "")

    def ask(self, contract: str, question: dict, height: int):
        """A contract's answer as of the end of block `height`."""
        data = _field(1, contract.encode()) + _field(2, json.dumps(question).encode())
        answer = self._query("/cosmwasm.wasm.v1.Query/SmartContractState", data, height)
        return json.loads(_fields(answer)[1])

    def balance(self, address: str, denom: str, height: int) -> int:
        """A bank balance as of the end of block `height`."""
        data = _field(1, address.encode()) + _field(2, denom.encode())
        coin = _fields(_fields(self._query("/cosmos.bank.v1beta1.Query/Balance", data, height))[1])
        return int(coin.get(2, b"0"))

    def messages(self, contract: str, denom: str) -> list[Message]:
        """Every transaction that called the contract or sent it coins, in the chain's order."""
        found = {}
        for query in (f"wasm._contract_address='{contract}'", f"transfer.recipient='{contract}'"):
            page = 1
            while True:
                answer = self.rpc(
                    "tx_search", query=query, page=str(page), per_page="100", order_by="asc"
                )
                for tx in answer["txs"]:
                    found[(int(tx["height"]), tx["index"])] = _message(tx, contract, denom)
                if page * 100 >= int(answer["total_count"]):
                    break
                page += 1
        return [found[place] for place in sorted(found)]


def _message(tx: dict, contract: str, denom: str) -> Message:
    events = [
        Event(event["type"], {a["key"]: a["value"] for a in event["attributes"]})
        for event in tx["tx_result"]["events"]
    ]
    ours = [e for e in events if e.attributes.get("_contract_address") == contract]
    actions = [e.attributes["action"] for e in ours if e.kind == "wasm" and "action" in e.attributes]
    message = Message(
        hash=tx["hash"],
        height=int(tx["height"]),
        gas_used=int(tx["tx_result"]["gas_used"]),
        action=actions[0] if actions else "bank send",
        events=ours,
    )
    for event in events:
        if event.kind == "transfer":
            sender, recipient = event.attributes["sender"], event.attributes["recipient"]
            amount = _amount(event.attributes["amount"], denom)
            if amount and recipient == contract:
                message.received.append((sender, amount))
            if amount and sender == contract:
                message.paid.append((recipient, amount))
    return message


def _amount(coins: str, denom: str) -> int:
    """The amount of `denom` in `12stake,34uusd`."""
    for coin in coins.split(","):
        digits = coin[: len(coin) - len(coin.lstrip("0123456789"))]
        if coin[len(digits) :] == denom:
            return int(digits)
    return 0
