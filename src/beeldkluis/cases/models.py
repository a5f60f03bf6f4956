"""Cases (zaken): the only way to footage."""

import uuid

from django.db import models

from beeldkluis.people.models import Officer, Person


class Case(models.Model):
    """One request or demand. `state` only changes along the table of steps in protocol.cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=32, unique=True)  # 2026-0042
    kind = models.CharField(max_length=20)  # protocol.cases.CaseKind
    state = models.CharField(max_length=20)  # protocol.cases.CaseState
    received_at = models.DateTimeField()
    received_by_channel = models.CharField(max_length=20)  # letter, e-mail, form
    decide_by = models.DateTimeField()
    requester_name = models.CharField(max_length=200)
    requester_address = models.CharField(max_length=300, blank=True)
    requester_place = models.CharField(max_length=120, blank=True)
    requester_organisation = models.CharField(max_length=200, blank=True)
    requester_phone = models.CharField(max_length=40, blank=True)
    requester_email = models.EmailField(blank=True)
    demonstrable_interest = models.TextField(blank=True)
    moment_from = models.DateTimeField(null=True)  # when it happened, as the requester says it
    moment_until = models.DateTimeField(null=True)
    place = models.CharField(max_length=300, blank=True)
    officer = models.ForeignKey(Officer, models.PROTECT, null=True)  # self-reflection: who asks
    formal_data = models.JSONField(default=dict)  # demand: its formal data; other kinds as they come
    received_from = models.ForeignKey(Person, models.PROTECT, related_name="received_cases")
    forwarded_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)


class CaseRecording(models.Model):
    """A recording that belongs to a case: matched by time at receipt, confirmed by the team manager."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_recordings")
    recording = models.UUIDField(db_index=True)
    matched_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "recording"], name="linked_once")]


class Decision(models.Model):
    """The team manager's decision on a case, with its written grounds and, for a grant, the considerations a to e."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    granted = models.BooleanField()
    grounds = models.TextField()
    considerations = models.JSONField(default=dict)  # "a" … "e" -> written answer
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT)
