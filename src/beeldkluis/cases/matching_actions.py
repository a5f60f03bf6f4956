"""Holding what came in later than the request that waits for it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from beeldkluis.cases import events, matching_queries, queries
from beeldkluis.cases.about import about
from beeldkluis.cases.actions import match
from beeldkluis.cases.matching_queries import Asking, Seen
from beeldkluis.cases.models import Case, CaseLooked, RecordingLooked
from beeldkluis.findings.actions import raise_finding
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import CaseState

AT_ONCE = 500  # rows in one statement


def match_open_cases(*, actor: Actor, now: datetime) -> int:
    """Hold what came in later than the request that waits for it: a camera may be docked days afterwards. Asked before
    every round of destruction; how many recordings were held.

    Only what came in or changed since the last look is held beside the cases. It counts as looked at once everything it
    belongs to holds it: whatever stops this half-way, it is looked at again.
    """
    protocol, held, last = in_force(), 0, 0
    window = matching_queries.window(protocol)
    while True:
        recordings = matching_queries.not_looked_at(window, after=last)  # before the cases: what comes later waits
        cases, before = matching_queries.asking(protocol), matching_queries.looked_for()
        anew = [one for one in cases if before.get(one.case) != one.asked]
        wanted = matching_queries.wanting(cases, recordings) | matching_queries.wanting_anew(anew)
        for case in Case.objects.filter(pk__in=wanted).order_by("received_at"):
            held += _match_late(case, actor, now)
        _note(recordings, window, anew, set(before) - {one.case for one in cases})
        if len(recordings) < matching_queries.AT_ONCE:
            return held
        last = recordings[-1].number


def hold_what_is_asked(recordings: Collection[UUID], *, actor: Actor, now: datetime) -> int:
    """Hold those of these recordings that an open case asks for, whatever was remembered of them: the last look before they are
    destroyed. How many were held.
    """
    cases, held = matching_queries.asking(in_force()), 0
    wanted = matching_queries.wanting(cases, matching_queries.those(recordings))
    for case in Case.objects.filter(pk__in=wanted).order_by("received_at"):
        held += _match_late(case, actor, now)
    return held


def _match_late(case: Case, actor: Actor, now: datetime) -> int:
    if not queries.unmatched(case):
        return 0
    with step("cases.match_late", actor=actor, about=about(case)) as record:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        matched = match(locked, actor=actor, now=now)
        record(events.LateRecordingsHeld(case=case.reference, recordings=matched))
        _after_all(locked, matched, actor, now)
    return matched


def _after_all(case: Case, matched: int, actor: Actor, now: datetime) -> None:
    """Footage came in after it was decided that there was none: somebody must hear that."""
    if matched and case.state == CaseState.NO_FOOTAGE:
        text = f"Bij zaak {case.reference} was besloten dat er geen beelden zijn. Nu is er toch een opname. Heropen de zaak."
        raise_finding(
            rule="request.no-footage", key=case.reference, text=text, recording=None, bodycam=None, actor=actor, now=now
        )


def _note(recordings: Sequence[Seen], window: str, cases: Sequence[Asking], gone: Iterable[UUID]) -> None:
    """What was looked at, with the facts it had before the look. Cases that are no longer open are forgotten: opened again, they
    are looked for anew.
    """
    looked = [
        RecordingLooked(one.recording, one.started_at, one.ended_at, one.clock, one.officer, window)
        for one in recordings
    ]
    asked = [CaseLooked(one.case, one.asked) for one in cases]
    over = list(gone)
    if not (looked or asked or over):
        return
    with transaction.atomic():
        for start in range(0, len(over), AT_ONCE):
            CaseLooked.objects.filter(case__in=over[start : start + AT_ONCE]).delete()
        RecordingLooked.objects.bulk_create(
            looked,
            AT_ONCE,
            update_conflicts=True,
            unique_fields=["recording"],
            update_fields=["started_at", "ended_at", "clock", "officer", "window"],
        )
        CaseLooked.objects.bulk_create(
            asked, AT_ONCE, update_conflicts=True, unique_fields=["case"], update_fields=["asked"]
        )
