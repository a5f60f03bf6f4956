"""A demonstration brought to where footage is open, through the ordinary pages."""

import base64
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from attacks.place import Place
from attacks.visitor import Visitor, words

OFFICER = "9001"


@dataclass(frozen=True, slots=True)
class Open:
    """What a team manager's browser has while a recording is open."""

    manager: Visitor
    reference: str
    viewing: str
    recording: str
    told: dict[str, Any]

    @property
    def opening(self) -> str:
        """Its number."""
        return str(self.told["id"])

    @property
    def clip(self) -> str:
        """The first film in it."""
        return str(self.told["clips"][0]["source"])

    def fetch(self, visitor: Visitor | None = None, token: str | None = None, span: str = "0-255") -> httpx.Response:
        """Ask for sealed bytes, as the service worker does."""
        headers = {"Range": f"bytes={span}", "X-Opening-Token": self.told["token"] if token is None else token}
        return (visitor or self.manager).get(f"/inzien/verzegeld/{self.opening}/{self.clip}", headers=headers)

    def tell(self, visitor: Visitor | None = None) -> httpx.Response:
        """Say what was played, as the page does every few seconds."""
        spans = [{"clip": self.told["clips"][0]["object"], "start_ms": 0, "end_ms": 1000}]
        return (visitor or self.manager).submit(self.told["played"], json={"spans": spans})


def confirmed(manager: Visitor, reference: str) -> None:
    """Every recording of the case is said to belong to it."""
    page = manager.get(f"/verzoeken/{reference}/").text
    for one in sorted(set(re.findall(r"/opname/([0-9a-f-]{36})/hoort-erbij/", page))):
        manager.submit(f"/verzoeken/{reference}/opname/{one}/hoort-erbij/")


def begun(place: Place, manager: Visitor) -> tuple[str, str]:
    """A viewing that was begun under the waiting case: the case's reference and the viewing's number."""
    reference = str(place.one("select reference from cases_case order by id limit 1"))
    confirmed(manager, reference)
    answer = manager.submit(f"/verzoeken/{reference}/inzage/", {"purpose": "assess_request", "place": "Spreekkamer"})
    if answer.status_code != 302:
        raise RuntimeError(f"no viewing: {answer.status_code} {words(answer)[:200]}")
    return reference, answer.headers["location"].split("/")[2]


def opened(place: Place, manager: Visitor) -> Open:
    """The officer is there and the recording is open."""
    reference, viewing = begun(place, manager)
    typed = {"number": OFFICER, "code": place.links()["code"]}
    came = manager.submit(f"/inzien/{viewing}/handhaver/", typed)
    if came.status_code != 302:
        raise RuntimeError(f"the officer is not let in: {words(came)[-300:]}")
    linked = place.one(
        "select recording from cases_caserecording where confirmed_at is not null and rejected_at is null"
    )
    recording = str(UUID(linked))
    answer = manager.submit(f"/inzien/{viewing}/opname/{recording}/openen/", json={})
    if answer.status_code != 200:
        raise RuntimeError(f"it does not open: {answer.status_code} {answer.text[:300]}")
    return Open(manager, reference, viewing, recording, answer.json())


def header(told: dict[str, Any]) -> bytes:
    """The header of the first film that an opening gave."""
    return base64.b64decode(told["clips"][0]["header"])
