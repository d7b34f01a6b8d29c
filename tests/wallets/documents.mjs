// Random messages, the same in every run: numbers by mulberry32, of a fixed seed.
import { ethers } from "./packages.mjs";

export class Random {
  constructor(seed) {
    this.state = seed;
  }

  // 32 bits.
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  // 0 … count - 1
  below(count) {
    return this.next() % count;
  }

  chance(of) {
    return this.below(of) === 0;
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  bytes(length) {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  // Text with everything that escapes differ in.
  text() {
    const pieces = ["a", "Z", "0", " ", '"', "\\", "/", "<", ">", "&", "\n", "\t", "\r", "\b", "\f",
      "\u0001", "\u001f", "\u007f", "\u0085", "\u2028", "\u2029", "é", "ß", "漢", "🦀", "\u0301", "\ufeff", "\ufffd"];
    return Array.from({ length: this.below(12) }, () => this.pick(pieces)).join("");
  }

  address() {
    return ethers.getAddress(ethers.hexlify(this.bytes(20)).replace(/00$/, "01"));
  }

  // A number of a type, often one of the extremes.
  integer(signed, bits) {
    const top = 1n << BigInt(signed ? bits - 1 : bits);
    const least = signed ? -top : 0n;
    const edges = [least, least + 1n, 0n, 1n, top - 1n, top - 2n, ...(signed ? [-1n] : [])];
    if (this.chance(2)) return this.pick(edges);
    const span = top - least;
    return least + (BigInt(ethers.hexlify(this.bytes(33))) % span);
  }
}

// Typed data as ethers takes it, { domain, types, value }: structs in structs, arrays of arrays, of
// fixed length and not, every atomic type, and any part of a domain.
export function typedData(random) {
  const types = {};
  const name = structType(random, types, 0);
  return { domain: domain(random), types, value: structValue(random, types, name) };
}

function structType(random, types, depth) {
  const name = `${random.pick(["Order", "Person", "id", "_node", "X"])}${Object.keys(types).length}`;
  types[name] = [];
  const count = 1 + random.below(5);
  for (let index = 0; index < count; index += 1) {
    let type = depth < 3 && random.chance(3) ? structType(random, types, depth + 1) : atomicType(random);
    while (random.chance(4)) type += random.pick(["[]", "[1]", "[3]"]);
    types[name].push({ name: random.pick(["", "_", "$"]) + `member${index}`, type });
  }
  return name;
}

function atomicType(random) {
  const bits = 8 * (1 + random.below(32));
  return random.pick(["bool", "address", "string", "bytes", `bytes${bits / 8}`, `uint${bits}`, `int${bits}`]);
}

function structValue(random, types, name) {
  return Object.fromEntries(types[name].map((member) => [member.name, valueOf(random, types, member.type)]));
}

function valueOf(random, types, type) {
  const array = /^(.*)\[(\d*)\]$/.exec(type);
  if (array) {
    const length = array[2] === "" ? random.below(4) : Number(array[2]);
    return Array.from({ length }, () => valueOf(random, types, array[1]));
  }
  if (types[type]) return structValue(random, types, type);
  const number = /^(u?)int(\d+)$/.exec(type);
  if (number) return random.integer(number[1] === "", Number(number[2]));
  const fixed = /^bytes(\d+)$/.exec(type);
  if (fixed) return ethers.hexlify(random.bytes(Number(fixed[1])));
  switch (type) {
    case "bool": return random.chance(2);
    case "address": return random.address();
    case "string": return random.text();
    default: return ethers.hexlify(random.bytes(random.below(70)));
  }
}

function domain(random) {
  const whole = {
    name: random.text(),
    version: random.text(),
    chainId: random.integer(false, random.pick([8, 64, 256])),
    verifyingContract: random.address(),
    salt: ethers.hexlify(random.bytes(32)),
  };
  return Object.fromEntries(Object.entries(whole).filter(() => !random.chance(3)));
}
