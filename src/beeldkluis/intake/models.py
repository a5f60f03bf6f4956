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


class Receipt(models.Model):
    """The signed note given when a clip was durably accepted. Asking again gives the same one."""

    clip = models.UUIDField(primary_key=True)  # the vault's object id
    recording = models.UUIDField(db_index=True)
    serial = models.CharField(max_length=64)
    source_sha256 = models.CharField(max_length=64)
    note = models.TextField()
    given_at = models.DateTimeField()
    wiped_reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["serial", "source_sha256"], name="same_file_once"),
        ]
