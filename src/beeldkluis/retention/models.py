"""The brake: a round that would destroy strikingly much stops until two people have looked."""

from django.db import models

from beeldkluis.people.models import Person


class Brake(models.Model):
    """One stopped round. `recordings` are the ids it wanted to destroy; only these may go once two people confirmed."""

    recordings = models.JSONField()  # list of UUIDs as text
    because = models.TextField()  # the rule's Dutch sentence
    pulled_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)


class Pace(models.Model):
    """What the clock said when a round last believed it, and an earlier look beside the machine's running time (seconds since
    the start `boot`; empty: never asked). `brake` stops everything because the clock jumped; `by_machine`: by its running time.
    One row.
    """

    last = models.DateTimeField()
    clock = models.DateTimeField()
    boot = models.CharField(max_length=40, blank=True)
    ran = models.PositiveBigIntegerField(default=0)
    brake = models.OneToOneField(Brake, models.PROTECT, null=True, related_name="pace")
    by_machine = models.BooleanField(default=False)


class Confirmation(models.Model):
    """One person looked at the stopped round and says that it is right."""

    brake = models.ForeignKey(Brake, models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, models.PROTECT)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brake", "person"], name="each_person_confirms_once")]
