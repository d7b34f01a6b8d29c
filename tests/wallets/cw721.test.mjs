// cosmjs as a wallet and marketplace has it, against the provenance contract on a real chain: cw721's own
// messages and queries, and cw2981's. MODELBOND_WASMD and MODELBOND_ARTIFACTS say where node and contract are.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { amino, cosmwasm, protoSigning } from "./packages.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
// The devnet's faucet, known to everybody.
const PHRASE = "test test test test test test test test test test test junk";
const HASH = "ab".repeat(32);
const FEE = { amount: [], gas: "3000000" };

const home = mkdtempSync(path.join(tmpdir(), "modelbond-cw721."));
const devnet = (...command) => execFileSync(path.join(ROOT, "scripts/devnet.sh"), [...command, "--home", home]);

let client;
let nfts;
// The first is training's, which mints; the others are people.
let training, alice, bob;

before(async () => {
  const hdPaths = [0, 1, 2].map((index) => amino.makeCosmoshubPath(index));
  const wallet = await protoSigning.DirectSecp256k1HdWallet.fromMnemonic(PHRASE, { prefix: "wasm", hdPaths });
  [training, alice, bob] = (await wallet.getAccounts()).map((account) => account.address);
  // Accounts of the genesis: those that a chain of today makes later have numbers that cosmjs cannot read.
  const people = [alice, bob].flatMap((address) => ["--account", `${address}=1000000stake`]);
  const node = JSON.parse(devnet("up", "--fresh", "--block-time", "200ms", ...people));
  client = await cosmwasm.SigningCosmWasmClient.connectWithSigner(node.rpc, wallet);
  const wasm = readFileSync(path.join(process.env.MODELBOND_ARTIFACTS ?? path.join(ROOT, "artifacts"), "provenance.wasm"));
  const { codeId } = await client.upload(training, wasm, { amount: [], gas: "20000000" });
  const msg = { registry: bob, training, beacon: bob, evm_chain_id: 1, witness_secs: 60 };
  nfts = (await client.instantiate(training, codeId, msg, "nfts", FEE)).contractAddress;
  for (const number of [1, 2]) await mint(`1-${number}-0`);
});

after(() => {
  client?.disconnect();
  devnet("down");
  rmSync(home, { recursive: true, force: true });
});

const execute = (sender, msg) => client.execute(sender, nfts, msg, FEE);
const query = (msg) => client.queryContractSmart(nfts, msg);

async function mint(tokenId) {
  const token = {
    token_id: tokenId, model: bob, contributor: alice, data_hash: HASH, quality: 800000, improvement: 40000,
    at: "1800000000000000000", attestation: HASH, run_id: 1, round_id: 1, parents: [],
  };
  await execute(training, { mint_contribution: token });
}

test("a wallet lists the NFTs of a holder, and shows one", async () => {
  assert.deepEqual((await query({ tokens: { owner: alice } })).tokens, ["1-1-0", "1-2-0"]);
  assert.equal((await query({ num_tokens: {} })).count, 2);
  const { access, info } = await query({ all_nft_info: { token_id: "1-1-0" } });
  assert.equal(access.owner, alice);
  assert.match(info.extension.image_data, /^<svg/);
  assert.ok(info.extension.attributes.length >= 4);
  assert.equal(typeof (await query({ contract_info: {} })).name, "string");
});

test("a marketplace is allowed to move an NFT, and moves it once", async () => {
  const expires = { at_time: `${BigInt(Date.now() + 3_600_000) * 1_000_000n}` };
  await execute(alice, { approve: { spender: training, token_id: "1-1-0", expires } });
  const approval = await query({ approval: { token_id: "1-1-0", spender: training } });
  assert.equal(approval.approval.spender, training);
  await execute(training, { transfer_nft: { recipient: bob, token_id: "1-1-0" } });
  assert.equal((await query({ owner_of: { token_id: "1-1-0" } })).owner, bob);
  await assert.rejects(execute(training, { transfer_nft: { recipient: alice, token_id: "1-1-0" } }), /whom they allowed/);
});

test("an operator moves all NFTs of somebody until that is taken back", async () => {
  await execute(alice, { approve_all: { operator: bob } });
  const { operators } = await query({ all_operators: { owner: alice } });
  assert.equal(operators.length, 1);
  await execute(bob, { transfer_nft: { recipient: bob, token_id: "1-2-0" } });
  await execute(bob, { transfer_nft: { recipient: alice, token_id: "1-2-0" } });
  await execute(alice, { revoke_all: { operator: bob } });
  await assert.rejects(execute(bob, { transfer_nft: { recipient: bob, token_id: "1-2-0" } }), /whom they allowed/);
});

test("a marketplace learns what a sale owes to the contributor", async () => {
  const info = await query({ royalty_info: { token_id: "1-2-0", sale_price: "1000" } });
  assert.deepEqual(info, { address: alice, royalty_amount: "50" });
  assert.equal((await query({ check_royalties: {} })).royalty_payments, true);
  const older = { extension: { msg: { royalty_info: { token_id: "1-2-0", sale_price: "1000" } } } };
  assert.deepEqual(await query(older), info);
});

test("nobody mints, owns or withdraws by cw721's messages", async () => {
  for (const msg of [
    { mint: { token_id: "mine", owner: alice, token_uri: null, extension: null } },
    { update_minter_ownership: "renounce_ownership" },
    { withdraw_funds: { amount: { denom: "stake", amount: "1" } } },
    { update_nft_info: { token_id: "1-2-0", token_uri: "https://other.example", extension: null } },
  ]) {
    for (const sender of [alice, training]) {
      await assert.rejects(execute(sender, msg), /nobody can change contributions/, JSON.stringify(msg));
    }
  }
});

test("a burned NFT is gone, its content stays", async () => {
  await execute(bob, { burn: { token_id: "1-1-0" } });
  await assert.rejects(query({ owner_of: { token_id: "1-1-0" } }), /no NFT 1-1-0/);
  const { contribution, owner } = await query({ contribution: { token_id: "1-1-0" } });
  assert.equal(contribution.contributor, alice);
  assert.equal(owner, null);
});
