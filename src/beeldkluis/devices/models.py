"""Bodycams and who has them when; docks; security incidents."""

import uuid

from django.db import models
from django.db.models import F, Q

from beeldkluis.people.models import Officer, Person


class CameraModel(models.Model):
    """A make and model with what it can and cannot keep. Empty (null): nobody knows; then it is taken as "cannot"."""

    make = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    pre_event_seconds = models.PositiveIntegerField()  # before activation
    pre_event_sound = models.BooleanField(null=True)  # sound in those seconds
    seals_footage = models.BooleanField(null=True)  # footage on the camera is unreadable for whoever finds it
    post_event_seconds = models.PositiveIntegerField(default=0)  # it goes on this long after it is switched off
    remarks = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["make", "name"], name="a_camera_model_is_listed_once")]

    def __str__(self) -> str:
        return f"{self.make} {self.name}"


class Bodycam(models.Model):
    """A bodycam, known by its serial number. A serial is a label, no proof: slot and volume id are kept beside it."""

    serial = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=20, unique=True)  # what stands on the housing: BC-0007
    kind = models.ForeignKey(CameraModel, models.PROTECT, related_name="bodycams")
    added_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)
    volume_id = models.CharField(max_length=120, blank=True)  # as last seen at a dock
    slot = models.CharField(max_length=120, blank=True)
    last_docked_at = models.DateTimeField(null=True)
    last_dock = models.ForeignKey("Dock", models.PROTECT, null=True, related_name="+")
    register_changes = models.PositiveIntegerField(default=1)  # it was added; and each issue and hand-in since

    def __str__(self) -> str:
        return self.label

    @property
    def pre_event_seconds(self) -> int:
        """What the model can keep before activation, in seconds."""
        return self.kind.pre_event_seconds


class IssuePeriod(models.Model):
    """Officer `officer` has `bodycam` from `issued_at` until `handed_in_at` (empty: still). `entered_at` and
    `hand_in_entered_at` say when that was written down. `asked_at`: when the data protection officer asked around whether a
    period that was entered late is right, and found that it is.
    """

    bodycam = models.ForeignKey(Bodycam, models.PROTECT, related_name="issue_periods")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="issue_periods")
    issued_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    unsigned_because = models.TextField(blank=True)  # why it was issued to somebody who had not signed for the protocol
    entered_at = models.DateTimeField(null=True)
    hand_in_entered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bodycam"],
                condition=Q(handed_in_at__isnull=True),
                name="a_bodycam_is_with_one_officer",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(handed_in_at__gt=F("issued_at")),
                name="issue_ends_after_it_began",
            ),
        ]


class Dock(models.Model):
    """A docking station's program. `public_key` verifies its manifests, `token_hash` (SHA-256) its requests."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=60, unique=True)
    public_key = models.CharField(max_length=200)  # C2SP signed-note verifier key: name+hash+base64
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_clock_offset_ms = models.BigIntegerField(null=True)  # of the camera seen last: true time minus camera time

    def __str__(self) -> str:
        return self.name


class EnrolmentCode(models.Model):
    """A code that lets one new dock in, once, until `expires_at`. Only its SHA-256 is kept."""

    name = models.CharField(max_length=60)
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(Dock, models.PROTECT, null=True)


class SecurityIncident(models.Model):
    """A camera is lost, stolen or damaged (work-16), or the journal was changed, with what GDPR articles 33 and 34 ask to be
    written down.

    Texts are the people's own words and may name persons. Kept for the years that the protocol file says, open or closed.
    """

    class Kind(models.TextChoices):
        LOSS = "loss", "verloren"
        THEFT = "theft", "gestolen"
        DAMAGE = "damage", "beschadigd"
        JOURNAL = "journal", "klopt niet"  # the only one without a camera

    number = models.PositiveIntegerField(unique=True)  # I-000012 on screen
    kind = models.CharField(max_length=8, choices=Kind.choices)
    bodycam = models.ForeignKey(Bodycam, models.PROTECT, null=True, related_name="incidents")
    reported_by = models.CharField(max_length=40)  # pseudonym of a person or an officer
    reported_at = models.DateTimeField()
    aware_at = models.DateTimeField()  # from then the 72 hours run
    last_seen_at = models.DateTimeField(null=True)  # when it was last in hand, as told
    told = models.TextField()  # what happened, in a few words
    known = models.JSONField(default=dict)  # what the program knew at that moment, by name (see actions)
    nature = models.TextField(blank=True)  # art. 33(3)(a): nature, categories and numbers
    contact = models.TextField(blank=True)  # (b)
    consequences = models.TextField(blank=True)  # (c)
    measures = models.TextField(blank=True)  # (d)
    notify_authority = models.BooleanField(null=True)  # empty: not decided yet
    notify_because = models.TextField(blank=True)
    notified_at = models.DateTimeField(null=True)
    late_because = models.TextField(blank=True)  # why it was notified after the 72 hours
    inform_persons = models.BooleanField(null=True)
    inform_because = models.TextField(blank=True)
    informed_at = models.DateTimeField(null=True)
    lessons = models.TextField(blank=True)
    found_at = models.DateTimeField(null=True)
    found_how = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"I-{self.number:06d}"

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return f"bodycam {self.bodycam}" if self.bodycam else "het logboek"
