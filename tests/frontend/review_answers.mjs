// What the review screen makes of an analysis and a draft: a line with both as their own text comes in, a line with all that the
// screen would show goes out. tests/frontend/test_review.py holds it beside what the server counts.
import { createInterface } from "node:readline";
import { readAnalysis } from "../../frontend/src/parts/review/analysis.js";
import { draftText, readDraft } from "../../frontend/src/parts/review/codec.js";
import { doubts } from "../../frontend/src/parts/review/doubts.js";
import { Plan } from "../../frontend/src/parts/review/plan.js";

const corners = (boxes) => boxes.map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y1]);

function answer({ analysis: sealed, draft: text }) {
  const analysis = readAnalysis(new TextEncoder().encode(sealed));
  const draft = readDraft(text);
  const plan = new Plan(analysis, draft);
  const pictures = Array.from({ length: analysis.frames + 2 }, (_none, at) => plan.at(at - 1));
  return {
    draft: draftText(draft),
    plan: pictures.map(({ everything, covered, freed }) => [everything, corners(covered), corners(freed)]),
    doubts: doubts(analysis, draft).map(({ name, begin, end, text: told, tracks }) => [name, begin, end, told, tracks]),
  };
}

function answered(line) {
  try {
    return answer(JSON.parse(line));
  } catch (error) {
    return { refused: String(error.message) };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => process.stdout.write(`${JSON.stringify(answered(line))}\n`));
