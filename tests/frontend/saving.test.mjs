// What a person makes is kept by itself, and nobody overwrites another's: against a server that counts versions as ours does.
import { createServer } from "node:http";
import { after, before, beforeEach } from "node:test";
import { assert, hurried, pageWithToken, test } from "./browser.mjs";
import { Saving } from "../../frontend/src/parts/review/saving.js";

const pause = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });

let kept = {};
let away = []; // how the next requests are answered: "lost" before anything is done, "unheard" after it, or [status, content]
let asked = [];
let slow = 0; // milliseconds before an answer
let address = "";

function put({ version, draft }) {
  if (version !== kept.version) return [409, { ...kept, said: "Iemand anders wijzigde dit intussen." }];
  kept = { ...kept, version: version + 1, changed_in: version + 1, draft, changed_by: "Ik" };
  return [200, kept];
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  const content = JSON.parse(body);
  asked.push([request.method, content]);
  const how = away.shift();
  const [status, told] = how === "lost" ? [0] : Array.isArray(how) ? how : put(content);
  if (slow) await pause(slow);
  if (status === 0 || how === "unheard") {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(told));
});

const until = async (holds) => { while (!holds()) await pause(2); };
before(() => new Promise((resolve) => {
  server.listen(0, "127.0.0.1", () => {
    address = `http://127.0.0.1:${server.address().port}/`;
    resolve();
  });
}));
after(() => {
  server.close();
  server.closeAllConnections?.();
});
beforeEach(() => {
  [kept, away, asked, slow] = [{ version: 3, changed_in: 2, draft: "a", changed_by: "", state: "drafted" }, [], [], 0];
  pageWithToken("token");
});

/** A screen on which `draft` stands, and every state that it told. */
function screen() {
  const one = { draft: "a", states: [] };
  one.saving = new Saving({
    address, kept: { ...kept }, text: () => one.draft, told: () => { one.states.push(one.saving.state); },
  });
  one.types = (draft) => { one.draft = draft; one.saving.changed(); };
  return one;
}

test("a change is kept a moment later, several at once as one", async () => {
  const one = screen();
  await hurried(100, async () => {
    one.types("b");
    one.types("c");
    assert.equal(one.saving.state, "owed");
    await until(() => one.saving.state === "saved");
  });
  assert.deepEqual(asked, [["PUT", { version: 3, draft: "c" }]]);
  assert.deepEqual([one.saving.version, one.saving.changedIn, kept.draft, one.states.at(-1)], [4, 4, "c", "saved"]);
});

test("what was changed and changed back is not sent", async () => {
  const one = screen();
  await hurried(100, async () => {
    one.types("b");
    one.types("a");
    assert.equal(one.saving.state, "saved");
    await pause(5000);
  });
  assert.deepEqual([asked.length, await one.saving.flush()], [0, true]);
});

test("what is changed while it is being kept goes after it", async () => {
  slow = 30;
  const one = screen();
  one.draft = "b";
  const first = one.saving.flush();
  await until(() => asked.length === 1);
  one.types("c");
  assert.equal(one.saving.wouldLose, true, "a page that goes now would lose the second");
  assert.deepEqual([await first, await one.saving.flush()], [true, true]);
  assert.deepEqual([kept.draft, asked.map(([, { version }]) => version)], ["c", [3, 4]]);
});

test("a line that is lost is said, and it is tried until it is there again", async () => {
  const one = screen();
  away = ["lost", "lost", [503, {}]];
  await hurried(1000, async () => {
    one.types("b");
    await until(() => one.saving.state === "lost");
    assert.match(one.saving.why, /verbinding met de server is weg/);
    assert.equal(one.saving.wouldLose, true);
    await until(() => one.saving.state === "saved");
  });
  assert.deepEqual([asked.length, kept.draft, one.saving.wouldLose], [4, "b", false]);
});

test("our own saving of which the answer was lost is not another's", async () => {
  const one = screen();
  away = ["unheard"];
  one.draft = "b";
  assert.equal(await one.saving.flush(), false);
  assert.deepEqual([await one.saving.flush(), one.saving.state, one.saving.version], [true, "saved", 4]);
});

test("who comes later is told who was first; nothing is sent until a person chooses, and theirs can be taken", async () => {
  const [mine, theirs] = [screen(), screen()];
  theirs.draft = "theirs";
  await theirs.saving.flush();
  mine.draft = "mine";
  assert.equal(await mine.saving.flush(), false);
  assert.deepEqual([mine.saving.state, mine.saving.theirs.changed_by, mine.draft, kept.draft], ["stale", "Ik", "mine", "theirs"]);
  await hurried(100, async () => {
    mine.types("mine, more of it");
    await pause(5000);
  });
  assert.deepEqual([asked.length, mine.saving.wouldLose, await mine.saving.flush()], [2, true, false]);
  mine.draft = mine.saving.accept();
  assert.deepEqual([mine.draft, mine.saving.state, mine.saving.theirs], ["theirs", "saved", null]);
  mine.draft = "both";
  assert.deepEqual([await mine.saving.flush(), kept.draft, kept.version], [true, "both", 5]);
});

test("what the server refuses is said with its words, and tried at the next change or when asked", async () => {
  const one = screen();
  away = [[403, { detail: "Er wordt nu aan de kopie gewerkt." }], [403, { detail: "Nog steeds." }]];
  one.draft = "b";
  await one.saving.flush();
  assert.deepEqual([one.saving.state, one.saving.why], ["refused", "Er wordt nu aan de kopie gewerkt."]);
  await hurried(100, () => pause(10_000));
  assert.equal(asked.length, 1, "a no is not asked again by itself");
  one.saving.again();
  await until(() => one.saving.why === "Nog steeds.");
  await hurried(100, async () => {
    one.types("c");
    await until(() => one.saving.state === "saved");
  });
  assert.equal(kept.draft, "c");
});

test("a page that goes away sends what is owed, and knows what is too large for that", async () => {
  const one = screen();
  one.types("b");
  assert.equal(one.saving.wouldLose, false);
  one.saving.leave();
  await until(() => one.saving.state === "saved");
  assert.equal(kept.draft, "b");
  one.types("c".repeat(70_000));
  assert.equal(one.saving.wouldLose, true);
  assert.equal(await one.saving.flush(), true); // nothing is tried again when the server of this test is gone
});
