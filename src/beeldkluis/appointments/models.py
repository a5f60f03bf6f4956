"""Rooms for viewing, and appointments to look there."""

import uuid

from django.db import models

from beeldkluis.cases.models import Case
from beeldkluis.people.models import Person


class Room(models.Model):
    """A room that is set up for viewing."""

    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=200)
    note = models.TextField(blank=True)  # where to report, where to park, how a wheelchair gets in
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """An appointment to look under one case. `at` is empty while several moments are proposed; `id` and `sequence` are the
    UID and the revision of its calendar entry (RFC 5545). Whether it still stands follows from its end, not from `over_at`:
    that only makes room for the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, models.PROTECT)
    proposed = models.JSONField(default=list)  # moments, RFC 3339
    at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField()
    companion = models.BooleanField(default=False)
    sequence = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Person, models.PROTECT)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when people were last told of `at`; empty while it is proposed
    cancelled_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)  # when it was noted that its end is past
    because = models.TextField(blank=True)  # why it was moved or cancelled, the last time

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(cancelled_at__isnull=True, over_at__isnull=True),
                name="one_appointment_at_a_time",
            ),
        ]
