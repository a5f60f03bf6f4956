"""Cases (zaken): the only way to footage."""

import uuid
from datetime import datetime

from django.db import models

from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer, Person


class Case(models.Model):
    """One request or demand. `state` only changes along the table of steps in protocol.cases."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reference = models.CharField(max_length=32, unique=True)  # 2026-0042
    kind = models.CharField(max_length=20)  # protocol.kinds.CaseKind
    state = models.CharField(max_length=20)  # protocol.cases.CaseState
    regime = models.CharField(max_length=3, default="avg")  # protocol.legal.Regime
    regime_because = models.TextField(blank=True)  # why another law holds than the municipality's own
    received_at = models.DateTimeField()
    received_by_channel = models.CharField(max_length=20)  # letter, e-mail, form, paper
    decide_by = models.DateTimeField()  # with what it stood still and was extended
    extended_at = models.DateTimeField(null=True)
    extended_because = models.TextField(blank=True)
    requester_name = models.CharField(max_length=200)
    requester_address = models.CharField(max_length=300, blank=True)
    requester_place = models.CharField(max_length=120, blank=True)
    requester_organisation = models.CharField(max_length=200, blank=True)
    requester_phone = models.CharField(max_length=40, blank=True)
    requester_email = models.EmailField(blank=True)
    on_behalf_of = models.CharField(
        max_length=200, blank=True
    )  # who is filmed, when somebody else asks for that person
    on_behalf_of_age = models.PositiveSmallIntegerField(null=True)  # in years, when it matters
    authority = models.CharField(max_length=20, blank=True)  # protocol.representation.Authority
    authority_proof = models.CharField(max_length=20, blank=True)  # which kind was seen: no copy
    authority_seen_at = models.DateTimeField(null=True)
    authority_seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="authorities_seen")
    wish = models.CharField(max_length=10, blank=True)  # protocol.deciding.FORMS: what the requester asks for
    email_agreed_at = models.DateTimeField(null=True)  # since when letters may go by e-mail (Awb 2:14); empty: by post
    in_doubt = models.JSONField(default=list)  # moments of which nobody said which of two equal times it was
    demonstrable_interest = models.TextField(blank=True)
    description = models.TextField(blank=True)  # how the person can be recognised, as told
    told = models.TextField(blank=True)  # the letter or mail in its own words, when it was text
    moment_from = models.DateTimeField(null=True)  # when it happened, as the requester says it
    moment_until = models.DateTimeField(null=True)
    place = models.CharField(max_length=300, blank=True)
    about_team_manager = models.BooleanField(default=False)  # then the deputy judges
    officer = models.ForeignKey(Officer, models.PROTECT, null=True)  # self-reflection: who asks
    formal_data = models.JSONField(default=dict)  # demand, preservation: reference, article and so on, by name
    identity_document = models.CharField(max_length=20, blank=True)  # which kind was seen: no copy, no number
    identity_seen_at = models.DateTimeField(null=True)
    identity_seen_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="identities_seen")
    received_from = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="received_cases"
    )  # empty: web form
    forwarded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # empty again when the requester goes on after all
    final_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True, db_index=True)  # when what it said of people was erased, the last time
    has_data = models.BooleanField(default=True)  # it says something of people: not since it was erased, until it moves

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "closed_at"],
                condition=models.Q(state="closed", has_data=True),
                name="case_to_erase",
            ),
        ]

    @property
    def by_email(self) -> str:
        """Where letters and messages may go by e-mail; empty when the requester did not agree to that."""
        return self.requester_email if self.email_agreed_at else ""


class Suspension(models.Model):
    """The term stands still while the requester completes the request, or a third party gives its views; at the latest until
    `until`.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="suspensions")
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    missing = models.JSONField(default=list)  # names of the fields that lacked
    third_party = models.CharField(
        max_length=200, blank=True
    )  # whose views are asked (Woo 4.4(3)), not the requester's
    views = models.TextField(blank=True)  # what that party said

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended_at__isnull=True), name="one_suspension_at_a_time"
            ),
        ]


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
    """The team manager's decision on a case, with its written grounds. The newest one counts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, default="")  # protocol.deciding.Outcome
    grounds = models.TextField(blank=True)
    considerations = models.JSONField(default=dict)  # "a" … "e" -> written answer
    exception = models.CharField(max_length=8, blank=True)  # protocol.deciding.EXCEPTIONS
    not_by_covering = models.TextField(blank=True)  # why making others unrecognisable does not solve it
    form = models.CharField(max_length=10, blank=True)  # protocol.deciding.FORMS
    choices = models.JSONField(default=dict)  # interpretation -> what was chosen where protocol and law differ
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT)

    @property
    def granted(self) -> bool:
        """Was the request granted?"""
        return self.outcome == "granted"


class Giving(models.Model):
    """Access that was granted to a filmed person: by when it must be given, and how that ended (protocol.giving.Ended)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="givings")
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)  # the first moment that is too late
    ended_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended_at__isnull=True), name="one_giving_at_a_time"
            ),
        ]


class Remedy(models.Model):
    """An objection, an appeal or a complaint, with its outcome; while one runs, footage stays. Or a notice of default, which
    has none.
    """

    class Kind(models.TextChoices):
        OBJECTION = "objection", "bezwaar"
        APPEAL = "appeal", "beroep"
        COMPLAINT = "complaint", "klacht"
        DEFAULT = "default", "ingebrekestelling"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "gegrond"
        DISMISSED = "dismissed", "ongegrond"
        INADMISSIBLE = "inadmissible", "niet-ontvankelijk"
        WITHDRAWN = "withdrawn", "ingetrokken"

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    received_at = models.DateTimeField()
    undecided = models.BooleanField(default=False)  # an appeal against not deciding in time: the case goes on beside it
    where = models.CharField(max_length=200, blank=True)  # which court or authority, and its number
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)


class Letter(models.Model):
    """A letter of ours: the words it is made from, and when it left the bytes that left."""

    class How(models.TextChoices):
        MAIL = "mail", "per e-mail"
        POST = "post", "per post"

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20)  # documents.letters.KINDS
    recipient = models.JSONField(default=list)  # lines
    email = models.EmailField(blank=True)
    words = models.JSONField(default=dict)
    protocol = models.CharField(max_length=40)  # version
    made_at = models.DateTimeField()
    calendar = models.BinaryField(null=True)  # goes with it by e-mail: RFC 5545
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    how = models.CharField(max_length=4, choices=How.choices, blank=True)
    posted_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Outgoing, models.PROTECT, null=True)

    @property
    def sent_at(self) -> datetime | None:
        """When it left: posted, or handed to the mail server."""
        return self.posted_at or (self.message.sent_at if self.message else None)


class CaseDocument(models.Model):
    """Something that came in with a case, such as the scan of a letter. Never shown within a page of ours."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=60)
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)  # then name and data are empty; the hash stays


class RecordingLooked(models.Model):
    """With which facts a recording was held beside all open cases (cases.matching_queries). Evidence of nothing: with other facts
    than the recording has now, or without a row, it is looked at again.
    """

    recording = models.UUIDField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    clock = models.BigIntegerField()
    officer = models.BigIntegerField()
    window = models.CharField(max_length=40)


class CaseLooked(models.Model):
    """For what was looked, among all recordings, for an open case. No row once the case is not open."""

    case = models.UUIDField(primary_key=True)
    asked = models.CharField(max_length=200)
