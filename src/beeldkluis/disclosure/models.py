"""What is known of a demand (vordering), beside its case."""

from django.db import models

from beeldkluis.cases.models import Case
from beeldkluis.people.models import Person


class Demand(models.Model):
    """What the demand of one case says, and what was checked of it (protocol.demand.Demanded names each field). `version` counts
    every change that was saved, so that nobody overwrites another's. A yes or no that nobody gave is null.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="demand")
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)
    receiver = models.CharField(max_length=12, blank=True)  # protocol.demand.Receiver
    name = models.CharField(max_length=200, blank=True)
    rank = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    prosecutor_number = models.CharField(max_length=80, blank=True)
    article = models.CharField(max_length=8, blank=True)  # protocol.demand.Article
    other_article = models.CharField(max_length=120, blank=True)
    authoriser = models.CharField(max_length=10, blank=True)  # protocol.demand.Authoriser
    authorised_by = models.CharField(max_length=200, blank=True)
    authorised_on = models.DateField(null=True)
    form = models.CharField(max_length=8, blank=True)  # protocol.demand.FORMS
    demanded_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # when an oral one came in writing
    offence = models.CharField(max_length=300, blank=True)
    period_from = models.DateTimeField(null=True)
    period_until = models.DateTimeField(null=True)
    place = models.CharField(max_length=300, blank=True)
    persons = models.TextField(blank=True)
    deliver_by = models.DateTimeField(null=True)
    secret = models.BooleanField(null=True)
    regime = models.CharField(max_length=3, blank=True)  # protocol.legal.Regime
    signature_seen = models.BooleanField(default=False)
    called_back = models.BooleanField(default=False)
    called_number = models.CharField(max_length=40, blank=True)
    scope_fits = models.BooleanField(default=False)
    scope_of = models.JSONField(default=list)  # numbers of the recordings that stood there when it was ticked
