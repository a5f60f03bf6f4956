"""The municipality's document as it is typed: lines that begin with # are headings, an empty line parts paragraphs."""

from collections.abc import Mapping, Sequence

LONGEST = 400_000  # characters


def sections(typed: str) -> list[dict[str, str]]:
    """Title and text of each section. Text before the first heading becomes a section without a title."""
    found: list[dict[str, str]] = []
    title, lines = "", list[str]()
    for line in [*typed.replace("\r\n", "\n").replace("\r", "\n").split("\n"), "#"]:
        if not line.strip().startswith("#"):
            lines.append(line.rstrip())
            continue
        text = "\n".join(lines).strip()
        if title or text:
            found.append({"title": title, "text": text})
        title, lines = line.strip().lstrip("#").strip(), []
    return found


def typed(told: Sequence[Mapping[str, str]]) -> str:
    """The same sections as they are typed; `sections` reads them back."""
    return "\n\n".join(f"# {one['title']}\n{one['text']}".strip() for one in told)
