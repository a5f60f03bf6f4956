"""What a person must look at."""

from django.db import models
from django.db.models import Q

OPEN = Q(settled_at__isnull=True) & ~Q(key="")


class Finding(models.Model):
    """Something a person must look at: an unknown serial, a camera in two places, a strange clock, a dock with a wrong key.

    Recording and bodycam are named by their ids: their packages lie above this one. `key` says which doubt under the rule about
    the recording it is: by it a finding is found again, and while one is open there is no second. Empty: each is another one.
    """

    rule = models.CharField(max_length=80)
    key = models.TextField(blank=True)
    text = models.TextField()  # one Dutch sentence, no names
    recording = models.UUIDField(null=True, db_index=True)
    bodycam = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_because = models.TextField(blank=True)
    closed = models.BooleanField(default=False)  # settled by the program: what it was about is no longer so

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "recording", "key"],
                condition=OPEN,
                name="one_open_finding_about_a_recording",
            ),
            models.UniqueConstraint(
                fields=["rule", "key"],
                condition=OPEN & Q(recording__isnull=True),
                name="one_open_finding_of_a_key",
            ),
        ]
