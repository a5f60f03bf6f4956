"""Workers, the jobs that were asked of them, and how far each job is."""

import uuid

from django.db import models


class Worker(models.Model):
    """A running program that does jobs. `recipient` (age1…) is of a key that lives in its memory alone. Whoever can write in the
    database can make a row; `said` is what the program signed with the vault's key, and only that counts.
    """

    recipient = models.CharField(max_length=100, primary_key=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    said = models.TextField(blank=True)  # its last heartbeat: recipient and moment, a signed note


class Job(models.Model):
    """One piece of work on one sealed object, with the file key that was lent for it. Asked again after its end it is another."""

    class State(models.TextChoices):
        WAITING = "waiting", "Wacht op de werker"
        RUNNING = "running", "Wordt gedaan"
        DONE = "done", "Klaar"
        FAILED = "failed", "Mislukt"
        CANCELLED = "cancelled", "Gestopt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=40)  # the name of a JobKind
    object = models.UUIDField()  # the sealed object whose file key is lent
    recording = models.UUIDField()
    attempt = models.PositiveIntegerField(default=1)  # of this kind at this object
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    lease = models.UUIDField(null=True)  # the file key lent for it; empty once it ended
    parts_done = models.PositiveIntegerField(
        default=0
    )  # parts that are kept durably: the next attempt goes on after them
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # of this attempt
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # for people: why it did not work

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_job_of_a_kind_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "asked_at"], name="jobs_open"),
            models.Index(fields=["kind", "object"], name="jobs_of_object"),
        ]


class Heartbeat(models.Model):
    """When a job was last worked on and how far it is, every few seconds. No act of anybody: see journal.guard."""

    job = models.OneToOneField(Job, models.PROTECT, primary_key=True, related_name="heartbeat")
    at = models.DateTimeField()
    progress = models.FloatField(default=0.0)  # 0 to 1
    seconds_left = models.PositiveIntegerField(null=True)  # as far as can be told
