"""The copy of one film under one case in which others cannot be recognised: what people made of it, and who looked."""

import uuid

from django.db import models

from beeldkluis.cases.models import Case
from beeldkluis.people.models import Person
from beeldkluis.protocol.redaction import RedactionState


class Redaction(models.Model):
    """One film under one case. `version` counts every change that was saved, so that nobody overwrites another's; `changed_in` is
    the version in which the picture or the sound last changed. What somebody saw and approved counts for that version alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT, related_name="redactions")
    recording = models.UUIDField(db_index=True)
    clip = models.UUIDField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in RedactionState])
    leaves = models.BooleanField(default=False)  # the copy is given away, not only shown in the room
    draft = models.BinaryField(default=bytes)  # masking.codec: what people made of it
    version = models.PositiveIntegerField(default=0)
    changed_in = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    analysis = models.UUIDField(null=True)  # the sealed object that says what is where; it goes with its recording
    frames = models.PositiveIntegerField(default=0)  # pictures of the film
    duration_ms = models.PositiveBigIntegerField(default=0)
    tracks = models.PositiveIntegerField(default=0)  # how many were followed
    job = models.UUIDField(unique=True, null=True)  # jobs.Job: the last that was asked for it
    object = models.UUIDField(unique=True)  # the sealed object that this job makes
    reason = models.TextField(blank=True)  # why the last job did not work
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "clip"], name="one_redaction_of_a_film_in_a_case")]


class Rendering(models.Model):
    """A copy that was made and sealed, of one version. It stays until its recording goes; only the newest can be approved."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="renderings")
    version = models.PositiveIntegerField()  # Redaction.changed_in
    object = models.UUIDField(unique=True)
    sealed_sha256 = models.CharField(max_length=64)
    plain_sha256 = models.CharField(max_length=64)  # of the film itself, for whoever holds it later
    size = models.PositiveBigIntegerField()  # bytes of the film
    duration_ms = models.PositiveBigIntegerField()
    doubts = models.JSONField(default=list)  # names of the places where the program was unsure (masking.doubts)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["redaction", "version"], name="one_rendering_of_a_version")]


class Look(models.Model):
    """A stretch that somebody played in one version, in milliseconds of film, and whether the sound was on."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="looks")
    version = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT)
    start_ms = models.BigIntegerField()
    end_ms = models.BigIntegerField()
    heard = models.BooleanField()
    reported_at = models.DateTimeField()


class Approval(models.Model):
    """Somebody called a copy good: who checked it first, and who approved it."""

    class Step(models.TextChoices):
        CHECKED = "checked", "Gecontroleerd"
        APPROVED = "approved", "Goedgekeurd"

    rendering = models.ForeignKey(Rendering, models.PROTECT, related_name="approvals")
    step = models.CharField(max_length=8, choices=Step.choices)
    person = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rendering", "step"], name="one_approval_of_a_step")]


class Exemption(models.Model):
    """A line of the log of exceptions: what a person freed, covered, took away or let be heard, when and why. Never changed."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="exemptions")
    version = models.PositiveIntegerField()
    track = models.PositiveIntegerField(null=True)  # null: of the whole film, or of its sound
    what = models.CharField(max_length=12)  # redaction.exemption_queries.What
    begin_ms = models.BigIntegerField(null=True)  # null: from where it begins
    end_ms = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT)
    at = models.DateTimeField()
