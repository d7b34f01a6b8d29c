// The program under test, MODELBOND_BIN, with a home of its own. One phrase gives its key and that
// of both wallet libraries, on the same path.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

export const PHRASE =
  "notice oak worry limit wrap speak medal online prefer cluster roof addict " +
  "wrist behave treat actual wasp year salad speed social layer crew genius";
export const PATH = "m/44'/118'/0'/0/0";
export const PREFIX = "wasm";

const binary = process.env.MODELBOND_BIN;
if (!binary) {
  throw new Error("MODELBOND_BIN is not set: run scripts/wallets.sh");
}
export const home = mkdtempSync(path.join(os.tmpdir(), "modelbond-wallets."));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

// Runs a command; the answer is its exit code and the JSON it printed. `input` is standard input.
export function modelbond(args, { input = "", env = {} } = {}) {
  const { PATH: search = "" } = process.env;
  const run = spawnSync(binary, [...args, "--json"], {
    input,
    encoding: "utf8",
    env: { PATH: search, HOME: home, MODELBOND_HOME: home, MODELBOND_MNEMONIC: PHRASE, ...env },
  });
  if (run.error) throw run.error;
  const stdout = run.stdout.trim();
  return { code: run.status, answer: stdout ? JSON.parse(stdout) : null, stderr: run.stderr };
}

// The answer of a command that must succeed.
export function succeed(args, options) {
  const { code, answer, stderr } = modelbond(args, options);
  if (code !== 0) throw new Error(`modelbond ${args.join(" ")}: exit code ${code}\n${stderr}`);
  return answer;
}

export const hex = (bytes) => Buffer.from(bytes).toString("hex");
export const base64 = (bytes) => Buffer.from(bytes).toString("base64");

// How a message goes to the command line: bytes as hexadecimal, documents on standard input.
export const message = {
  eip191: (bytes) => [["--scheme", "eip191", "--message-hex", hex(bytes)], {}],
  eip712: (document) => [["--scheme", "eip712", "--typed-data", "-"], { input: JSON.stringify(document) }],
  adr036: (bytes) => [["--scheme", "adr036", "--message-hex", hex(bytes)], {}],
  direct: (bytes) => [["--scheme", "direct", "--sign-doc", "-"], { input: Buffer.from(bytes) }],
};

// The exit code of `sig verify`, and its answer.
export function verify([args, options], signature, signer) {
  const run = modelbond(["sig", "verify", ...args, "--signature", signature, "--signer", signer], options);
  if (run.code === 0 && run.answer.valid !== true) throw new Error("exit code 0, but not valid");
  if (run.code === 1 && run.answer.valid !== false) throw new Error("exit code 1, but not invalid");
  return run;
}

export function recover([args, options], signature, ...more) {
  return succeed(["sig", "recover", ...args, "--signature", signature, ...more], options);
}

// A signature by the phrase's key.
export function sign([args, options]) {
  return succeed(["sig", "sign", ...args, "--prefix", PREFIX, "--from-env", "--yes"], options);
}

export function digest([args, options], ...more) {
  return succeed(["sig", "digest", ...args, ...more], options).digest;
}
