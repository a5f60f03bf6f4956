"""Versions of the protocol: two people, one in force, footage follows, nothing changes before the day."""

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from beeldkluis.devices.models import IssuePeriod
from beeldkluis.footage.models import Recording
from beeldkluis.footage.term_actions import reassess
from beeldkluis.governance import actions, queries, registers
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.governance.models import Register as Kept
from beeldkluis.governance.text import sections, typed
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.recording import flags
from beeldkluis.protocol.register import RegisterError
from beeldkluis.protocol.retention import due_at
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.queries import effect_of, to_destroy
from beeldkluis.retention.tasks import round_
from beeldkluis.web import ticking
from tests.conftest import SETUP, START
from tests.footage.conftest import BEGIN, RECEIVED, Register

TEXT = [{"title": "Bewaren", "text": "Wij bewaren 14 dagen."}]
TODAY = datetime(2026, 10, 10, tzinfo=timezone.get_default_timezone())
LATER = TODAY + timedelta(days=5)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PROTOCOLS_FOLDER = tmp_path / "protocols"
    return tmp_path / "protocols"


@pytest.fixture
def first(folder: Path, db: None) -> ProtocolVersion:
    made = actions.adopt(base_text(), takes_effect_at=START, actor=SETUP, now=START)
    assert made is not None
    return made


def base_text(**changed: str) -> bytes:
    path = Path(__file__).parents[2] / "protocols" / "westerkwartier-1.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def shorter(number: str = "2", days: int = 14) -> bytes:
    text = base_text().decode().replace('version = "1"', f'version = "{number}"', 1)
    return text.replace("days = 28", f"days = {days}", 1).replace("seconds = 120", "seconds = 60", 1).encode()


def drafted(person: Person, register: bytes = b"") -> ProtocolVersion:
    return actions.draft(register or shorter(), TEXT, actor=person.as_actor, now=START)


def proposed(person: Person, effect: datetime = LATER) -> ProtocolVersion:
    made = drafted(person)
    actions.propose(made, takes_effect_at=effect, touched=0, today=TODAY, actor=person.as_actor, now=TODAY)
    return made


def published(person: Person, second: Person, effect: datetime = LATER) -> ProtocolVersion:
    made = proposed(person, effect)
    actions.publish(made, touched=0, today=TODAY, actor=second.as_actor, now=TODAY)
    return made


def test_before_there_is_a_version_the_file_holds(db: None) -> None:
    assert queries.in_force() == registers.base()


def test_the_first_version_is_taken_over_once(first: ProtocolVersion) -> None:
    assert queries.in_force().number("retention.period", "days") == 28
    assert actions.adopt(base_text(), takes_effect_at=START, actor=SETUP, now=START) is None
    assert ProtocolVersion.objects.count() == 1


def test_two_people_a_day_and_then_the_numbers_of_the_new_version_hold(
    first: ProtocolVersion, team_manager: Person, dpo: Person
) -> None:
    made = proposed(team_manager)
    with pytest.raises(Refused, match="tweede persoon"):
        actions.publish(made, touched=0, today=TODAY, actor=team_manager.as_actor, now=TODAY)
    actions.publish(made, touched=0, today=TODAY, actor=dpo.as_actor, now=TODAY)
    assert actions.take_effect(actor=SETUP, now=LATER - timedelta(seconds=1)) is None
    assert queries.in_force().number("retention.period", "days") == 28
    actions.take_effect(actor=SETUP, now=LATER)
    assert queries.in_force().number("retention.period", "days") == 14
    assert queries.in_force().number("recording.pre-event", "seconds") == 60
    first.refresh_from_db()
    assert (first.state, first.lapsed_at) == ("lapsed", LATER)
    assert queries.successor(first) == queries.current()
    acts = set(Entry.objects.values_list("act", flat=True))
    assert {"governance.version_proposed", "governance.version_published", "governance.version_took_effect"} <= acts


def test_a_version_for_today_takes_effect_at_once(first: ProtocolVersion, team_manager: Person, dpo: Person) -> None:
    assert published(team_manager, dpo, TODAY).number == "2"
    current = queries.current()
    assert current is not None
    assert current.number == "2"


@pytest.mark.rule("governance.new-version")
def test_there_is_never_more_than_one_version_in_force(first: ProtocolVersion, team_manager: Person) -> None:
    made = drafted(team_manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtocolVersion.objects.filter(pk=made.pk).update(state="in_force")


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_only_the_team_manager_prepares(first: ProtocolVersion, role: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(Refused):
        drafted(person)


def test_the_administrator_does_not_publish(
    first: ProtocolVersion, team_manager: Person, administrator: Person
) -> None:
    made = proposed(team_manager)
    with pytest.raises(Refused):
        actions.publish(made, touched=0, today=TODAY, actor=administrator.as_actor, now=TODAY)


def test_a_number_is_used_once_and_one_version_waits(first: ProtocolVersion, team_manager: Person) -> None:
    with pytest.raises(Refused, match="nieuw nummer"):
        drafted(team_manager, base_text())
    proposed(team_manager)
    other = actions.draft(shorter("3"), TEXT, actor=team_manager.as_actor, now=START)
    with pytest.raises(Refused, match="wacht al"):
        actions.propose(other, takes_effect_at=LATER, touched=0, today=TODAY, actor=team_manager.as_actor, now=TODAY)


def test_what_is_withdrawn_never_applies_and_what_applies_is_not_withdrawn(
    first: ProtocolVersion, team_manager: Person, dpo: Person
) -> None:
    made = published(team_manager, dpo)
    actions.withdraw(made, actor=dpo.as_actor)
    assert actions.take_effect(actor=SETUP, now=LATER) is None
    with pytest.raises(Refused, match="geldt"):
        actions.withdraw(first, actor=dpo.as_actor)


@pytest.mark.parametrize(
    ("register", "reason"),
    [
        (b"\xff\xfe", "niet te lezen"),
        (b"geen toml [", "niet te lezen"),
        (shorter().replace(b'"Westerkwartier"', b'"Elders"'), "van Elders"),
        (b'[protocol]\nmunicipality = "Westerkwartier"\nversion = "9"\n', "niet volledig"),
    ],
)
def test_a_register_that_cannot_be_used_is_refused_with_the_reason(
    first: ProtocolVersion, team_manager: Person, register: bytes, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        drafted(team_manager, register)


def test_a_register_that_was_changed_on_disk_decides_nothing(first: ProtocolVersion, folder: Path) -> None:
    path = folder / f"{first.register_sha256}.toml"
    path.write_bytes(path.read_bytes().replace(b"days = 28", b"days = 1", 1))
    registers._stored.cache_clear()
    with pytest.raises(RegisterError):
        queries.in_force()
    path.unlink()
    registers._stored.cache_clear()
    assert queries.in_force().version == first.number, "the database has the bytes: another machine drafted it"
    assert path.exists()
    path.unlink()
    registers._stored.cache_clear()
    Kept.objects.update(content=b"something else")
    with pytest.raises(OSError, match="No such file"):
        queries.in_force()


def test_registers_that_stood_in_files_alone_go_into_the_database_once(first: ProtocolVersion) -> None:
    content = bytes(Kept.objects.get().content)
    Kept.objects.all().delete()
    assert [actions.share_registers(actor=SETUP) for _ in range(2)] == [1, 0]
    assert bytes(Kept.objects.get().content) == content
    assert [one.act for one in Entry.objects.order_by("number")][-1] == "governance.registers_shared"


def test_a_rule_that_a_newer_program_brings_comes_from_the_file(
    first: ProtocolVersion, settings: Any, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.toml"
    more = '\n[retention.later]\nclauses = ["work-11"]\nplace = "4"\nsentence = "x"\nkept_by = "software"\ndays = 3\n'
    newer.write_bytes(base_text() + more.encode())
    settings.PROTOCOL_FILE = newer
    assert queries.in_force().number("retention.later", "days") == 3


def test_a_number_that_a_newer_program_asks_of_a_known_rule_comes_from_the_file(
    folder: Path, db: None, settings: Any, tmp_path: Path
) -> None:
    """The version in force is from before the program asked for it: its own numbers hold, and no gate stops working."""
    older = tmp_path / "older.toml"
    older.write_bytes(base_text(**{"\nrecordings = 200\n": "\n", "days = 28": "days = 21"}))
    actions.adopt(older.read_bytes(), takes_effect_at=START, actor=SETUP, now=START)
    assert queries.in_force().number("retention.brake", "recordings") == 200
    assert queries.in_force().number("retention.period", "days") == 21


@pytest.mark.rule("retention.new-version")
def test_footage_keeps_the_term_under_which_it_was_recorded(
    first: ProtocolVersion, team_manager: Person, dpo: Person, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    ends = BEGIN + timedelta(seconds=300)
    published(team_manager, dpo)
    assert effect_of(queries.register_of(ProtocolVersion.objects.get(number="2")), takes_effect_at=LATER) == []
    actions.take_effect(actor=SETUP, now=LATER)
    assert reassess(queries.in_force(), actor=SETUP) == 1
    assert reassess(queries.in_force(), actor=SETUP) == 0
    recording.refresh_from_db()
    assert (recording.due_at, recording.due_under) == (ends + timedelta(days=28), "1")
    later = add(LATER + timedelta(hours=1), now=LATER + timedelta(hours=9))
    assert (later.due_at, later.due_under) == (later.ended_at.astimezone(UTC) + timedelta(days=14), "2")
    assert to_destroy(ends + timedelta(days=28, seconds=-1)) == [later.pk]


@pytest.mark.slow
@pytest.mark.rule("retention.new-version")
@pytest.mark.parametrize(("choice", "days", "kept"), [(2, 14, 14), (2, 40, 28), (3, 14, 14), (3, 40, 40), (1, 40, 28)])
def test_footage_follows_the_version_in_force_and_what_it_does_is_shown_before(
    first: ProtocolVersion,
    team_manager: Person,
    dpo: Person,
    issued: IssuePeriod,
    add: Register,
    choice: int,
    days: int,
    kept: int,
) -> None:
    recording, ends = add(), BEGIN + timedelta(seconds=300)
    chosen = shorter(days=days).replace(b"choice = 1", b"choice = %d" % choice)
    made = drafted(team_manager, chosen)
    shown = effect_of(queries.register_of(made), takes_effect_at=LATER)
    then = ends + timedelta(days=kept)
    moved = [(ends + timedelta(days=28), max(then, LATER) if kept < 28 else then)] if kept != 28 else []
    assert [(one.due_now, one.due_then) for one in shown] == moved
    actions.propose(made, takes_effect_at=LATER, touched=1, today=TODAY, actor=team_manager.as_actor, now=TODAY)
    actions.publish(made, touched=1, today=TODAY, actor=dpo.as_actor, now=TODAY)
    ticking.protocol(LATER)
    ticking.new_version(LATER)
    recording.refresh_from_db()
    assert (recording.due_at, recording.due_under) == (then, "1" if kept == 28 else "2")
    assert round_(max(then, LATER) - timedelta(seconds=1)).destroyed == []


def test_a_choice_that_does_not_exist_is_refused(first: ProtocolVersion, team_manager: Person) -> None:
    with pytest.raises(Refused, match="is geen keuze"):
        drafted(team_manager, shorter().replace(b"choice = 1", b"choice = 4"))


def test_what_would_be_gone_by_then_is_not_counted(
    first: ProtocolVersion, team_manager: Person, issued: IssuePeriod, add: Register
) -> None:
    add()
    register = queries.register_of(drafted(team_manager))
    assert effect_of(register, takes_effect_at=RECEIVED + timedelta(days=60)) == []
    assert effect_of(registers.base(), takes_effect_at=LATER) == []


def test_the_tick_takes_the_first_version_over_and_lets_the_next_one_begin(
    folder: Path, team_manager: Person, dpo: Person, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    ticking.protocol(START)
    assert queries.current() is not None
    made = published(team_manager, dpo)
    ticking.protocol(LATER)
    ticking.new_version(LATER)
    made.refresh_from_db()
    assert made.state == "in_force"
    recording.refresh_from_db()
    assert (recording.due_under, recording.assessed_under) == ("1", "2")


def test_the_text_of_what_applies_is_added_once(first: ProtocolVersion, team_manager: Person) -> None:
    actions.add_text(first, TEXT, actor=team_manager.as_actor)
    with pytest.raises(Refused, match="verandert niet"):
        actions.add_text(first, TEXT, actor=team_manager.as_actor)
    first.refresh_from_db()
    assert first.sections == TEXT


@given(st.text(max_size=300))
def test_a_typed_text_in_sections_is_typed_back_the_same(text: str) -> None:
    found = sections(text)
    assert sections(typed(found)) == found


def test_headings_and_paragraphs_are_found() -> None:
    assert sections("vooraf\n# 1. Doel\r\neen\n\ntwee\n## 2. Bewaren\n") == [
        {"title": "", "text": "vooraf"},
        {"title": "1. Doel", "text": "een\n\ntwee"},
        {"title": "2. Bewaren", "text": ""},
    ]


def typed_form(**changed: str) -> dict[str, str]:
    base = registers.base()
    numbers = {f"{one.name}:{unit}": str(n) for one in base.rules.values() for unit, n in one.numbers.items()}
    return (
        numbers | {"number": "2", "text": "# Bewaren\nWij bewaren 14 dagen.", "retention.period:days": "14"} | changed
    )


def test_from_draft_to_force_on_screen(
    client: Client,
    first: ProtocolVersion,
    team_manager: Person,
    dpo: Person,
    issued: IssuePeriod,
    add: Register,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add()
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    client.force_login(team_manager)
    assert "Versie 1" in client.get("/protocol/").content.decode()
    assert client.get("/protocol/nieuw/").status_code == 200
    wrong = client.post("/protocol/nieuw/", typed_form(number="a b"))
    assert "alleen letters" in wrong.content.decode()
    odd = client.post("/protocol/nieuw/", typed_form(**{"retention.new-version:choice": "4"}))
    assert "Zorg ervoor dat deze waarde hoogstens 3 is" in odd.content.decode()
    chosen = typed_form(**{"retention.new-version:choice": "2"})
    assert client.post("/protocol/nieuw/", chosen).status_code == 302
    page = client.get("/protocol/2/voorstellen/").content.decode()
    assert "Van één opname verandert de bewaartijd" in page
    assert "De eerste gaat dan weg op 15-10-2026 12:05, de laatste op 15-10-2026 12:05" in page
    assert "R-000001" in page
    assert client.post("/protocol/2/voorstellen/", {"takes_effect": "2026-10-09"}).status_code == 403
    assert client.post("/protocol/2/voorstellen/", {"takes_effect": "2026-10-15"}).status_code == 302
    assert "U hebt deze versie voorgesteld" in client.get("/protocol/2/").content.decode()
    assert client.post("/protocol/2/vaststellen/").status_code == 403
    client.force_login(dpo)
    assert "Van één opname verandert" in client.get("/protocol/2/vaststellen/").content.decode()
    assert client.post("/protocol/2/vaststellen/").status_code == 302
    monkeypatch.setattr(clock, "now", lambda: LATER)
    ticking.protocol(LATER)
    ticking.new_version(LATER)
    page = client.get("/protocol/1/").content.decode()
    assert "Deze versie is vervallen" in page
    assert "versie 2" in page
    assert "Protocol bodycams versie 2" in page


def test_a_shorter_term_changes_nothing_kept_and_the_pages_say_until_when(
    client: Client,
    first: ProtocolVersion,
    team_manager: Person,
    dpo: Person,
    issued: IssuePeriod,
    add: Register,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Recorded on 1 October with 28 days on the public page: gone on 29 October, whatever came later."""
    add()
    published(team_manager, dpo)
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    client.force_login(dpo)
    drafted(team_manager, shorter("3", days=7))
    page = client.get("/protocol/3/voorstellen/")
    assert page.status_code == 403, "the data protection officer prepares none"
    client.force_login(team_manager)
    page = client.get("/protocol/3/voorstellen/").content.decode()
    assert "Van geen enkele opname die er nu is verandert de bewaartijd" in page
    assert "Eén opname houdt haar eigen termijn" in page
    assert "Zij gaat weg op 29-10-2026 11:05" in page
    ticking.protocol(LATER)
    ticking.new_version(LATER)
    monkeypatch.setattr(clock, "now", lambda: LATER)
    public = client.get("/over-bodycams/").content.decode()
    assert "Precies 14 dagen" in public
    assert "Is een opname gemaakt voor 15-10-2026 00:00? Dan bewaart de gemeente die 28 dagen" in public
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(days=28))
    assert "Is een opname gemaakt" not in client.get("/over-bodycams/").content.decode()


def test_the_text_and_withdrawing_have_pages(
    client: Client, first: ProtocolVersion, team_manager: Person, administrator: Person
) -> None:
    client.force_login(team_manager)
    assert "De tekst ontbreekt nog" in client.get("/protocol/1/").content.decode()
    assert client.get("/protocol/1/tekst/").status_code == 200
    assert client.post("/protocol/1/tekst/", {"text": "# Doel\nVeiligheid."}).status_code == 302
    drafted(team_manager)
    assert client.get("/protocol/2/intrekken/").status_code == 200
    assert client.post("/protocol/2/intrekken/").status_code == 302
    assert client.get("/protocol/99/").status_code == 404
    client.force_login(administrator)
    assert client.get("/protocol/").status_code == 200
    assert client.get("/protocol/nieuw/").status_code == 403


def test_a_file_that_is_no_text_is_refused(
    client: Client, first: ProtocolVersion, team_manager: Person, tmp_path: Path
) -> None:
    client.force_login(team_manager)
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe\x00")
    with (tmp_path / "x.txt").open("rb") as file:
        page = client.post("/protocol/1/tekst/", {"text": "", "file": file}).content.decode()
    assert "geen tekstbestand" in page
    (tmp_path / "y.txt").write_text("# Doel\nVeiligheid.", encoding="utf-8-sig")
    with (tmp_path / "y.txt").open("rb") as file:
        assert client.post("/protocol/1/tekst/", {"text": "", "file": file}).status_code == 302
    assert Recording.objects.count() == 0
    first.refresh_from_db()
    assert first.sections == [{"title": "Doel", "text": "Veiligheid."}]


def footers(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.rule("governance.version")
def test_both_versions_say_day_number_and_state_on_paper(
    client: Client, first: ProtocolVersion, team_manager: Person, dpo: Person, officer: Officer
) -> None:
    client.force_login(dpo)
    draft = drafted(team_manager)
    assert all("Concept. Deze versie geldt niet." in page for page in footers(client.get("/protocol/2/pdf/").content))
    today = timezone.localtime(TODAY)
    actions.propose(draft, takes_effect_at=TODAY, touched=0, today=today, actor=team_manager.as_actor, now=TODAY)
    actions.publish(draft, touched=0, today=today, actor=dpo.as_actor, now=TODAY)
    old, new = (footers(client.get(f"/protocol/{number}/pdf/").content) for number in (1, 2))
    assert "Geldt vanaf: 1 oktober 2026" in old[0]
    assert "Geldt vanaf: 10 oktober 2026" in new[0]
    for number, pages in ((1, old), (2, new)):
        assert all(f"Protocol bodycams versie {number} bladzijde" in page for page in pages)
    assert all("Vervallen op 10 oktober 2026. Versie 2 kwam in de plaats." in page for page in old)
    assert not any("geldt niet" in page or "Vervallen" in page for page in new)
    answer = client.get("/protocol/2/loglijst/pdf/")
    assert answer["Content-Disposition"] == 'attachment; filename="loglijst-versie-2.pdf"'
    assert officer.name in " ".join(footers(answer.content))
    assert client.get("/protocol/99/pdf/").status_code == 404


def test_another_municipality_changes_one_file(
    settings: Any, tmp_path: Path, client: Client, team_manager: Person
) -> None:
    """28 days become 14 and 120 seconds 60, in the protocol file alone; rules, docks and pages follow."""
    other = tmp_path / "elders.toml"
    other.write_bytes(shorter("1"))
    settings.PROTOCOL_FILE = other
    protocol = queries.in_force()
    ended = datetime(2026, 10, 1, tzinfo=UTC)
    assert due_at(ended_at=ended, received_at=ended, protocol=protocol) == ended + timedelta(days=14)
    facts: dict[str, Any] = {"duration_ms": 90_000, "clock_offset_ms": 0, "resolved": True, "protocol": protocol}
    assert flags(pre_event_ms=60_000, **facts) == ()
    assert flags(pre_event_ms=59_999, **facts) == ("recording.pre-event",)
    actions.adopt(other.read_bytes(), takes_effect_at=START, actor=SETUP, now=START)
    client.force_login(team_manager)
    page = client.get("/protocol/1/").content.decode()
    assert "14 dagen" in page
    assert "60 seconden" in page
    numbers = re.compile(rb"(?<![\w.])(28|120)(?![\w.])\s*[,)*]?\s*#?\s*(days|dagen|seconds|seconden)")
    package = Path(actions.__file__).parents[1]
    rooms = (
        "protocol", "governance", "people", "findings", "devices", "footage", "intake", "cases",
        "retention", "appointments", "viewing",
    )  # fmt: skip
    files = [path for room in rooms for path in (package / room).rglob("*.py")]
    assert len(files) > 80
    assert [path for path in files if numbers.search(path.read_bytes())] == []
