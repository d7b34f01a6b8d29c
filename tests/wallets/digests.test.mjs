// What is hashed: the wallet libraries and modelbond agree on hundreds of random messages.
import assert from "node:assert/strict";
import { test } from "node:test";

import { adr036 } from "./adr036.mjs";
import { Random, typedData } from "./documents.mjs";
import { digest, hex, message, succeed } from "./modelbond.mjs";
import { amino, crypto, encoding, ethers, protoSigning } from "./packages.mjs";

// An error names the message: the numbers are the same in every run.
function each(count, seed, compare) {
  const random = new Random(seed);
  for (let index = 0; index < count; index += 1) compare(random, `message ${index}`);
}

test("150 documents of typed data have the digest of ethers", () => {
  each(150, 712, (random, name) => {
    const { domain, types, value } = typedData(random);
    const document = ethers.TypedDataEncoder.getPayload(domain, types, value);
    const expected = ethers.TypedDataEncoder.hash(domain, types, value);
    assert.equal(`0x${digest(message.eip712(document))}`, expected, `${name}: ${JSON.stringify(document)}`);
  });
});

test("80 texts have the digest of ethers", () => {
  each(80, 191, (random, name) => {
    const bytes = random.chance(2) ? Buffer.from(random.text()) : random.bytes(random.below(300));
    assert.equal(`0x${digest(message.eip191(bytes))}`, ethers.hashMessage(bytes), `${name}: ${hex(bytes)}`);
  });
});

// A prefix may have every printable character: three of them are escaped in amino JSON.
test("100 documents of ADR-036 are the text that cosmjs signs, escapes included", () => {
  let escaped = 0;
  each(100, 36, (random, name) => {
    const prefix = Array.from({ length: 1 + random.below(8) }, () => random.pick("abz059<>&\"\\/+'".split("")));
    const signer = encoding.toBech32(prefix.join(""), random.bytes(20));
    const bytes = random.bytes(random.below(200));
    const [args, options] = message.adr036(bytes);
    const signed = amino.serializeSignDoc(adr036(signer, bytes));
    const answer = succeed(["sig", "digest", ...args, "--signer", signer], options);
    assert.equal(answer.made_from.sign_doc, Buffer.from(signed).toString(), name);
    assert.equal(answer.digest, hex(crypto.sha256(signed)), name);
    escaped += /\\u003c|\\u003e|\\u0026/.test(answer.made_from.sign_doc) ? 1 : 0;
  });
  assert.ok(escaped > 20, `${escaped} documents with an escape`);
});

test("60 SignDocs have the digest of cosmjs", () => {
  each(60, 20, (random, name) => {
    const bytes = (most) => random.bytes(random.below(most));
    const account = Number(random.integer(false, 48));
    const signDoc = protoSigning.makeSignDoc(bytes(300), bytes(150), `chain-${random.below(1e9)}`, account);
    const signed = protoSigning.makeSignBytes(signDoc);
    const base64 = Buffer.from(Buffer.from(signed).toString("base64"));
    assert.equal(digest(message.direct(base64)), hex(crypto.sha256(signed)), name);
  });
});
