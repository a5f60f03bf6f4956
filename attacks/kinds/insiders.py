"""People of the house who mean harm, through the ordinary pages or with the database in their hands."""

import base64
import json
import re
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from attacks.judging import Tally, kind
from attacks.kinds.docks import Dock
from attacks.kinds.links import INVITATION, PASSWORD, accept, invited
from attacks.place import Place
from attacks.visitor import Visitor, add_code_app, words
from attacks.world import OFFICER, begun
from beeldkluis.sealed import age

YEARS = 2090


@kind(
    "taking the keys",
    role="administrator, alone, with a deputy of the own making",
    tries="becomes team manager through the pages, begins a handover with an own key and seals everything anew with rubbish",
    seconds=240,
)
def takeover_by_deputy(place: Place, tally: Tally) -> None:
    """Adds a deputy, lets that one act in an emergency."""
    (administrator,) = place.sessions("administrator")
    token = invited(administrator, role="deputy")
    mail = str(place.one("select email from people_person order by id desc limit 1"))
    person = int(place.one("select max(id) from people_person"))
    thief = _signed_in(place, token, mail)
    until = (datetime.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005 - as somebody types it
    administrator.submit("/vervanging/nood/", {"deputy": person, "until": until, "because": "Teammanager is ziek"})
    _hand_over(place, tally, administrator, thief, person)


@kind(
    "renewing the team manager's access",
    role="administrator, alone",
    tries="gives the team manager new access, uses that link, and hands the keys over to an own key",
    seconds=240,
)
def takeover_by_access(place: Place, tally: Tally) -> None:
    """The link goes to whoever asked for it."""
    (administrator,) = place.sessions("administrator")
    person, mail = place.rows("select id, email from people_person where role = 'team_manager' and is_active")[0]
    found = INVITATION.search(administrator.submit(f"/medewerkers/{person}/toegang/").text)
    thief = _signed_in(place, found[1] if found else "x", mail)
    tally.judge(thief.get("/verzoeken/").status_code != 200, "the administrator reads the cases as the team manager")
    _hand_over(place, tally, administrator, thief, int(person))


def _signed_in(place: Place, token: str, mail: str) -> Visitor:
    """With the password and the code app of the one who has the link."""
    thief = place.visitor()
    if accept(place, token):
        thief.submit("/accounts/login/", {"login": mail, "password": PASSWORD})
        add_code_app(thief)
    return thief


def _hand_over(place: Place, tally: Tally, administrator: Visitor, thief: Visitor, person: int) -> None:
    keys = place.data.parent / "keys"
    place.probe("keep_team_key", str(keys))
    own = age.Identity.generate()
    keys.write_text(str(own))
    before = place.probe("opens", str(keys))
    tally.judge(
        before["by_team"] == before["clips"] > 0, f"the team's own key does not open film before the attack: {before}"
    )
    begin = {
        "receiver": person, "team_recipient": str(own.recipient), "because": "x", "with_recovery": False,
        "axis_sealed_private": base64.b64encode(age.seal_bytes(b"x", [own.recipient])).decode(),
        "sealed_identity": base64.b64encode(age.seal_identity(own, "a b c d e f")).decode(),
    }  # fmt: skip
    thief.get("/sleutels/overdragen/")
    thief.submit("/sleutels/overdragen/begin/", json=begin)
    _reseal(thief, own)
    thief.submit("/sleutels/overdragen/klaar/", json={})
    silenced = _silence(place, administrator)
    found = place.probe("opens", str(keys))
    tally.judge(
        found["by_team"] == found["clips"], f"the team's own key opens {found['by_team']} of {found['clips']} films"
    )
    tally.judge(not found["by_attacker"], f"the attacker's key opens {found['by_attacker']} films")
    tally.judge(str(own.recipient) not in place.probe("recipients"), "new film is sealed for the attacker's key")
    tally.judge(not silenced, f"{silenced} messages to the data protection officer were withdrawn")


def _reseal(thief: Visitor, own: age.Identity) -> None:
    for _ in range(50):
        answer = thief.submit("/sleutels/overdragen/volgende/", json={})
        items = answer.json().get("items", []) if answer.status_code == 200 else []
        if not items:
            return
        for one in items:
            rubbish = {name: _rubbish(own) for name in one["headers"]}
            thief.submit(one["address"], json={"headers": rubbish})


def _rubbish(own: age.Identity) -> str:
    """A header of the right form, around a key that is not the film's, for two keys that nobody has."""
    nobody = [age.Identity.generate().recipient, own.recipient]
    return base64.b64encode(age.build_header(age.new_file_key(), nobody)).decode()


def _silence(place: Place, administrator: Visitor) -> int:
    """Withdraw every mail that can be withdrawn; how many of them were for who watches."""
    watchers = {address for (address,) in place.rows("select email from people_person where role = 'dpo'")}
    to = {
        str(number): json.loads(body).get("to") for number, body in place.rows("select id, body from outbox_outgoing")
    }
    page = administrator.get("/berichten/").text
    done = 0
    for number in sorted(set(re.findall(r"/berichten/(\d+)/intrekken/", page))):
        gone = administrator.submit(f"/berichten/{number}/intrekken/", {"because": "dubbel"}).status_code == 302
        done += gone and to.get(number) in watchers
    return done


@kind(
    "looking alone",
    role="team manager, alone",
    tries="gives the officer a new code, changes it at the dock, and confirms as the officer: on the page and on /erbij/",
    seconds=150,
)
def looking_alone(place: Place, tally: Tally) -> None:
    """Every way in which the one who opens makes the other's presence."""
    (manager,) = place.sessions("team_manager")
    code = _made_code(place, manager)
    ways = {
        "a code that the team manager made": lambda at, _: manager.submit(
            f"{at}handhaver/", {"number": OFFICER, "code": code}
        ),
        "that code on /erbij/": lambda _, shown: place.visitor().submit(
            "/erbij/", {"viewing": shown, "number": OFFICER, "code": code}
        ),
        "the team manager as stand-in": lambda at, _: manager.submit(
            f"{at}vervangen/", {"ground": "absent", "because": "ziek", "officer": ""}
        ),
        "the requester noted only": lambda at, _: manager.submit(
            f"{at}verzoeker/", {"name": "Demo Verzoeker", "document": "passport"}
        ),
    }
    for way, go in ways.items():
        _reference, viewing = begun(place, manager)
        shown = str(
            place.one("select number from viewing_viewing where ended_at is null order by begun_at desc limit 1")
        )
        go(f"/inzien/{viewing}/", shown)
        tally.judge(not _opens(place, manager, viewing), f"footage opened with {way}")


def _made_code(place: Place, manager: Visitor) -> str:
    """What the team manager knows at the end: the code given, or the one chosen with it at the dock."""
    given = re.search(r"\b(\d{6})\b", words(manager.submit(f"/handhavers/{OFFICER}/code/")))
    if given is None:
        return "000000"
    screen, own = place.screen(), "274913"
    screen.submit("/kiosk/mijn/aanmelden/", {"number": OFFICER, "code": given[1]})
    changed = screen.submit("/kiosk/mijn/code/", {"old": given[1], "new": own, "again": own})
    return own if changed.status_code == 302 else given[1]


def _opens(place: Place, manager: Visitor, viewing: str) -> bool:
    recording = str(UUID(place.one("select recording from cases_caserecording where confirmed_at is not null")))
    answer = manager.submit(f"/inzien/{viewing}/opname/{recording}/openen/", json={})
    return answer.status_code == 200 and bool(answer.json().get("clips"))


@kind(
    "reading without an entry",
    role="team manager",
    tries="reads a whole case, letters, lists and exports through posts that fail and files, and leaves no line in the journal",
    seconds=120,
)
def quiet(place: Place, tally: Tally) -> None:
    """Every 200 with content is an entry."""
    (manager,) = place.sessions("team_manager")
    reference = place.one("select reference from cases_case")
    version = place.one("select number from governance_protocolversion order by id desc limit 1")
    posts = ("besluit/", "aanvullen/", "sluiten/", "opname/", "inzage/")
    asked = [("POST", f"/verzoeken/{reference}/{one}") for one in posts]
    asked += [("POST", f"/handhavers/{OFFICER}/{one}/") for one in ("adres", "uit-dienst")]
    asked += [("GET", one) for one in (
        f"/verzoeken/{reference}/", f"/verzoeken/{reference}/brief/1/pdf/", "/waarnemingen/export.csv",
        f"/protocol/{version}/loglijst/pdf/", f"/protocol/{version}/pdf/", "/opnames/", "/logboek/",
    )]  # fmt: skip
    for method, path in asked:
        before = place.entries()
        answer = manager.submit(path, {"email": "x"}) if method == "POST" else manager.get(path)
        left = place.entries() - before
        tally.judge(answer.status_code != 200 or left, f"{method} {path}: {len(answer.content)} bytes and no entry")


@kind(
    "a dock that lies",
    role="somebody with a stolen dock",
    tries="gives another's recording an end in 2090, delivers film of 2090 and 1990, and begins uploads without end",
    seconds=120,
)
def lying_dock(place: Place, tally: Tally) -> None:
    """What the term becomes, and how many half uploads lie about."""
    dock = Dock.of(place)
    before = dict(place.rows("select id, due_at from footage_recording"))
    groups = [
        name for row in place.rows("select name from footage_clip") for name in (row[0], row[0].rsplit(".", 1)[0])
    ]
    theirs = next(
        (one for one in groups if uuid5(NAMESPACE_URL, f"beeldkluis:DEMO-0007/{one}").hex in before), groups[0]
    )
    far = datetime(YEARS, 1, 1, tzinfo=UTC)
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    for name, changed in {
        "another's": {
            "serial": "DEMO-0007",
            "group": theirs,
            "position": 9,
            "started_at": now,
            "activated_at": now,
            "ended_at": far,
        },
        "of 2090": {"started_at": far, "activated_at": far, "ended_at": far},
    }.items():
        where, said = dock.fresh(**changed)
        dock.close(where, said.sign(dock.signer).encode())
        late = [row for row in place.rows("select due_at from footage_recording") if str(row[0]) > "2060"]
        tally.judge(not late, f"film {name} is kept until {late[:1]}")
    old = datetime(1990, 1, 1, tzinfo=UTC)
    where, said = dock.fresh(started_at=old, activated_at=old, ended_at=old)
    dock.close(where, said.sign(dock.signer).encode())
    place.program("beeldkluis", "tick")
    after = dict(place.rows("select id, due_at from footage_recording where state = 'kept'"))
    tally.judge(before.keys() <= after.keys(), "a recording that was there is no longer kept")
    begun_at, count = time.monotonic(), 0
    while time.monotonic() - begun_at < 8:
        count += dock.begin(1_000_000).status_code == 201
    lying = len(list((place.data / "staging").iterdir()))
    tally.judge(count < 100 and lying < 150, f"{count} uploads were begun in 8 s; {lying} half files lie about")


@kind(
    "the journal's columns",
    role="somebody with the database",
    tries="changes what stands beside a leaf, takes details away, and changes a leaf itself; reads the page and asks `verify`",
    seconds=150,
)
def page_columns(place: Place, tally: Tally) -> None:
    """Afterwards the page shows the truth or says that something is wrong."""
    (dpo,) = place.sessions("dpo")
    number, act = place.rows(
        "select number, act from journal_entry where act like 'people.%' order by number desc limit 1"
    )[0]
    reference = place.one("select reference from cases_case")
    entry, listed = words(dpo.get(f"/logboek/{number}/")), _lines(dpo, reference)
    _unguarded(place, "update journal_entry set act = 'web.signed_out' where number = ?", number)
    _unguarded(place, 'update journal_entry set "case" = \'\' where "case" = ?', reference)
    shown, now = words(dpo.get(f"/logboek/{number}/")), _lines(dpo, reference)
    tally.judge(
        _tells(shown) or ("Uitgelogd" not in shown) or "Uitgelogd" in entry, f"the page shows another act than {act}"
    )
    tally.judge(
        now >= listed or _tells(words(dpo.get("/logboek/"))), f"of {listed} lines of a case the page shows {now}"
    )
    _unguarded(place, "delete from journal_detail")
    tally.judge(_tells(words(dpo.get("/logboek/"))) or _doubted(place), "all details are gone, and nobody says so")


def _lines(dpo: Visitor, reference: str) -> int:
    return len(re.findall(r"/logboek/\d+/", dpo.get(f"/logboek/?zaak={reference}").text))


def _tells(page: str) -> bool:
    return any(
        one in page.lower() for one in ("klopt niet", "niet waar", "veranderd", "ontbreekt", "ontbreken", "beschadigd")
    )


def _doubted(place: Place) -> bool:
    """Does the program's own check say that something is wrong?"""
    out = str(place.data.parent / "exported")
    written = place.run("beeldkluis", "journal", "export", out, "--details")
    checked = place.run("beeldkluis", "journal", "verify", out)
    said = f"{written.stdout}{written.stderr}{checked.stdout}{checked.stderr}"
    return bool(written.returncode or checked.returncode) or _tells(said)


def _unguarded(place: Place, query: str, *asked: object) -> None:
    """As the owner of the database: first the triggers go, and afterwards they are back."""
    with sqlite3.connect(place.data / "beeldkluis.sqlite3", timeout=30) as database:
        guards = database.execute(
            "select name, sql from sqlite_master where type = 'trigger' and tbl_name like 'journal_%'"
        ).fetchall()
        for name, _sql in guards:
            database.execute(f'drop trigger "{name}"')
        database.execute(query, asked)
        for _name, sql in guards:
            database.execute(sql)
