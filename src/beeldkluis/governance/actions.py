"""The steps in a version's life: adopt the first, draft, propose, publish (by another person), take effect, withdraw."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from beeldkluis.governance import events, queries, registers
from beeldkluis.governance.models import ProtocolVersion, Register
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol import governance as rules
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.contradictions import incomplete
from beeldkluis.protocol.register import Protocol, RegisterError
from beeldkluis.protocol.verdict import Refused

State = ProtocolVersion.State
Sections = Sequence[Mapping[str, str]]


def adopt(register: bytes, *, takes_effect_at: datetime, actor: Actor, now: datetime) -> ProtocolVersion | None:
    """Take over the version that applied before the program did. None, and nothing changes, when there is a version already."""
    with serialised():
        if ProtocolVersion.objects.exists():
            return None
        number = _readable(register).version
        with step("governance.adopt", actor=actor) as record:
            version = ProtocolVersion.objects.create(
                number=number,
                state=State.IN_FORCE,
                register_sha256=_kept(register),
                takes_effect_at=takes_effect_at,
                drafted_at=now,
                drafted_by=actor.pseudonym,
                published_at=now,
            )
            record(events.VersionAdopted(version=number, register_sha256=version.register_sha256))
    return version


def _kept(register: bytes) -> str:
    """Keep a register here and for other machines, within the caller's step. Its SHA-256 (hexadecimal)."""
    digest = registers.keep(register)
    Register.objects.get_or_create(pk=digest, defaults={"content": register})
    return digest


def share_registers(*, actor: Actor) -> int:
    """Give the database the registers that an older version of this program kept in files alone. How many."""
    digests = set(ProtocolVersion.objects.values_list("register_sha256", flat=True))
    alone = digests - set(Register.objects.values_list("pk", flat=True))
    found = {digest: content for digest in alone if (content := registers.kept_here(digest))}
    if found:
        with step("governance.share_registers", actor=actor) as record:
            for digest, content in found.items():
                Register.objects.get_or_create(pk=digest, defaults={"content": content})
            record(events.RegistersShared(registers=tuple(sorted(found))))
    return len(found)


def _readable(register: bytes) -> Protocol:
    try:
        return registers.read(register.decode("utf-8"), "het register")
    except (RegisterError, UnicodeDecodeError) as error:
        raise Refused(rules.unreadable_register(str(error))) from error


def choose_base(register: bytes, *, actor: Actor) -> Protocol:
    """Choose the file that holds until a version is published. Refused when the server's settings name one, when it is not
    understood, and when a version applies already.
    """
    with step("governance.choose_base", actor=actor) as record:
        require(rules.may_choose_base(set_by_server=not registers.can_be_chosen()))
        try:
            found = registers.check(register, "het protocolbestand")
        except RegisterError as error:
            raise Refused(rules.unusable_base(str(error))) from error
        require(rules.may_replace_base(has_version=ProtocolVersion.objects.exists()))
        digest = hashlib.sha256(register).hexdigest()
        record(events.BaseChosen(municipality=found.municipality, version=found.version, register_sha256=digest))
        registers.keep_base(register)
    return found


def draft(register: bytes, sections: Sections, *, actor: Actor, now: datetime) -> ProtocolVersion:
    """Make a draft, or change the draft with the same number. Refused for a number that was used, for another municipality,
    and for a register that lacks a rule or number that the program asks for.
    """
    with step("governance.draft", actor=actor) as record:
        require(allowed(actor, Act.PREPARE_PROTOCOL))
        read, base = _readable(register), registers.base()
        known = ProtocolVersion.objects.select_for_update().filter(number=read.version).first()
        verdict = rules.may_draft(
            number=read.version,
            municipality=read.municipality,
            own=base.municipality,
            fault=_fault(register, read, base),
            state=known.state if known else "",
        )
        require(verdict)
        version = known or ProtocolVersion(number=read.version, drafted_at=now, drafted_by=actor.pseudonym)
        version.register_sha256, version.sections = _kept(register), [dict(one) for one in sections]
        version.save()
        record(
            events.VersionDrafted(
                version=version.number, register_sha256=version.register_sha256, text_sha256=_text_hash(version)
            )
        )
    return version


def _fault(register: bytes, read: Protocol, base: Protocol) -> str:
    """What the register lacks; empty when it is complete."""
    try:
        registers.check(register, "het register")
        incomplete(read, base)
    except RegisterError as error:
        return str(error)
    return ""


def _text_hash(version: ProtocolVersion) -> str:
    text = json.dumps(version.sections, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def add_text(version: ProtocolVersion, sections: Sections, *, actor: Actor) -> None:
    """Add the municipality's text to the version that was taken over, once: it is what people sign for."""
    with step("governance.add_text", actor=actor) as record:
        require(allowed(actor, Act.PREPARE_PROTOCOL))
        locked = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
        require(rules.may_add_text(state=locked.state, has_text=bool(locked.sections), sections=len(sections)))
        locked.sections = [dict(one) for one in sections]
        locked.save(update_fields=["sections"])
        record(
            events.VersionDrafted(
                version=locked.number, register_sha256=locked.register_sha256, text_sha256=_text_hash(locked)
            )
        )


def propose(
    version: ProtocolVersion, *, takes_effect_at: datetime, touched: int, today: datetime, actor: Actor, now: datetime
) -> None:
    """Put a draft to a second person. `touched` is how many recordings kept now it would keep for another time."""
    with step("governance.propose", actor=actor) as record:
        require(allowed(actor, Act.PREPARE_PROTOCOL))
        locked = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
        waits = queries.planned() is not None or bool(queries.proposed())
        require(
            rules.may_propose(
                state=locked.state,
                takes_effect_at=takes_effect_at,
                today=today,
                another_waits=waits,
                sections=len(locked.sections),
            )
        )
        locked.state, locked.takes_effect_at = State.PROPOSED, takes_effect_at
        locked.proposed_at, locked.proposed_by = now, actor.pseudonym
        locked.save(update_fields=["state", "takes_effect_at", "proposed_at", "proposed_by"])
        record(
            events.VersionProposed(
                version=locked.number,
                register_sha256=locked.register_sha256,
                text_sha256=_text_hash(locked),
                takes_effect_at=takes_effect_at,
                contradictions=len(queries.contradictions_of(locked)),
                recordings_touched=touched,
            )
        )


def publish(version: ProtocolVersion, *, touched: int, today: datetime, actor: Actor, now: datetime) -> None:
    """A second person publishes it; on its day it takes effect by itself, at once when that day is today."""
    with step("governance.publish", actor=actor) as record:
        require(allowed(actor, Act.PUBLISH_PROTOCOL))
        locked = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
        effect = locked.takes_effect_at or now
        require(
            rules.may_publish(
                state=locked.state,
                proposed_by=locked.proposed_by,
                person=actor.pseudonym,
                takes_effect_at=effect,
                today=today,
            )
        )
        locked.state, locked.published_at, locked.published_by = State.PUBLISHED, now, actor.pseudonym
        locked.save(update_fields=["state", "published_at", "published_by"])
        record(
            events.VersionPublished(
                version=locked.number,
                register_sha256=locked.register_sha256,
                takes_effect_at=effect,
                recordings_touched=touched,
            )
        )
        take_effect(actor=actor, now=now)


def withdraw(version: ProtocolVersion, *, actor: Actor) -> None:
    """Withdraw a version that is not in force yet. What applies, or applied, stays in the list for ever."""
    with step("governance.withdraw", actor=actor) as record:
        require(allowed(actor, Act.PUBLISH_PROTOCOL))
        locked = ProtocolVersion.objects.select_for_update().get(pk=version.pk)
        require(rules.may_withdraw(state=locked.state))
        locked.state = State.WITHDRAWN
        locked.save(update_fields=["state"])
        record(events.VersionWithdrawn(version=locked.number))


def take_effect(*, actor: Actor, now: datetime) -> ProtocolVersion | None:
    """Let the version of which the day has come apply, and the previous one lapse, in one transaction. Else None."""
    with serialised():
        coming = queries.planned()
        if coming is None or not rules.takes_over(state=coming.state, takes_effect_at=coming.takes_effect_at, now=now):
            return None
        with step("governance.take_effect", actor=actor) as record:
            previous = ProtocolVersion.objects.select_for_update().filter(state=State.IN_FORCE).first()
            if previous is not None:
                previous.state, previous.lapsed_at = State.LAPSED, coming.takes_effect_at
                previous.save(update_fields=["state", "lapsed_at"])
            coming.state = State.IN_FORCE
            coming.save(update_fields=["state"])
            record(
                events.VersionTookEffect(
                    version=coming.number,
                    lapsed=previous.number if previous else "",
                    register_sha256=coming.register_sha256,
                )
            )
    return coming
