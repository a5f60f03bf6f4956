"""The browser's modules are held as the server's are: each kind of fault, planted, is found."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from beeldkluis.protocol.naming import STANDARD

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
TOOLS = FRONTEND / "node_modules" / ".bin"
SCRIPTS = sorted((FRONTEND / "src").rglob("*.js"))
LONG = "function long() {\n" + "  window.name += 1;\n" * 40 + "}\nlong();\n"
PLANTED = {
    "no-unused-vars": "const left = 1;\n",
    "eqeqeq": "window.name == 1;\n",
    "no-var": "var old = 1;\nwindow.name = old;\n",
    "prefer-const": "let same = 1;\nwindow.name = same;\n",
    "no-eval": "eval('1');\n",
    "no-implied-eval": "setTimeout('1', 1);\n",
    "no-new-func": "new Function('1')();\n",
    "no-restricted-properties": "document.body.innerHTML = '';\n",
    "no-restricted-properties ": "document.body.outerHTML = '';\n",
    "no-restricted-properties  ": "document.body.insertAdjacentHTML('x', '');\n",
    "no-restricted-properties   ": "document.write('');\n",
    "no-restricted-properties    ": "window.localStorage.clear();\n",
    "no-restricted-globals": "sessionStorage.clear();\n",
    "no-console": "console.log(1);\n",
    "no-undef": "nowhere();\n",
    "max-lines-per-function": LONG,
    "max-lines": "window.name = '';\n" * 401,
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (TOOLS / "eslint").exists(), reason="the tools are not here; make check sets them up"),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What ESLint says of each planted file, by the rule that is to find it."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "frontend" / "src").mkdir(parents=True)
    for number, text in enumerate(PLANTED.values()):
        (folder / "frontend" / "src" / f"{number}.js").write_text(text)
    command = [TOOLS / "eslint", "-c", FRONTEND / "eslint.config.js", "--format", "json", "frontend/src"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    told = {Path(one["filePath"]).stem: {each["ruleId"] for each in one["messages"]} for one in json.loads(done.stdout)}
    return {rule: told[str(number)] for number, rule in enumerate(PLANTED)}


@pytest.mark.parametrize("rule", PLANTED)
def test_eslint_finds(found: dict[str, set[str]], rule: str) -> None:
    assert found[rule] == {rule.strip()}


@pytest.mark.parametrize("config", ["tsconfig.json", "tsconfig.worker.json"])
def test_types_are_checked_and_a_page_and_a_worker_know_only_their_own(tmp_path: Path, config: str) -> None:
    planted = tmp_path / "planted.js"
    planted.write_text("/** @param {number} one */\nconst twice = (one) => 2 * one;\ntwice('1');\ntwice(document.x);\n")
    extended = {"extends": str(FRONTEND / config), "include": [str(planted)], "exclude": []}
    (tmp_path / "tsconfig.json").write_text(json.dumps(extended))
    done = subprocess.run([TOOLS / "tsc", "-p", tmp_path], capture_output=True, text=True, check=False)
    told = {line.partition(": error ")[2].partition(":")[0] for line in done.stdout.splitlines() if ": error " in line}
    assert told == {"TS2345", "TS2339" if config == "tsconfig.json" else "TS2584"}, done.stdout


def test_every_exception_to_a_rule_says_why() -> None:
    for path in SCRIPTS:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "eslint-disable" in line]
        assert all(" -- " in line for line in lines), path.name
        assert "@ts-ignore" not in path.read_text(encoding="utf-8"), path.name
        assert not [line for line in path.read_text(encoding="utf-8").splitlines() if "{any}" in line], path.name


def test_no_script_names_a_role_itself() -> None:
    """A script has no names of a municipality: its page gives them."""
    written = re.compile(rf"\b({'|'.join(map(re.escape, STANDARD.values()))})\b", re.IGNORECASE)
    assert written.search("De functionaris gegevensbescherming krijgt bericht.")
    found = [(path.name, words[0]) for path in SCRIPTS if (words := written.search(path.read_text(encoding="utf-8")))]
    assert len(SCRIPTS) > 30
    assert not found


def test_the_lock_names_no_registry_and_every_licence_is_permissive_or_ours() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 100
    assert not [name for name, one in packages.items() if "resolved" in one or "integrity" not in one]
    allowed = {"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "EUPL-1.2", "Python-2.0", "MPL-2.0"}
    others = {one["license"] for one in packages.values()} - allowed
    assert others == {"(0BSD OR CC0-1.0 OR Unlicense)"}, others
