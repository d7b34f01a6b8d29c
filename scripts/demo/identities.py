"""Who is who: the link that the demo made, read from the chain in both directions."""

import json

from chain import Chain
from checks import Check
from words import fields


def links(journal: list[dict]) -> list[dict]:
    """Each accepted link with its answer."""
    return [entry["answer"] for entry in journal if "bridge_linked" in json.dumps(entry["answer"])]


def identities(chain: Chain, journal: list[dict]) -> tuple[list[dict], list[Check]]:
    """Prints the links; each must resolve to the other address from both sides."""
    height = chain.height()
    data, checks = [], []
    for made in links(journal):
        def ask(question: dict, bridge: str = made["bridge"]) -> dict:
            return chain.ask(bridge, question, height)

        pair = {"eth_address": made["eth_address"], "cosmos_address": made["cosmos_address"]}
        answers = [ask({"resolve": {"address": address}})["link"] for address in pair.values()]
        both = all(answer and {key: answer[key] for key in pair} == pair for answer in answers)
        next_nonce = ask({"nonce": {"cosmos_address": pair["cosmos_address"]}})["nonce"]
        gas = made["transaction"]["gas_used"]
        print("\nOne person, two addresses")
        print(fields({"Ethereum": pair["eth_address"], "Cosmos": pair["cosmos_address"], "gas of the link": f"{gas:,}"}))
        checks.append(Check("also", both, "ada's two addresses resolve to each other"))
        checks.append(Check("I10", next_nonce == made["nonce"] + 1, f"the nonce {made['nonce']} that both wallets "
                            f"signed is used up, the next one is {next_nonce}"))
        data.append({**pair, "gas_used": gas})
    return data, checks
