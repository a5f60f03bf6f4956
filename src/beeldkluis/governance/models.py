"""Versions of the municipality's protocol, and how it is reached. The numbers stand in the register's file; here is which file
is in force.
"""

from django.db import models
from django.db.models import Q


class ProtocolVersion(models.Model):
    """One version: the municipality's own text in sections, and the register beside it by the SHA-256 of its file.

    People stand here by pseudonym. `takes_effect_at` is the first moment of the day on which it begins to apply, in the
    municipality's own time.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Concept"
        PROPOSED = "proposed", "Voorgesteld"  # waits for a second person
        PUBLISHED = "published", "Vastgesteld"  # waits for its day
        IN_FORCE = "in_force", "Geldt nu"
        LAPSED = "lapsed", "Vervallen"
        WITHDRAWN = "withdrawn", "Ingetrokken"

    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    register_sha256 = models.CharField(max_length=64)
    sections = models.JSONField(default=list)  # [{"title": …, "text": …}, …]: the municipality's document
    takes_effect_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=40)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="in_force"), name="one_protocol_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"versie {self.number}"


class Register(models.Model):
    """The bytes of a register that was adopted or drafted, so that every machine on this database has it. `sha256` names it."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()


class ContactDetails(models.Model):
    """How to reach the municipality, as people typed it: the newest row counts, over what the protocol's file says."""

    lines = models.JSONField(default=dict)  # name, of protocol.register.CONTACT -> lines
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=40)  # pseudonym, or the part of the program
