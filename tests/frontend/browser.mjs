// What the tests of the browser's modules share: what Node 18 lacks of a browser, the vectors, and repeatable random input.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.crypto ??= webcrypto;

/** The vectors that the server's tests hold too. */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
}

export const hex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const base64 = (text) => new Uint8Array(Buffer.from(text, "base64"));

/** Random numbers that a seed repeats. */
class Random {
  constructor(seed) {
    this.state = seed;
  }

  next() { // mulberry32
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` up to and with `high`. */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  list(most, one) {
    return Array.from({ length: this.whole(0, most) }, one);
  }

  bytes(size) {
    return Uint8Array.from({ length: size }, () => this.whole(0, 255));
  }
}

/** `check` holds for `turns` random inputs; the seed of one for which it does not is said (SEED=... repeats it). */
export function property(name, turns, check) {
  test(name, async () => {
    const first = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
    for (let turn = 0; turn < turns; turn += 1) {
      try {
        await check(new Random(first + turn));
      } catch (error) {
        error.message = `SEED=${first + turn}: ${error.message}`;
        throw error;
      }
    }
  });
}

/** Waiting goes `times` as quick as in a browser while `act` runs. */
export async function hurried(times, act) {
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (call, wait, ...rest) => real(call, wait / times, ...rest);
  try {
    return await act();
  } finally {
    globalThis.setTimeout = real;
  }
}

/** The one thing of the page that a request to the server reads. */
export function pageWithToken(value) {
  globalThis.document = { querySelector: (selector) => (selector === "[name=csrfmiddlewaretoken]" ? { value } : null) };
}

export { assert, test };
