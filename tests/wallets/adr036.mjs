// The document of ADR-036, as Keplr builds it with cosmjs.
import { amino } from "./packages.mjs";

export function adr036(signer, data) {
  const value = { signer, data: Buffer.from(data).toString("base64") };
  return amino.makeSignDoc([{ type: "sign/MsgSignData", value }], { gas: "0", amount: [] }, "", "", 0, 0);
}
