"""What time brings to recordings."""

from datetime import datetime

from beeldkluis.findings.actions import raise_finding
from beeldkluis.footage import wearer_actions, wearer_queries
from beeldkluis.footage.models import Recording
from beeldkluis.footage.observation_actions import remind
from beeldkluis.footage.observation_queries import to_remind
from beeldkluis.footage.queries import joined_far_apart
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import team_manager
from beeldkluis.protocol.observation import late_when_received_by

ACTOR = Actor.system("footage")
JOINED = (
    "De delen van opname {recording} liggen ver uit elkaar: de camera gebruikte een nummer opnieuw. Van de latere delen staat"
    " niet vast wie de camera droeg, en alle delen worden bewaard tot de termijn van het laatste. Kijk bij welk deel een verzoek"
    " hoort."
)
AT_ONCE = 100  # reminders in one minute; the rest in the next


def remind_of_observations(now: datetime) -> int:
    """Remind, once for each recording, whoever can still fill the observation in: 100 a minute. How many were reminded."""
    found = to_remind(late_when_received_by(protocol=in_force(), now=now), AT_ONCE)
    manager = team_manager()
    addresses = {one.pk: _address(one) or (manager.email if manager else "") for one in found}
    return sum(remind(one, to=addresses[one.pk], actor=ACTOR, now=now) for one in found)


def find_wearers(now: datetime) -> int:
    """Let recordings find their camera and wearer of which the register was entered or changed since they came in: of 100 cameras
    a minute. How many recordings.
    """
    cameras = wearer_queries.changed_cameras()
    found = wearer_queries.found_otherwise(cameras)
    for camera in cameras:
        if recordings := found.get(camera):
            wearer_actions.find_wearers(camera, recordings, actor=ACTOR, now=now)
        wearer_actions.note_looked(camera)
    return sum(len(one) for one in found.values())


def find_joined(now: datetime) -> int:
    """Name recordings that an older program put together of films that lie far apart, each once. How many."""
    found = joined_far_apart()
    for one in found:
        raise_finding(
            rule="recording.one-event",
            key="joined",
            text=JOINED.format(recording=one),
            recording=one.pk,
            bodycam=one.bodycam_id,
            actor=ACTOR,
            now=now,
        )
    return len(found)


def _address(recording: Recording) -> str:
    officer = recording.officer
    return officer.email if officer is not None and officer.until is None else ""
