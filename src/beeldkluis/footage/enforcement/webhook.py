"""A CloudEvent (1.0, structured mode, by the Dutch profile) that says that an observation was made."""

import json
from datetime import UTC, datetime

from django.conf import settings

from beeldkluis.footage.enforcement.line import OtherSideError, exchange
from beeldkluis.footage.enforcement.port import Draft
from beeldkluis.sealed.jwt import signature

TYPE = "nl.beeldkluis.waarneming.vastgelegd"


def event(draft: Draft, *, source: str, now: datetime) -> dict[str, object]:
    """The event. Its id is the observation's, so that a receiver knows one that comes twice."""
    return {
        "specversion": "1.0",
        "id": draft.observation,
        "source": source,
        "type": TYPE,
        "time": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "subject": draft.reference,
        "datacontenttype": "application/json",
        "data": {
            "reference": draft.reference,
            "startedAt": draft.started_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "endedAt": draft.ended_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "kind": draft.kind,
        },
    }


def send(draft: Draft, *, now: datetime) -> None:
    """POST it; any 2xx answer is a yes. OtherSideError otherwise."""
    if not settings.WEBHOOK_ADDRESS or not settings.WEBHOOK_SECRET:
        raise OtherSideError("de instelling BEELDKLUIS_WEBHOOK of BEELDKLUIS_WEBHOOK_SECRET ontbreekt")
    body = json.dumps(event(draft, source=settings.WEBHOOK_SOURCE, now=now)).encode()
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "X-Signature-SHA256": signature(settings.WEBHOOK_SECRET.encode(), body),
    }
    exchange("POST", settings.WEBHOOK_ADDRESS, headers=headers, body=body)
