"""Sealed objects and their headers. The header row is wrapped with a shred key that lives outside the database."""

import uuid

from django.db import models


class SealedObject(models.Model):
    """One age payload in the store. Several objects (clips) of one recording share that recording's shred key.

    `wrapped_header` is ChaCha20-Poly1305(shred key, age header, aad = "<recording>/<object>") with its nonce before it;
    NULL once destroyed. The `next_` columns hold, while the team's keys are handed over, the header for the new key and the
    generation of the shred key that wraps it; the header in force is the other one until all are put in force together.
    """

    class State(models.TextChoices):
        KEPT = "kept"
        SHREDDED = "shredded"  # key gone, bytes still to be removed
        DESTROYED = "destroyed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    recording = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.KEPT, db_index=True)
    wrapped_header = models.BinaryField(null=True)
    wrapped_header_sha256 = models.CharField(max_length=64)
    key_generation = models.PositiveIntegerField(default=1)  # which shred key of the recording wraps the header
    next_wrapped_header = models.BinaryField(null=True)
    next_wrapped_header_sha256 = models.CharField(max_length=64, blank=True)
    next_generation = models.PositiveIntegerField(null=True)
    sealed_sha256 = models.CharField(max_length=64)  # of header + payload, as it arrived
    payload_size = models.BigIntegerField()  # bytes of nonce and chunks in the store
    inner_kind = models.CharField(max_length=10)  # "plain" or "axis-cbc"
    taken_in_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "recording"],
                condition=models.Q(next_generation__isnull=True),
                name="not_yet_sealed_anew",
            ),
        ]


class Lease(models.Model):
    """A file key handed to one job, sealed to a key that the worker made in memory at its start."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    object = models.ForeignKey(SealedObject, models.PROTECT)
    task = models.CharField(max_length=60)
    worker = models.CharField(max_length=100)  # the worker's recipient (age1…)
    sealed_file_key = models.BinaryField(null=True)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Destruction(models.Model):
    """The destruction of one recording, from the shred key to the certificate. Each step is repeatable.

    `proof` says how it is known that the key went, and `key_destroyed_at` when (UTC). Nothing is certified without.
    """

    class Proof(models.TextChoices):
        UNASKED = ""  # not shredded yet, or by an older version and not looked at since
        KEY = "key"  # the key was here and was overwritten
        TOMBSTONE = "tombstone"  # it was overwritten before: the tombstone in its place says so
        NONE = "none"  # an older version called it destroyed without having found it

    recording = models.UUIDField(primary_key=True)
    rules = models.JSONField()  # the names of the rules that asked for it
    due_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    begun_entry = models.BigIntegerField(null=True)  # journal entry of step 1; the tombstones name it
    shredded_at = models.DateTimeField(null=True)
    shred_entry = models.BigIntegerField(null=True)  # journal entry of the shredding
    removed_at = models.DateTimeField(null=True)
    bytes_removed = models.BigIntegerField(default=0)
    certified_at = models.DateTimeField(null=True)
    certificate_entry = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=10, choices=Proof.choices, default=Proof.UNASKED, blank=True)
    key_destroyed_at = models.DateTimeField(null=True)
    key_places = models.JSONField(default=list)  # names of the places where the key was overwritten
    corrected_at = models.DateTimeField(null=True)  # the key turned out to exist after all, or came back, and went then
    correction_entry = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recording"], condition=models.Q(proof="none"), name="destroyed_without_proof"),
            models.Index(
                fields=["recording"],
                condition=models.Q(proof="", shredded_at__isnull=False),
                name="destroyed_and_not_looked_at",
            ),
        ]


class Place(models.Model):
    """A place that this installation took into use, and the mark it carries (vault.places). One of each kind is in use; those
    that were replaced or given up stay on record with what may still lie on them.
    """

    kind = models.CharField(max_length=10)  # vault.places.PlaceKind
    installation = models.UUIDField()
    identity = models.UUIDField(unique=True)
    taken_up_at = models.DateTimeField()
    away_since = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(retired_at__isnull=True), name="one_place_of_each_kind"
            ),
        ]
