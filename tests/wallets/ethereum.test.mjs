// ethers signs, modelbond verifies; modelbond signs, ethers verifies.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

import { home, message, PATH, PHRASE, recover, sign, succeed, verify } from "./modelbond.mjs";
import { ethers } from "./packages.mjs";

const wallet = ethers.HDNodeWallet.fromPhrase(PHRASE, "", PATH);
const stranger = ethers.HDNodeWallet.fromPhrase(PHRASE, "", "m/44'/60'/0'/0/7");
const utf8 = (text) => Buffer.from(text, "utf8");

const TEXTS = {
  "plain text": utf8("hello world"),
  "empty text": utf8(""),
  "unicode": utf8("Grüße, 世界 🦀 e\u0301 \u2028 <&>"),
  "several lines": utf8("Modelbond: link\n0123456789abcdef\n"),
  "a length of three digits": utf8("x".repeat(100)),
  "bytes that are no text": Uint8Array.from([0, 0xff, 0xfe, 0x19, 0x45, 0x80]),
  "32 bytes": Uint8Array.from({ length: 32 }, (_, index) => index),
};

// The example of EIP-712.
const MAIL = {
  domain: {
    name: "Ether Mail", version: "1", chainId: 1,
    verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
  },
  types: {
    Person: [{ name: "name", type: "string" }, { name: "wallet", type: "address" }],
    Mail: [{ name: "from", type: "Person" }, { name: "to", type: "Person" }, { name: "contents", type: "string" }],
  },
  value: {
    from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
    to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
    contents: "Hello, Bob!",
  },
};

const TYPED_DATA = {
  "the mail of EIP-712": MAIL,
  "structs in arrays in structs": {
    domain: { name: "Orders", chainId: 1n << 200n },
    types: {
      Item: [{ name: "id", type: "uint256" }, { name: "tags", type: "string[]" }],
      Lot: [{ name: "items", type: "Item[]" }, { name: "pairs", type: "Item[2]" }],
      Order: [{ name: "lots", type: "Lot[][]" }, { name: "grid", type: "int16[2][3]" }],
    },
    value: {
      lots: [[{ items: [], pairs: [{ id: 1, tags: [] }, { id: 2, tags: ["a", ""] }] }], []],
      grid: [[1, -1], [32767, -32768], [0, 5]],
    },
  },
  "the extremes of numbers": {
    domain: { version: "" },
    types: {
      Extremes: [
        { name: "least", type: "int256" }, { name: "most", type: "int256" }, { name: "all", type: "uint256" },
        { name: "small", type: "int8" }, { name: "byte", type: "uint8" }, { name: "none", type: "uint64" },
        { name: "beyond", type: "uint64" }, { name: "minus", type: "int256" },
      ],
    },
    value: {
      least: -(1n << 255n), most: (1n << 255n) - 1n, all: (1n << 256n) - 1n, small: -128, byte: 255, none: 0,
      beyond: (1n << 64n) - 1n, minus: -1n,
    },
  },
  "bytes, short, long and empty": {
    domain: { salt: "0x" + "ab".repeat(32) },
    types: {
      Blob: [
        { name: "empty", type: "bytes" }, { name: "long", type: "bytes" }, { name: "one", type: "bytes1" },
        { name: "word", type: "bytes32" }, { name: "list", type: "bytes[]" }, { name: "flag", type: "bool" },
      ],
    },
    value: {
      empty: "0x", long: "0x" + "c0".repeat(200), one: "0x80", word: "0x" + "0f".repeat(32), list: ["0x", "0x00"],
      flag: true,
    },
  },
  "a domain of nothing": { domain: {}, types: { Note: [{ name: "text", type: "string" }] }, value: { text: "<&>\u2028" } },
};

const document = ({ domain, types, value }) => ethers.TypedDataEncoder.getPayload(domain, types, value);

for (const [name, bytes] of Object.entries(TEXTS)) {
  test(`text: ${name}, signed by ethers, is verified`, async () => {
    const signature = await wallet.signMessage(bytes);
    assert.equal(verify(message.eip191(bytes), signature, wallet.address).code, 0);
    assert.equal(recover(message.eip191(bytes), signature).keys[0].addresses.eth, wallet.address);
    const changed = Buffer.concat([bytes, Buffer.from([0])]);
    assert.equal(verify(message.eip191(changed), signature, wallet.address).code, 1);
    assert.equal(verify(message.eip191(bytes), signature, stranger.address).code, 1);
  });

  test(`text: ${name}, signed by modelbond, is verified by ethers`, () => {
    const { signature, signer } = sign(message.eip191(bytes));
    assert.equal(signer, wallet.address);
    assert.equal(ethers.verifyMessage(bytes, signature), wallet.address);
  });
}

for (const [name, data] of Object.entries(TYPED_DATA)) {
  const { domain, types, value } = data;

  test(`typed data: ${name}, signed by ethers, is verified`, async () => {
    const signature = await wallet.signTypedData(domain, types, value);
    assert.equal(verify(message.eip712(document(data)), signature, wallet.address).code, 0);
    const [key] = recover(message.eip712(document(data)), signature).keys;
    assert.equal(key.addresses.eth, wallet.address);
    const changed = document({ ...data, domain: { ...domain, name: "Another" } });
    assert.equal(verify(message.eip712(changed), signature, wallet.address).code, 1);
  });

  test(`typed data: ${name}, signed by modelbond, is verified by ethers`, () => {
    const { signature } = sign(message.eip712(document(data)));
    assert.equal(ethers.verifyTypedData(domain, types, value, signature), wallet.address);
  });
}

test("typed data: a changed member is not what was signed", async () => {
  const signature = await wallet.signTypedData(MAIL.domain, MAIL.types, MAIL.value);
  const changed = document({ ...MAIL, value: { ...MAIL.value, contents: "Hello, Bob?" } });
  assert.equal(verify(message.eip712(changed), signature, wallet.address).code, 1);
});

test("both sign the mail of EIP-712 with the same bytes", async () => {
  const signature = await wallet.signTypedData(MAIL.domain, MAIL.types, MAIL.value);
  assert.equal(sign(message.eip712(document(MAIL))).signature, signature);
});

test("the cow's signature of EIP-712 is verified", async () => {
  const cow = new ethers.Wallet(ethers.id("cow"));
  const signature = await cow.signTypedData(MAIL.domain, MAIL.types, MAIL.value);
  const published = "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c";
  assert.equal(signature, published);
  const signer = "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826";
  assert.equal(verify(message.eip712(document(MAIL)), published, signer).code, 0);
});

test("text as an argument and in a file is what ethers signs", async () => {
  const text = "Grüße, 世界\n";
  const file = path.join(home, "message.txt");
  writeFileSync(file, text);
  const signature = await wallet.signMessage(text);
  for (const source of [["--message", text], ["--message-file", file]]) {
    assert.equal(verify([["--scheme", "eip191", ...source], {}], signature, wallet.address).code, 0);
  }
});

test("a key of the keystore on the path of Ethereum wallets signs as that wallet", () => {
  const metamask = ethers.HDNodeWallet.fromPhrase(PHRASE);
  const passphrase = ["--passphrase-file", path.join(home, "passphrase")];
  writeFileSync(path.join(home, "passphrase"), "correct horse battery staple\n", { mode: 0o600 });
  succeed(["keys", "import", "metamask", "--from-env", "--hd-path", metamask.path, ...passphrase]);
  const [args] = message.eip191(utf8("hello"));
  const { signature, signer } = succeed(["sig", "sign", ...args, "--from", "metamask", ...passphrase]);
  assert.equal(signer, metamask.address);
  assert.equal(ethers.verifyMessage("hello", signature), metamask.address);
});
