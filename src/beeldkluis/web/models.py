"""Links that work once. Everything else on screen belongs to another room."""

from django.db import models

from beeldkluis.people.models import AccountChange, Person


class OneTimeLink(models.Model):
    """A link or code that lets somebody in, once, until `expires_at`. Only the SHA-256 of its token is kept."""

    class Kind(models.TextChoices):
        SETUP = "setup", "eerste inrichting"
        INVITATION = "invitation", "uitnodiging"
        DEMONSTRATION = "demonstration", "demonstratie"

    kind = models.CharField(max_length=14, choices=Kind.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="one_time_links")
    change = models.ForeignKey(
        AccountChange, models.PROTECT, null=True, related_name="+"
    )  # opens nothing before it is done
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # a newer link took its place


class Belonging(models.Model):
    """What there may be only one of, however many machines share this database: noted by the first that was set up.

    `mark` tells it apart from another without giving it away: a fingerprint of a key or a secret, a name as it is.
    """

    name = models.CharField(max_length=30, unique=True)
    mark = models.CharField(max_length=200)
    noted_at = models.DateTimeField()
