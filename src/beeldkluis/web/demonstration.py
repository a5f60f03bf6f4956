"""A demonstration municipality: marked as such everywhere, in a folder of its own, with people who do not exist.

It uses the same steps as everybody else; the only things it may do that nobody else may are sign-in links and letting
its clock run. Both refuse to work outside a demonstration (`settings.DEMONSTRATION`).
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from beeldkluis.appointments import room_actions as appointments
from beeldkluis.camera.example import EXAMPLE
from beeldkluis.cases import actions as cases
from beeldkluis.cases import decision_actions, letter_actions
from beeldkluis.cases.models import Case
from beeldkluis.devices import actions as devices
from beeldkluis.devices.models import Dock
from beeldkluis.footage.models import Recording
from beeldkluis.governance import actions as governance
from beeldkluis.governance.registers import base, base_path
from beeldkluis.governance.text import sections
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.kiosk.actions import make_screen
from beeldkluis.people import actions as people
from beeldkluis.people.code_actions import change_code, give_code
from beeldkluis.people.handover_plan_actions import pass_minutes
from beeldkluis.people.models import Officer, Person
from beeldkluis.people.municipality_actions import set_contact
from beeldkluis.protocol.deciding import Outcome, Words, differences
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.letters import SENDERS
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed import age, axis, passphrase
from beeldkluis.web.links import demonstration_link

MARKER = "DEMONSTRATION"
SERIALS = ("DEMO-0007", "DEMO-0011")
ACTOR = Actor.system("demonstration")
PEOPLE = (
    (Role.TEAM_MANAGER, "Demo Teammanager", "teammanager@demonstratie.invalid"),
    (Role.DPO, "Demo Functionaris", "fg@demonstratie.invalid"),
    (Role.ADMINISTRATOR, "Demo Beheerder", "beheerder@demonstratie.invalid"),
    (Role.DEPUTY, "Demo Plaatsvervanger", "plaatsvervanger@demonstratie.invalid"),
)
OFFICERS = (("9001", "Demo Handhaver Een"), ("9002", "Demo Handhaver Twee"))
FILMED = "Demo Gefilmde"
LOOKS = "Lang blond haar, zwarte kleren. De mannen op de film zijn anderen."

CONTACT = {
    "objection": ["Demonstratiecommissie bezwaarschriften", "Postbus 0, 0000 AA Demonstratie"],
    "dpo": ["fg@demonstratie.invalid"],
}


class WrongFolderError(Exception):
    """A demonstration and real data may never meet in one folder."""


def check_folder(folder: Path, *, demonstration: bool) -> None:
    """Refuse to start a demonstration beside real data, and real work beside a demonstration. WrongFolderError."""
    marked = (folder / MARKER).exists()
    used = (folder / "beeldkluis.sqlite3").exists() or (folder / "secrets").exists()
    if demonstration and used and not marked:
        raise WrongFolderError(f"{folder} bevat een echte installatie. Een demonstratie start daar niet.")
    if marked and not demonstration:
        raise WrongFolderError(
            f"{folder} is een demonstratie. Start met BEELDKLUIS_DEMONSTRATION=1 of kies een andere map."
        )


def mark_folder(folder: Path) -> None:
    """Mark an empty folder as a demonstration's."""
    check_folder(folder, demonstration=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("Deze map hoort bij een demonstratie van Beeldkluis.\n")


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the newcomer needs: the passphrase that opens footage, a code that lets the dock in, and an officer's own code."""

    passphrase: str
    enrolment_code: str
    officer_code: str


def seed() -> Seeded:
    """Fill an empty demonstration: people, keys, cameras issued yesterday. Called once."""
    moment = clock.now()
    persons = {
        role: people.add_person(email=email, name=name, role=role, password=None, actor=ACTOR, now=moment)
        for role, name, email in PEOPLE
    }
    words = _hold_ceremony(persons[Role.TEAM_MANAGER], moment)
    yesterday, before = moment - timedelta(days=1), moment - timedelta(days=7)
    for serial, (number, name) in zip(SERIALS, OFFICERS, strict=True):
        officer = people.add_officer(
            number=number,
            name=name,
            employment=Officer.Employment.OWN,
            since=before,
            actor=ACTOR,
            now=before,
        )
        bodycam = devices.add_bodycam(
            serial=serial,
            label=f"BC-{serial[-4:]}",
            make="Demonstratie",
            model="Map met bewegend beeld",
            pre_event_seconds=base().number("recording.pre-event", "seconds"),
            actor=ACTOR,
            now=moment,
        )
        devices.issue(bodycam, officer, at=yesterday, actor=ACTOR, now=yesterday)
    _adopt_protocol(persons[Role.TEAM_MANAGER], moment)
    own_code = _choose_code(Officer.objects.get(number=OFFICERS[0][0]), before)
    appointments.add_room("Spreekkamer", "Gemeentehuis, kamer 9", "", actor=persons[Role.TEAM_MANAGER].as_actor)
    set_contact(CONTACT, actor=persons[Role.DPO].as_actor, now=moment)
    code = devices.make_enrolment_code(name="Demonstratiedock", actor=ACTOR, now=moment)
    return Seeded(words, code, own_code)


def _choose_code(officer: Officer, moment: datetime) -> str:
    """A code of the officer's own, as chosen at the dock a week ago: it counts at a viewing, as a code does after some days."""
    first, own = give_code(officer, actor=ACTOR, now=moment), "830461"
    change_code(officer, first, own, sender="demonstration", actor=ACTOR, now=moment)
    return own


TEXT = """# Waarvoor dit is
Dit is de tekst van een demonstratie. In een echte gemeente staat hier het eigen protocol.

# Bewaren
Beelden worden {days} dagen bewaard. Daarna worden ze vernietigd, tenzij er een verzoek ligt.

# Werkinstructie
De camera wordt zichtbaar gedragen. Waarschuw vooraf als dat kan.
"""


def _adopt_protocol(team_manager: Person, moment: datetime) -> None:
    """The version in force, with a text to sign for; the cameras above were issued before anybody could."""
    register, days = base_path().read_bytes(), base().number("retention.period", "days")
    version = governance.adopt(register, takes_effect_at=moment, actor=ACTOR, now=moment)
    if version is not None:
        governance.add_text(version, sections(TEXT.format(days=days)), actor=team_manager.as_actor)


def _hold_ceremony(team_manager: Person, moment: datetime) -> str:
    """What the browser does in the key ceremony, done here because nobody is at the screen yet."""
    team, recovery = age.Identity.generate(), age.Identity.generate()
    public_pem, private_key = axis.generate_rsa()
    words = passphrase.generate_passphrase()
    people.record_key_ceremony(
        team_recipient=str(team.recipient),
        recovery_recipient=str(recovery.recipient),
        axis_public=public_pem,
        axis_sealed_private=age.seal_bytes(private_key, [team.recipient, recovery.recipient]),
        sealed_identity=age.seal_identity(team, words),
        actor=team_manager.as_actor,
        now=moment,
    )
    return words


def _memory() -> Path:
    return Path(settings.DATA_FOLDER) / "demonstration.json"


def seed_once() -> dict[str, str]:
    """Fill the demonstration when it is empty. The passphrase and the dock's code, also on later calls: in a demonstration
    nothing is secret, and a newcomer who lost the first screen must be able to go on.
    """
    if not _memory().exists():
        seeded = seed()
        _memory().write_text(json.dumps(asdict(seeded)))
    remembered: dict[str, str] = json.loads(_memory().read_text())
    return remembered


def links() -> dict[str, Any]:
    """A fresh sign-in link for each role, the passphrase, the request that waits, and the one that is granted already."""
    moment = clock.now()
    found = [
        {"role": Role(person.role).dutch, "address": demonstration_link(person, actor=ACTOR, now=moment)}
        for person in Person.objects.order_by("pk")
    ]
    case = Case.objects.order_by("-received_at").first()
    granted = Case.objects.filter(requester_name=FILMED).first()
    told = {"links": found, "passphrase": seed_once()["passphrase"], "case": case.reference if case else "(geen)"}
    return told | {"granted": granted.reference if granted else ""} | _at_the_dock(moment)


def _at_the_dock(moment: datetime) -> dict[str, str]:
    """An officer's number and own code, and a fresh link to the dock's screen to try them at; empty before there is a dock."""
    officer = {"number": OFFICERS[0][0], "code": seed_once()["officer_code"]}
    dock = Dock.objects.order_by("enrolled_at").first()
    if dock is None:
        return officer | {"screen": ""}
    token = make_screen(dock, actor=ACTOR, now=moment)
    address = settings.ADDRESS.rstrip("/") + reverse("kiosk:open", args=[token])
    return officer | {"screen": address}


def ask_for_newest() -> str:
    """A demonstration request for the newest recording: received and passed on by the data protection officer. The case's
    reference; empty when there is no recording, or it was asked for already.
    """
    newest = _newest()
    if newest is None or newest.holds.exists():
        return ""
    interest = "Demonstratie: ik wil zien wat er is gezegd voordat ik een klacht indien."
    return _passed_on("Demo Verzoeker", newest, clock.now(), interest=interest).reference


def grant_filmed() -> str:
    """A demonstration request of somebody who was filmed in the newest recording, granted, with its letters posted: what is left
    is to make the others unrecognisable. The case's reference; empty when there is no recording, or it was done already.
    """
    newest, manager = _newest(), Person.objects.get(role=Role.TEAM_MANAGER)
    if newest is None or Case.objects.filter(requester_name=FILMED).exists():
        return ""
    looks = LOOKS if _is_example(newest) else ""
    case = _passed_on(FILMED, newest, newest.ended_at, looks=looks, wish="viewing")
    cases.link_recording(case, newest.pk, actor=manager.as_actor, now=clock.now())
    choices = {one.interpretation: "law" for one in differences(CaseKind(case.kind))}
    words = Words(outcome=Outcome.GRANTED, grounds="Demonstratie: u bent zelf gefilmd.", choices=choices)
    decision_actions.decide(case, words, actor=manager.as_actor, now=clock.now())
    for letter in case.letters.filter(how=""):
        sender = next(one for one in PEOPLE if one[0] in SENDERS[letter.kind])[0]
        letter_actions.note_posted(letter, actor=Person.objects.get(role=sender).as_actor, now=clock.now())
    return case.reference


def _newest() -> Recording | None:
    return Recording.objects.filter(state=Recording.State.KEPT).order_by("-ended_at").first()


def _is_example(recording: Recording) -> bool:
    return recording.clips.filter(source_sha256=EXAMPLE.sha256).exists()


def _passed_on(
    name: str, about: Recording, received_at: datetime, *, interest: str = "", looks: str = "", wish: str = ""
) -> Case:
    """A citizen's request that the data protection officer received and passed on."""
    dpo = Person.objects.get(role=Role.DPO).as_actor
    received = cases.receive(
        kind="access",
        received_at=received_at,
        received_by_channel="letter",
        requester_name=name,
        requester_address="Demonstratiestraat 1",
        requester_place="Demodorp",
        requester_phone="0594 000 000",
        requester_email="verzoeker@demonstratie.invalid",
        by_email=True,
        demonstrable_interest=interest,
        description=looks,
        wish=wish,
        moment_from=about.started_at,
        moment_until=about.ended_at,
        place="Gemeentehuis, Demodorp",
        actor=dpo,
        now=clock.now(),
    )
    return cases.forward(received, actor=dpo, now=clock.now())


def pass_days(days: int) -> datetime:
    """Let the demonstration's clock run `days` days ahead. The new moment."""
    offset = clock.demonstration_offset() + timedelta(days=days)
    (Path(settings.DATA_FOLDER) / "demonstration-clock").write_text(str(int(offset.total_seconds())))
    pass_minutes(days * 24 * 60)
    return clock.now()


def what_is_kept() -> list[str]:
    """Each recording in a line: what became of it."""
    lines = []
    for one in Recording.objects.prefetch_related("holds").order_by("number"):
        held = [hold.case for hold in one.holds.all() if hold.released_at is None]
        why = f", bewaard voor {', '.join(held)}" if held else ""
        lines.append(f"{one}: {one.get_state_display().lower()}{why}")
    return lines
