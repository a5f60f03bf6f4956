"""Messages that leave the house: written in the step that causes them and sent later, so that nothing waits for others."""

from django.db import models


class Outgoing(models.Model):
    """One message. It may arrive twice (sent, then stopped before that was written down); receivers must bear that."""

    class Channel(models.TextChoices):
        MAIL = "mail", "e-mail"
        ZGW = "zgw", "zaaksysteem"
        WEBHOOK = "webhook", "webhook"

    channel = models.CharField(max_length=8, choices=Channel.choices)
    about = models.CharField(max_length=120)  # what it is about, for the person who sees it stuck; no names
    body = models.JSONField()  # what the channel's sender needs; references only towards other systems
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField(db_index=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # somebody decided that it need not go any more
    case = models.CharField(
        max_length=32, blank=True, db_index=True
    )  # reference: what it says goes with that case's term
    must_leave = models.BooleanField(default=False)  # for who watches or whom it is about: nobody withdraws it
