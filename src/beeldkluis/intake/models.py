"""What is under way: uploads, and the receipts given for what was durably accepted."""

import uuid

from django.db import models

from beeldkluis.devices.models import Dock


class Upload(models.Model):
    """A tus upload of one sealed object. `offset` only moves after the bytes are durable."""

    class State(models.TextChoices):
        RECEIVING = "receiving"
        COMPLETE = "complete"  # every byte is here, the manifest is not
        ACCEPTED = "accepted"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    dock = models.ForeignKey(Dock, models.PROTECT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    metadata = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    touched_at = models.DateTimeField(db_index=True)
    refused_because = models.TextField(blank=True)
    read_back = models.CharField(
        max_length=64, blank=True
    )  # SHA-256 as the disk gave it back, once all of it was there

    class Meta:
        indexes = [models.Index(fields=["dock", "state"], name="uploads_under_way")]  # counted at each begin


class Receipt(models.Model):
    """The signed note given when a clip was durably accepted. Asking again gives the same one."""

    clip = models.UUIDField(primary_key=True)  # the vault's object id
    recording = models.UUIDField(db_index=True)
    serial = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    note = models.TextField()
    given_at = models.DateTimeField()
    wiped_reported_at = models.DateTimeField(null=True)
    group = models.CharField(max_length=100, blank=True)  # the camera's number of the event; empty: not kept then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["serial", "source_sha256"], name="same_file_once"),
        ]
        indexes = [models.Index(fields=["serial", "group"], name="receipts_of_an_event")]


class AxisSystem(models.Model):
    """A body-worn system that delivers by itself (docs/spec/axis.md). Its key and token are kept as hashes."""

    name = models.CharField(max_length=64, unique=True)
    user = models.CharField(max_length=64, unique=True)
    key_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    token_expires_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class AxisContainer(models.Model):
    """A container of such a system: one recording, or a list of users, devices or systems."""

    id = models.UUIDField(primary_key=True)  # of a recording's container: the recording's own identifier
    system = models.ForeignKey(AxisSystem, models.PROTECT)
    name = models.CharField(max_length=256)
    metadata = models.JSONField(default=dict)
    touched_at = models.DateTimeField(db_index=True)
    registered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "name"], name="one_container_per_name")]
        indexes = [models.Index(fields=["system", "registered_at"], name="containers_under_way")]


class AxisObject(models.Model):
    """One object in a container. Film, keys, tracks and bookmarks lie sealed in the vault under `id`; a user or a device has
    metadata alone, and `sealed_sha256` is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    container = models.ForeignKey(AxisContainer, models.PROTECT, related_name="items")
    name = models.CharField(max_length=256)
    metadata = models.JSONField(default=dict)
    size = models.BigIntegerField(default=0)
    source_sha256 = models.CharField(max_length=64, blank=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["container", "name", "source_sha256"], name="one_object_per_content"),
        ]
