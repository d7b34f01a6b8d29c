// The wallet libraries, from the folder in MODELBOND_NODE_MODULES (scripts/environment.sh sets it):
// the versions that scripts/npm/package-lock.json pins, and no others.
import { createRequire } from "node:module";
import path from "node:path";

const folder = process.env.MODELBOND_NODE_MODULES;
if (!folder) {
  throw new Error("MODELBOND_NODE_MODULES is not set: run scripts/wallets.sh");
}
const load = createRequire(path.join(path.resolve(folder), "from-here.js"));

export const ethers = load("ethers");
export const amino = load("@cosmjs/amino");
export const crypto = load("@cosmjs/crypto");
export const encoding = load("@cosmjs/encoding");
export const protoSigning = load("@cosmjs/proto-signing");
export const cosmwasm = load("@cosmjs/cosmwasm-stargate");
