"""Facts to PDF, at once PDF/A-2a (archiving, ISO 19005-2; -3a with a file inside) and PDF/UA-1 (accessibility), with typst.

Texts go in as data, never as typst source, so nothing that somebody typed is read as markup. The same facts at the same
moment give the same bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from beeldkluis.documents.facts import (
    Certificate,
    Destructions,
    Incident,
    Letter,
    LogList,
    RequestForm,
    Version,
    ViewingReport,
)
from beeldkluis.documents.letters import KINDS, MissingWordsError, lacking
from beeldkluis.documents.script import printable, without_marks
from beeldkluis.protocol.naming import own_words

TEMPLATES = Path(__file__).parent / "templates"
LETTERS = TEMPLATES / "letters"
LONGEST_WORD = 50  # letters; a longer one may break here
_TOO_LONG = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")


def protocol_version(version: Version, *, made_at: datetime) -> bytes:
    """The protocol: day of effect on page 1, version in the footer of every page, lapsed visibly (governance-1, -2)."""
    return _pdf("protocol.typ", asdict(version), made_at)


def log_list(lines: LogList, *, made_at: datetime) -> bytes:
    """Who received and signed for a version (governance-3)."""
    return _pdf("log_list.typ", asdict(lines), made_at)


def incident(report: Incident, *, made_at: datetime) -> bytes:
    """A security incident as it stands in the register (work-16, GDPR art. 33(5))."""
    return _pdf("incident.typ", asdict(report), made_at)


def request_form(form: RequestForm, *, made_at: datetime) -> bytes:
    """The request form to fill in by hand (access-2)."""
    return _pdf("request_form.typ", asdict(form), made_at)


def viewing_report(report: ViewingReport, *, made_at: datetime) -> bytes:
    """Who looked, when, where and at which parts, to be signed (access-6, work-14)."""
    return _pdf("viewing_report.typ", asdict(report), made_at)


def destructions(report: Destructions, *, made_at: datetime) -> bytes:
    """What was destroyed in one month, on which ground and how (Archiefbesluit 1995, article 8)."""
    return _pdf("destructions.typ", asdict(report), made_at)


def certificate(words: Certificate, evidence: bytes, *, made_at: datetime) -> bytes:
    """What somebody declares of a package of footage, as PDF/A-3a with `evidence.json` inside it, byte for byte (ISO 19005-3)."""
    return _pdf("certificate.typ", asdict(words), made_at, {"evidence": evidence.decode()})


def letter(words: Letter, *, made_at: datetime, templates: Path | None = None) -> bytes:
    """A letter of a case. `templates` is a municipality's own folder, that replaces ours file by file.

    Raises MissingWordsError, ValueError for a kind that is none, typst.TypstError for a template of its own with a mistake.
    """
    if words.kind not in KINDS:
        raise ValueError(f"{words.kind} is no letter")
    if missing := lacking(words.kind, words.words):
        raise MissingWordsError(words.kind, missing)
    facts = asdict(words) | {"title": KINDS[words.kind].title}
    files = {
        "house.typ": TEMPLATES / "house.typ",
        "letter.typ": LETTERS / "letter.typ",
        "main.typ": LETTERS / f"{words.kind}.typ",
    }
    own = {"house.typ": "house.typ", "letter.typ": "letter.typ", "main.typ": f"{words.kind}.typ"}
    if templates is not None:
        files |= {name: templates / file for name, file in own.items() if (templates / file).is_file()}
    ours = {name: path for name, path in files.items() if path.is_relative_to(TEMPLATES)}
    return _pdf(
        {name: _read(path) if name in ours else path.read_bytes() for name, path in files.items()}, facts, made_at
    )


def _read(path: Path) -> bytes:
    """One of our templates, with what this municipality calls the roles; what comes in with the facts stays as it is."""
    return own_words(path.read_text(encoding="utf-8")).encode()


def _pdf(
    template: str | dict[str, bytes], facts: dict[str, Any], made_at: datetime, inside: Mapping[str, str] | None = None
) -> bytes:
    """From one of our files, or from files by name of which "main.typ" is the first. `inside`: texts that the template puts into
    the PDF as files, which only PDF/A-3 allows.
    """
    source: Any = (
        str(TEMPLATES / template) if isinstance(template, str) else template
    )  # its annotations lack the mapping
    try:
        return _compiled(source, readable(facts), made_at, inside or {})
    except (
        typst.TypstError
    ):  # a mark on a letter that the type has not drawn it on; a template with a mistake fails again
        return _compiled(source, readable(facts, without_marks), made_at, inside or {})


def _compiled(source: Any, facts: Any, made_at: datetime, inside: Mapping[str, str]) -> bytes:
    made: bytes = typst.compile(
        source,
        root=str(TEMPLATES),
        format="pdf",
        pdf_standards=["a-3a" if inside else "a-2a", "ua-1"],
        ignore_system_fonts=True,
        timestamp=int(made_at.timestamp()),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False), **inside},
    )
    return made


def readable(value: Any, text: Callable[[str], str] = printable) -> Any:
    """The same facts in texts that a PDF with embedded fonts can hold (documents.script): without a square."""
    if isinstance(value, str):
        return _TOO_LONG.sub("\\g<0>\u200b", text(value))
    if isinstance(value, dict):
        return {key: readable(one, text) for key, one in value.items()}
    return [readable(one, text) for one in value] if isinstance(value, (list, tuple)) else value
