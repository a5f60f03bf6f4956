"""Which protocol is in force, and which versions there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from beeldkluis.governance import registers
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.protocol.completing import filled
from beeldkluis.protocol.contradictions import contradictions
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.retention import deciding

State = ProtocolVersion.State
REMEMBERED = 8
_completed: list[
    tuple[Protocol, Protocol, Protocol]
] = []  # a register, the base file beside it, and what they are together


def in_force() -> Protocol:
    """The protocol whose numbers hold now: the version in force, or the municipality's base file before there is one.

    What a newer program knows (a rule, a number) and that version does not yet comes from the base file, until a version
    names it.
    RegisterError when a file is incomplete or changed, OSError when it is gone: then nothing is decided.
    """
    base = registers.base()
    digest = ProtocolVersion.objects.filter(state=State.IN_FORCE).values_list("register_sha256", flat=True).first()
    return base if digest is None else completed(registers.stored(digest), base)


def completed(register: Protocol, base: Protocol) -> Protocol:
    """A register with the rules, numbers, choices and lists that it lacks, and how to reach the municipality and what it
    calls the roles, all taken from the base file. Asked several times in each step, so the last few are remembered: neither
    ever changes.
    """
    for known, beside, done in _completed:
        if known is register and beside is base:
            return done
    made = _complete(register, base)
    _completed.insert(0, (register, base, made))
    del _completed[REMEMBERED:]
    return made


def _complete(register: Protocol, base: Protocol) -> Protocol:
    own = {name: filled(one, base.rules.get(name)) for name, one in register.rules.items()}
    legal = {**base.legal, **{name: lines for name, lines in register.legal.items() if lines}}
    return replace(register, rules={**base.rules, **own}, contact=base.contact, names=base.names, legal=legal)


@dataclass(frozen=True, slots=True)
class Applied:
    """A version and the moment from which it applied. Its numbers are read when they are asked for."""

    begins: datetime
    number: str
    register: Protocol | None = None
    digest: str = ""

    def numbers(self) -> Protocol:
        """Its register, completed as `in_force` does."""
        return self.register or completed(registers.stored(self.digest), registers.base())


@dataclass(frozen=True, slots=True)
class Versions:
    """The version that decides now, and all that applied, the oldest first."""

    in_force: Protocol
    applied: tuple[Applied, ...] = ()

    def between(self, first: datetime, last: datetime) -> tuple[Protocol, ...]:
        """The versions that applied at any moment from `first` up to and including `last`. The first one also applied before the
        program knew it. Empty when there are none.
        """
        ends = (*(one.begins for one in self.applied[1:]), None)
        found = zip(self.applied, ends, strict=True) if self.applied else ()
        return tuple(
            one.numbers()
            for place, (one, end) in enumerate(found)
            if (place == 0 or one.begins <= last) and (end is None or first < end)
        )

    def with_coming(self, coming: Protocol, begins: datetime) -> "Versions":
        """As it will be when this version applies from `begins` on."""
        return Versions(coming, (*self.applied, Applied(begins, coming.version, coming)))


def history() -> Versions:
    """Which version applied when, in one question. A version that was published after the beginning of its day applied from
    then: until that moment everybody was told the one before it.
    """
    base = registers.base()
    rows = ProtocolVersion.objects.filter(state__in=(State.IN_FORCE, State.LAPSED), takes_effect_at__isnull=False)
    found = [
        (max(one.takes_effect_at, one.published_at or one.takes_effect_at), one.published_at or one.drafted_at, one)
        for one in rows
        if one.takes_effect_at is not None
    ]
    found.sort(key=lambda one: one[:2])
    current = next((one for *_when, one in found if one.state == State.IN_FORCE), None)
    applied = tuple(Applied(begins, one.number, digest=one.register_sha256) for begins, _published, one in found)
    return Versions(base if current is None else register_of(current), applied)


@dataclass(frozen=True, slots=True)
class EarlierTerm:
    """Footage recorded from `begins` (empty: ever) until `ends` is kept for so many days; other footage for another time."""

    begins: datetime | None
    ends: datetime
    days: int


def earlier_terms(now: datetime) -> list[EarlierTerm]:
    """The terms of earlier versions by which footage may still be kept that goes sooner or later than what the version in force
    says; the oldest first.
    """
    versions, found = history(), []
    usual = versions.in_force.days("retention.period")
    for place, (one, after) in enumerate(pairwise(versions.applied)):
        kept = deciding(versions.in_force, [one.numbers()]).days("retention.period")
        if kept != usual and now < after.begins + kept:
            found.append(EarlierTerm(one.begins if place else None, after.begins, kept.days))
    return found


def register_of(version: ProtocolVersion) -> Protocol:
    """The numbers and sentences of one version, completed as `in_force` does."""
    return completed(registers.stored(version.register_sha256), registers.base())


def contradictions_of(version: ProtocolVersion) -> tuple[str, ...]:
    """What does not fit together in this version, in Dutch sentences."""
    texts = [str(one.get("text", "")) for one in version.sections]
    return contradictions(register_of(version), texts, registers.base().rules)


def versions() -> Sequence[ProtocolVersion]:
    """Every version, the newest first."""
    return list(ProtocolVersion.objects.order_by("-drafted_at", "-pk"))


def version(number: str) -> ProtocolVersion | None:
    """The version with this number."""
    return ProtocolVersion.objects.filter(number=number).first()


def current() -> ProtocolVersion | None:
    """The version in force."""
    return ProtocolVersion.objects.filter(state=State.IN_FORCE).first()


def planned() -> ProtocolVersion | None:
    """The version that two people published and that waits for its day."""
    return ProtocolVersion.objects.filter(state=State.PUBLISHED).order_by("takes_effect_at").first()


def proposed() -> Sequence[ProtocolVersion]:
    """Versions that wait for a second person."""
    return list(ProtocolVersion.objects.filter(state=State.PROPOSED).order_by("proposed_at"))


def successor(version: ProtocolVersion) -> ProtocolVersion | None:
    """The version that made this one lapse."""
    if version.lapsed_at is None:
        return None
    later = ProtocolVersion.objects.filter(state__in=(State.IN_FORCE, State.LAPSED))
    return (
        later.filter(takes_effect_at__gte=version.lapsed_at).exclude(pk=version.pk).order_by("takes_effect_at").first()
    )
