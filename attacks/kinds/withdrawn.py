"""Going on to look when the ground is gone: another role, a closed account, a case that moved on, a session that ended."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from attacks.judging import Tally, kind
from attacks.kinds.links import PASSWORD, accept, invited
from attacks.kinds.passkeys import ADD, options
from attacks.passkey import Passkey
from attacks.place import Place
from attacks.visitor import Visitor, add_code_app, code_of
from attacks.world import OFFICER, Open, opened

Event = Callable[[Place, Open, Visitor], object]


def _person(place: Place, role: str) -> int:
    return int(place.one("select id from people_person where role = ? and is_active order by id limit 1", role))


def _closed_account(place: Place, _open: Open, administrator: Visitor) -> bool:
    administrator.submit(f"/medewerkers/{_person(place, 'team_manager')}/uitschakelen/")
    return not place.one("select is_active from people_person where role = 'team_manager'")


def _deputised(place: Place, seen: Open, _administrator: Visitor) -> bool:
    until = (datetime.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005 - as somebody types it
    deputy = _person(place, "deputy")
    seen.manager.submit("/vervanging/", {"deputy": deputy, "until": until, "because": "Vakantie"})
    return place.one("select acting from people_person where role = 'team_manager'") != "team_manager"


def _out_of_service(place: Place, seen: Open, _administrator: Visitor) -> bool:
    at = (datetime.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005 - as somebody types it
    seen.manager.submit(f"/handhavers/{OFFICER}/uit-dienst/", {"until": at})
    return place.one("select until from people_officer where number = ?", OFFICER) is not None


def _of_another_case(place: Place, seen: Open, _administrator: Visitor) -> bool:
    seen.manager.submit(
        f"/verzoeken/{seen.reference}/opname/{seen.recording}/hoort-er-niet-bij/", {"because": "Vergissing"}
    )
    return bool(place.one("select count(*) from cases_caserecording where rejected_at is not null"))


def _officer_left(place: Place, seen: Open, _administrator: Visitor) -> bool:
    number = place.one("select id from viewing_attendance where present = 'officer' and left_at is null")
    seen.manager.submit(f"/inzien/{seen.viewing}/vertrokken/{number}/")
    return place.one("select count(*) from viewing_attendance where present = 'officer' and left_at is null") == 0


def _ended(place: Place, seen: Open, _administrator: Visitor) -> bool:
    seen.manager.submit(f"/inzien/{seen.viewing}/einde/", {"remarks": "Klaar.", "copy_handed": "no"})
    return place.one("select ended_at from viewing_viewing where id = ?", seen.viewing.replace("-", "")) is not None


def _begun_anew(place: Place, seen: Open, _administrator: Visitor) -> bool:
    seen.manager.submit(f"/verzoeken/{seen.reference}/inzage/", {"purpose": "assess_request", "place": "Thuis"})
    return place.one("select ended_at from viewing_viewing where id = ?", seen.viewing.replace("-", "")) is not None


GROUNDS: dict[str, Event] = {
    "a viewing that was begun anew": _begun_anew,
    "the officer left the room": _officer_left,
    "the viewing was ended": _ended,
    "the recording is of another case": _of_another_case,
    "a deputy acts": _deputised,
    "the officer left service": _out_of_service,
    "the account was closed": _closed_account,
}


@kind(
    "looking on",
    role="team manager",
    tries="goes on to fetch film after role, account, officer, case or viewing went away while it was open",
    seconds=240,
)
def looking_on(place: Place, tally: Tally) -> None:
    """Each ground twice: once until the page tells, once until the minute's round."""
    for what, go in GROUNDS.items():
        for way in ("the next telling", "the minute's round"):
            administrator, manager = place.sessions("administrator", "team_manager")
            try:
                seen = opened(place, manager)
            except RuntimeError:
                break  # the ground is gone for good: it was tried the first time
            tally.judge(seen.fetch().status_code == 206, f"film that is open does not come: {what}")
            if not go(place, seen, administrator):
                continue
            if way == "the next telling":
                told = seen.tell()
                tally.judge(
                    told.status_code != 200 or told.json()["open"] is False, f"{what}: the page hears it is still open"
                )
            else:
                place.program("beeldkluis", "tick")
            _shut(place, tally, seen, f"{what}, after {way}")


def _shut(place: Place, tally: Tally, seen: Open, what: str) -> None:
    for span in ("0-255", "0-", "1024-2047"):
        answer = seen.fetch(span=span)
        tally.judge(answer.status_code not in (200, 206), f"{what}: film still comes")
    tally.judge(
        seen.fetch(seen.manager.again()).status_code not in (200, 206),
        f"{what}: film still comes to a copy of the cookie",
    )
    again = seen.manager.submit(f"/inzien/{seen.viewing}/opname/{seen.recording}/openen/", json={})
    tally.judge(again.status_code != 200, f"{what}: it opens again")
    still = place.one(
        "select count(*) from viewing_opening where id = ? and closed_at is null", seen.opening.replace("-", "")
    )
    tally.judge(still == 0, f"{what}: it still counts as open")


@kind(
    "stolen while looking",
    role="somebody with a copy of the team manager's cookies, or with the token alone",
    tries="fetches film with the token and another session, without one, with the wrong token, and after signing out",
    seconds=90,
)
def stolen(place: Place, tally: Tally) -> None:
    """The token is worth nothing without the session, and the other way round."""
    manager, administrator, officer = place.sessions("team_manager", "administrator", "dpo")
    seen = opened(place, manager)
    for name, visitor in {
        "nobody": place.visitor(),
        "the administrator": administrator,
        "the officer of data": officer,
    }.items():
        tally.judge(seen.fetch(visitor).status_code not in (200, 206), f"film came to {name} with the token")
        tally.judge(seen.tell(visitor).status_code != 200, f"{name} told what was played")
    for token in ("", "x", seen.told["token"][:-1], seen.told["token"].swapcase(), seen.opening):
        tally.judge(seen.fetch(token=token).status_code not in (200, 206), f"film came with the token {token[:6]}…")
    other = place.recording()
    wrong = seen.manager.get(
        f"/inzien/verzegeld/{seen.opening}/{other}", headers={"X-Opening-Token": seen.told["token"]}
    )
    tally.judge(wrong.status_code not in (200, 206), "something that is no clip of it came")
    thief = manager.again()
    tally.judge(seen.fetch().status_code == 206, "film that is open does not come")
    manager.submit("/accounts/logout/")
    tally.judge(thief.get("/").status_code == 302, "a copy of the cookies still works after signing out")
    tally.judge(seen.fetch(thief).status_code not in (200, 206), "film came to a copy of the cookies after signing out")
    tally.judge(seen.tell(thief).status_code != 200, "a copy of the cookies still tells after signing out")
    still = place.one("select count(*) from viewing_opening where closed_at is null")
    tally.judge(still == 0, "what was open counts as open after signing out")
    (again,) = place.sessions("team_manager")
    tally.judge(seen.fetch(again).status_code not in (200, 206), "film came with the token of before, in a new session")


@kind(
    "old sessions",
    role="somebody with an old cookie",
    tries="goes on with a session after the password was changed, the second factor taken away, or the account closed",
    seconds=120,
    shares=True,
)
def old_sessions(place: Place, tally: Tally) -> None:
    """With an account of its own, made for this."""
    (administrator,) = place.sessions("administrator")
    token = invited(administrator)
    accept(place, token)
    mail = str(place.one("select email from people_person order by id desc limit 1"))
    person = int(place.one("select max(id) from people_person"))
    first = place.visitor()
    first.submit("/accounts/login/", {"login": mail, "password": PASSWORD})
    tally.judge(first.get("/medewerkers/").status_code == 302, "a password alone opened a page")
    secret = add_code_app(first)
    tally.judge(first.get("/medewerkers/").status_code == 200, "password and code do not let in")
    before = first.again()
    changed = first.submit(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": PASSWORD + " nu", "password2": PASSWORD + " nu"},
    )
    tally.judge(changed.status_code == 302, f"the password cannot be changed: {changed.status_code}")
    tally.judge(
        before.get("/medewerkers/").status_code == 302, "a session goes on after the password was changed elsewhere"
    )
    thief = first.again()
    key = Passkey()
    first.submit("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    made = first.submit(
        ADD, {"name": "sleutel", "credential": json.dumps(key.made(options(first.get(ADD)), place.address))}
    )
    tally.judge(made.status_code == 302, f"a passkey cannot be added: {made.status_code}")
    first.submit("/accounts/2fa/totp/deactivate/")
    left = place.one("select count(*) from mfa_authenticator where user_id = ? and type = 'totp'", person)
    tally.judge(left == 0, "the code app cannot be taken away")
    tally.judge(first.get("/medewerkers/").status_code == 200, "whoever took it away is out too, though with a passkey")
    tally.judge(thief.get("/medewerkers/").status_code == 302, "a session goes on whose code app was taken away")
    thief = first.again()
    administrator.submit(f"/medewerkers/{person}/uitschakelen/")
    tally.judge(first.get("/medewerkers/").status_code == 302, "a session goes on after the account was closed")
    tally.judge(thief.get("/medewerkers/").status_code == 302, "a copy goes on after the account was closed")
