// cosmjs signs, modelbond verifies; modelbond signs, cosmjs verifies.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";

import { adr036 } from "./adr036.mjs";
import { base64, hex, home, message, PHRASE, PREFIX, recover, sign, verify } from "./modelbond.mjs";
import { amino, crypto, protoSigning } from "./packages.mjs";

const TEXTS = {
  "plain text": Buffer.from("hello world"),
  "empty text": Buffer.from(""),
  "unicode": Buffer.from("Grüße, 世界 🦀 <&>\u2028"),
  "bytes that are no text": Uint8Array.from([0, 0xff, 0xfe, 0x0a, 0x80]),
  "a long one": Buffer.alloc(5000, 0x3c),
};

const MEMOS = { "a transfer": "", "a transfer with a memo": "<rent> & more 🏠" };

let aminoWallet;
let directWallet;
let account;

before(async () => {
  aminoWallet = await amino.Secp256k1HdWallet.fromMnemonic(PHRASE, { prefix: PREFIX });
  directWallet = await protoSigning.DirectSecp256k1HdWallet.fromMnemonic(PHRASE, { prefix: PREFIX });
  [account] = await aminoWallet.getAccounts();
});

// A SignDoc as a wallet gets it from an application.
function transfer(memo, amount = "12345") {
  const registry = new protoSigning.Registry();
  const send = {
    typeUrl: "/cosmos.bank.v1beta1.MsgSend",
    value: { fromAddress: account.address, toAddress: account.address, amount: [{ denom: "uusd", amount }] },
  };
  const body = registry.encodeTxBody({ messages: [send], memo });
  const pubkey = protoSigning.encodePubkey(amino.encodeSecp256k1Pubkey(account.pubkey));
  const fee = [{ denom: "uusd", amount: "2000" }];
  const authInfo = protoSigning.makeAuthInfoBytes([{ pubkey, sequence: 7 }], fee, 200_000, undefined, undefined);
  return protoSigning.makeSignDoc(body, authInfo, "modelbond-1", 42);
}

async function isBy(pubkey, bytes, signature) {
  const fixed = crypto.Secp256k1Signature.fromFixedLength(Buffer.from(signature, "base64"));
  return crypto.Secp256k1.verifySignature(fixed, crypto.sha256(bytes), pubkey);
}

for (const [name, bytes] of Object.entries(TEXTS)) {
  test(`ADR-036: ${name}, signed by cosmjs, is verified`, async () => {
    const { signature } = await aminoWallet.signAmino(account.address, adr036(account.address, bytes));
    const given = message.adr036(bytes);
    assert.equal(verify(given, signature.signature, account.address).code, 0);
    assert.equal(verify(given, signature.signature, signature.pub_key.value).code, 0);
    const found = recover(given, signature.signature, "--signer", account.address);
    assert.equal(found.signed_by, hex(account.pubkey));
    assert.equal(found.keys.find((key) => key.public_key === found.signed_by).addresses.cosmos, account.address);
    const changed = message.adr036(Buffer.concat([bytes, Buffer.from(" ")]));
    assert.equal(verify(changed, signature.signature, account.address).code, 1);
  });

  test(`ADR-036: ${name}, signed by modelbond, is verified by cosmjs`, async () => {
    const { signature, signer } = sign(message.adr036(bytes));
    assert.equal(signer, account.address);
    const signed = amino.serializeSignDoc(adr036(account.address, bytes));
    assert.ok(await isBy(account.pubkey, signed, signature));
    assert.ok(!(await isBy(account.pubkey, Buffer.concat([signed, Buffer.from(" ")]), signature)));
  });
}

for (const [name, memo] of Object.entries(MEMOS)) {
  test(`SignDoc: ${name}, signed by cosmjs, is verified, raw and as text`, async () => {
    const signDoc = transfer(memo);
    const { signature } = await directWallet.signDirect(account.address, signDoc);
    const bytes = protoSigning.makeSignBytes(signDoc);
    const file = path.join(home, "sign-doc");
    for (const content of [bytes, base64(bytes), hex(bytes)]) {
      writeFileSync(file, content);
      const given = [["--scheme", "direct", "--sign-doc", file], {}];
      assert.equal(verify(given, signature.signature, account.address).code, 0);
      assert.equal(verify(given, signature.signature, hex(account.pubkey)).code, 0);
    }
    const keys = recover(message.direct(bytes), signature.signature).keys.map((key) => key.public_key);
    assert.ok(keys.includes(hex(account.pubkey)));
    const other = message.direct(protoSigning.makeSignBytes(transfer(memo, "12346")));
    assert.equal(verify(other, signature.signature, account.address).code, 1);
  });

  test(`SignDoc: ${name}, signed by modelbond, is verified by cosmjs`, async () => {
    const bytes = protoSigning.makeSignBytes(transfer(memo));
    const { signature, signer } = sign(message.direct(bytes));
    assert.equal(signer, account.address);
    assert.ok(await isBy(account.pubkey, bytes, signature));
  });
}

test("both sign with the same bytes", async () => {
  const bytes = Buffer.from("hello");
  const byCosmjs = await aminoWallet.signAmino(account.address, adr036(account.address, bytes));
  assert.equal(sign(message.adr036(bytes)).signature, byCosmjs.signature.signature);
});

test("a Cosmos signature does not become one of an Ethereum scheme", async () => {
  const bytes = Buffer.from("hello");
  const { signature } = await aminoWallet.signAmino(account.address, adr036(account.address, bytes));
  const fixed = Buffer.from(signature.signature, "base64");
  for (const v of [27, 28]) {
    const eth = `0x${hex(fixed)}${v.toString(16)}`;
    assert.equal(verify(message.eip191(bytes), eth, hex(account.pubkey)).code, 1);
  }
});
