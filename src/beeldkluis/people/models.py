"""Persons with an account, officers (who need none), and the team's keys. Nobody is ever deleted, only deactivated."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.protocol.roles import Role


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address; making one is an action (people.actions.add_person)."""


class Person(AbstractBaseUser):
    """Somebody with an account. `pseudonym` stands in the journal instead of the name."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role.value, role.dutch) for role in Role])
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name

    @property
    def as_actor(self) -> Actor:
        """This person as the one who acts."""
        return Actor(ActorKind.PERSON, str(self.pseudonym), Role(self.role), self.name)

    @property
    def role_dutch(self) -> str:
        """The role's name on screen."""
        return Role(self.role).dutch


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

    def __str__(self) -> str:
        return f"Boa {self.number}"


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
                fields=["kind"],
                condition=models.Q(retired_at__isnull=True),
                name="one_active_key_per_kind",
            ),
        ]


class SealedIdentity(models.Model):
    """A person's own copy of the team identity, as an age file under that person's passphrase."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="sealed_identities")
    key = models.ForeignKey(TeamKey, models.PROTECT, related_name="sealed_identities")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
