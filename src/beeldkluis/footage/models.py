"""The register of recordings. It says what is there; it never shows it."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.people.models import Officer
from beeldkluis.protocol.recording import was_issued_before
from beeldkluis.protocol.verdict import Verdict


class Recording(models.Model):
    """One recording (opname). Times are UTC by corrected clock: what the camera said plus `clock_offset_ms`.

    `officer` is empty when issue history does not name exactly one; `flags` says so. `due_at` is what
    protocol.retention answered when it was last asked; it is an index, the rule decides again at the moment itself.
    """

    class State(models.TextChoices):
        KEPT = "kept", "Bewaard"
        QUARANTINED = "quarantined", "Apart gezet"
        DESTROYED = "destroyed", "Vernietigd"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.PositiveIntegerField(unique=True)  # R-000123 on screen
    state = models.CharField(max_length=12, choices=State.choices, default=State.KEPT)
    serial = models.CharField(max_length=64)  # as the camera said it
    bodycam = models.ForeignKey(Bodycam, models.PROTECT, null=True, related_name="recordings")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="recordings")
    wearer_disputed = models.BooleanField(default=False)  # its parts were of two officers: no register settles that
    period = models.ForeignKey(
        IssuePeriod, models.PROTECT, null=True, related_name="+"
    )  # of issue, that names `officer`
    started_at = models.DateTimeField(db_index=True)  # first picture, pre-event part included
    activated_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(null=True)  # true time minus camera time; null: not measured
    may_begin_earlier_ms = models.PositiveIntegerField(default=0)  # by a camera that keeps local time (I-53)
    may_end_later_ms = models.PositiveIntegerField(default=0)
    has_sound = models.BooleanField(null=True)
    flags = models.JSONField(default=list)  # rule names, such as "recording.pre-event"
    quarantine_reason = models.TextField(blank=True)
    source = models.CharField(max_length=10)  # "dock" or "axis"
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    destroyed_at = models.DateTimeField(null=True)
    openable = models.BooleanField(null=True)  # did the header open in the team manager's browser? null: not tried
    openable_checked_at = models.DateTimeField(null=True)
    observation_reminded_at = models.DateTimeField(null=True)
    due_under = models.CharField(max_length=20, blank=True)  # the protocol version that says how long it is kept
    assessed_under = models.CharField(max_length=20, blank=True)  # the one in force when `due_at` was answered

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__lte=F("activated_at"), activated_at__lte=F("ended_at")),
                name="times_in_order",
            ),
        ]
        indexes = [  # each for one question that is asked every minute or at every start page, over all rows there ever were
            models.Index(fields=["activated_at", "state", "id"], name="by_activation"),
            models.Index(fields=["received_at", "state", "id"], name="by_receipt"),
            models.Index(fields=["period", "activated_at"], name="first_of_a_period"),
            models.Index(fields=["received_at"], condition=Q(openable__isnull=True), name="header_not_tried"),
            models.Index(
                fields=["received_at"], condition=Q(observation_reminded_at__isnull=True), name="not_reminded"
            ),
        ]

    def __str__(self) -> str:
        return f"R-{self.number:06d}"

    @property
    def duration_ms(self) -> int:
        """From the first picture to the last, in milliseconds."""
        return (self.ended_at - self.started_at) // timedelta(milliseconds=1)

    @property
    def pre_event_ms(self) -> int:
        """The part before activation, in milliseconds."""
        return (self.activated_at - self.started_at) // timedelta(milliseconds=1)

    @property
    def earliest_start(self) -> datetime:
        """The earliest moment that it may have begun."""
        return self.started_at - timedelta(milliseconds=self.may_begin_earlier_ms)

    @property
    def latest_end(self) -> datetime:
        """The latest moment that it may have ended."""
        return self.ended_at + timedelta(milliseconds=self.may_end_later_ms)

    @property
    def hour_in_doubt(self) -> bool:
        """Was it made around a change of summer time by a camera that keeps local time?"""
        return bool(self.may_begin_earlier_ms or self.may_end_later_ms)

    @property
    def clock_measured(self) -> bool:
        """Was the camera's clock compared with the vault's? Otherwise its words about the time are only words (I-48)."""
        return self.clock_offset_ms is not None

    @property
    def wearer_stands(self) -> Verdict:
        """Does it stand that `officer` wore the camera? What came in before periods were kept with recordings is taken as it
        was. Asks for `period`: fetch it along.
        """
        entered, asked = (self.period.entered_at, self.period.asked_at) if self.period else (self.activated_at, None)
        return was_issued_before(entered_at=entered, asked_at=asked, activated_at=self.activated_at)

    @property
    def is_held(self) -> bool:
        """Does a reason to keep it last?"""
        return any(hold.released_at is None for hold in self.holds.all())


class CameraLooked(models.Model):
    """For which state of a bodycam's register its recordings were looked at: as many changes (Bodycam.register_changes)."""

    bodycam = models.OneToOneField(Bodycam, models.PROTECT, primary_key=True, related_name="+")
    changes = models.PositiveIntegerField()


class Clip(models.Model):
    """One file of a recording. `object` is the vault's sealed object; `source_sha256` is of the file on the camera."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="clips")
    object = models.UUIDField(unique=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)  # as on the camera, evidence, never trusted for time
    content_type = models.CharField(max_length=60)
    source_sha256 = models.CharField(max_length=64, db_index=True)
    source_size = models.BigIntegerField()
    duration_ms = models.BigIntegerField(null=True)
    note = models.TextField(blank=True)  # what the dock doubted of it, in its own words

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recording", "position"], name="one_clip_per_position"),
        ]


class SetApart(models.Model):
    """Why a recording is set apart (apart gezet). As long as one of these lasts it is; it can be held and opened all the same."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="apart")
    ground = models.CharField(max_length=12)  # protocol.intake.Ground
    part = models.CharField(max_length=256, blank=True)  # the file it is about, as on the camera; empty: the whole
    reason = models.TextField()  # may be the sender's own words
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    taken_back = models.BooleanField(default=False)  # a person ended it: it does not come back by itself

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "ground", "part"],
                condition=Q(ended_at__isnull=True),
                name="one_live_reason_apart",
            ),
        ]


class Hold(models.Model):
    """A reason to keep a recording past its term (bewaren om een reden). Ends by a step, never by itself."""

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="holds")
    rule = models.CharField(max_length=80)  # the rule that asks for it, such as "retention.hold-on-request"
    case = models.CharField(max_length=32)  # the case's reference
    placed_at = models.DateTimeField()
    review_at = models.DateTimeField()  # somebody looks again whether the reason still holds
    released_at = models.DateTimeField(null=True)
    released_because = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "rule", "case"],
                condition=Q(released_at__isnull=True),
                name="one_live_hold_per_reason",
            ),
        ]


class Observation(models.Model):
    """What the officer says of a recording (waarneming). Correcting it makes a new row; `replaced_at` ends the old one.

    `enforcement_number` is the registration's number in the municipality's enforcement system; persons are named there,
    never here.
    """

    class Kind(models.TextChoices):
        AGGRESSION = "aggression", "agressie"
        UNSAFETY = "unsafety", "onveiligheid"
        OTHER = "other", "anders"

    class Place(models.TextChoices):
        PUBLIC_SPACE = "public_space", "openbare ruimte"
        PUBLIC_BUILDING = "public_building", "openbaar gebouw"
        OTHER = "other", "ergens anders"

    class SpokenWarning(models.TextChoices):
        GIVEN = "given", "gewaarschuwd"
        NOT_POSSIBLE = "not_possible", "kon niet"
        NOT_GIVEN = "not_given", "niet gewaarschuwd"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.ForeignKey(Recording, models.PROTECT, related_name="observations")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    enforcement_number = models.CharField(max_length=60, blank=True)
    warning = models.CharField(max_length=12, choices=SpokenWarning.choices)
    warning_because = models.TextField(blank=True)  # why not
    one_to_one = models.BooleanField()
    place = models.CharField(max_length=16, choices=Place.choices)
    place_because = models.TextField(blank=True)  # which place, when it is neither
    off_when_over = models.BooleanField()
    facts = models.TextField(blank=True)  # short and neutral
    made_by = models.CharField(max_length=40)  # pseudonym of the officer or the team manager
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recording"], condition=Q(replaced_at__isnull=True), name="one_observation_in_force"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "made_at"],
                condition=Q(replaced_at__isnull=True, enforcement_number=""),
                name="without_number",
            ),
        ]
