"""A world with one of each: every kind of object that an address can name, and everybody who can ask for it.

    world = everything(tmp_path, settings)      # needs the database, and the real middleware
    for caller in CALLERS:
        browser = world.browser(caller)         # a django.test.Client, signed in as that caller is in life
        for address in addresses(world):        # every address of the resolver, with real objects in it
            browser.get(address.path)

A new address whose words name something that no world has makes `addresses` fail: give `World.named` one of it. What a test
does is undone with `undone()`, so that each request meets the same world. The moment is the real one, as allauth's clock is.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from tests.retention.world import World as Footage
from tests.web.conftest import PASSWORD, sign_in

from beeldkluis.appointments import room_actions
from beeldkluis.cases import actions as cases
from beeldkluis.cases import decision_actions, letter_actions, remedy_actions
from beeldkluis.cases.models import Case, CaseDocument, Letter, Remedy
from beeldkluis.cases.offers import SLUGS
from beeldkluis.devices import actions as devices
from beeldkluis.devices import incident_actions
from beeldkluis.devices.incident_views import STEPS as INCIDENT_STEPS
from beeldkluis.devices.models import Bodycam, Dock, IssuePeriod
from beeldkluis.disclosure.actions import save_demand
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.footage.models import Recording
from beeldkluis.governance import actions as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.governance.queries import in_force
from beeldkluis.governance.text import sections
from beeldkluis.intake import axis_actions, limit_actions
from beeldkluis.intake.models import AxisSystem
from beeldkluis.journal import clock
from beeldkluis.journal.actions import make_checkpoint
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.kiosk.actions import SlotTold, make_screen, report_slots
from beeldkluis.masking.codec import draft_bytes
from beeldkluis.masking.draft import Change, Draft, Mode
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import actions as people
from beeldkluis.people import handover_plan_actions
from beeldkluis.people.acknowledgement_actions import Receipt, make_signing_link, sign_as_officer
from beeldkluis.people.code_actions import change_code, give_code
from beeldkluis.people.models import AccountChange, CodeLink, Notice, Officer, Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.deciding import Outcome, Words
from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import RedactionState
from beeldkluis.protocol.register import write
from beeldkluis.protocol.roles import Role
from beeldkluis.redaction.exemption_queries import What
from beeldkluis.redaction.models import Exemption, Redaction, Rendering
from beeldkluis.retention.models import Brake
from beeldkluis.sealed import age, axis
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.token import hash_token
from beeldkluis.viewing import actions as viewing
from beeldkluis.viewing import marker_actions, presence_actions
from beeldkluis.viewing.actions import Opened
from beeldkluis.web import actions as web
from beeldkluis.web.public_views import SALT

SETUP = Actor.system("tests")
CODE, VIEWER_PASSPHRASE = "830461", "een-twee-drie-vier-vijf-zes"
STRANGER, HALF, OFFICER, SCREEN = "stranger", "password only", "officer at the dock", "screen at the dock"
DOCK, SYSTEM = "dock", "camera system"
PEOPLE = tuple(Role)
CALLERS: tuple[Role | str, ...] = (*PEOPLE, STRANGER, HALF, OFFICER, SCREEN, DOCK, SYSTEM)
TEXT = "# Waarvoor dit is\nVeiligheid.\n\n# Werkinstructie\nDraag de camera zichtbaar.\n"


@dataclass(frozen=True, slots=True)
class Address:
    """One address with real objects in it; `name` is the view's, as the journal says it. `path` with its search words."""

    name: str
    path: str


@dataclass
class World:
    """What there is. `named` gives for each word of an address what it may be: by "view:word", else by the word alone."""

    footage: Footage
    now: datetime
    people: dict[Role, Person] = field(default_factory=dict)
    officer: Officer = field(default_factory=Officer)
    dock_token: str = ""
    axis_token: str = ""
    screen_token: str = ""
    signing: tuple[str, str] = ("", "")
    opened: Opened | None = None
    named: dict[str, list[Any]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # search words of views that show more with them

    def browser(self, caller: Role | str) -> Client:
        """Somebody's own: an account with its second factor, a password alone, the screen at the dock, a dock's program."""
        if isinstance(caller, Role):
            token = self.opened.token if self.opened and caller is Role.TEAM_MANAGER else ""
            headers = {"X-Opening-Token": token}  # as the service worker sends it
            return sign_in(Client(raise_request_exception=False, headers=headers), self.people[caller])
        if caller == DOCK:
            return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {self.dock_token}"})
        if caller == SYSTEM:
            return Client(raise_request_exception=False, headers={"X-Auth-Token": self.axis_token})
        made = Client(raise_request_exception=False)
        if caller == HALF:
            made.force_login(self.people[Role.DPO])
        if caller in (SCREEN, OFFICER):
            made.get(f"/kiosk/{make_screen(Dock.objects.get(), actor=SETUP, now=self.now)}/")
        if caller == OFFICER:
            cache.clear()
            made.post("/kiosk/mijn/aanmelden/", {"number": self.officer.number, "code": CODE})
        return made

    def as_actor(self, role: Role) -> Actor:
        """Somebody of this role, as the one who acts."""
        return self.people[role].as_actor


@contextmanager
def undone(browser: Client) -> Iterator[None]:
    """What happens within is rolled back, sessions and cookies too; counts of tries are forgotten."""
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    browser.cookies = cookies
    cache.clear()


def everything(folder: Path, settings: Any) -> World:
    """One of each, through the steps that make them in life; rows of their own only where a step would take days."""
    for name in ("store", "keys", "staging"):
        (folder / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", folder / "store", folder / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", folder / "staging"
    settings.PROTOCOLS_FOLDER = folder / "protocols"
    settings.SIGNING_KEY_FILE = folder / "secrets" / "vault-signing-key"
    make_signing_key()
    world = World(Footage(folder, age.Identity.generate()), clock.now().replace(microsecond=0))
    for make in (_people, _protocol, _cameras, _doors, _footage, _cases, _viewing, _office):
        make(world)
    made = make_checkpoint(now=world.now)
    assert made is not None
    world.named["size"] = [made.size]
    return world


def _people(world: World) -> None:
    for role in PEOPLE:
        made = people.add_person(
            email=f"{role.value}@example.nl", name=f"De {role.dutch}", role=role, password=PASSWORD, actor=SETUP, now=world.now
        )  # fmt: skip
        world.people[role] = made
        TOTP.activate(made, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(made)
    passkeys = [add_passkey(one).pk for one in world.people.values()]
    public_pem, private_key = axis.generate_rsa()
    team, recovery = world.footage.identity, age.Identity.generate()
    people.record_key_ceremony(
        team_recipient=str(team.recipient),
        recovery_recipient=str(recovery.recipient),
        axis_public=public_pem,
        axis_sealed_private=age.seal_bytes(private_key, [team.recipient, recovery.recipient]),
        sealed_identity=age.seal_identity(team, VIEWER_PASSPHRASE, work_factor=1),
        actor=world.as_actor(Role.TEAM_MANAGER),
        now=world.now,
    )
    yesterday = world.now - timedelta(days=9)
    for number, name in (("1207", "S. Wiersma"), ("1208", "H. Ingeleend")):
        world.officer = people.add_officer(
            number=number, name=name, employment="own", since=yesterday, actor=SETUP, now=world.now
        )
    world.officer = Officer.objects.get(number="1207")
    first = give_code(world.officer, actor=SETUP, now=yesterday)
    change_code(world.officer, first, CODE, sender="tests", actor=SETUP, now=yesterday)
    world.officer.refresh_from_db()
    world.named |= {"pk": passkeys, "number": [world.officer.number], "person": [world.people[Role.DEPUTY].pk]}
    world.named |= {f"web:{name}:pk": [world.people[Role.DEPUTY].pk] for name in ("new-access", "deactivate-person")}


def add_passkey(person: Person) -> Authenticator:
    """A passkey as a browser registers it, of a key that nobody keeps."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = AttestedCredentialData.create(b"\0" * 16, person.pseudonym.bytes, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    shown = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, known)
    client = json.dumps(
        {"type": "webauthn.create", "challenge": websafe_encode(b"challenge"), "origin": "http://localhost"}
    ).encode()
    credential = {
        "type": "public-key", "id": websafe_encode(person.pseudonym.bytes), "rawId": websafe_encode(person.pseudonym.bytes),
        "clientExtensionResults": {"credProps": {"rk": True}},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", shown, {}))),
        },
    }  # fmt: skip
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Sleutel", "credential": credential}
    )


def _protocol(world: World) -> None:
    manager = world.as_actor(Role.TEAM_MANAGER)
    register = write(in_force()).encode()
    version = governance.adopt(register, takes_effect_at=world.now, actor=SETUP, now=world.now)
    assert version is not None
    governance.add_text(version, sections(TEXT), actor=manager)
    governance.draft(register.replace(b'version = "1"', b'version = "2"'), sections(TEXT), actor=manager, now=world.now)
    numbers = list(ProtocolVersion.objects.values_list("number", flat=True))
    world.named |= {
        f"web:protocol-{name}:number": numbers for name in ("version", "pdf", "text", "propose", "publish", "withdraw")
    }
    world.named["web:log-list-pdf:number"] = ["1"]
    signed = Receipt(protocol_received_on=world.now.date(), instruction_received_on=world.now.date(), how="paper")
    second = Officer.objects.get(number="1208")
    paper = sign_as_officer(version, second, signed, actor=manager, now=world.now)
    type(paper).objects.filter(pk=paper.pk).update(scan=b"%PDF-1.7 een handtekening", scan_type="application/pdf")
    world.signing = make_signing_link(version, world.officer, actor=manager, now=world.now)
    world.named |= {"signature": [paper.pk], "people:sign-by-link:token": [world.signing[0]]}


def _cameras(world: World) -> None:
    for serial, label in (("SIM-1", "BC-1"), ("SIM-2", "BC-2"), ("SIM-3", "BC-3")):
        devices.add_bodycam(
            serial=serial, label=label, make="Proef", model="P1", pre_event_seconds=120, actor=SETUP, now=world.now
        )
    since = world.now - timedelta(days=8)
    bodycam = Bodycam.objects.get(label="BC-1")
    devices.issue(bodycam, world.officer, at=since, because="Een proef.", actor=SETUP, now=since)
    lost = incident_actions.Report(kind="loss", told="Kwijt.", last_seen_at=None, aware_at=world.now)
    manager = world.as_actor(Role.TEAM_MANAGER)
    incident = incident_actions.report_incident(Bodycam.objects.get(label="BC-2"), lost, actor=manager, now=world.now)
    finding = raise_finding(
        rule="intake.automatic",
        key=EACH_TIME,
        text="Kijk hiernaar.",
        recording=None,
        bodycam=None,
        actor=SETUP,
        now=world.now,
    )
    world.named |= {
        "label": ["BC-1", "BC-3"],
        "finding": [finding.pk],
        "devices:incident-step:name": list(INCIDENT_STEPS),
    }
    for view in ("devices:incident", "devices:close-incident", "devices:incident-step", "web:incident-pdf"):
        world.named[f"{view}:number"] = [incident.number]


def _doors(world: World) -> None:
    administrator = world.as_actor(Role.ADMINISTRATOR)
    code = devices.make_enrolment_code(name="Zuidhorn", actor=administrator, now=world.now)
    key = Signer.generate("dock.zuidhorn").vkey
    dock, world.dock_token = devices.enrol_dock(code=code, name="Zuidhorn", public_key=key, now=world.now)
    told = SlotTold(slot="1", state="empty", percent=None, serial="")
    report_slots(dock, [told], now=world.now)
    world.screen_token = make_screen(dock, actor=administrator, now=world.now)
    upload = limit_actions.begin(dock, length=1000, metadata={"name": "film"}, now=world.now)
    connection = json.loads(axis_actions.add_system(name="Axis", certificate="", actor=administrator, now=world.now))
    system = AxisSystem.objects.get(user=connection["BlobAPIUserName"])
    world.axis_token = axis_actions.give_token(system, now=world.now)
    holder, _new = axis_actions.put_container(system, "Users", {"name": "x"}, now=world.now)
    axis_actions.put_facts(holder, "u1", {"name": "S. Wiersma"}, now=world.now)
    world.named |= {
        "dock": [dock.pk], "screen": [dock.screens.get().pk],
        "kiosk:open:token": [world.screen_token], "upload_id": [upload.pk], "account": [system.user],
        "intake:axis-container:name": ["Users", "System", "x_y_20261001T200000Z"], "intake:axis-object:name": ["Users", "System"],
        "item": ["u1", "Capabilities.json"], "intake:retire-axis-system:number": [system.pk],
    }  # fmt: skip


def _footage(world: World) -> None:
    ended = world.now - timedelta(days=2)
    kept, owed, gone = (world.footage.receive(ended - timedelta(hours=hours), ended) for hours in (0, 3, 6))
    Recording.objects.filter(pk__in=[kept.pk, owed.pk]).update(officer=world.officer, period=IssuePeriod.objects.get())
    world.footage.destroy(gone.pk)
    Recording.objects.filter(pk=gone.pk).update(state=Recording.State.DESTROYED, officer=None)
    world.named |= {"recording": [kept.pk, owed.pk], "retention:certificate:recording": [kept.pk, gone.pk]}
    world.named |= {"year": [world.now.year], "month": [world.now.month]}
    brake = Brake.objects.create(recordings=[str(owed.pk)], because="Er staan er veel klaar.", pulled_at=world.now)
    world.named["brake"] = [brake.pk]


def _cases(world: World) -> None:
    dpo, manager = world.as_actor(Role.DPO), world.as_actor(Role.TEAM_MANAGER)
    kept = Recording.objects.get(pk=world.named["recording"][0])

    def ask(paper: cases.Paper | None = None) -> Case:
        made = cases.receive(
            kind="access", received_by_channel="letter", requester_name="J. de Vries", requester_address="Straat 1",
            requester_place="Zuidhorn", requester_phone="0594 000 000", requester_email="j@example.nl",
            demonstrable_interest="Een proef.", moment_from=kept.started_at, moment_until=kept.ended_at, place="De Gast",
            paper=paper, actor=dpo, now=world.now,
        )  # fmt: skip
        cases.forward(made, actor=dpo, now=world.now)
        cases.link_recording(made, kept.pk, actor=manager, now=world.now)
        return made

    running, decided, granted = ask(cases.Paper("brief.pdf", b"%PDF-1.7 brief")), ask(), ask()
    Case.objects.filter(pk=granted.pk).update(state=CaseState.GRANTED.value)
    _covered(world, granted, kept)
    _demanded(world)
    no = Words(outcome=Outcome.REFUSED, grounds="Nee.", exception="15-4", not_by_covering="Iedereen is te herkennen.",
               choices={"I-26": "law", "I-27": "law"})  # fmt: skip
    decision_actions.decide(decided, no, actor=manager, now=world.now)
    letter = Letter.objects.get(kind=no.outcome.value)
    letter_actions.note_posted(letter, actor=manager, now=world.now)
    decided.refresh_from_db()
    remedy = remedy_actions.register(
        decided, kind=Remedy.Kind.OBJECTION, received_at=world.now, where="gemeente", actor=dpo, now=world.now
    )
    paper = CaseDocument.objects.get()
    world.named |= {"reference": [running.reference, decided.reference], "remedy": [remedy.pk]}
    world.asked["web:public-received"] = f"?n={signing.dumps(running.reference, salt=SALT)}"
    world.asked["cases:register"] = "?kind=access"
    world.named |= {
        f"cases:{name}:reference": [decided.reference] for name in ("letter", "letter-pdf", "send-letter", "settle")
    }
    world.named |= {f"cases:{name}:number": [letter.pk] for name in ("letter", "letter-pdf", "send-letter")}
    world.named |= {"cases:document:reference": [running.reference], "cases:document:number": [paper.pk]}


def _covered(world: World, case: Case, recording: Recording) -> None:
    """A copy in which others cannot be recognised, that waits to be checked; and what somebody freed in it."""
    manager, film = world.people[Role.TEAM_MANAGER], recording.clips.get()
    draft = Draft(Mode.INVERTED, changes=(Change(track=1, free=True, reason="De verzoeker."),))
    one = Redaction.objects.create(
        case=case, recording=recording.pk, clip=film.object, state=RedactionState.RENDERED.value, draft=draft_bytes(draft),
        version=2, changed_in=2, changed_by=manager, changed_at=world.now, frames=100, duration_ms=4_000, tracks=2,
        object=uuid4(), asked_at=world.now,
    )  # fmt: skip
    Rendering.objects.create(
        redaction=one, version=2, object=uuid4(), sealed_sha256="0" * 64, plain_sha256="0" * 64, size=1, duration_ms=4_000,
        made_at=world.now,
    )  # fmt: skip
    Exemption.objects.create(
        redaction=one, version=2, track=1, what=What.FREED.value, reason="De verzoeker.", person=manager, at=world.now
    )
    names = ("case", "film", "log", "draft")
    world.named |= {f"redaction:{name}:reference": [case.reference] for name in names}
    world.named |= {f"redaction:{name}:clip": [film.object] for name in names}


def _demanded(world: World) -> None:
    """A demand, of which something is known."""
    dpo, manager = world.people[Role.DPO], world.people[Role.TEAM_MANAGER]
    told = {"reference": "PL0100-2026-1", "article": "126nd Sv", "offence": "mishandeling"}
    case = cases.receive(
        kind="demand", received_by_channel="letter", requester_name="A. Bakker", requester_organisation="Politie",
        formal_data=told, actor=dpo.as_actor, now=world.now,
    )  # fmt: skip
    save_demand(case, {"receiver": "police", "secret": False}, known=0, shown=(), person=manager, now=world.now)
    world.named["disclosure:demand:reference"] = [case.reference]


def _viewing(world: World) -> None:
    manager = world.people[Role.TEAM_MANAGER]
    case = Case.objects.get(reference=world.named["reference"][0])
    kept = world.named["recording"][0]
    looks = {"purpose": Purpose.ASSESS_REQUEST, "place": "Spreekkamer", "proved_at": world.now}
    ended = presence_actions.begin(case, **looks, person=manager, now=world.now)
    told = presence_actions.Report(remarks="Niets bijzonders.", copy_handed=False)
    presence_actions.report(ended, told, person=manager, now=world.now)
    lasting = presence_actions.begin(case, **looks, person=manager, now=world.now)
    officer = {"present": Present.OFFICER.value, "how": "own_screen", "officer": world.officer, "at": world.now}
    came = lasting.attendances.create(**officer)
    world.opened = viewing.open_recording(lasting, kept, person=manager, now=world.now)
    (clip,) = world.opened.headers
    marker = marker_actions.add(
        world.opened.opening, clip=clip, at_ms=5, note="Hier.", actor=manager.as_actor, now=world.now
    )
    room = room_actions.add_room("Kamer", "Hooiweg 9", "", actor=manager.as_actor)
    world.named |= {
        "viewing": [lasting.pk, ended.pk], "viewing:report-pdf:viewing": [ended.pk], "opening": [world.opened.opening.pk],
        "clip": [clip], "marker": [marker.pk],
        "viewing:left:number": [came.pk], "appointments:retire-room:number": [room.pk], "slug": list(SLUGS.values()),
    }  # fmt: skip
    world.asked["viewing:watch"] = f"?opname={kept}"


def _office(world: World) -> None:
    mail = queue_mail(to="x@example.nl", subject="Proef", text="Proef.", actor=SETUP, now=world.now)
    world.named |= {f"web:message-{name}:number": [mail.pk] for name in ("now", "withdraw")}
    administrator = world.as_actor(Role.ADMINISTRATOR)
    invited = web.NewPerson("Nieuw", "nieuw@example.nl", Role.ADMINISTRATOR)
    _person, token = web.invite(invited, actor=administrator, now=world.now)
    world.named["web:invitation-link:token"] = [token]
    _changes(world, administrator)
    world.named["people:handover-reseal:item"] = [1]
    world.named["web:enter-demonstration:token"] = ["x"]
    world.named["journal:entry:number"] = [Entry.objects.order_by("-number").values_list("number", flat=True)[0]]


def _changes(world: World, administrator: Actor) -> None:
    """What waits for a second person or for time: an account, a code, an issue, a handover."""
    wanted = web.NewPerson("Wachtend", "wacht@example.nl", Role.DPO)
    waiting, _token = web.invite(wanted, actor=administrator, now=world.now)
    change = AccountChange.objects.get(person=waiting)
    AccountChange.objects.filter(pk=change.pk).update(stop_hash=hash_token("stop"))
    CodeLink.objects.create(officer=world.officer, token_hash=hash_token("code"), made_at=world.officer.code_set_at)
    handover_plan_actions.announce(
        world.people[Role.DEPUTY], with_recovery=False, because="", proved_at=world.now,
        actor=world.as_actor(Role.TEAM_MANAGER), now=world.now,
    )  # fmt: skip
    notice = Notice.objects.filter(receiver=world.people[Role.DPO]).latest("pk")
    names = ("account-change", "confirm-change", "confirm-change-with-sheet", "object-to-change")
    world.named |= {f"people:{name}:pk": [change.pk] for name in names}
    world.named |= {
        "people:stop-change:token": ["stop"], "people:confirm-code:token": ["code"], "people:see-notice:pk": [notice.pk],
        "period": [IssuePeriod.objects.latest("pk").pk],
    }  # fmt: skip


def patterns(
    of: list[URLPattern | URLResolver] | None = None, before: str = "", space: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address of the resolver: its name and its form."""
    for one in get_resolver().url_patterns if of is None else of:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, here, one.namespace or space)
        else:
            yield (f"{space}:{one.name}" if space else str(one.name)), here


def addresses(world: World) -> list[Address]:
    """Every address of the resolver with every object that the world has for it. KeyError: an address names something new."""
    return [one for name, form in patterns() for one in _with_objects(world, name, form)]


def _with_objects(world: World, name: str, form: str) -> Iterator[Address]:
    words = re.findall(r"<(?:\w+:)?(\w+)>", form)
    for values in product(*(world.named.get(f"{name}:{word}") or world.named[word] for word in words)):
        turn = iter(values)
        path = re.sub(r"<[^>]+>", lambda _word: str(next(turn)), form)  # noqa: B023 - used up here
        yield Address(name, f"/{path}{world.asked.get(name, '')}")
