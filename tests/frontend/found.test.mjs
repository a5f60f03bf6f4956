// What was found in a film opens with a key that follows from the film's own (docs/spec/redaction.md, section 3).
import { assert, hex, test } from "./browser.mjs";
import { derivedFileKey } from "../../frontend/src/parts/review/found.js";

test("the key is the one that the server derives", async () => {
  const key = await derivedFileKey(hex("000102030405060708090a0b0c0d0e0f"), "00000000-0000-0000-0000-000000000001");
  assert.deepEqual(key, hex("8aeba4c66eee08bc9f386ed65725c7ee"));
});
