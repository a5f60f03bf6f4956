// Builds the one style sheet and the browser modules into the web room's static folder.
//
// The theme defines thousands of design tokens for components that we do not use. Only the tokens that some rule of
// ours reaches are kept, which makes the sheet small, and a token that is asked for but defined nowhere is printed.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "../src/beeldkluis/web/static/built");
const theme = path.join(here, "node_modules/@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css");

const common = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "eof",
  logLevel: "error",
  minify: true,
  target: ["chrome109", "firefox121", "safari16"],
};

function tokensIn(css) {
  return new Map([...css.matchAll(/(--[a-z0-9-]+)\s*:\s*([^;}]+)[;}]/gi)].map(([, name, value]) => [name, value.trim()]));
}

function asked(css) {
  return [...css.matchAll(/var\(\s*(--[a-z0-9-]+)/gi)].map(([, name]) => name);
}

/** The theme's tokens that `css` reaches, directly or through another token, as one rule. */
function reachable(css, tokens) {
  const kept = new Map();
  const open = asked(css);
  while (open.length) {
    const name = open.pop();
    if (kept.has(name) || !tokens.has(name)) continue;
    kept.set(name, tokens.get(name));
    open.push(...asked(tokens.get(name)));
  }
  const lines = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
  return `.voorbeeld-theme{${lines.join(";")}}\n`;
}

async function styles() {
  const made = await build({ ...common, entryPoints: ["styles/beeldkluis.css"], write: false, external: ["*.svg"] });
  const css = made.outputFiles[0].text;
  const tokens = tokensIn(await readFile(theme, "utf8"));
  await writeFile(path.join(out, "beeldkluis.css"), reachable(css, tokens) + css);
}

async function modules() {
  const names = (await readdir(path.join(here, "src"))).filter((name) => name.endsWith(".js"));
  await build({
    ...common,
    entryPoints: names.map((name) => path.join("src", name)),
    format: "esm",
    loader: { ".txt": "text" },
    outdir: out,
  });
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([styles(), modules()]);
