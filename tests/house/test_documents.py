"""README, tour and the pages beside them name every package, every record, and nothing that is not there."""

import re

import pytest

from tests.house.source import PACKAGE, ROOT

PACKAGES = sorted(one.parent.name for one in PACKAGE.glob("*/__init__.py"))
README, TOUR = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/tour.md"))
LIST = README.partition("## The packages")[2].partition("\n## ")[0]
ROOTS = (ROOT, PACKAGE, ROOT / "docs")
MODULE = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|js|md|toml))(?:: (\w+)[^`]*)?`")
PAGES = ["README.md", "CONTRIBUTING.md", "docs/tour.md", "docs/ten-questions.md", "docs/how-to-add.md"]


def missing(text: str) -> list[str]:
    """Files that the text names and that are not there, or do not say the name behind the colon."""
    found = []
    for name, symbol in MODULE.findall(text):
        path = next((root / name for root in ROOTS if (root / name).is_file()), None)
        said = rf"^[ \t]*(?:(?:export |async |def |class |function )+)?{symbol}\b"
        if path is None or not re.search(said, path.read_text(encoding="utf-8"), re.MULTILINE):
            found.append(f"{name}: {symbol}")
    return found


def not_linked(text: str) -> list[str]:
    """Packages of which the text names no module, nor anything in one."""
    return [one for one in PACKAGES if not re.search(rf"`{one}(?:/|\.(?!js\b))\w", text)]


def test_the_readme_lists_every_package_and_no_other() -> None:
    rows = [row.split("|")[1] for row in LIST.splitlines() if row.startswith("| `")]
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == PACKAGES


def test_the_tour_goes_through_every_package() -> None:
    assert not_linked(TOUR) == []


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    assert missing((ROOT / page).read_text(encoding="utf-8")) == []


def test_a_file_or_a_name_that_is_gone_is_found() -> None:
    planted = "`viewing/copy_actions.py: work` and `cases/gone.py`, not `jobs/worker.py: work`"
    assert missing(planted) == ["viewing/copy_actions.py: work", "cases/gone.py: "]
    assert "film" in not_linked(TOUR.replace("`film/", "`"))
