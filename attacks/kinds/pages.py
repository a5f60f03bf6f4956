"""In a real browser: text that somebody else typed, another tab, another site, and the service worker that opens film."""

import contextlib
import re
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, Error

from attacks.chromium import Tab, chromium
from attacks.judging import Tally, kind
from attacks.place import NAMES, Place
from attacks.world import OFFICER, confirmed

HTML = '"\'></textarea></title><script>window.__hit=1</script><img src=x onerror="window.__hit=2"><svg onload=alert(3)>{{7*7}}'
TYPED = {
    "appointments_room": ("name", "address", "note"),
    "cases_case": ("requester_name", "requester_address", "requester_place", "requester_organisation", "requester_phone",
                   "requester_email", "demonstrable_interest", "place", "description", "on_behalf_of"),
    "devices_bodycam": ("slot", "volume_id"),
    "devices_cameramodel": ("make", "name", "remarks"),
    "devices_dock": ("name",),
    "devices_enrolmentcode": ("name",),
    "footage_clip": ("name", "note"),
    "footage_recording": ("quarantine_reason",),
    "footage_setapart": ("reason",),
    "kiosk_slotreport": ("slot",),
    "people_officer": ("name", "email"),
    "people_person": ("name",),
    "viewing_viewing": ("place", "remarks"),
    "viewing_attendance": ("name",),
    "viewing_marker": ("note",),
}  # fmt: skip
PAGES = {
    "team_manager": (
        "/", "/opnames/", "/verzoeken/", "/verzoeken/{case}/", "/verzoeken/{case}/inzage/", "/verzoeken/{case}/wie-keek/",
        "/verzoeken/{case}/afspraak/", "/handhavers/", "/bodycams/", "/bodycams/{label}/", "/bevindingen/", "/incidenten/",
        "/vernietigen/", "/logboek/", "/ruimtes/", "/loglijst/", "/rechten/", "/vervanging/", "/sleutels/", "/berichten/",
        "/opnames/{recording}/", "/opnames/waarnemingen/", "/waarnemingen/", "/protocol/", "/incidenten/melden/",
        "/handhavers/9001/code/", "/bodycams/{label}/uitgeven/", "/inzien/controle/",
    ),
    "dpo": ("/", "/verzoeken/", "/verzoeken/{case}/", "/logboek/", "/bevindingen/", "/incidenten/", "/rechten/", "/protocol/"),
    "administrator": ("/", "/medewerkers/", "/bodycams/", "/docks/", "/docks/axis/", "/berichten/", "/bevindingen/", "/logboek/",
                      "/installatie/", "/docks/{dock}/scherm/", "/vervanging/nood/"),
}  # fmt: skip


def _everywhere(place: Place) -> None:
    """The attacker's words in every field that somebody types, as if all of them had been typed."""
    with sqlite3.connect(place.data / "beeldkluis.sqlite3", timeout=30) as database:
        for table, columns in TYPED.items():
            known = {row[1] for row in database.execute(f'pragma table_info("{table}")')}
            assert known, f"{table} is no table any more, and nothing would be typed there"
            for column in known.intersection(columns):
                database.execute(f'update "{table}" set "{column}" = ?', (HTML,))
        database.execute(
            "insert into findings_finding (rule, text, found_at, settled_because)"
            " values ('access.presence', ?, '2026-01-01', '')",
            (HTML,),
        )


def _addresses(place: Place) -> dict[str, str]:
    return {
        "case": place.one("select reference from cases_case"), "label": place.one("select label from devices_bodycam"),
        "recording": str(place.recording()), "dock": place.dock()["dock"],
    }  # fmt: skip


@kind(
    "words that are script",
    role="a requester, an officer, a dock, whoever types a name",
    tries="has HTML and script in every typed field shown on the pages of every role, and on the film's own page",
    seconds=300,
    browser=True,
)
def typed_script(place: Place, tally: Tally) -> None:
    """Nothing runs, and the policy has nothing to stop: what it stops was in the page already."""
    with chromium() as browser:
        manager = _signed_in(place, browser, "team_manager")
        watching = _watch(place, manager)
        place.visitor().submit("/accounts/login/", {"login": f"x{HTML}@x.invalid", "password": HTML})
        manager.page.get_by_label("Notitie bij dit moment").fill(HTML)
        manager.page.get_by_role("button", name="Dit moment markeren").click()
        manager.page.wait_for_timeout(500)
        _judge(tally, manager, "while film plays, with a note")
        _everywhere(place)
        manager.page.goto(watching)
        _judge(tally, manager, "the film's own page")
        for path in (f"{watching.partition('kijken')[0]}", f"{watching.partition('kijken')[0]}einde/"):
            manager.page.goto(path)
            _judge(tally, manager, path)
        shown = 0
        for role, paths in PAGES.items():
            tab = manager if role == "team_manager" else _signed_in(place, browser, role)
            for path in paths:
                tab.page.goto(path.format(**_addresses(place)))
                _judge(tally, tab, f"{path} of the {role}")
                shown += "window.__hit=1" in tab.page.locator("body").inner_text()
        tally.judge(shown >= 10, f"the words stood on {shown} pages only: the attack shows nothing")
        screen = Tab(browser, place.address)
        screen.page.goto(place.links()["screen"])
        _judge(tally, screen, "the screen at the dock")
        for path in ("/over-bodycams/", "/over-bodycams/verzoek/", "/erbij/"):
            screen.page.goto(path)
            _judge(tally, screen, path)


def _signed_in(place: Place, browser: Browser, role: str) -> Tab:
    tab = Tab(browser, place.address)
    tab.page.goto(place.links()["roles"][NAMES[role]])
    return tab


def _judge(tally: Tally, tab: Tab, where: str) -> None:
    ran = tab.page.evaluate("window.__hit ?? 0")
    tally.judge(not ran, f"{where}: a script of the attacker ran")
    stopped, said = (
        tab.breaches(),
        [one for one in tab.complaints if "Content Security Policy" in one or "window" in one],
    )
    tally.judge(not stopped and not said, f"{where}: the policy had to stop something: {stopped}{said[:2]}")
    tab.complaints.clear()


def _watch(place: Place, tab: Tab) -> str:
    """Open film as one does; the page's address."""
    told, page = place.links(), tab.page
    visitor = place.visitor()
    for cookie in tab.context.cookies():
        visitor.cookies.set(cookie["name"], cookie["value"], domain="localhost.local")  # as the library names this host
    confirmed(visitor, told["case"])
    page.goto(f"/verzoeken/{told['case']}/inzage/")
    page.get_by_label("Waar kijkt u?").fill("Spreekkamer")
    page.get_by_role("button", name="Inzage beginnen").click()
    page.get_by_label("Nummer van de handhaver").fill(OFFICER)
    page.get_by_label("Code van de handhaver").fill(told["code"])
    page.get_by_role("button", name="Ik ben erbij", exact=True).click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Naar de beelden").click()
    page.get_by_label("Uw wachtzin").fill(told["passphrase"])
    page.get_by_role("button", name="Beelden openen").click()
    page.wait_for_function("() => document.querySelector('#films video')?.readyState >= 2", timeout=90_000)
    return page.url


@kind(
    "the service worker",
    role="another tab of the same browser, or another site",
    tries="asks the worker for film, hands it keys and orders, looks for film in caches, frames or registers it from elsewhere",
    seconds=240,
    browser=True,
)
def worker(place: Place, tally: Tally) -> None:
    """While film plays in one tab."""
    _served(place, tally)
    with chromium() as browser, _elsewhere(place) as evil:
        tab = _signed_in(place, browser, "team_manager")
        watching = _watch(place, tab)
        stream = str(tab.page.evaluate("document.querySelector('#films video').getAttribute('src')"))
        scope = tab.page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.scope))")
        tally.judge(scope == [f"{place.address}/inzien/"], f"the worker reaches {scope}")
        tally.judge(tab.page.evaluate("caches.keys()") == [], "something is kept in the browser's caches")
        kept = tab.page.evaluate("fetch(document.querySelector('#films video').src, {headers: {Range: 'bytes=0-9'}})"
                                 ".then(one => [one.status, one.headers.get('cache-control')])")  # fmt: skip
        tally.judge(kept == [206, "no-store"], f"film is given as {kept}")
        stores = tab.page.evaluate("[localStorage.length, sessionStorage.length]")
        tally.judge(stores == [0, 0], f"the page keeps something: {stores}")
        bases = tab.page.evaluate("indexedDB.databases().then(all => all.length)")
        tally.judge(bases == 0, "the page keeps a database")
        _other_tab(tally, tab, stream, watching)
        going = tab.page.evaluate("document.querySelector('#films video').readyState")
        tally.judge(going >= 2, "the film of the honest tab stopped")
        _other_site(place, tally, tab, evil, stream)


def _served(place: Place, tally: Tally) -> None:
    answer = place.sessions("team_manager")[0].get("/inzien/service-worker.js")
    tally.judge(answer.status_code == 200 and answer.headers["content-type"].startswith("text/javascript"), "no script")
    tally.judge("service-worker-allowed" not in answer.headers, "the worker may reach further than its folder")
    tally.judge(answer.headers.get("x-content-type-options") == "nosniff", "its kind may be guessed")
    tally.judge("no-" in answer.headers.get("cache-control", ""), "an old worker may be kept")
    tally.judge("default-src 'none'" in answer.headers.get("content-security-policy", ""), "the worker has no policy")
    tally.judge(
        place.visitor().get("/inzien/service-worker.js").status_code == 302,
        "the worker is given to anybody",
    )


ASK = "path => fetch(path, {headers: {Range: 'bytes=0-9'}}).then(one => one.status, () => 0)"
HAND = """async ([message]) => {
  await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const answer = new Promise((resolve) => {
    channel.port1.onmessage = ({data}) => resolve(data.ok);
    setTimeout(() => resolve(null), 4000);
  });
  (navigator.serviceWorker.controller ?? (await navigator.serviceWorker.ready).active).postMessage(message, [channel.port2]);
  return answer;
}"""
LISTENS = """() => {
  window.__heard = [];
  navigator.serviceWorker.addEventListener('message', (one) => window.__heard.push(one.data));
  navigator.serviceWorker.startMessages(); }"""


def _other_tab(tally: Tally, tab: Tab, stream: str, watching: str) -> None:
    other = tab.another()
    room = watching.partition("kijken")[0]
    other.goto(room)
    other.evaluate(LISTENS)
    tally.judge(other.evaluate(ASK, stream) not in (200, 206), "another tab got film from the worker")
    opening, clip = stream.split("/")[3:5]
    for name, message in _orders(opening, clip).items():
        taken = other.evaluate(HAND, [message])
        tally.judge(taken is not True, f"the worker took an order of another tab: {name}")
        tally.judge(other.evaluate(ASK, stream) not in (200, 206), f"another tab got film after: {name}")
    heard = str(other.evaluate("window.__heard"))
    tally.judge("fileKey" not in heard and "token" not in heard, f"another tab heard a secret: {heard[:100]}")
    other.goto("/")
    tally.judge(other.evaluate(ASK, stream) not in (200, 206), "a page outside the worker's folder got film")
    tally.judge(
        other.evaluate(ASK, f"/inzien/verzegeld/{opening}/{clip}") not in (200, 206), "sealed film came without token"
    )
    other.close()


def _orders(opening: str, clip: str) -> dict[str, dict[str, Any]]:
    own = {"opening": opening, "object": clip, "sealedSize": 5000, "contentType": "video/mp4", "inner": None}
    return {
        "open without token": {"type": "open", **own, "fileKey": [0] * 16},
        "open with a wrong token": {"type": "open", **own, "token": "x", "fileKey": [0] * 16},
        "open elsewhere": {"type": "open", **own, "opening": "../../x", "token": "x", "fileKey": [0] * 16},
        "need": {"type": "need", "path": f"/inzien/stroom/{opening}/{clip}"},
        "nothing": {},
        "claim": {"type": "claim"},
        "close": {"type": "close", **own},
    }


class _Evil(BaseHTTPRequestHandler):
    """Another site on this machine: frames the demonstration, and posts to it."""

    target = ""

    def do_GET(self) -> None:
        """One page for everything."""
        page = "".join(f"<iframe src='{self.target}{path}'></iframe>" for path in ("/over-bodycams/", "/", "/erbij/"))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html>{page}".encode())

    def log_message(self, *_words: Any) -> None:  # the terminal is for results
        """Nothing."""


@contextlib.contextmanager
def _elsewhere(place: Place) -> Iterator[str]:
    handler = type("Evil", (_Evil,), {"target": place.address})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _other_site(place: Place, tally: Tally, tab: Tab, evil: str, stream: str) -> None:
    page = tab.another()
    page.goto(evil)
    page.wait_for_timeout(1500)
    framed = [one for one in page.frames if one.url.startswith(place.address) and _readable(one)]
    tally.judge(not framed, f"another site frames {[one.url for one in framed]}")
    read = "path => fetch(path, {credentials: 'include'}).then(one => one.text(), () => '')"
    for path in ("/", "/opnames/", stream, "/inzien/service-worker.js", "/logboek/sleutel/"):
        tally.judge(page.evaluate(read, f"{place.address}{path}") == "", f"another site read {path}")
    register = "path => navigator.serviceWorker.register(path, {scope: '/inzien/'}).then(() => true, () => false)"
    tally.judge(
        page.evaluate(register, f"{place.address}/inzien/service-worker.js") is False,
        "another site registered the worker",
    )
    before = place.entries()
    send = ("([path, body]) => fetch(path, {method: 'POST', mode: 'no-cors', credentials: 'include', body,"
            " headers: {'Content-Type': 'text/plain'}}).then(() => 1, () => 0)")  # fmt: skip
    for path in ("/accounts/logout/", "/vervanging/einde/", f"/handhavers/{OFFICER}/code/", "/inzien/controle/zegels/"):
        page.evaluate(send, [f"{place.address}{path}", "{}"])
    acts = place.acts(before)
    changed = [one for one in acts if re.search(r"code_given|signed_out|deputation_ended|headers_given", one)]
    tally.judge(not changed, f"another site made the team manager do: {changed}")
    popup = """address => {
      const opened = window.open(address);
      const look = () => { try { return opened.document.title; } catch { return ''; } };
      return new Promise((resolve) => setTimeout(() => resolve(look()), 1500));
    }"""
    tally.judge(page.evaluate(popup, f"{place.address}/") == "", "another site looked into a window")
    page.close()


def _readable(frame: Any) -> bool:
    """Does this frame show a page of the program, rather than the browser's refusal?"""
    try:
        return bool(frame.evaluate("document.querySelector('main') !== null"))
    except Error:
        return False
