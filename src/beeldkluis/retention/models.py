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


class Confirmation(models.Model):
    """One person looked at the stopped round and says that it is right."""

    brake = models.ForeignKey(Brake, models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, models.PROTECT)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brake", "person"], name="each_person_confirms_once")]
