"""Raising findings, and settling or closing them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from beeldkluis.findings import events, queries
from beeldkluis.findings.models import Finding
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.finding import is_explained, may_settle

EACH_TIME = ""  # the key of what is a finding of its own each time it happens


def raise_finding(
    *, rule: str, key: str, text: str, recording: UUID | None, bodycam: int | None, actor: Actor, now: datetime
) -> Finding:
    """Something that a person must look at: a rule and one Dutch sentence without names. `key` says which doubt it is, under the
    rule and about the recording: while a finding of it is open, that one stays and no other is raised.
    """
    with serialised():
        known = queries.open_with(rule=rule, key=key, recording=recording) if key != EACH_TIME else None
        if known is not None:
            return known
        with step("findings.raise", actor=actor) as record:
            finding = Finding.objects.create(
                rule=rule, key=queries.fit(key), text=text, recording=recording, bodycam=bodycam, found_at=now
            )
            record(events.FindingRaised(recording=recording, finding=finding.pk, rule=rule, text=text))
    return finding


def settle_finding(finding: Finding, *, because: str, actor: Actor, now: datetime) -> None:
    """Somebody looked at it and says why it is settled. Refused for whoever it watches (protocol.finding)."""
    with step("findings.settle", actor=actor) as record:
        require(allowed(actor, Act.SETTLE_FINDING))
        require(is_explained(because))
        locked = Finding.objects.select_for_update().get(pk=finding.pk)
        require(may_settle(role=actor.role, finding_rule=locked.rule))
        if locked.settled_at is None:
            locked.settled_at, locked.settled_because = now, because
            locked.save(update_fields=["settled_at", "settled_because"])
        record(events.FindingSettled(recording=locked.recording, finding=locked.pk))


def close_findings(
    *,
    rule: str,
    recording: UUID | None,
    keys: Collection[str] | None = None,
    because: str,
    actor: Actor,
    now: datetime,
) -> None:
    """What was to be looked at is no longer so: the open findings under this rule about this recording (None: about none), with
    one of these keys or with any, are settled by the program in a step that says why. None of them: nothing happens.
    """
    found = Finding.objects.filter(rule=rule, recording=recording, settled_at__isnull=True)
    if keys is not None:
        found = found.filter(key__in=[queries.fit(key) for key in keys])
    with serialised():  # somebody may be settling one
        numbers = list(found.order_by("pk").values_list("pk", flat=True))
        if not numbers:
            return
        with step("findings.close", actor=actor) as record:
            Finding.objects.filter(pk__in=numbers).update(settled_at=now, settled_because=because, closed=True)
            for number in numbers:
                record(events.FindingClosed(recording=recording, finding=number, because=because))
