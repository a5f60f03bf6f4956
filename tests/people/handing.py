"""A team's keys, and people who hand them over: what their browsers and the clock do, for tests."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from beeldkluis.footage.models import Recording
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import handover_check_actions as checks
from beeldkluis.people import handover_plan_actions as plans
from beeldkluis.people.models import Handover, HandoverItem, HandoverPlan, HandoverWait, Person, SealedIdentity, TeamKey
from beeldkluis.people.recovery_actions import ask_for_recovery_sheet, show_recovery_sheet
from beeldkluis.sealed import age, axis
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from tests.retention.world import ENDED

ANNOUNCED = ENDED + timedelta(days=2)
AGREED = ANNOUNCED + timedelta(hours=1)
NOW = AGREED + timedelta(hours=48)  # the wait is over
PASSPHRASE = "een-twee-drie-vier-vijf-zes"
MINUTES = 48 * 60


class Keys:
    """The keys of a team: the one in force, the recovery key, the one that is to come, and the one for Axis cameras."""

    def __init__(self) -> None:
        self.old, self.recovery, self.new = (age.Identity.generate() for _ in range(3))
        self.axis_public, self.axis_private = axis.generate_rsa()
        self.axis_sealed = age.seal_bytes(self.axis_private, [self.old.recipient, self.recovery.recipient])

    def put_in_force(self, holder: Person) -> None:
        """What a key ceremony leaves behind."""
        for kind, identity in {TeamKey.Kind.TEAM: self.old, TeamKey.Kind.RECOVERY: self.recovery}.items():
            public = str(identity.recipient)
            made = TeamKey.objects.create(kind=kind, public=public, fingerprint=age.fingerprint(public), made_at=ENDED)
            if kind is TeamKey.Kind.TEAM:
                SealedIdentity.objects.create(person=holder, key=made, sealed=self.sealed(identity), made_at=ENDED)
        TeamKey.objects.create(
            kind="axis", public=self.axis_public, fingerprint="f", sealed_private=self.axis_sealed, made_at=ENDED
        )

    def sealed(self, identity: age.Identity) -> bytes:
        return age.seal_identity(identity, PASSPHRASE, work_factor=1)

    def beginning(self, old: age.Identity | None = None) -> actions.NewKeys:
        """What the browser sends when a handover begins."""
        return actions.NewKeys(
            team_recipient=str(self.new.recipient),
            axis_sealed_private=file_anew(self.axis_sealed, old or self.old, self.new.recipient),
            sealed_identity=self.sealed(self.new),
        )

    def anew(self, headers: Mapping[UUID, bytes], old: age.Identity) -> dict[UUID, bytes]:
        """What the browser does with one recording: each header by itself, and as it was where the old key does not open it."""
        made = dict(headers)
        for one, header in headers.items():
            with suppress(age.SealError):
                made[one] = age.seal_anew(header, old, self.new.recipient)
        return made


def file_anew(sealed: bytes, old: age.Identity, recipient: age.Recipient) -> bytes:
    """A small age file for another team key: a new header before the same content."""
    end = sealed.index(b"\n--- ") + 5
    end = sealed.index(b"\n", end) + 1
    return age.seal_anew(sealed[:end], old, recipient) + sealed[end:]


def show_sheet(person: Person, keys: Keys, now: datetime = ANNOUNCED) -> None:
    """Somebody has the recovery sheet at hand."""
    question = ask_for_recovery_sheet(plans.PURPOSE, actor=person.as_actor, now=now)
    answer = age.open_bytes(question.sealed, [keys.recovery]).decode()
    show_recovery_sheet(question.number, answer, actor=person.as_actor, now=now)


def announced(giver: Person, receiver: Person, *, with_recovery: bool = False, because: str = "") -> HandoverPlan:
    return plans.announce(
        receiver,
        with_recovery=with_recovery,
        because=because,
        proved_at=ANNOUNCED,
        actor=giver.as_actor,
        now=ANNOUNCED,
    )


def agreed(giver: Person, receiver: Person, second: Person, **named: object) -> HandoverPlan:
    """Announced, and the second person agreed."""
    plan = announced(giver, receiver, **named)  # type: ignore[arg-type]
    plans.agree(plan, proved_at=AGREED, actor=second.as_actor, now=AGREED)
    plan.refresh_from_db()
    return plan


def waited(plan: HandoverPlan, minutes: int = MINUTES) -> HandoverPlan:
    """The program counted every minute of the wait."""
    HandoverWait.objects.filter(plan=plan).update(minutes=minutes)
    return plan


def begun(giver: Person, receiver: Person, second: Person, keys: Keys) -> Handover:
    """Announced, agreed, waited for, begun."""
    waited(agreed(giver, receiver, second))
    return begin(giver, receiver, keys.beginning())


def begin(giver: Person, receiver: Person, made: actions.NewKeys, now: datetime = NOW) -> Handover:
    return actions.begin_handover(receiver, made, proved_at=now, actor=giver.as_actor, now=now)


def seal_all(handover: Handover, keys: Keys, old: age.Identity, now: datetime = NOW) -> int:
    """The giver's browser, until nothing is left."""
    count, actor = 0, handover.giver.as_actor
    while given := actions.give_headers(handover, actor=actor, now=now):
        for item, headers in given.items():
            actions.reseal(item, keys.anew(headers, old), actor=actor, now=now)
            count += 1
    return count


def try_all(handover: Handover, keys: Keys, now: datetime = NOW) -> list[bool]:
    """The receiver's browser, until nothing is left or something is wrong."""
    found: list[bool] = []
    while given := checks.give_new_headers(handover, actor=handover.receiver.as_actor, now=now):
        found += [try_one(item, one, keys, now) for item, one in given.items()]
        if not all(found):
            break
    return found


def try_one(item: HandoverItem, given: checks.Given, keys: Keys, now: datetime = NOW) -> bool:
    proofs = {one: proof_of(file, keys.new) for one, file in given.objects.items()}
    return checks.report_tried(item, given.seal, proofs, actor=item.handover.receiver.as_actor, now=now)


def proof_of(file: checks.ToTry, identity: age.Identity) -> bytes:
    try:
        return age.prove(age.open_header(file.header, [identity]), file.nonce, file.size)
    except age.SealError:
        return b""


def try_axis(handover: Handover, keys: Keys, now: datetime = NOW) -> bool:
    handover.refresh_from_db()
    actor = handover.receiver.as_actor
    asked = checks.ask_for_axis(handover, actor=actor)
    assert asked is not None
    answer = ""
    with suppress(age.SealError):
        answer = axis.unwrap_key(asked[1], age.open_bytes(asked[0], [keys.new])).decode()
    return checks.answer_for_axis(handover, answer, actor=actor, now=now)


def settle(handover: Handover, now: datetime = NOW) -> None:
    checks.settle(handover, actor=handover.receiver.as_actor, now=now)


def finish(handover: Handover, keys: Keys, old: age.Identity, now: datetime = NOW) -> None:
    """Everything from the first header to clearing up."""
    seal_all(handover, keys, old, now)
    actions.close_sealing(handover, actor=handover.giver.as_actor, now=now)
    assert all(try_all(handover, keys, now))
    assert try_axis(handover, keys, now)
    settle(handover, now)
    while checks.clear_rest(actor=handover.receiver.as_actor, now=now):
        pass


def header_of(object_id: UUID) -> bytes:
    with transaction.atomic():
        return vault.release_header(object_id)


def opens(recording: Recording, identity: age.Identity) -> bool:
    try:
        return all(age.open_header(header_of(clip.object), [identity]) for clip in recording.clips.all())
    except age.SealError:
        return False


def recovers(recording: Recording, keys: Keys) -> bool:
    """Does the recovery sheet open the film itself, whatever became of the headers?"""
    try:
        found = {clip.object: header_of(clip.object) for clip in recording.clips.all()}
        return all(film_opens(one, age.recovered_key(header, keys.recovery)) for one, header in found.items())
    except age.SealError:
        return False


def film_opens(object_id: UUID, file_key: bytes) -> bool:
    nonce, size = vault_queries.begins_with(object_id)
    return vault_queries.fits_last_chunk(object_id, age.prove(file_key, nonce, size))
