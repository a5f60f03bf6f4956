"""Letters by e-mail, when the municipality has named a mail server."""

import base64
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from beeldkluis.outbox.models import Outgoing


def is_configured() -> bool:
    """Has a mail server been named? Without one letters wait, and the page says so."""
    return bool(settings.MAIL_FROM)


def send(message: Outgoing, _now: datetime) -> None:
    """The sender of the channel "mail", with the letter as PDF and a calendar file beside it when there are. SMTPException or
    OSError when it did not work.
    """
    letter = EmailMessage(
        subject=message.about,
        body=str(message.body.get("text", "")),
        from_email=settings.MAIL_FROM,
        to=[str(message.body.get("to", ""))],
    )
    if "pdf" in message.body:
        content = base64.b64decode(str(message.body["pdf"]))
        letter.attach(str(message.body["name"]), content, "application/pdf")
    if "calendar" in message.body:
        letter.attach("afspraak.ics", str(message.body["calendar"]), "text/calendar")
    letter.send()
