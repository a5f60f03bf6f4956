"""Which answers were looked at, and by whom: what the journal says of reading (docs/decisions/0120)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from beeldkluis.journal.actions import Written, are_kept
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import shown_to
from beeldkluis.web.events import PageOpened
from beeldkluis.web.sign_in import signed_in

CONTENT = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT)
LONGEST_REFERENCE = 32
SIGNING_IN = ("account_", "mfa_")  # what a password alone opens; it shows that person's own ways to sign in
HIDDEN = {"recording", "reference", "token"}  # a token is a secret; the other two have a place of their own
# Answers without an entry of their own. Each is asked many times in a minute, or says nothing of anybody.
COVERED: Mapping[str, str] = {
    "viewing:sealed": "sealed bytes under an opening: its entry was written first, closing counts the bytes (0109, 0110)",
    "viewing:played": "whether an opening lasts, every few seconds; the opening and what was played are entries",
    "viewing:copy": "how far a copy is, under an opening that is an entry; asking for a copy is one",
    "viewing:state": "a hash that changes with who is in the room; the page that is then asked for is an entry",
    "viewing:service-worker": "the same script for everybody",
    "web:health": "one word, the same for everybody",
}


def readers(request: HttpRequest) -> Sequence[Actor]:
    """The person of this session, and the officer who typed number and code or came by a personal link."""
    known = [person.as_actor] if (person := _person(request)) else []
    return known + [one for one in shown_to(request) if one not in known]


def _person(request: HttpRequest) -> Person | None:
    match = request.resolver_match
    if match is not None and (match.url_name or "").startswith(SIGNING_IN):
        return request.user if isinstance(request.user, Person) else None
    return signed_in(request)


def wants_entry(request: HttpRequest, response: HttpResponseBase, reader: Actor, acts: Sequence[Written]) -> bool:
    """Was something given that no entry says yet? What is no page and answers an act of this person is told by the act."""
    if response.status_code not in CONTENT or name_of(request) in COVERED:
        return False
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    own = [] if is_page else [one.entry for one in acts if one.actor == reader]
    return not are_kept(own)


def name_of(request: HttpRequest) -> str:
    """The name of the address that was asked for; "?" when there is none."""
    match = request.resolver_match
    if match is None:
        return "?"
    return match.view_name or match._func_path  # noqa: SLF001 - the only name of a view that has no other


def page_opened(request: HttpRequest) -> PageOpened:
    """Which page, by its name: addresses and search words may say something about a person."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    recording, reference = named.get("recording"), named.get("reference")
    return PageOpened(
        page=name_of(request),
        which=" ".join(str(value) for name, value in named.items() if name not in HIDDEN),
        recording=recording if isinstance(recording, UUID) else None,
        case=reference if isinstance(reference, str) and len(reference) <= LONGEST_REFERENCE else "",
    )
