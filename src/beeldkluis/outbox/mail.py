"""Letters by e-mail, when the municipality has named a mail server."""

import base64
import re
from datetime import datetime
from email.mime.text import MIMEText

from django.conf import settings
from django.core.mail import EmailMessage

from beeldkluis.outbox.models import Outgoing

METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


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
        letter.attach(_calendar(str(message.body["calendar"])))
    letter.send()


def _calendar(text: str) -> MIMEText:
    """A calendar file as calendar programs take it from a mail (RFC 6047, 2.4 and 2.5): under the method that stands in it, and
    in base64, so that its lines and letters arrive as they are whatever server comes between.
    """
    part = MIMEText(text, "calendar", "utf-8")
    if method := METHOD.search(text):
        part.set_param("method", method[1])
    part.add_header("Content-Disposition", "attachment", filename="afspraak.ics")
    return part
