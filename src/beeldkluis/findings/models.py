"""What a person must look at."""

from django.db import models


class Finding(models.Model):
    """Something a person must look at: an unknown serial, a camera in two places, a strange clock, a dock with a wrong key.

    Recording and bodycam are named by their ids: their packages lie above this one.
    """

    rule = models.CharField(max_length=80)
    text = models.TextField()  # one Dutch sentence, no names
    recording = models.UUIDField(null=True, db_index=True)
    bodycam = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_because = models.TextField(blank=True)
