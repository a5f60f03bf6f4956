"""Letters by e-mail, when the municipality has named a mail server."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from beeldkluis.outbox.models import Outgoing


def is_configured() -> bool:
    """Has a mail server been named? Without one letters wait, and the page says so."""
    return bool(settings.MAIL_FROM)


def send(message: Outgoing, _now: datetime) -> None:
    """The sender of the channel "mail". SMTPException or OSError when it did not work."""
    letter = EmailMessage(
        subject=message.about,
        body=str(message.body.get("text", "")),
        from_email=settings.MAIL_FROM,
        to=[str(message.body.get("to", ""))],
    )
    letter.send()
