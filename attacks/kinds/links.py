"""Codes and links that work once: set-up, invitation, demonstration, dock, screen, signing."""

import re
import secrets
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attacks.judging import Tally, kind
from attacks.place import Place, free_port, serving
from attacks.visitor import Visitor

PASSWORD = "drie gewone woorden samen"
AT_ONCE = 8
INVITATION = re.compile(r"/uitnodiging/([\w-]{20,})/")


def invited(administrator: Visitor, role: str = "administrator") -> str:
    """The token of an invitation for somebody new; empty when the page gives none."""
    mail = f"nieuw-{secrets.token_hex(4)}@demonstratie.invalid"
    page = administrator.submit("/medewerkers/nieuw/", {"name": "Nieuw", "email": mail, "role": role})
    found = INVITATION.search(page.text)
    return found[1] if found else ""


def accept(place: Place, token: str, password: str = PASSWORD) -> bool:
    """Does this invitation give a password?"""
    visitor = place.visitor()
    visitor.get(f"/uitnodiging/{token}/")
    answer = visitor.submit("/uitnodiging/", {"password": password, "again": password})
    return answer.status_code == 302 and "login" in answer.headers["location"]


def change(place: Place, query: str, *words: Any) -> None:
    """What only time would bring: moved by the owner of the machine."""
    with sqlite3.connect(place.data / "beeldkluis.sqlite3", timeout=30) as database:
        database.execute(query, words)


@kind(
    "invitations",
    role="somebody with an old link",
    tries="uses an invitation twice, eight times at once, too late, after a newer one, for who left, or guesses one",
    seconds=90,
)
def invitations(place: Place, tally: Tally) -> None:
    """Each link works once, for whom it was made, while that may be."""
    (administrator,) = place.sessions("administrator")
    token = invited(administrator)
    tally.judge(accept(place, token), "an invitation does not work at all")
    tally.judge(not accept(place, token), "an invitation worked twice")
    token = invited(administrator)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        took = sum(pool.map(lambda n: accept(place, token, f"{PASSWORD} {n}"), range(AT_ONCE)))
    tally.judge(took == 1, f"an invitation used {AT_ONCE} times at once gave {took} passwords")
    token = invited(administrator)
    _late(place, tally, token, "invitation")
    token = invited(administrator)
    person = place.one("select max(id) from people_person")
    newer = INVITATION.search(administrator.submit(f"/medewerkers/{person}/toegang/").text)
    tally.judge(not accept(place, token), "an invitation worked after a newer one was made")
    if newer:
        administrator.submit(f"/medewerkers/{person}/uitschakelen/")
        tally.judge(not accept(place, newer[1]), "an invitation worked for somebody whose account is closed")
    for guess in (
        "",
        "x",
        "%00",
        "../",
        "a" * 4000,
        secrets.token_urlsafe(32),
        token[:-1],
        token.swapcase(),
        f"{token}=",
    ):
        tally.judge(not accept(place, guess), f"a guessed invitation worked: {guess[:20]}")
    tally.judge(
        place.one("select count(*) from web_onetimelink where token_hash = ?", token) == 0, "tokens are kept open"
    )


def _late(place: Place, tally: Tally, token: str, name: str) -> None:
    change(
        place, "update web_onetimelink set expires_at = '2020-01-01 00:00:00' where used_at is null and kind = ?", name
    )
    tally.judge(not accept(place, token), f"an {name} worked after its time")


@kind(
    "links of another kind",
    role="somebody with a link",
    tries="uses the link or code of one thing for another: sign-in link as invitation, screen as sign-in, dock's code as set-up",
    seconds=60,
)
def other_kind(place: Place, tally: Tally) -> None:
    """A token belongs to one thing."""
    told = place.links()
    (administrator,) = place.sessions("administrator")
    tokens = {
        "sign-in": told["roles"]["beheerder"].split("/")[3],
        "screen": told["screen"].split("/")[2],
        "dock": place.dock()["token"],
        "invitation": invited(administrator),
    }
    for name, token in tokens.items():
        if name != "invitation":
            tally.judge(not accept(place, token), f"the token of a {name} worked as an invitation")
        if name != "sign-in":
            tally.judge(_no_entry(place, f"/demo/in/{token}/"), f"the token of a {name} signed somebody in")
        if name != "screen":
            visitor = place.visitor()
            visitor.get(f"/kiosk/{token}/")
            tally.judge(visitor.get("/kiosk/").status_code == 403, f"the token of a {name} opened a screen")
        answer = place.visitor().get("/dock/v1/configuration", headers={"Authorization": f"Bearer {token}"})
        tally.judge(name == "dock" or answer.status_code in (401, 403), f"the token of a {name} passed as a dock's")
    again = told["roles"]["functionaris gegevensbescherming"]
    fresh = place.links()["roles"]["functionaris gegevensbescherming"]
    tally.judge(_no_entry(place, again), "a sign-in link worked after a newer one was made")
    tally.judge(not _no_entry(place, fresh), "a sign-in link does not work at all")
    tally.judge(_no_entry(place, fresh), "a sign-in link worked twice")
    fresh = place.links()["roles"]["beheerder"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = sum(not one for one in pool.map(lambda _: _no_entry(place, fresh), range(AT_ONCE)))
    tally.judge(came == 1, f"a sign-in link used {AT_ONCE} times at once let {came} in")
    code = place.links()["code"]
    tally.judge(place.visitor().get("/instellen/").status_code == 302, f"set-up answers in a demonstration ({code})")


def _no_entry(place: Place, path: str) -> bool:
    visitor = place.visitor()
    visitor.get(path)
    return visitor.get("/").status_code != 200


@kind(
    "set-up code",
    role="a stranger on the network",
    tries="gets to the first three accounts of an empty installation: guesses the code, uses it twice at once, and after set-up",
    seconds=120,
)
def set_up(place: Place, tally: Tally) -> None:
    """An installation of its own, not a demonstration, because a demonstration has no set-up."""
    fresh = Place(f"http://localhost:{free_port()}", place.data.parent / "empty", demonstration=False)
    said = fresh.program("beeldkluis", "setup")
    code = next(line.strip() for line in said.splitlines() if re.fullmatch(r"\s{2}\S{10,}", line))
    with serving(fresh):
        for guess in (
            "",
            "x",
            "0" * 16,
            secrets.token_urlsafe(32),
            code[:-1],
            code.swapcase(),
            f"{code}x",
            "\0",
            "é" * 300,
        ):
            _try_set_up(fresh, guess)
        people = fresh.one("select count(*) from people_person")
        tally.judge(people == 0, f"a guessed code set up {people} people")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            made = sum(pool.map(lambda n: _try_set_up(fresh, code, str(n)), range(AT_ONCE)))
        people = fresh.one("select count(*) from people_person")
        tally.judge(
            made == 1 and people == 3, f"a set-up code used {AT_ONCE} times at once: {made} times, {people} people"
        )
        tally.judge(not _try_set_up(fresh, code, "x"), "a set-up code worked after set-up")
        tally.judge(fresh.visitor().get("/instellen/").status_code == 302, "set-up answers after set-up")
        tally.judge(
            fresh.visitor().get("/demo/in/x/").status_code == 404, "sign-in links exist outside a demonstration"
        )
        wrong = fresh.rows("select 1 from journal_entry where act like '%refused%'")
        tally.judge(wrong, "guessing the set-up code left no line in the journal")


def _try_set_up(fresh: Place, code: str, who: str = "") -> bool:
    visitor = fresh.visitor()
    visitor.get("/instellen/")
    form: dict[str, str] = {"code": code}
    for role in ("team_manager", "dpo", "administrator"):
        form |= {f"{role}_name": f"N {role}", f"{role}_email": f"{role}{who}@voorbeeld.invalid"}
    answer = visitor.submit("/instellen/", form)
    return answer.status_code == 200 and INVITATION.search(answer.text) is not None
