// A person with two wallets: ethers signs typed data and text, cosmjs the same text (ADR-036).
//
//   stdin:  {"mnemonic": "…" | "private_key": "hex", "prefix": "wasm", "typed_data": {…}, "text": "…"}
//   stdout: {"eth_address", "cosmos_address", "pubkey_base64",
//            "eth_signature_eip712", "eth_signature_eip191", "cosmos_signature_adr036"}
//
// A mnemonic gives two keys, on the paths of the two kinds of wallets (or one with "hd_path"), a
// private key is both. Without "typed_data" or "text" its signatures are null: the addresses come
// first, as they are part of what is signed.
import { readFileSync } from "node:fs";

import { adr036 } from "./adr036.mjs";
import { amino, crypto, ethers } from "./packages.mjs";

const COSMOS_PATH = "m/44'/118'/0'/0/0";

const input = JSON.parse(readFileSync(0, "utf8"));
const prefix = input.prefix ?? "wasm";
const { eth, cosmos } = await wallets(input);
const [account] = await cosmos.getAccounts();
const hasText = typeof input.text === "string";

console.log(JSON.stringify({
  eth_address: eth.address,
  cosmos_address: account.address,
  pubkey_base64: Buffer.from(account.pubkey).toString("base64"),
  eth_signature_eip712: input.typed_data ? await signTypedData(eth, input.typed_data) : null,
  eth_signature_eip191: hasText ? await eth.signMessage(input.text) : null,
  cosmos_signature_adr036: hasText ? await signArbitrary(cosmos, account.address, input.text) : null,
}));

async function wallets({ mnemonic, private_key: privateKey, hd_path: path }) {
  if (typeof mnemonic === "string") {
    const hdPaths = [crypto.stringToPath(path ?? COSMOS_PATH)];
    return {
      eth: ethers.HDNodeWallet.fromPhrase(mnemonic, "", path ?? ethers.defaultPath),
      cosmos: await amino.Secp256k1HdWallet.fromMnemonic(mnemonic, { prefix, hdPaths }),
    };
  }
  if (typeof privateKey === "string") {
    const digits = privateKey.replace(/^0x/, "");
    return {
      eth: new ethers.Wallet(`0x${digits}`),
      cosmos: await amino.Secp256k1Wallet.fromKey(Buffer.from(digits, "hex"), prefix),
    };
  }
  throw new Error("mnemonic or private_key is missing");
}

// As eth_signTypedData_v4: ethers makes the domain's type itself, so what it made is compared with
// the document.
function signTypedData(wallet, { types, primaryType, domain, message }) {
  const { EIP712Domain: domainType, ...structs } = types;
  const made = ethers.TypedDataEncoder.getPayload(domain, structs, message);
  const same = !domainType || JSON.stringify(made.types.EIP712Domain) === JSON.stringify(domainType);
  if (made.primaryType !== primaryType || !same) {
    throw new Error(`ethers signs ${made.primaryType} in another domain type than the document's`);
  }
  return wallet.signTypedData(domain, structs, message);
}

async function signArbitrary(wallet, address, text) {
  const { signature } = await wallet.signAmino(address, adr036(address, Buffer.from(text, "utf8")));
  return signature.signature;
}
