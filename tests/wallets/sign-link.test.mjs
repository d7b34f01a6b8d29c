// What sign-link.mjs prints is what modelbond verifies.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";

import { message, PHRASE, verify } from "./modelbond.mjs";

const TYPED_DATA = {
  types: {
    EIP712Domain: [{ name: "name", type: "string" }, { name: "chainId", type: "uint256" }],
    Link: [{ name: "cosmos_address", type: "string" }, { name: "nonce", type: "uint64" }],
  },
  primaryType: "Link",
  domain: { name: "Modelbond", chainId: "1" },
  message: { cosmos_address: "wasm1…", nonce: "0" },
};
const TEXT = "Modelbond: link\n0123456789abcdef";

function signLink(input) {
  const program = path.join(import.meta.dirname, "sign-link.mjs");
  return spawnSync(process.execPath, [program], { input: JSON.stringify(input), encoding: "utf8" });
}

for (const key of [{ mnemonic: PHRASE }, { private_key: "07".repeat(32) }, { private_key: `0x${"07".repeat(32)}` }]) {
  test(`the signatures by ${Object.keys(key)} are verified`, () => {
    const run = signLink({ ...key, prefix: "wasm", typed_data: TYPED_DATA, text: TEXT });
    assert.equal(run.status, 0, run.stderr);
    const signed = JSON.parse(run.stdout);
    const text = Buffer.from(TEXT);
    assert.equal(verify(message.eip712(TYPED_DATA), signed.eth_signature_eip712, signed.eth_address).code, 0);
    assert.equal(verify(message.eip191(text), signed.eth_signature_eip191, signed.eth_address).code, 0);
    assert.equal(verify(message.adr036(text), signed.cosmos_signature_adr036, signed.cosmos_address).code, 0);
    assert.equal(verify(message.adr036(text), signed.cosmos_signature_adr036, signed.pubkey_base64).code, 0);
  });
}

test("without anything to sign there are the addresses", () => {
  const run = signLink({ private_key: "07".repeat(32) });
  const answer = JSON.parse(run.stdout);
  assert.match(answer.cosmos_address, /^wasm1/);
  assert.equal(answer.eth_signature_eip712, null);
});

test("a domain type that ethers would not sign is refused", () => {
  const types = { ...TYPED_DATA.types, EIP712Domain: [{ name: "name", type: "string" }] };
  const run = signLink({ mnemonic: PHRASE, typed_data: { ...TYPED_DATA, types } });
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /another domain type/);
});
