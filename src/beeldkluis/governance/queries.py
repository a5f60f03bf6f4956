"""Which protocol is in force, and which versions there are."""

from collections.abc import Sequence
from dataclasses import replace

from beeldkluis.governance import registers
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.protocol.contradictions import contradictions
from beeldkluis.protocol.register import Protocol

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
    """A register with the rules and the single numbers that it lacks, and with how to reach the municipality, all taken from the
    base file. Asked several times in each step, so the last few are remembered: neither ever changes.
    """
    for known, beside, done in _completed:
        if known is register and beside is base:
            return done
    made = _complete(register, base)
    _completed.insert(0, (register, base, made))
    del _completed[REMEMBERED:]
    return made


def _complete(register: Protocol, base: Protocol) -> Protocol:
    own = {
        name: replace(one, numbers={**base.rules[name].numbers, **one.numbers}) if name in base.rules else one
        for name, one in register.rules.items()
    }
    return replace(register, rules={**base.rules, **own}, contact=base.contact)


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
