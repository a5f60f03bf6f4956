"""Bodycams and who has them when; docks; findings that a person must look at."""

import uuid

from django.db import models
from django.db.models import F, Q

from beeldkluis.people.models import Officer


class Bodycam(models.Model):
    """A bodycam, known by its serial number. A serial is a label, no proof: slot and volume id are kept beside it."""

    serial = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=20, unique=True)  # what stands on the housing: BC-0007
    make = models.CharField(max_length=60)
    model = models.CharField(max_length=60)
    pre_event_seconds = models.PositiveIntegerField()  # what the model can keep before activation
    added_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True)
    volume_id = models.CharField(max_length=120, blank=True)  # as last seen at a dock
    slot = models.CharField(max_length=120, blank=True)
    last_docked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class IssuePeriod(models.Model):
    """Officer `officer` has `bodycam` from `issued_at` until `handed_in_at` (empty: still)."""

    bodycam = models.ForeignKey(Bodycam, models.PROTECT, related_name="issue_periods")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="issue_periods")
    issued_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)

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


class Finding(models.Model):
    """Something a person must look at: an unknown serial, a camera in two places, a strange clock, a dock with a wrong key."""

    rule = models.CharField(max_length=80)
    text = models.TextField()  # one Dutch sentence, no names
    recording = models.UUIDField(null=True, db_index=True)
    bodycam = models.ForeignKey(Bodycam, models.PROTECT, null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_because = models.TextField(blank=True)
