"""Openings: one recording, under one case, by one person, and which seconds were played."""

import uuid

from django.db import models

from beeldkluis.people.models import Person


class Opening(models.Model):
    """One release of one recording's headers to one person's browser, under one case and purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.UUIDField(db_index=True)
    case = models.CharField(max_length=32, db_index=True)
    purpose = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT)
    present = models.JSONField(default=list)  # pseudonyms of those who are there
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64)  # SHA-256 of the token that fetches ciphertext
    emergency_witness = models.CharField(
        max_length=120, blank=True
    )  # opened with the recovery key, this person being there
    emergency_because = models.TextField(blank=True)


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
    clip = models.UUIDField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    at = models.DateTimeField()
