"""Reads every letter as it would leave and holds its dates, times and numbers against the oracle: none may lack or be another."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pypdf import PdfReader

from simulation.law import ZONE
from simulation.oracle import AROUND, Case, Film

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
DAY = re.compile(rf"\b(\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}})\b")
CLOCK = re.compile(r"\b(\d{2}\.\d{2})\b(?= uur| en | tot )")
DAYS = re.compile(r"\b(\d+) dagen\b")
VERSION = re.compile(r"protocol (?:bodycams )?versie (\w+)")
OWN_WORDS = {"because", "grounds", "considerations", "not_by_covering", "exception", "dpo", "objection_address"}


def day(moment: datetime) -> str:
    """As a letter says a day."""
    there = moment.astimezone(ZONE)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"


def clock(moment: datetime) -> str:
    """As a letter says a time."""
    return f"{moment.astimezone(ZONE):%H.%M}"


@dataclass(slots=True)
class Expected:
    """What a letter must say (`days`), what else it may, and which numbers of days and versions stand in it. `words`: values of
    single words that must be exactly so.
    """

    days: set[str] = field(default_factory=set)
    also: set[str] = field(default_factory=set)
    times: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    words: dict[str, Any] = field(default_factory=dict)

    def moments(self, found: Iterable[datetime], *, must: bool = True) -> None:
        """Days and times of these moments."""
        for moment in found:
            (self.days if must else self.also).add(day(moment))
            self.times.add(clock(moment))


def expected(kind: str, case: Case, films: Iterable[Film], now: datetime) -> Expected | None:
    """What the oracle says of a letter of this kind that is made now; None for a kind that it does not know."""
    found = Expected()
    made = {
        "acknowledgement": _acknowledgement, "completion": _completion, "extension": _extension, "granted": _granted,
        "refused": _refused, "no_footage": _nothing, "set_aside": _set_aside, "withdrawn": _withdrawn,
        "closing": _closing, "elsewhere": _elsewhere,
    }.get(kind)  # fmt: skip
    if made is None:
        return None
    made(found, case, list(films), now)
    return found


def _about(found: Expected, case: Case) -> None:
    if case.moment is not None:
        found.moments(case.moment)


def _elsewhere(_found: Expected, _case: Case, _films: list[Film], _now: datetime) -> None:
    return


def _acknowledgement(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    _about(found, case)
    found.days |= {day(case.received), day(case.decide_by)}
    found.words |= {"received_on": day(case.received), "last_day": day(case.decide_by)}


def _completion(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    if case.until is not None:
        found.days.add(day(case.until))
        found.words["until"] = day(case.until)


def _extension(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    old = case.decide_by - timedelta(days=60)
    found.days |= {day(old), day(case.decide_by)}
    found.words |= {"old_day": day(old), "new_day": day(case.decide_by)}


def _granted(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    _about(found, case)
    kept = [film for film in case.films if film.number in case.confirmed and film.gone is None]
    found.numbers = {film.days for film in kept}
    if case.kind == "access":
        last = case.give_day()
        found.days.add(f"{last.day} {MONTHS[last.month - 1]} {last.year}")
    found.words["held"] = any(case.holds(film) and film.gone is None for film in case.films)


def _refused(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    _about(found, case)
    found.words["held"] = any(case.holds(film) and film.gone is None for film in case.films)


def _nothing(found: Expected, case: Case, films: list[Film], _now: datetime) -> None:
    _about(found, case)
    if case.moment is None:
        return
    begins, ends = case.moment[0] - AROUND, case.moment[1] + AROUND
    found.moments((begins, ends))
    around = [one for one in films if one.said_from <= ends and one.said_until >= begins]
    gone = [one for one in around if one.gone is not None and one.number not in case.rejected]
    found.days |= {day(one.gone) for one in gone if one.gone is not None}
    found.numbers, found.versions = {one.days for one in gone}, {one.version for one in gone}
    late = [one for one in gone if one.gone is not None and one.gone >= case.received]
    found.also.add(day(case.received))
    if late:
        found.days.add(day(case.received))
    found.words["held"] = any(case.holds(film) and film.gone is None for film in case.films)
    if case.rejected:
        found.words["put_aside"] = len(case.rejected)


def _set_aside(found: Expected, case: Case, _films: list[Film], _now: datetime) -> None:
    found.moments(case.moment or (), must=False)
    if case.asked_ever is not None and case.until is not None:
        found.days |= {day(case.asked_ever), day(case.until)}
        found.words |= {"asked_on": day(case.asked_ever), "until": day(case.until)}


def _withdrawn(found: Expected, case: Case, _films: list[Film], now: datetime) -> None:
    _about(found, case)
    found.days.add(day(now))
    found.words |= {"withdrawn_on": day(now), "days": case.withdrawal_days}


def _closing(found: Expected, case: Case, _films: list[Film], now: datetime) -> None:
    kept = [film for film in case.films if film.gone is None and film.number not in case.rejected]
    later = [film.term for film in kept if film.term > now]
    if later:
        found.days.add(day(max(later)))


def flat(value: Any) -> str:
    """Every text in the words of a letter, one after another; what people wrote themselves left out."""
    if isinstance(value, dict):
        return " ".join(flat(one) for name, one in value.items() if name not in OWN_WORDS)
    if isinstance(value, (list, tuple)):
        return " ".join(flat(one) for one in value)
    return value if isinstance(value, str) else ""


def faults(text: str, words: dict[str, Any], told: Expected) -> list[str]:
    """What in the text is not what the oracle says."""
    found, wrong = set(DAY.findall(text)), []
    if lacking := told.days - found:
        wrong.append(f"lacks {', '.join(sorted(lacking))}")
    if strange := found - told.days - told.also:
        wrong.append(f"says {', '.join(sorted(strange))}")
    if times := set(CLOCK.findall(text)) - told.times:
        wrong.append(f"says {', '.join(sorted(times))} uur")
    if numbers := {int(one) for one in DAYS.findall(text)} - told.numbers:
        wrong.append(f"says {', '.join(map(str, sorted(numbers)))} dagen")
    if versions := set(VERSION.findall(text)) - told.versions:
        wrong.append(f"says version {', '.join(sorted(versions))}")
    wrong += [
        f"{name} is {words[name]!r}, not {value!r}"
        for name, value in told.words.items()
        if _differs(words, name, value)
    ]
    return wrong


def _differs(words: dict[str, Any], name: str, value: Any) -> bool:
    return name in words and words[name] != value


def printed(pdf: bytes) -> str:
    """The text of the letter as it is on paper."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
