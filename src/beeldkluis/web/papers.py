"""What stands in the documents: facts from the rooms, in words and in the municipality's own time."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from beeldkluis.devices.incident_queries import officers_since
from beeldkluis.devices.models import SecurityIncident
from beeldkluis.documents import render
from beeldkluis.documents.facts import Incident, LogList, RequestForm, Rule, Signature, Version
from beeldkluis.documents.words import day
from beeldkluis.governance import queries as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.people.acknowledgement_queries import Line, lines
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol.public import public_facts
from beeldkluis.web.templatetags.beeldkluis import unit

State = ProtocolVersion.State


def answer(pdf: bytes, name: str) -> HttpResponse:
    """A document to keep or print; never shown within a page of ours."""
    sent = HttpResponse(pdf, content_type="application/pdf")
    sent["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def in_words(moment: datetime | None) -> str:
    """A day: 1 december 2026."""
    if moment is None:
        return "nog niet bepaald"
    return day(moment)


def banner(version: ProtocolVersion) -> str:
    """What is the matter with a version that does not apply; stands on every page. Empty for the one in force."""
    if version.state == State.LAPSED:
        newer = governance.successor(version)
        now_valid = f" Versie {newer.number} kwam in de plaats." if newer else ""
        return f"Vervallen op {in_words(version.lapsed_at)}.{now_valid}"
    if version.state == State.PUBLISHED:
        return f"Deze versie geldt nog niet. Zij gaat in op {in_words(version.takes_effect_at)}."
    if version.state == State.IN_FORCE:
        return ""
    return f"{version.get_state_display()}. Deze versie geldt niet."


def version_pdf(version: ProtocolVersion, now: datetime) -> bytes:
    """The protocol with its register as PDF."""
    register = governance.register_of(version)
    rules = tuple(
        Rule(
            sentence=one.sentence,
            place=one.place,
            numbers=", ".join(f"{number} {unit(name)}" for name, number in one.numbers.items()),
        )
        for one in register.rules.values()
    )
    facts = Version(
        municipality=register.municipality,
        number=version.number,
        takes_effect=in_words(version.takes_effect_at),
        banner=banner(version),
        sections=tuple((str(one.get("title", "")), str(one.get("text", ""))) for one in version.sections),
        rules=rules,
    )
    return render.protocol_version(facts, made_at=now)


def log_list_pdf(version: ProtocolVersion, now: datetime) -> bytes:
    """The log list (loglijst) as PDF."""
    facts = LogList(
        municipality=governance.register_of(version).municipality,
        number=version.number,
        takes_effect=in_words(version.takes_effect_at),
        banner=banner(version),
        made=f"{timezone.localtime(now):%d-%m-%Y %H:%M}",
        lines=tuple(_signature(one) for one in lines(version)),
    )
    return render.log_list(facts, made_at=now)


def _signature(line: Line) -> Signature:
    made = line.signature
    if made is None:
        return Signature(
            name=line.name, employment=line.employment, protocol_received="", instruction_received="", signed=""
        )
    return Signature(
        name=line.name,
        employment=line.employment,
        protocol_received=f"{made.protocol_received_on:%d-%m-%Y}",
        instruction_received=f"{made.instruction_received_on:%d-%m-%Y}",
        signed=f"{timezone.localtime(made.signed_at):%d-%m-%Y %H:%M}, {made.get_how_display()}",
    )


def incident_pdf(found: SecurityIncident, now: datetime) -> bytes:
    """A security incident as it stands in the register (GDPR art. 33(5))."""
    register = governance.in_force()
    facts = Incident(
        municipality=register.municipality,
        number=str(found),
        protocol=register.version,
        made=_moment(now),
        parts=(
            ("De melding", _reported(found)),
            ("Wat er is gebeurd", _told(found)),
            ("Besluiten", _decided(found)),
        ),
    )
    return render.incident(facts, made_at=now)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d-%m-%Y %H:%M}" if moment else ""


def _reported(found: SecurityIncident) -> tuple[tuple[str, str], ...]:
    known = found.known
    if found.bodycam is None:
        return (
            ("Gemeld", _moment(found.reported_at)),
            ("Bekend sinds", _moment(found.aware_at)),
            ("Wat niet klopt", " ".join(known.get("faults", ())) or "niet verteld"),
            ("Verteld", found.told),
        )
    return (
        ("Camera", f"{found.bodycam}, {known.get('model', '')}: {found.get_kind_display()}"),
        ("Gemeld", _moment(found.reported_at)),
        ("Bekend sinds", _moment(found.aware_at)),
        ("Laatst gezien", _moment(found.last_seen_at) or "niet verteld"),
        ("Laatst in een dockingstation", str(known.get("last_docked") or "nog nooit")),
        ("Wie de camera sindsdien had", ", ".join(str(one) for one in officers_since(found)) or "niemand"),
        ("Versleutelt de camera zelf", {True: "ja", False: "nee"}.get(known.get("seals"), "onbekend")),
        ("Sleutels", ", ".join(known.get("fingerprints", ())) or "geen"),
        ("Verteld", found.told),
    )


def _told(found: SecurityIncident) -> tuple[tuple[str, str], ...]:
    return (
        ("Aard (artikel 33, lid 3, onder a)", found.nature),
        ("Contact (onder b)", found.contact),
        ("Gevolgen (onder c)", found.consequences),
        ("Maatregelen (onder d)", found.measures),
        ("Wat wij ervan leren", found.lessons),
    )


def _decided(found: SecurityIncident) -> tuple[tuple[str, str], ...]:
    yes = {True: "Ja. ", False: "Nee. ", None: ""}
    back = f"{_moment(found.found_at)}: {found.found_how}" if found.found_at else "nee"
    return (
        ("Melden bij de Autoriteit Persoonsgegevens", yes[found.notify_authority] + found.notify_because),
        ("Gemeld op", _moment(found.notified_at) or "niet gemeld"),
        ("Waarom later dan 72 uur", found.late_because or "niet van toepassing"),
        ("De betrokkenen inlichten", yes[found.inform_persons] + found.inform_because),
        ("Ingelicht op", _moment(found.informed_at) or "niet ingelicht"),
        ("Camera terug", back),
        ("Gesloten", _moment(found.closed_at) or "nog niet"),
    )


def request_form_facts() -> RequestForm:
    """The form to fill in by hand, with the terms of the protocol in force."""
    register = governance.in_force()
    known = public_facts(register)
    return RequestForm(
        municipality=register.municipality,
        protocol=register.version,
        address=(
            "Functionaris gegevensbescherming",
            *contact().get("postal", (f"Gemeente {register.municipality}",)),
        ),
        answer_days=known.answer_days,
        kept_days=known.kept_days,
    )
