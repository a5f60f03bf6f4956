"""Viewings (inzagen): who was there, which recordings opened, which seconds were played, and what was noted."""

import uuid

from django.db import models

from beeldkluis.appointments.models import Appointment
from beeldkluis.cases.models import Case
from beeldkluis.people.models import Officer, Person


class Viewing(models.Model):
    """People look together, for one purpose under one case. Nothing opens outside one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="viewings")
    purpose = models.CharField(max_length=40)  # protocol.purposes.Purpose
    place = models.CharField(max_length=300)
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="viewings")
    person = models.ForeignKey(Person, models.PROTECT)  # the team manager who began it
    proved_at = models.DateTimeField()  # when that person last showed the second factor
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=6, db_index=True)  # typed on a second device to say "I am here"
    protocol = models.CharField(max_length=40)  # version
    remarks = models.TextField(blank=True)
    copy_handed = models.BooleanField(null=True)  # was a copy handed over? null: not written down yet
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # perhaps not who began it


class Attendance(models.Model):
    """Somebody showed to be in the room, and how."""

    class How(models.TextChoices):
        SECOND_FACTOR = "second_factor", "ingelogd met de tweede stap"
        CODE = "code", "met nummer en code op dit scherm"
        OWN_SCREEN = "own_screen", "met nummer en code op een eigen apparaat"
        ACCOUNT = "account", "met eigen account op een eigen apparaat"
        IDENTITY = "identity", "identiteitsbewijs gezien"
        NAMED = "named", "genoemd door de teammanager"

    viewing = models.ForeignKey(Viewing, models.PROTECT, related_name="attendances")
    present = models.CharField(max_length=20)  # protocol.presence.Present
    how = models.CharField(max_length=14, choices=How.choices)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True)  # who came, or whose place somebody takes
    person = models.ForeignKey(Person, models.PROTECT, null=True)  # an account: the team manager, or who stands in
    name = models.CharField(max_length=200, blank=True)  # who has no account and no number
    document = models.CharField(max_length=20, blank=True)  # kind of identity document that was seen
    ground = models.CharField(max_length=10, blank=True)  # protocol.presence.Ground: why somebody stands in
    because = models.TextField(blank=True)
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    lapsed = models.BooleanField(default=False)  # nobody said to leave: from `left_at` on it simply counts no more


class Opening(models.Model):
    """One release of one recording's headers to one person's browser, under one case and purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    viewing = models.ForeignKey(Viewing, models.PROTECT, null=True, related_name="openings")  # null: before viewings
    recording = models.UUIDField(db_index=True)
    case = models.CharField(max_length=32, db_index=True)
    purpose = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT)
    present = models.JSONField(default=list)  # who was there when it opened
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64)  # SHA-256 of the token that fetches ciphertext
    emergency_witness = models.CharField(
        max_length=120, blank=True
    )  # opened with the recovery key, this person being there
    emergency_because = models.TextField(blank=True)


class Heartbeat(models.Model):
    """When the page of an opening was last heard of."""

    opening = models.OneToOneField(Opening, models.PROTECT, primary_key=True, related_name="heartbeat")
    at = models.DateTimeField()


class PlayedSpan(models.Model):
    """Seconds of a clip that the page reports as played, in milliseconds of film."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="played")
    clip = models.UUIDField()
    start_ms = models.BigIntegerField()
    end_ms = models.BigIntegerField()
    reported_at = models.DateTimeField()


class FetchedRange(models.Model):
    """Ciphertext that the server gave out under an opening, in bytes of payload: the server's own record."""

    opening = models.ForeignKey(Opening, models.PROTECT, related_name="fetched")
    clip = models.UUIDField()  # the sealed object: a clip, or its viewing copy
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    at = models.DateTimeField()


class Marker(models.Model):
    """A place in a clip that somebody wants to find again, with a note. Kept with the case, not in the footage."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="markers")
    recording = models.UUIDField(db_index=True)
    clip = models.UUIDField()
    at_ms = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)


class HeaderCheck(models.Model):
    """The headers of one recording went to a browser for the daily check, outside any case: once, until it says what it found."""

    recording = models.UUIDField(primary_key=True)
    person = models.UUIDField()  # pseudonym of who got them last
    given_at = models.DateTimeField(db_index=True)
    times = models.PositiveSmallIntegerField(default=1)
    reported_at = models.DateTimeField(null=True)
    again = models.BooleanField(default=False)  # a person said why they are needed once more


class ViewingCopy(models.Model):
    """A copy of one clip that every browser plays (H.264 in MP4). Sealed, and gone with its recording; the clip itself stays as
    it is.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Wacht op de werker"
        MADE = "made", "Klaar"
        FAILED = "failed", "Mislukt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.UUIDField(db_index=True)
    clip = models.UUIDField(unique=True)
    object = models.UUIDField(unique=True)  # the sealed object that it becomes
    state = models.CharField(max_length=6, choices=State.choices, default=State.ASKED)
    job = models.UUIDField(unique=True, null=True)  # jobs.Job: the last attempt at making it
    case = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it did not work
