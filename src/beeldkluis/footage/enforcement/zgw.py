"""The Zaken API 1.5 (VNG, ZGW): a zaak with our reference as its property, and its first status. Our own thin client.

Every step first looks whether it was taken: stopped anywhere, it goes on from there and makes nothing twice.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from beeldkluis.footage.enforcement.line import OtherSideError, as_json, exchange
from beeldkluis.footage.enforcement.port import Draft
from beeldkluis.sealed import jwt

HOME = ZoneInfo("Europe/Amsterdam")
CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
NOT_UNIQUE = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where and as whom (docs/spec/enforcement.md). The secret is shared with the other side."""

    base: str
    client_id: str
    secret: str
    source_organisation: str
    responsible_organisation: str
    case_type: str
    property: str
    status_type: str


def target() -> Target:
    """The target from the settings. OtherSideError when one is missing."""
    told: dict[str, str] = settings.ZGW
    if lacking := [name for name, value in told.items() if not value]:
        raise OtherSideError(f"de instelling {', '.join(sorted(lacking))} ontbreekt")
    return Target(**told)


def register(draft: Draft, to: Target, *, now: datetime) -> str:
    """Make what is not there yet. The zaak's identification on the other side."""
    zaak = _find(draft, to, now) or _make(draft, to, now)
    if not any(one.get("eigenschap") == to.property for one in _list(f"{zaak}/zaakeigenschappen", to, now)):
        told = {"zaak": zaak, "eigenschap": to.property, "waarde": draft.reference}
        _ask("POST", f"{zaak}/zaakeigenschappen", to, now, told)
    if not _list(f"{to.base}/statussen", to, now, {"zaak": zaak}):
        told = {"zaak": zaak, "statustype": to.status_type, "datumStatusGezet": now.isoformat()}
        _ask("POST", f"{to.base}/statussen", to, now, told)
    return draft.identification


def _find(draft: Draft, to: Target, now: datetime) -> str | None:
    query = {"identificatie": draft.identification, "bronorganisatie": to.source_organisation}
    found = _list(f"{to.base}/zaken", to, now, query)
    return _ours(found[0].get("url"), to) if found else None


def _make(draft: Draft, to: Target, now: datetime) -> str:
    told = {
        "identificatie": draft.identification,
        "bronorganisatie": to.source_organisation,
        "verantwoordelijkeOrganisatie": to.responsible_organisation,
        "zaaktype": to.case_type,
        "omschrijving": f"Waarneming bij bodycamopname {draft.reference}",
        "startdatum": draft.started_at.astimezone(HOME).date().isoformat(),
    }
    try:
        made = _ask("POST", f"{to.base}/zaken", to, now, told)
    except OtherSideError as error:
        again = (
            _find(draft, to, now) if error.status == NOT_UNIQUE else None
        )  # somebody was first, perhaps we ourselves
        if again is None:
            raise
        return again
    return _ours(made.get("url") if isinstance(made, dict) else None, to)


def _ours(url: object, to: Target) -> str:
    """An address that the other side gave, when it lies under the address that the settings name: a token goes along."""
    if not isinstance(url, str) or not url.startswith(f"{to.base}/zaken/"):
        raise OtherSideError("het antwoord noemt geen zaak van dit adres")
    return url.rstrip("/")


def _list(address: str, to: Target, now: datetime, query: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The items of a list, whether it comes in pages or whole."""
    told = _ask("GET", address, to, now, query=query)
    items = told.get("results") if isinstance(told, dict) else told
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise OtherSideError("het antwoord is geen lijst")
    return items


def _ask(
    method: str,
    address: str,
    to: Target,
    now: datetime,
    told: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> Any:
    headers = {"Authorization": f"Bearer {_token(to, now)}", "Accept": "application/json", **CRS}
    if told is not None:
        headers["Content-Type"] = "application/json"
    body = json.dumps(told).encode() if told is not None else None
    content = as_json(exchange(method, address, headers=headers, body=body, query=query))
    if content is None:
        raise OtherSideError("het antwoord is geen JSON")
    return content


def _token(to: Target, now: datetime) -> str:
    claims = {
        "iss": to.client_id,
        "iat": int(now.timestamp()),
        "client_id": to.client_id,
        "user_id": "beeldkluis",
        "user_representation": "Beeldkluis",
    }
    return jwt.signed(claims, to.secret.encode())
