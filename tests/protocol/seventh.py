"""A copy of the program with a seventh kind of case, for tests of what a new kind must say."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = Path("src/beeldkluis/protocol/kinds.py")
HINT = "Iemand meldt een ongeval. De beelden blijven bewaard."
HELD = "    hold=UNTIL_RESOLVED,\n"
FACTS = f"""
_ACCIDENT = KindFacts(
    title="Melding van een ongeval",
    hint="{HINT}",
    heading="Ongeval",
    public="",
    asked=True,
    required=("requester_name", *_MOMENT),
    file_may_ask=None,
    shown=("requester_name", *_PLACED),
{HELD}    resolved=_INCIDENT,
    unasked=None,
    purposes=(),
    only_own=False,
    term=Term(rule=OWN_PERIOD, police=OWN_PERIOD, extends=False),
    years="preservation_years",
    weighing=None,
)
"""


def program(folder: Path, *, facts: str = FACTS, listed: bool = True) -> Path:
    """The program in this folder, where somebody added a kind: its source folder. `facts`: what was written of it; `listed`:
    whether it stands in the table.
    """
    for name in ("src/beeldkluis", "protocols"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "built"))
    text = (folder / KINDS).read_text(encoding="utf-8")
    text = _after(text, '    PUBLIC_RECORDS = "public_records"\n', '    ACCIDENT = "accident"\n')
    text = text.replace("\nFACTS: Mapping", f"{facts}\nFACTS: Mapping", 1)
    if listed:
        text = _after(text, "    CaseKind.PUBLIC_RECORDS: _PUBLIC_RECORDS,\n", "    CaseKind.ACCIDENT: _ACCIDENT,\n")
    (folder / KINDS).write_text(text, encoding="utf-8")
    return folder / "src"


def _after(text: str, line: str, added: str) -> str:
    assert text.count(line) == 1
    return text.replace(line, line + added)
