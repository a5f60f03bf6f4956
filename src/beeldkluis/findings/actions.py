"""Raising findings, and settling or closing them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from beeldkluis.findings import events
from beeldkluis.findings.models import Finding
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.finding import may_settle
from beeldkluis.protocol.verdict import Refused, Verdict


def raise_finding(
    *, rule: str, text: str, recording: UUID | None, bodycam: int | None, actor: Actor, now: datetime
) -> Finding:
    """Something that a person must look at: a rule and one Dutch sentence without names."""
    with step("findings.raise", actor=actor) as record:
        finding = Finding.objects.create(rule=rule, text=text, recording=recording, bodycam=bodycam, found_at=now)
        record(events.FindingRaised(recording=recording, finding=finding.pk, rule=rule, text=text))
    return finding


def raise_finding_once(
    *, rule: str, text: str, recording: UUID | None, bodycam: int | None, actor: Actor, now: datetime
) -> Finding:
    """The same, but a finding that is open already is not raised twice."""
    known = Finding.objects.filter(rule=rule, text=text, recording=recording, settled_at__isnull=True).first()
    return known or raise_finding(
        rule=rule,
        text=text,
        recording=recording,
        bodycam=bodycam,
        actor=actor,
        now=now,
    )


def settle_by_itself(findings: QuerySet[Finding], *, because: str, actor: Actor, now: datetime) -> int:
    """Settle open findings of which the ground is gone; `because` is a Dutch sentence. Asked within the step that took the
    ground away. How many.
    """
    found = list(findings.filter(settled_at__isnull=True))
    if not found:
        return 0
    with step("findings.settle_by_itself", actor=actor) as record:
        for one in found:
            one.settled_at, one.settled_because = now, because
            one.save(update_fields=["settled_at", "settled_because"])
            record(events.FindingSettled(recording=one.recording, finding=one.pk))
    return len(found)


def settle_finding(finding: Finding, *, because: str, actor: Actor, now: datetime) -> None:
    """Somebody looked at it and says why it is settled. Refused for whoever it watches (protocol.finding)."""
    with step("findings.settle", actor=actor) as record:
        require(allowed(actor, Act.SETTLE_FINDING))
        if not because.strip():
            raise Refused(Verdict(allowed=False, rule="access.roles", reason="Schrijf op wat u hebt gedaan."))
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        require(may_settle(role=actor.role, finding_rule=locked.rule))
        if locked.settled_at is None:
            locked.settled_at, locked.settled_because = now, because
            locked.save(update_fields=["settled_at", "settled_because"])
        record(events.FindingSettled(recording=locked.recording, finding=locked.pk))


def close_findings(*, rule: str, recording: UUID, because: str, text: str = "", actor: Actor, now: datetime) -> None:
    """What was to be looked at is no longer so: its ground went. The findings under this rule about this recording, or the one
    with this text, are settled, in a step that says why. None of them: nothing happens.
    """
    found = Finding.objects.filter(rule=rule, recording=recording, settled_at__isnull=True)
    numbers = list((found.filter(text=text) if text else found).order_by("pk").values_list("pk", flat=True))
    if not numbers:
        return
    with step("findings.close", actor=actor) as record:
        Finding.objects.filter(pk__in=numbers).update(settled_at=now, settled_because=because)
        for number in numbers:
            record(events.FindingClosed(recording=recording, finding=number, because=because))
