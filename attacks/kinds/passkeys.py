"""Passkeys: signing in with one in a real browser, and everything that is not one's own passkey, here and now."""

import json
import re
from copy import deepcopy
from typing import Any

import httpx

from attacks.chromium import Tab, chromium
from attacks.judging import Tally, kind
from attacks.passkey import PRESENT, VERIFIED, Passkey, text
from attacks.place import Place
from attacks.visitor import Visitor

ADD, LOGIN, AGAIN = (
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/2fa/webauthn/reauthenticate/",
)


def options(answer: httpx.Response) -> dict[str, Any]:
    """What a page asks of a passkey."""
    found = re.search(r'id="passkey-options"[^>]*>(.*?)</script>', answer.text, re.DOTALL)
    told: dict[str, Any] = json.loads(found[1]) if found else answer.json()
    return told.get("creation_options") or told["request_options"]


def challenge(visitor: Visitor) -> dict[str, Any]:
    """What the sign-in page asks, as its script gets it."""
    return options(visitor.get(LOGIN, headers={"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}))


def register(visitor: Visitor, passkey: Passkey, origin: str, **named: Any) -> httpx.Response:
    """Add this passkey as whoever is signed in."""
    credential = passkey.made(options(visitor.get(ADD)), origin, **named)
    return visitor.submit(ADD, {"name": "sleutel", "credential": json.dumps(credential)})


def show(visitor: Visitor, credential: Any) -> bool:
    """Does this let somebody in? RuntimeError for an answer of 500."""
    answer = visitor.submit(
        LOGIN, {"credential": credential if isinstance(credential, str) else json.dumps(credential)}
    )
    if answer.status_code >= 500 or answer.status_code == 429:
        raise RuntimeError(f"{answer.status_code} for a passkey")
    return visitor.get("/").status_code == 200


def let_in(place: Place, passkey: Passkey, **named: Any) -> bool:
    """Somebody at the sign-in page shows this passkey."""
    place.forget_limits()
    visitor = place.visitor()
    return show(visitor, passkey.shown(challenge(visitor), named.pop("origin", place.address), **named))


def with_passkey(place: Place, role: str) -> tuple[Visitor, Passkey]:
    """Somebody signed in by a link, who added a passkey."""
    (visitor,) = place.sessions(role)
    passkey = Passkey()
    answer = register(visitor, passkey, place.address)
    if answer.status_code != 302:
        raise RuntimeError(f"a passkey cannot be added: {answer.status_code}")
    return visitor, passkey


@kind(
    "passkeys",
    role="somebody with a passkey, their own or seen",
    tries="signs in with an assertion used before, of another person, made elsewhere, without PIN, from a copy that counts back",
    seconds=120,
    shares=True,
)
def passkeys(place: Place, tally: Tally) -> None:
    """Each is sent as the browser sends it, with one thing changed."""
    manager, theirs = with_passkey(place, "team_manager")
    _dpo, own = with_passkey(place, "dpo")
    tally.judge(let_in(place, theirs), "an honest passkey of the team manager does not let in")
    tally.judge(let_in(place, own), "an honest passkey of the data protection officer does not let in")
    tally.judge(not let_in(place, own, handle=theirs.handle), "an own passkey signed in as somebody else")
    tally.judge(not let_in(place, theirs, flags=PRESENT), "a passkey without PIN or finger let in")
    tally.judge(not let_in(place, theirs, flags=VERIFIED), "a passkey that nobody touched let in")
    for origin in _elsewhere(place):
        tally.judge(not let_in(place, theirs, origin=origin), f"an assertion made at {origin} let in")
    tally.judge(not let_in(place, theirs, crossOrigin=True), "an assertion made in a frame of another site let in")
    tally.judge(not let_in(place, Passkey(handle=theirs.handle)), "a passkey that nobody added let in")
    other = Passkey(
        site="evil.invalid", handle=theirs.handle, key=theirs.key, number=theirs.number, counter=theirs.counter
    )
    tally.judge(not let_in(place, other), "a passkey of another site let in")
    _replays(place, tally, theirs)
    _malformed(place, tally, theirs)
    _counts_back(place, tally, own)
    _for_another(place, tally, manager)


def _elsewhere(place: Place) -> tuple[str, ...]:
    return (
        "http://localhost:9", f"http://evil.localhost:{place.port}", f"https://localhost:{place.port}", "https://evil.invalid",
        f"http://localhost:{place.port}.evil.invalid", f"http://LOCALHOST:{place.port}", "null", "",
    )  # fmt: skip


def _replays(place: Place, tally: Tally, theirs: Passkey) -> None:
    visitor = place.visitor()
    used = theirs.shown(challenge(visitor), place.address)
    tally.judge(show(visitor, used), "an honest passkey does not let in")
    for _ in range(3):
        tally.judge(not show(place.visitor(), used), "an assertion let in again, without a challenge of its own")
    later = place.visitor()
    challenge(later)
    tally.judge(not show(later, used), "an assertion let in again, for another challenge")
    same = place.visitor()
    seen = challenge(same)
    copied = same.again()
    mine = theirs.shown(seen, place.address)
    tally.judge(show(same, mine), "an honest passkey does not let in")
    tally.judge(not show(copied, mine), "an assertion let in twice, from a copy of the session")


def _malformed(place: Place, tally: Tally, theirs: Passkey) -> None:
    visitor = place.visitor()
    good = theirs.shown(challenge(visitor), place.address)
    for number, (name, changed) in enumerate(_changed(good)):
        if number % 10 == 0:
            place.forget_limits()
        challenge(visitor)
        try:
            tally.judge(not show(visitor, changed), f"let in: {name}")
        except RuntimeError as fault:
            tally.judge(False, f"{fault}: {name}")


def _changed(good: dict[str, Any]) -> list[tuple[str, Any]]:
    wrong: list[Any] = [
        None,
        5,
        "",
        "x",
        [],
        {},
        "\0",
        "é",
        text(b"\xff" * 9),
        text(b"{}"),
        text(b"9" * 40),
        "A" * 70_000,
        -1,
    ]
    found: list[tuple[str, Any]] = [(f"whole {one!r:.20}", json.dumps(one)) for one in wrong] + [
        ("no JSON", "{"),
        ("NUL", "\0"),
    ]
    for name in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for one in wrong:
            changed = deepcopy(good)
            changed["response"][name] = one
            found.append((f"{name} = {one!r:.20}", changed))
    for name in ("id", "rawId", "type", "response", "clientExtensionResults"):
        found += [(f"{name} = {one!r:.20}", good | {name: one}) for one in wrong[:8]]
    return found


def _counts_back(place: Place, tally: Tally, own: Passkey) -> None:
    own.counter = 40
    tally.judge(let_in(place, own), "an honest passkey does not let in")
    copy = Passkey(handle=own.handle, key=own.key, number=own.number, counter=20)
    tally.judge(not let_in(place, copy), "a copied passkey that counts back let in")
    copy.counter = 40
    tally.judge(not let_in(place, copy), "a copied passkey that counts the same let in")
    told = place.rows("select 1 from findings_finding where text like '%gekopieerd%'")
    tally.judge(told, "a copied passkey is told to nobody")
    tally.judge(let_in(place, own), "the honest one does not work any more")


def _for_another(place: Place, tally: Tally, manager: Visitor) -> None:
    (administrator,) = place.sessions("administrator")
    asked = options(administrator.get(ADD))
    theirs = Passkey()
    before = place.one(
        "select count(*) from mfa_authenticator where user_id = (select id from people_person where role = 'team_manager')"
    )
    person = place.one("select id from people_person where role = 'team_manager'")
    asked["publicKey"]["user"]["id"] = text(str(person).encode())
    credential = theirs.made(asked, place.address)
    administrator.submit(
        f"{ADD}?user={person}", {"credential": json.dumps(credential), "user": person, "user_id": person}
    )
    theirs.handle = str(person).encode()
    tally.judge(not let_in(place, theirs), "an administrator's passkey signs in as the team manager")
    after = place.one("select count(*) from mfa_authenticator where user_id = ?", person)
    tally.judge(after == before, "an administrator added a passkey to the team manager")
    elsewhere = Passkey()
    answer = register(administrator, elsewhere, "http://evil.localhost:9")
    tally.judge(answer.status_code == 200 and not let_in(place, elsewhere), "a passkey made elsewhere was added")
    for key in place.rows("select id from mfa_authenticator"):
        administrator.submit(f"/accounts/2fa/webauthn/keys/{key[0]}/remove/")
    left = place.one("select count(*) from mfa_authenticator where user_id = ?", person)
    tally.judge(left == after, "an administrator took a passkey of the team manager away")
    for key in place.rows("select id from mfa_authenticator where user_id = ? and type = 'webauthn'", person):
        manager.submit(f"/accounts/2fa/webauthn/keys/{key[0]}/remove/")
    left = place.one("select count(*) from mfa_authenticator where user_id = ? and type = 'webauthn'", person)
    tally.judge(left >= 1, "the last passkey could be taken away")


@kind(
    "passkeys in a browser",
    role="somebody at a computer",
    tries="adds a passkey and signs in with it in Chromium, and sends what the browser sent once more",
    seconds=120,
    shares=True,
    browser=True,
)
def in_browser(place: Place, tally: Tally) -> None:
    """Chromium with an authenticator of its own making."""
    place.forget_limits()
    with chromium() as browser:
        tab = Tab(browser, place.address)
        authenticator = tab.authenticator()
        tab.page.goto(place.links()["roles"]["plaatsvervangend teammanager"])
        tab.page.goto(ADD)
        tab.page.locator("form[data-passkey=create] button[type=submit]").click()
        tab.page.wait_for_url(re.compile(r"/accounts/2fa/"))
        tally.judge(len(authenticator()) == 1, "the browser made no passkey")
        tab.sign_out()
        sent: list[str] = []
        tab.page.on("request", lambda one: sent.append(one.post_data or "") if one.method == "POST" else None)
        tab.page.goto("/accounts/login/")
        tab.page.locator("form[data-passkey=login] button[type=submit]").click()
        tab.page.wait_for_url(f"{place.address}/")
        tally.judge(tab.page.get_by_text("Demo Plaatsvervanger").count(), "a passkey does not let in")
        tally.judge(not tab.complaints, f"the page complains: {tab.complaints}")
        posted = next((dict(httpx.QueryParams(one)) for one in sent if "credential" in one), {})
        visitor = place.visitor()
        challenge(visitor)
        tally.judge(posted and not show(visitor, posted["credential"]), "what the browser sent let somebody else in")
        tab.close()
