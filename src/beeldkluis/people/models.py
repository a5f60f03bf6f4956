"""Persons with an account, officers (who need none), and the team's keys. Nobody is ever deleted, only deactivated."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth import base_user, hashers
from django.db import models

from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role


class PersonManager(base_user.BaseUserManager["Person"]):
    """Finds people by e-mail address; making one is an action (people.actions.add_person)."""


class Person(base_user.AbstractBaseUser):
    """Somebody with an account. `pseudonym` stands in the journal instead of the name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role.value, role.dutch) for role in Role])
    # the role in which this person acts now: another than `role` only while a deputation lasts
    acting = models.CharField(max_length=20, choices=[(role.value, role.dutch) for role in Role])
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["acting"],
                condition=models.Q(acting=Role.TEAM_MANAGER.value, is_active=True),
                name="one_person_acts_as_team_manager",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *words: Any, **named: Any) -> None:
        """Whoever is added acts in the own role."""
        self.acting = self.acting or self.role
        super().save(*words, **named)

    def check_password(self, raw_password: str | None) -> bool:
        """Is this the password? Writes no newer hash, as Django would: a person's row changes in a step and nowhere else."""
        return hashers.check_password(raw_password, self.password)

    @property
    def as_actor(self) -> Actor:
        """This person as the one who acts."""
        return Actor(ActorKind.PERSON, str(self.pseudonym), Role(self.acting), self.name)

    @property
    def role_dutch(self) -> str:
        """The role's name on screen: the one in which this person acts now."""
        return Role(self.acting).dutch


class Officer(models.Model):
    """A handhaver, own or hired, known at the dock by number. `until` is the last moment of service, empty while serving."""

    class Employment(models.TextChoices):
        OWN = "own", "in eigen dienst"
        HIRED = "hired", "ingeleend"

    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    employment = models.CharField(max_length=8, choices=Employment.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)  # for reminders; empty: told in person
    code_hash = models.CharField(max_length=128, blank=True)  # of the personal code at the dock; empty: none given yet
    code_is_first = models.BooleanField(default=True)  # given by somebody else, so changed at first use
    code_set_at = models.DateTimeField(null=True)  # since when the code is as it is
    code_confirmed_at = models.DateTimeField(null=True)  # when the officer confirmed it by another way than the dock
    email_set_at = models.DateTimeField(null=True)  # when the address was written down

    def __str__(self) -> str:
        return f"Boa {self.number}"


class FormerAddress(models.Model):
    """An address that an officer had: until `until` it is told what the new one is told, so that nobody is cut off in secret."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="former_addresses")
    email = models.EmailField()
    until = models.DateTimeField()


class OfficerNotice(models.Model):
    """What an officer was told, in plain words. It stands at the dock's screen behind number and code until `until`, whether a
    mail went as well or not, and nobody can take it away there.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="notices")
    text = models.TextField()
    told_at = models.DateTimeField()
    until = models.DateTimeField()


class CodeLink(models.Model):
    """A link that was mailed to an officer with which that officer says: the code that I chose at `made_at` is mine."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="code_links")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class TeamKey(models.Model):
    """The public half of a key of the team. Private halves are only ever here sealed (SealedIdentity, `sealed_private`)."""

    class Kind(models.TextChoices):
        TEAM = "team", "teamsleutel"
        RECOVERY = "recovery", "herstelsleutel"
        AXIS = "axis", "sleutel voor Axis-camera's (RSA)"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    public = models.TextField()  # age1… recipient, or a PEM public key for kind axis
    fingerprint = models.CharField(max_length=64)  # SHA-256 of `public` in UTF-8, hexadecimal
    sealed_private = models.BinaryField(null=True)  # kind axis only: PKCS#8 sealed to the team and recovery keys
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(retired_at__isnull=True), name="one_active_key_per_kind"
            ),
        ]


class SealedIdentity(models.Model):
    """A person's own copy of the team identity, as an age file under that person's passphrase."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="sealed_identities")
    key = models.ForeignKey(TeamKey, models.PROTECT, related_name="sealed_identities")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class RecoveryProof(models.Model):
    """Somebody is asked to show that the recovery sheet is at hand: `answer_hash` is of 32 random bytes that were sealed to the
    recovery key and can be read with the sheet alone. Shown for one purpose, and used once.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+"
    )  # empty: at the server's own terminal
    purpose = models.CharField(max_length=80)
    answer_hash = models.CharField(max_length=64)  # SHA-256 of the answer in hexadecimal
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)


class Deputation(models.Model):
    """For this time `deputy` acts as team manager and `team_manager` rests. In an emergency the administrator began it."""

    team_manager = models.ForeignKey(Person, models.PROTECT, related_name="deputations_given")
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputations")
    because = models.TextField()
    emergency = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team_manager"], condition=models.Q(ended_at__isnull=True), name="one_deputation_at_a_time"
            ),
        ]


class HandoverPlan(models.Model):
    """A handover that was announced to everybody: `second` agrees, then there is a wait in which anybody in it can stop it.
    `with_recovery`: the recovery sheet was shown when it was announced.
    """

    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    with_recovery = models.BooleanField(default=False)
    because = models.TextField(blank=True)
    announced_at = models.DateTimeField()
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)


class HandoverWait(models.Model):
    """How many minutes of a wait the program was there to count, each by itself: a clock that jumps does not bring them."""

    plan = models.OneToOneField(HandoverPlan, models.PROTECT, primary_key=True, related_name="wait")
    minutes = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()


class Handover(models.Model):
    """The team manager's role goes from one person to another (or the same person gets new keys): new team key, every
    header sealed anew, old sealed copies gone. `with_recovery` says that the recovery key opened the old headers.

    What the browser made (`new_public` and the two sealed keys) waits here; it is put in force when everything was tried with
    it, and `new_key` then names it.
    """

    plan = models.OneToOneField(HandoverPlan, models.PROTECT, null=True, related_name="handover")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="handovers_given")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="handovers_received")
    old_key = models.ForeignKey(TeamKey, models.PROTECT, related_name="+")
    new_key = models.ForeignKey(TeamKey, models.PROTECT, null=True, related_name="+")
    new_public = models.TextField(default="")
    new_sealed_identity = models.BinaryField(null=True)  # the receiver's copy
    new_axis_sealed_private = models.BinaryField(null=True)
    axis_answer_hash = models.CharField(max_length=64, blank=True)  # of what was sealed to the Axis key's public half
    axis_proved_at = models.DateTimeField(null=True)
    with_recovery = models.BooleanField(default=False)
    because = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)  # the giver is ready, the receiver's turn
    finished_at = models.DateTimeField(null=True)  # the new key is in force
    stopped_at = models.DateTimeField(null=True)  # nothing changed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["old_key"],
                condition=models.Q(stopped_at__isnull=True),
                name="a_key_is_handed_over_once",
            ),
        ]


class HandoverItem(models.Model):
    """One recording of a handover. `done_at`: headers for the new key stand beside the old ones; `checked_at`: the receiver
    showed that they open; `cleared_at`: shred keys that wrap nothing any more are gone.
    """

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="items")
    recording = models.UUIDField()
    done_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    unreadable = models.BooleanField(default=False)  # the old key does not open it: its old headers stay
    gone = models.BooleanField(default=False)  # destroyed meanwhile

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "recording"], name="a_recording_is_listed_once")]
        indexes = [
            models.Index(
                fields=["handover", "id"],
                condition=models.Q(done_at__isnull=False, checked_at__isnull=True, unreadable=False, gone=False),
                name="item_to_check",
            ),
            models.Index(fields=["handover", "id"], condition=models.Q(cleared_at__isnull=True), name="item_to_clear"),
        ]


class AccountChange(models.Model):
    """Somebody's account is to be added, renewed or closed, or a deputy to act in an emergency. It is done once a second person
    confirmed or its time is over (protocol.accounts), unless somebody stopped it. `works_from` is when its waiting time ends by
    the clock; `ran_at` is what `Running` showed when it was asked, because a clock can be set.
    """

    class Kind(models.TextChoices):
        ADD = Change.ADD.value, "nieuw account"
        RENEW = Change.RENEW.value, "nieuw wachtwoord"
        RESET = Change.RESET.value, "nieuw wachtwoord en nieuwe tweede stap"
        RESTORE = Change.RESTORE.value, "nieuwe toegang, gevraagd op de server"
        CLOSE = Change.CLOSE.value, "account uitschakelen"
        DEPUTISE = Change.DEPUTISE.value, "waarnemen in een noodgeval"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="changes")
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # empty: on the server itself
    because = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    works_from = models.DateTimeField()
    ran_at = models.PositiveBigIntegerField()  # seconds
    expires_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # DEPUTISE: how long
    stop_hash = models.CharField(max_length=64, blank=True)  # of the link in the mail, which can only stop it
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    with_sheet = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)  # the link of it was used
    stopped_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    stopped_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(done_at__isnull=True, stopped_at__isnull=True),
                name="one_change_of_an_account_waits",
            ),
        ]


class Running(models.Model):
    """How long the machine ran, in seconds, whatever its clock was set to: `boot` and `at` are of the last look (seconds since
    that boot), `total` is the sum. One row.
    """

    boot = models.CharField(max_length=40)
    at = models.PositiveBigIntegerField()
    clock = models.DateTimeField()
    total = models.PositiveBigIntegerField(default=0)


class Notice(models.Model):
    """What somebody must know who watches, or whom it is about. It stands on that person's start page until seen; then its words
    go, and the journal says it. Without a receiver it is for the next data protection officer.
    """

    receiver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="notices")
    subject = models.CharField(max_length=120)
    text = models.TextField()
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)


class RightsReview(models.Model):
    """Somebody looked at who has which rights. `list` is what stood on the list then: pseudonym, role, account open."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", "kwartaal"
        YEAR = "year", "jaar"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    reviewer = models.ForeignKey(Person, models.PROTECT)
    reviewed_at = models.DateTimeField()
    list = models.JSONField()
    remarks = models.TextField(blank=True)


class Acknowledgement(models.Model):
    """One line of the log list (loglijst): somebody received a version of the protocol and the instruction, and signed."""

    class How(models.TextChoices):
        DOCK = "dock", "op het scherm bij het dock"
        LINK = "link", "met een persoonlijke link"
        ACCOUNT = "account", "met eigen account"
        PAPER = "paper", "op papier"

    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="acknowledgements")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="acknowledgements")
    protocol_received_on = models.DateField()
    instruction_received_on = models.DateField()
    signed_at = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How.choices)
    scan = models.BinaryField(null=True)  # of a signature on paper
    scan_type = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(officer__isnull=False, person__isnull=True)
                | models.Q(officer__isnull=True, person__isnull=False),
                name="one_officer_or_one_person_signs",
            ),
            models.UniqueConstraint(fields=["version", "officer"], name="an_officer_signs_a_version_once"),
            models.UniqueConstraint(fields=["version", "person"], name="a_person_signs_a_version_once"),
        ]


class SigningLink(models.Model):
    """A personal link with which one officer signs, together with a code that is given in another way. Hashes only."""

    officer = models.ForeignKey(Officer, models.PROTECT)
    version = models.ForeignKey(ProtocolVersion, models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes


class Reminder(models.Model):
    """A mail that was sent for one reason; `key` names reason and round by pseudonyms, so that it is sent once."""

    key = models.CharField(max_length=120, unique=True)
    sent_at = models.DateTimeField()
