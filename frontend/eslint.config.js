// How the browser's code is held: no unused names, no text that becomes markup or code, and the measures of the house.
import js from "@eslint/js";
import globals from "globals";

const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML"];
const CALLS = "text that becomes markup or code";
const STORES = "nothing of footage, keys or people stays in a browser";

const strict = {
  "max-lines": ["error", { max: 400 }],
  "max-lines-per-function": ["error", { max: 40 }],
  "array-callback-return": "error",
  "consistent-return": "error",
  eqeqeq: "error",
  "no-alert": "error",
  "no-console": "error",
  "no-eval": "error",
  "no-extend-native": "error",
  "no-implicit-globals": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-param-reassign": "error",
  "no-promise-executor-return": "error",
  "no-return-assign": "error",
  "no-script-url": "error",
  "no-self-compare": "error",
  "no-sequences": "error",
  "no-shadow": "error",
  "no-template-curly-in-string": "error",
  "no-throw-literal": "error",
  "no-unmodified-loop-condition": "error",
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "all" }],
  "no-use-before-define": ["error", { functions: false }],
  "no-var": "error",
  "prefer-const": "error",
  "prefer-promise-reject-errors": "error",
  "no-restricted-globals": [
    "error",
    ...["localStorage", "sessionStorage", "indexedDB", "caches"].map((name) => ({ name, message: STORES })),
  ],
  "no-restricted-properties": [
    "error",
    ...MARKUP.map((property) => ({ property, message: CALLS })),
    ...["write", "writeln"].map((property) => ({ object: "document", property, message: CALLS })),
    ...["localStorage", "sessionStorage", "indexedDB", "caches"].map((property) => ({ property, message: STORES })),
  ],
};

const PROGRAMS = ["frontend/*.js", "frontend/*.mjs", "tests/**/*.mjs"];

// Paths are from the root of the repository, where `npm run check` starts it, so that the tests in script are held too.
export default [
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  { files: ["frontend/src/**/*.js", "tests/**/*.js"], languageOptions: { globals: globals.browser }, rules: strict },
  { files: ["frontend/src/service-worker.js"], languageOptions: { globals: globals.serviceworker } },
  { files: PROGRAMS, languageOptions: { globals: globals.node }, rules: { ...strict, "no-console": "off" } },
];
