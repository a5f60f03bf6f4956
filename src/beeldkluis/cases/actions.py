"""The steps of a request up to the decision. Which step may be taken when and by whom stands in protocol.cases."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from django.utils import timezone

from beeldkluis.cases import events, letters, papers, queries
from beeldkluis.cases.about import about, of
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case, CaseDocument, CaseRecording, Suspension
from beeldkluis.footage import actions as footage
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Officer
from beeldkluis.people.queries import deputies
from beeldkluis.protocol import cases as rules
from beeldkluis.protocol import representation, requests
from beeldkluis.protocol.cases import CaseState, Step
from beeldkluis.protocol.holding import hold_rule
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import last_moment, may_refer
from beeldkluis.protocol.legal import regime_of
from beeldkluis.protocol.presence import may_ask_for


class Asked(TypedDict, total=False):
    """What a request says of itself; everything but the name may still be missing."""

    received_by_channel: Required[str]  # "letter", "email", "paper" or "form"
    requester_name: Required[str]
    requester_address: str
    requester_place: str
    requester_organisation: str
    requester_phone: str
    requester_email: str
    on_behalf_of: str
    authority: str
    on_behalf_of_age: int | None
    wish: str
    in_doubt: list[str]
    demonstrable_interest: str
    description: str
    told: str
    moment_from: datetime | None
    moment_until: datetime | None
    place: str
    about_team_manager: bool
    officer: Officer | None
    formal_data: dict[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that came in with a request: its name as its sender calls it, and its bytes."""

    name: str
    data: bytes


@contextmanager
def case_step(name: str, case: Case, move: Step, actor: Actor) -> Iterator[tuple[Case, Record]]:
    """A step with a case: its row locked and as it is now, when this step may be taken by this person. Refused otherwise,
    with a journal line that names the case, its purpose and the protocol.
    """
    with step(f"cases.{name}", actor=actor, about=about(case)) as record:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        kind, state = CaseKind(locked.kind), CaseState(locked.state)
        require(rules.may_step(kind=kind, state=state, step=move, role=actor.role))
        judged = rules.judges(kind, move) and locked.about_team_manager
        require(rules.may_judge(about_team_manager=judged, titular=judged and queries.is_titular(actor)))
        yield locked, record


def move_on(case: Case, move: Step, *, decided: CaseState | None = None, **changed: object) -> None:
    """Go where the table says, together with what changed beside it. A case that moves has something to tell of people again."""
    case.has_data = True
    case.state = rules.state_after(CaseKind(case.kind), CaseState(case.state), move, decided=decided).value
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=["state", "has_data", *changed])


def receive(
    *,
    kind: str,
    received_at: datetime | None = None,
    paper: Paper | None = None,
    by_email: bool = False,
    actor: Actor,
    now: datetime,
    **asked: Unpack[Asked],
) -> Case:
    """Register a case (access-1, access-2), also an incomplete one, and hold everything around its moment (work-12).

    `received_at` is when it reached the municipality; the term of its law counts from there. `by_email`: the requester wants
    the letters that way (Awb 2:14). By the data protection officer, or for a request by the website's form. Refused for anybody
    else, and for a receipt in the future.
    """
    wanted, received, regime = CaseKind(kind), received_at or now, regime_of(in_force())
    with step("cases.receive", actor=actor, about=of("", kind)) as record:
        form = actor.kind is ActorKind.SYSTEM and actor.pseudonym == rules.PUBLIC_FORM
        verdict = rules.may_step(kind=wanted, state=CaseState.NEW, step=Step.RECEIVE, role=actor.role, by_form=form)
        require(verdict)
        require(may_ask_for(wanted, in_force()))
        require(requests.may_have_come_in(received_at=received, now=now))
        state = rules.state_after(wanted, CaseState.NEW, Step.RECEIVE)
        case = Case.objects.create(
            reference=queries.next_reference(timezone.localtime(now).year),
            kind=wanted.value,
            state=state.value,
            forwarded_at=now if state is CaseState.FORWARDED else None,
            received_at=received,
            regime=regime.value,
            decide_by=last_moment(wanted, regime, received, in_force()),
            email_agreed_at=now if by_email and asked.get("requester_email") else None,
            received_from=None if form else queries.person(actor),
            **asked,
        )
        record(_received(case))
        _beside(case, paper, actor, now)
        match(case, actor=actor, now=now)
    return case


def _received(case: Case) -> events.CaseReceived:
    return events.CaseReceived(
        case=case.reference,
        kind=case.kind,
        channel=case.received_by_channel,
        received_at=case.received_at,
        decide_by=case.decide_by,
        missing=queries.missing(case),
        by_email=bool(case.by_email),
        requester_name=case.requester_name,
    )


def _beside(case: Case, paper: Paper | None, actor: Actor, now: datetime) -> None:
    """What goes with a receipt: the paper, the acknowledgement, and word to the deputy."""
    if paper is not None:
        add_document(case, paper, actor=actor, now=now)
    if case.kind in rules.WEIGHED:
        make_letter(case, "acknowledgement", letters.acknowledgement(case), actor=actor, now=now)
    if case.about_team_manager:
        text = f"Zaak {case.reference} gaat over de teammanager zelf. U behandelt haar zodra u waarneemt."
        for deputy in deputies():
            queue_mail(to=deputy.email, subject="Een zaak wacht op u", text=text, actor=actor, now=now, must_leave=True)


def add_document(case: Case, paper: Paper, *, actor: Actor, now: datetime) -> CaseDocument:
    """Keep what came in with a case. Refused for a kind of file that may not be kept (cases.papers), or too large."""
    with step("cases.add_document", actor=actor, about=about(case)) as record:
        kind = papers.kind_of(paper.name, paper.data)
        require(requests.may_keep_paper(known=bool(kind)))
        digest = hashlib.sha256(paper.data).hexdigest()
        kept = CaseDocument.objects.create(
            case=case, name=paper.name[-120:], content_type=kind, data=paper.data, sha256=digest, received_at=now
        )
        record(events.DocumentAdded(case=case.reference, document=kept.pk, sha256=digest))
    return kept


def match(case: Case, *, actor: Actor, now: datetime) -> int:
    """Note every recording around the moment of the request that the case does not know yet, and hold it; how many."""
    rule = hold_rule(CaseKind(case.kind))
    found = queries.unmatched(case)
    for recording in found:
        CaseRecording.objects.create(case=case, recording=recording.pk, matched_at=now)
        with step("cases.match", actor=actor, about=about(case)) as record:
            if rule is not None:
                footage.place_hold(recording.pk, rule=rule, case=case.reference, actor=actor, now=now)
            record(events.RecordingMatched(recording=recording.pk, case=case.reference))
    return len(found)


def ask(case: Case, *, actor: Actor, now: datetime) -> Suspension:
    """Ask the requester for what is missing: a letter, and the term stands still until the answer (access-2)."""
    with case_step("ask", case, Step.ASK, actor) as (locked, record):
        missing = queries.missing(locked)
        require(requests.may_ask(missing))
        until = requests.completion_until(now, in_force())
        pause = Suspension.objects.create(case=locked, asked_at=now, until=until, missing=list(missing))
        make_letter(locked, "completion", letters.completion(locked, missing, until), actor=actor, now=now)
        move_on(locked, Step.ASK)
        record(events.CompletionAsked(case=locked.reference, missing=missing, until=until))
    return pause


def resume_clock(case: Case, now: datetime) -> timedelta:
    """The clock goes on: what it stood still is added to the term. How long that was."""
    pause = Suspension.objects.select_for_update().filter(case=case, ended_at__isnull=True).first()
    if pause is None:
        return timedelta(0)
    pause.ended_at = now
    pause.save(update_fields=["ended_at"])
    return queries.as_pause(pause).length(now)


def complete_fields(case: Case, *, fields: Mapping[str, Any], actor: Actor, now: datetime) -> Case:
    """Fill in what the requester gave afterwards (access-2). Only fields of a request count; a new moment holds more,
    and nothing that was held is let go. A clock that stood still goes on.
    """
    with case_step("complete", case, Step.COMPLETE, actor) as (locked, record):
        changed = {
            name: value for name, value in fields.items() if name in queries.FIELDS and getattr(locked, name) != value
        }
        until = locked.decide_by + resume_clock(locked, now)
        move_on(locked, Step.COMPLETE, decide_by=until, **changed)
        missing = queries.missing(locked)
        names = tuple(sorted(changed))
        record(events.CaseCompleted(case=locked.reference, changed=names, missing=missing, decide_by=until))
        match(locked, actor=actor, now=now)
    return locked


def forward(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Pass a request on to the team manager (access-1): a complete one, or one that was asked to be completed in vain."""
    with case_step("forward", case, Step.FORWARD, actor) as (locked, record):
        asked = queries.last_suspension(locked)
        asked_until = asked.until if asked else None
        facts = queries.facts(locked)
        require(requests.may_forward(CaseKind(locked.kind), facts, in_force(), asked_until=asked_until, now=now))
        until = locked.decide_by + resume_clock(locked, now)
        move_on(locked, Step.FORWARD, forwarded_at=now, decide_by=until)
        record(events.CaseForwarded(case=locked.reference, decide_by=until))
    return locked


def refer(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Answer a request for public records that asks for something else than footage with where it belongs, and close it. Refused
    when it names a moment: then footage is held for it, and nobody ends that without a decision.
    """
    with case_step("refer", case, Step.REFER, actor) as (locked, record):
        require(may_refer(names_moment=locked.moment_from is not None))
        make_letter(locked, "elsewhere", letters.elsewhere(), actor=actor, now=now)
        move_on(locked, Step.REFER, closed_at=now)
        record(events.CaseReferred(case=locked.reference))
    return locked


_SEEN = (
    "identity_document",
    "identity_seen_at",
    "identity_seen_by",
    "authority_proof",
    "authority_seen_at",
    "authority_seen_by",
)


def identify(case: Case, *, document: str, proof: str = "", actor: Actor, now: datetime) -> Case:
    """Somebody's identity was seen: which kind of document, by whom and when. No copy, no number (access-6). `proof`: what showed
    that this person may ask for another (protocol.representation.PROOFS).
    """
    with case_step("identify", case, Step.IDENTIFY, actor) as (locked, record):
        require(requests.may_note_identity(document=document))
        locked.identity_document, locked.identity_seen_at = document, now
        locked.identity_seen_by = queries.person(actor)
        move_on(locked, Step.IDENTIFY)
        if proof in representation.PROOFS and locked.authority:
            locked.authority_proof, locked.authority_seen_at = proof, now
            locked.authority_seen_by = locked.identity_seen_by
        locked.save(update_fields=[*_SEEN])
        record(events.IdentitySeen(case=locked.reference, document=document, proof=locked.authority_proof))
    return locked


def link_recording(case: Case, recording: UUID, *, actor: Actor, now: datetime) -> CaseRecording:
    """Say that a recording belongs to the case: one found by time, or another one. It is held from here at the latest.
    Recording.DoesNotExist for an unknown one, Refused when it is destroyed, or not the own recording of who reflects.
    """
    with case_step("link", case, Step.LINK, actor) as (locked, record):
        known = Recording.objects.select_related("officer").get(pk=recording)
        kind = CaseKind(locked.kind)
        if kind.facts.only_own:
            require(requests.may_reflect(wearer=known.officer_id, asks=locked.officer_id))
        if (rule := hold_rule(kind)) is not None:
            footage.place_hold(known.pk, rule=rule, case=locked.reference, actor=actor, now=now)
        tie, _new = CaseRecording.objects.update_or_create(
            case=locked,
            recording=known.pk,
            defaults={"confirmed_at": now, "rejected_at": None},
            create_defaults={"matched_at": now, "confirmed_at": now},
        )
        record(events.RecordingLinked(recording=known.pk, case=locked.reference))
    return tie


def reject_match(case: Case, recording: UUID, *, actor: Actor, now: datetime) -> CaseRecording:
    """Say that a recording does not belong to the case. Its hold stays until the decision is final (work-12): one person's
    word, before the requester could object, destroys nothing. CaseRecording.DoesNotExist when it was never found for the case.
    """
    with case_step("reject_match", case, Step.LINK, actor) as (locked, record):
        tie = CaseRecording.objects.select_for_update().get(case=locked, recording=recording)
        tie.confirmed_at, tie.rejected_at = None, now
        tie.save(update_fields=["confirmed_at", "rejected_at"])
        record(events.MatchRejected(recording=recording, case=locked.reference))
    return tie


def release_all(case: Case, because: str, actor: Actor, now: datetime) -> int:
    """End all holds of the case. How many."""
    held = CaseRecording.objects.filter(case=case).values_list("recording", flat=True)
    return sum(release(case, recording, because, actor, now) for recording in held)


def release(case: Case, recording: UUID, because: str, actor: Actor, now: datetime) -> int:
    """End this case's holds on a recording; another case's holds are not ours to end. How many ended."""
    ours = [hold for hold in live_holds(recording) if hold.case == case.reference]
    for hold in ours:
        footage.release_hold(hold, because=because, actor=actor, now=now)
    return len(ours)
