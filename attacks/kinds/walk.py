"""Every address of the program, asked for by every kind of caller in every method: nothing above the table of rights."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import httpx

from attacks.judging import Tally, kind
from attacks.kinds.links import PASSWORD, accept, change, invited
from attacks.place import Place
from attacks.rights import AXIS, DOCK, FACTOR, HEADERS, NEEDS, OWN_KEY, SCREEN, allowed
from attacks.visitor import Visitor, add_code_app
from attacks.world import OFFICER, Open, opened
from beeldkluis.protocol.roles import Role

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE")
HEADER_SIGNS = (b"age-encryption.org/v1", b"YWdlLWVuY3J5cHRpb24ub3Jn")
LAST = {"account_logout"}  # ends the session that the walk needs
AWAY = re.compile(r"(http://localhost:\d+)?/(accounts/|kiosk/(mijn/(aanmelden/)?)?$|uitnodiging/$|erbij/$)")


@dataclass(frozen=True)
class Caller:
    """Somebody who asks: the session, the role, and what else that one has."""

    name: str
    visitor: Visitor
    role: Role | None = None
    ways: frozenset[str] = frozenset()


def fill(route: str, known: dict[str, str]) -> str:
    """The route with what varies filled in."""
    here = "/" + route

    def value(found: re.Match[str]) -> str:
        name = found[2]
        if name == "number":
            if found[1] == "int":
                return "1"
            return "1" if route.startswith("protocol") else OFFICER
        return known.get(name, "x")

    return re.sub(r"<(\w+):(\w+)>", value, here)


def _known(place: Place, seen: Open) -> dict[str, str]:
    return {
        "reference": seen.reference, "recording": seen.recording, "viewing": seen.viewing, "opening": seen.opening,
        "clip": seen.clip, "dock": place.dock()["dock"], "screen": str(uuid4()), "upload_id": str(uuid4()), "pk": "4",
        "person": "4", "item": "1", "label": place.one("select label from devices_bodycam"), "finding": "1", "brake": "1",
        "signature": "1", "remedy": "1", "marker": "1", "slug": "besluit", "name": "System", "account": "x", "token": "x" * 43,
    }  # fmt: skip


def _accounts(place: Place, administrator: Visitor) -> list[Caller]:
    """People of our own: a password alone, a closed account, an expired session, one that signed out."""
    made = []
    for name in ("a password alone", "a closed account", "an expired session", "a cookie of who signed out"):
        accept(place, invited(administrator))
        mail, person = place.rows("select email, id from people_person order by id desc limit 1")[0]
        visitor = place.visitor()
        visitor.submit("/accounts/login/", {"login": mail, "password": PASSWORD})
        if name != "a password alone":
            add_code_app(visitor)
        if name == "a closed account":
            administrator.submit(f"/medewerkers/{person}/uitschakelen/")
        if name == "an expired session":
            key = visitor.cookie("sessionid")
            change(place, "update django_session set expire_date = '2020-01-01' where session_key = ?", key)
        thief = visitor.again()
        if name == "a cookie of who signed out":
            visitor.submit("/accounts/logout/")
        made.append(Caller(name, thief, ways=frozenset({FACTOR}) if name == "a password alone" else frozenset()))
    return made


def _callers(place: Place, manager: Visitor) -> tuple[list[Caller], list[Caller]]:
    deputy, dpo, administrator = place.sessions("deputy", "dpo", "administrator")
    screen = place.screen()
    screen.submit("/kiosk/mijn/aanmelden/", {"number": OFFICER, "code": place.links()["code"]})
    dock = place.visitor()
    dock.headers["Authorization"] = f"Bearer {place.dock()['token']}"
    axis = _axis(place, administrator)
    strangers = [
        Caller("nobody", place.visitor()),
        *_accounts(place, administrator),
        Caller("an officer at the screen", screen, ways=frozenset({SCREEN})),
        Caller("a dock", dock, ways=frozenset({DOCK})),
        Caller("a camera system", axis, ways=frozenset({AXIS})),
    ]
    people = [
        Caller("the deputy", deputy, Role.DEPUTY),
        Caller("the data protection officer", dpo, Role.DPO),
        Caller("the administrator", administrator, Role.ADMINISTRATOR),
        Caller("the team manager", manager, Role.TEAM_MANAGER),
    ]
    return strangers, people


def _axis(place: Place, administrator: Visitor) -> Visitor:
    told = administrator.submit("/docks/axis/", {"name": "Walk", "certificate": ""}).json()
    visitor = place.visitor()
    keys = {"X-Auth-User": told["BlobAPIUserName"], "X-Auth-Key": told["BlobAPIKey"]}
    visitor.headers["X-Auth-Token"] = visitor.get("/axis/auth/v1.0", headers=keys).headers["x-auth-token"]
    return visitor


def judge_answer(caller: Caller, name: str, method: str, answer: httpx.Response, sample: bytes) -> str:
    """What is wrong with this answer; empty when nothing is."""
    if answer.status_code in (500, 502):
        return f"{answer.status_code}"
    body = answer.content
    manager = caller.role is Role.TEAM_MANAGER
    if any(sign in body for sign in HEADER_SIGNS) and not (manager and name in OWN_KEY | HEADERS):
        return "a header"
    if sample in body and not (manager and name == "viewing:sealed"):
        return "sealed film"
    if allowed(name, role=caller.role, ways=caller.ways) or method == "OPTIONS":
        return ""
    if answer.is_success:
        return f"{answer.status_code} with {len(body)} bytes, and {NEEDS.get(name, 'nobody: not in attacks/rights.py')} is needed"
    if answer.is_redirect and caller.role and method == "POST" and not AWAY.match(answer.headers["location"]):
        return f"led on to {answer.headers['location']}"
    return ""


def walk(caller: Caller, asked: list[tuple[str, str]], token: str, sample: bytes, tally: Tally) -> None:
    """All addresses in all methods."""
    ordered = [one for one in asked if one[0] not in LAST] + [one for one in asked if one[0] in LAST]
    for name, path in ordered:
        for method in METHODS:
            headers = {"X-Opening-Token": token, "Tus-Resumable": "1.0.0", "X-CSRFToken": caller.visitor.token(),
                       "Origin": caller.visitor.address, "Referer": caller.visitor.address + path}  # fmt: skip
            answer = caller.visitor.request(method, path, headers=headers, data={} if method == "POST" else None)
            wrong = judge_answer(caller, name, method, answer, sample)
            tally.judge(not wrong, f"{caller.name}: {method} {path} gave {wrong}")


@kind(
    "every address",
    role="twelve kinds of callers, from nobody to the team manager",
    tries="asks every address of the program in six methods, with what that caller has",
    seconds=900,
)
def every_address(place: Place, tally: Tally) -> None:
    """With a recording open, so that there is something to get."""
    (manager,) = place.sessions("team_manager")
    seen = opened(place, manager)
    strangers, people = _callers(place, manager)
    known = _known(place, seen)
    asked = [(name, fill(route, known)) for name, route in place.probe("all_addresses")]
    sample = base64.b64decode(place.probe("sealed_start", seen.clip))
    tally.judge(sample in seen.fetch(span="0-4095").content, "the sample of sealed film is no sample")
    token = seen.told["token"]
    with ThreadPoolExecutor(
        4
    ) as pool:  # first those who may little: what the others do is done to the same demonstration
        list(pool.map(lambda one: walk(one, asked, token, sample, tally), strangers))
        list(pool.map(lambda one: walk(one, asked, token, sample, tally), people))
