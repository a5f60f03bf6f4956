// What was seen is told to a real server, and told again when it was not heard.
import { createServer } from "node:http";
import { after, before, beforeEach } from "node:test";
import { assert, hurried, pageWithToken, test } from "./browser.mjs";
import { Delivery } from "../../frontend/src/parts/delivery.js";
import { ServerAway, ServerRefused, get, post } from "../../frontend/src/parts/page.js";

let answers = []; // what the server says to the next requests: [status, content]; nothing left is 200
let asked = [];
let address = "";
const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  asked.push({ path: request.url, token: request.headers["x-csrftoken"], content: body ? JSON.parse(body) : null });
  const [status, content] = answers.shift() ?? [200, { open: true }];
  if (status === 0) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(content));
});

before(() => new Promise((resolve) => {
  server.listen(0, "127.0.0.1", () => {
    address = `http://127.0.0.1:${server.address().port}`;
    resolve();
  });
}));
after(() => {
  server.close();
  server.closeAllConnections?.();
});
beforeEach(() => {
  [answers, asked] = [[], []];
  pageWithToken("token");
});

const span = (number) => ({ clip: "a", start_ms: number * 10, end_ms: number * 10 + 5 });

/** A film of which so many pieces were shown. */
function film(count, name = "one", lasts = 60_000) {
  return {
    opening: { played: `${address}/${name}/gespeeld/`, close: `${address}/${name}/sluiten/`, lasts_ms: lasts },
    owed: Array.from({ length: count }, (_none, number) => span(number)),
    takeSpans() { return this.owed.splice(0); },
    giveBack(spans) { this.owed.unshift(...spans); },
  };
}

function delivery(films, aloneSeconds = 60) {
  const said = [];
  const on = { refused: () => said.push("refused"), lost: () => said.push("lost"), found: () => said.push("found") };
  return { said, delivery: new Delivery(films, { aloneSeconds, on }) };
}

const told = () => asked.flatMap(({ content }) => content.spans);

test("each film's pieces go to its own address, with the page's token", async () => {
  const made = delivery([film(2), film(1, "two")]);
  await made.delivery.report();
  assert.deepEqual(asked.map(({ path, content }) => [path, content.spans.length]), [["/one/gespeeld/", 2], ["/two/gespeeld/", 1]]);
  assert.deepEqual([asked[0].token, made.said], ["token", ["found"]]);
});

test("more than fit in one telling stay owed, in order", async () => {
  const one = film(1201);
  const made = delivery([one]);
  await made.delivery.report();
  assert.equal(one.owed.length, 701);
  await made.delivery.report();
  await made.delivery.report();
  assert.deepEqual([one.owed.length, asked.map(({ content }) => content.spans.length)], [0, [500, 500, 201]]);
  assert.deepEqual(told(), Array.from({ length: 1201 }, (_none, number) => span(number)));
});

test("what was not heard stays owed, and the page says that the line is lost, and then that it is there again", async () => {
  for (const away of [[0], [503, {}], [429, {}]]) {
    const one = film(3);
    const made = delivery([one]);
    answers = [away];
    await made.delivery.report();
    assert.deepEqual([made.said, one.owed.length], [["lost"], 3], String(away));
    await made.delivery.report();
    assert.deepEqual([made.said, one.owed.length], [["lost", "found"], 0]);
  }
});

test("a server that shows it no longer is heard, by its answer and by its no", async () => {
  for (const answer of [[200, { open: false }], [404, {}], [403, {}]]) {
    const made = delivery([film(1), film(1, "two")]);
    answers = [answer];
    await made.delivery.report();
    assert.deepEqual(made.said, ["refused"]);
  }
});

test("one telling at a time: who asks meanwhile waits for that one", async () => {
  const made = delivery([film(1)]);
  await Promise.all([made.delivery.report(), made.delivery.report()]);
  assert.equal(asked.length, 1);
  await made.delivery.report();
  assert.equal(asked.length, 2);
});

test("it is over when the time is, or when nobody heard us for too long, and not before", (context) => {
  const now = Date.now();
  const made = delivery([film(0, "one", 50_000), film(0, "two", 90_000)], 30);
  const clock = context.mock.method(Date, "now", () => now + 29_000);
  assert.equal(made.delivery.isOver, false);
  clock.mock.mockImplementation(() => now + 31_000);
  assert.equal(made.delivery.isOver, true, "nobody heard us");
  made.delivery.heard = now + 31_000;
  assert.equal(made.delivery.isOver, false);
  clock.mock.mockImplementation(() => now + 51_000);
  assert.equal(made.delivery.isOver, true, "the first of the openings is over");
});

test("closing tells the last pieces with it; what is not heard stays owed and is told afterwards", async () => {
  const one = film(2);
  await delivery([one]).delivery.close();
  assert.deepEqual(asked.map(({ path, content }) => [path, content.spans.length]), [["/one/sluiten/", 2]]);
  const two = film(600);
  const made = delivery([two]);
  answers = [[503, {}], [503, {}]];
  await assert.rejects(made.delivery.close(), ServerAway);
  assert.equal(two.owed.length, 600);
  asked = [];
  await hurried(100, () => made.delivery.settle());
  assert.deepEqual([two.owed.length, asked.map(({ content }) => content.spans.length)], [0, [500, 500, 100]], "tried again, and then the rest");
});

test("a server that wants to hear no more is not asked for ever", async () => {
  const made = delivery([film(600), film(1, "two")]);
  answers = [[403, {}]];
  await made.delivery.settle();
  assert.deepEqual(asked.map(({ path }) => path), ["/one/gespeeld/", "/two/gespeeld/"]);
});

test("a page that goes away sends one request for each film", async () => {
  const made = delivery([film(501), film(1, "two")]);
  made.delivery.leave();
  while (asked.length < 2) await new Promise((resolve) => { setTimeout(resolve, 5); });
  assert.deepEqual(asked.map(({ path }) => path).sort(), ["/one/sluiten/", "/two/sluiten/"]);
  assert.equal(told().length, 501, "of at most five hundred pieces each");
});

test("a server says by itself why it does not do something, and what is away", async () => {
  answers = [[409, { detail: "Dat kan nu niet." }], [503, { detail: "De kluis is weg." }], [502, {}], [404, {}]];
  await assert.rejects(post(`${address}/`, {}), (error) => error instanceof ServerRefused && error.message === "Dat kan nu niet.");
  await assert.rejects(post(`${address}/`, {}), (error) => error instanceof ServerAway && error.told && error.message === "De kluis is weg.");
  await assert.rejects(post(`${address}/`, {}), (error) => error instanceof ServerAway && !error.told);
  await assert.rejects(get(`${address}/`), ServerRefused);
});

test("a line that is lost is said in Dutch, and what the server told with its no is there", async () => {
  answers = [[0], [0], [409, { version: 7 }]];
  const lost = (error) => error instanceof ServerAway && !error.told && /verbinding met de server is weg/.test(error.message);
  await assert.rejects(post(`${address}/`, {}), lost);
  await assert.rejects(get(`${address}/`), lost);
  await assert.rejects(post(`${address}/`, {}, { method: "PUT" }), ({ status, content }) => status === 409 && content.version === 7);
});
