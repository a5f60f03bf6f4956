"""A bodycam, an issue or a hand-in is entered after what was filmed: the recordings find camera and wearer then."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from beeldkluis.devices.models import Bodycam
from beeldkluis.devices.queries import keys_of_unknown, officer_at
from beeldkluis.findings.actions import close_findings
from beeldkluis.footage import events, wearer_queries
from beeldkluis.footage.actions import assess, judged, raise_doubts
from beeldkluis.footage.apart_actions import RULE as APART
from beeldkluis.footage.apart_actions import judge, key_apart
from beeldkluis.footage.models import CameraLooked, Recording
from beeldkluis.journal.actions import Record, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Officer
from beeldkluis.people.notice_actions import tell_dpo, tell_officer
from beeldkluis.protocol.intake import Ground
from beeldkluis.protocol.recording import MANY, NOBODY

SETTLED = "De camera of de uitgifte is daarna in het register gezet."

# What was said of a recording while its camera or its wearer was not known: by rule, the keys of the findings.
GROUNDLESS = {"recording.officer-known": [f"wearer:{NOBODY}", f"wearer:{MANY}"], APART: [key_apart(Ground.UNKNOWN)]}


class _Told(NamedTuple):
    """What changed of one recording."""

    at: datetime
    before: Officer | None
    now: Officer | None
    stands: bool


def find_wearers(camera: Bodycam, recordings: Sequence[Recording], *, actor: Actor, now: datetime) -> None:
    """Let these recordings of one camera be of whom the register names by now, in one step with an entry for each. Findings
    that said that camera or wearer was not known are settled. Who is named by an issue that was entered afterwards counts at no
    viewing until the data protection officer asked around (I-39); that officer, and whoever it was before, hears of it.
    """
    with step("footage.find_wearers", actor=actor) as record:
        told = []
        for one in recordings:
            locked = Recording.objects.select_for_update(of=("self",)).select_related("officer").get(pk=one.pk)
            if locked.state != Recording.State.DESTROYED:
                told.append(_find(locked, camera, record, actor, now))
        keys = keys_of_unknown(camera.serial)
        close_findings(rule=APART, recording=None, keys=keys, because=SETTLED, actor=actor, now=now)
        _tell(camera, told, actor, now)


def _find(recording: Recording, camera: Bodycam, record: Record, actor: Actor, now: datetime) -> _Told:
    before, recording.bodycam = recording.officer, camera
    wearer = officer_at(camera, recording.activated_at)
    doubts = assess(recording, wearer, after_receipt=False)
    recording.save()
    judge(recording, [], over={(Ground.UNKNOWN, None)}, record=record, actor=actor, now=now)
    facts = {
        name: value
        for name, value in judged(recording).items()
        if name in ("officer", "flags", "quarantined", "due_at")
    }
    was = str(before.pseudonym) if before else ""
    record(events.WearerFound(recording=recording.pk, bodycam=camera.label, officer_before=was, **facts))
    if wearer.officer is not None:
        for rule, keys in GROUNDLESS.items():
            close_findings(rule=rule, recording=recording.pk, keys=keys, because=SETTLED, actor=actor, now=now)
    raise_doubts(wearer_queries.untold(doubts, recording), recording, actor, now)
    stands = wearer.officer is not None and recording.wearer_stands.allowed
    return _Told(recording.activated_at, before or wearer.before, wearer.officer, stands)


def _tell(camera: Bodycam, changed: Sequence[_Told], actor: Actor, now: datetime) -> None:
    """One notice for all recordings of which the same officer became the same other one."""
    for before, officer in {(one.before, one.now): None for one in changed if not one.stands or one.before != one.now}:
        mine = [one.at for one in changed if (one.before, one.now) == (before, officer)]
        if before is None and officer is None:
            continue  # nobody is named: that is a finding, and nobody's presence changes
        moment, more = f"{timezone.localtime(mine[0]):%d-%m-%Y %H:%M}", len(mine) - 1
        others = f" en bij nog {more} opname{'s' if more > 1 else ''}" if more else ""
        then, by_now = _named(before, "niemand"), _named(officer, "niet bekend")
        text = (
            f"Wie camera {camera} droeg op {moment}{others}, is pas na de opname ingevoerd of gewijzigd. Eerst stond er: {then}."
            f" Nu staat er: {by_now}. Vraag het na bij de handhavers, niet bij wie de uitgifte invoerde. Op uw overzicht staat"
            " wat u kunt doen."
        )
        tell_dpo(subject="Achteraf ingevoerd wie een camera droeg", text=text, actor=actor, now=now)
        if before is not None and before != officer:
            said = f"Op {moment} had u camera {camera}. Daarna is ingevoerd dat die toen niet bij u was. Er is een opname van."
            tell_officer(before, subject="De uitgifte van uw camera is gewijzigd", text=said, actor=actor, now=now)


def _named(officer: Officer | None, nobody: str) -> str:
    return f"handhaver {officer.number}" if officer else nobody


def note_looked(camera: Bodycam) -> None:
    """The recordings of this camera were looked at for its register as it was read. Technical, so no entry."""
    CameraLooked.objects.update_or_create(bodycam=camera, defaults={"changes": camera.register_changes})
