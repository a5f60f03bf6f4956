"""The screen at a dock. It shows states, not footage; behind number and code only what is this officer's own."""

import uuid

from django.db import models

from beeldkluis.devices.models import Dock
from beeldkluis.people.models import Officer


class Screen(models.Model):
    """A browser beside a dock that may show the dock's slots. Only the SHA-256 of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    dock = models.ForeignKey(Dock, models.PROTECT, related_name="screens")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class SlotReport(models.Model):
    """What a dock last said of one of its slots."""

    class State(models.TextChoices):
        EMPTY = "empty", "Leeg"
        READING = "reading", "Bezig met uitlezen"
        READY = "ready", "Klaar, u mag gaan"
        UNKNOWN = "unknown", "Niet herkend"
        FULL = "full", "Vol"
        HELP = "help", "Hulp nodig"

    dock = models.ForeignKey(Dock, models.PROTECT, related_name="slots")
    slot = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices)
    percent = models.PositiveSmallIntegerField(null=True)  # of the reading, 0 to 100
    label = models.CharField(max_length=20, blank=True)  # the camera's number on its housing, when known
    told_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dock", "slot"], name="one_report_per_slot")]


class Visit(models.Model):
    """An officer at a screen, behind number and code, for a few minutes. Only the SHA-256 of its token is kept."""

    screen = models.ForeignKey(Screen, models.PROTECT)
    officer = models.ForeignKey(Officer, models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
