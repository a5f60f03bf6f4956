"""What a request must say, and what is recognised in it (access-2, privacy-7, purpose-2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

_REACH = "requester_reach"
# What of it a filmed person cannot do without; the rest is asked for, and its lack is no ground to set the request aside.
_BLOCKS = ("requester_name", _REACH, "moment_from", "moment_until", "on_behalf_of")
# What the law lets nobody ask of a filmed person as a condition (GDPR articles 12 and 15): a reason, or for whom one works.
NO_CONDITION = ("demonstrable_interest", "requester_organisation")
FIELD_NAMES = {
    "requester_name": "naam",
    _REACH: "een manier om u te bereiken",
    "requester_address": "adres",
    "requester_place": "postcode en woonplaats",
    "requester_organisation": "organisatie",
    "requester_phone": "telefoonnummer of e-mailadres",
    "demonstrable_interest": "aantoonbaar belang",
    "moment_from": "datum en tijd (vanaf)",
    "moment_until": "datum en tijd (tot)",
    "place": "plaats",
    "formal_reference": "kenmerk",
    "formal_article": "wetsartikel",
    "officer": "handhaver",
    "on_behalf_of": "naam van wie is gefilmd",
}
WHY = {
    "requester_name": "Zonder naam kunnen wij u niet antwoorden.",
    _REACH: "Zonder adres, telefoonnummer of e-mailadres kunnen wij u niet antwoorden.",
    "requester_address": "Het protocol vraagt uw adres. Wij sturen u daar ons besluit.",
    "requester_place": "Het protocol vraagt uw adres. Wij sturen u daar ons besluit.",
    "requester_phone": "Zo kunnen wij u bereiken als wij iets willen weten.",
    "demonstrable_interest": "U bent niet zelf gefilmd. Dan moeten wij weten welk belang u hebt.",
    "moment_from": "Beelden zijn alleen te vinden op datum en tijd. Een schatting mag: tussen … en ….",
    "moment_until": "Beelden zijn alleen te vinden op datum en tijd. Een schatting mag: tussen … en ….",
    "place": "Met de plaats weten wij om welke opname het gaat.",
    "on_behalf_of": "U vraagt het voor een ander. Dan moeten wij weten voor wie.",
}
WRONG_PAPER = (
    "Een stuk is een PDF, een foto (PNG, JPEG, HEIC, WebP, TIFF), een mail (.eml, .msg) of een tekst (.txt, .docx,"
    " .odt, .doc, .rtf) van hoogstens 10 MB."
)
_RECORDS_WORDS = ("woo-verzoek", "wet open overheid", "wob-verzoek", "wet openbaarheid van bestuur")


def required_fields(kind: CaseKind, protocol: Protocol | None) -> tuple[str, ...]:
    """The facts that this protocol asks of a request of this kind, by field name. Of a filmed person never more than the law
    lets anybody ask (I-66).
    """
    facts = kind.facts
    asked = protocol.listed("request.required-fields", kind.value, facts.required) if protocol else facts.required
    return tuple(one for one in asked if not facts.by_right or one not in NO_CONDITION)


@rule("request.required-fields")
def missing_fields(kind: CaseKind, fields: Mapping[str, object], protocol: Protocol | None = None) -> tuple[str, ...]:
    """Which required facts a request lacks, by field name. A filmed person needs no interest, and one way to be reached is
    enough (docs/interpretations.md, I-09); whoever asks for somebody else, such as a parent for a child, names that person
    (I-51). Formal facts of other kinds are named `formal_<name>`.
    """
    for_another = ("on_behalf_of",) if kind.facts.by_right and _given("authority", fields) else ()
    return tuple(name for name in (*required_fields(kind, protocol), *for_another) if not _given(name, fields))


@rule("request.enough")
def blocking(kind: CaseKind, missing: tuple[str, ...]) -> tuple[str, ...]:
    """What of the missing facts keeps a request from being judged. A filmed person who names a time can be found by it: the
    place, and what a municipality asks besides, is asked for, and its lack is no ground to set the request aside (I-51, I-66).
    """
    return tuple(name for name in missing if not kind.facts.by_right or name in _BLOCKS)


def _given(name: str, fields: Mapping[str, object]) -> bool:
    if name == _REACH:
        address = _given("requester_address", fields) and _given("requester_place", fields)
        return address or _given("requester_phone", fields)
    if name == "requester_phone":
        return _filled(fields.get("requester_phone")) or _filled(fields.get("requester_email"))
    return _filled(fields.get(name))


def _filled(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def may_forward(
    kind: CaseKind,
    fields: Mapping[str, object],
    protocol: Protocol | None = None,
    *,
    asked_until: datetime | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Is the request complete enough to pass on, or was completion asked in vain? Then the team manager decides on what is
    there.
    """
    missing = blocking(kind, missing_fields(kind, fields, protocol))
    over = asked_until is not None and now is not None and now > asked_until
    words = ", ".join(FIELD_NAMES[name] for name in missing)
    reason = f"Er ontbreekt nog: {words}." if missing else "Het verzoek is compleet."
    return Verdict(allowed=not missing or over, rule="request.required-fields", reason=reason)


@rule("request.completion")
def completion_until(asked_at: datetime, protocol: Protocol) -> datetime:
    """Until when the requester can complete the request; until then at the latest the term for the decision stands still."""
    return asked_at + protocol.days("request.completion")


def may_ask(missing: tuple[str, ...]) -> Verdict:
    """May completion be asked for? Only when something lacks: asking stops the clock."""
    reason = "Er ontbreekt iets." if missing else "Er ontbreekt niets. De termijn kan niet worden stilgezet."
    return Verdict(allowed=bool(missing), rule="request.completion", reason=reason)


def is_general(kind: CaseKind, fields: Mapping[str, object]) -> bool:
    """Is it a general letter, such as the model letter of the supervisory authority, without time and place? It is answered
    with a question and never refused for it.
    """
    return kind.facts.by_right and not any(_given(name, fields) for name in ("moment_from", "place"))


def looks_like_records_request(text: str) -> bool:
    """Does a text speak of the public records act (Wet open overheid)?"""
    lowered = text.lower()
    return any(word in lowered for word in _RECORDS_WORDS)


def may_keep_paper(*, known: bool) -> Verdict:
    """May a file be kept with a case? Of a kind that is known, and not too large (cases.papers)."""
    name = "request.required-fields"
    return Verdict(allowed=True, rule=name, reason="Het stuk is bewaard.") if known else refuse(name, WRONG_PAPER)


def may_have_come_in(*, received_at: datetime, now: datetime) -> Verdict:
    """A letter can be registered later than it came, never before it came: the four weeks count from receipt."""
    reason = (
        "De datum van ontvangst ligt in de toekomst." if received_at > now else "De datum van ontvangst kan kloppen."
    )
    return Verdict(allowed=received_at <= now, rule="request.decision-period", reason=reason)


@rule("request.search-window")
def search_window(
    moment_from: datetime, moment_until: datetime, protocol: Protocol, *, clock_known: bool = True
) -> tuple[datetime, datetime]:
    """Footage that overlaps this is held from receipt: the moments named, with a margin on both sides; wider for a camera
    whose clock could not be measured.
    """
    name = "request.search-window"
    margin = timedelta(minutes=protocol.number(name, "minutes"))
    if not clock_known:
        margin += timedelta(hours=protocol.number(name, "clock_hours"))
    return moment_from - margin, moment_until + margin


@rule("purpose.self-reflection")
def may_reflect(*, wearer: object, asks: object) -> Verdict:
    """May a recording belong to this officer's own reflection? Only what the officer recorded personally (purpose-2)."""
    fine = wearer is not None and wearer == asks
    reason = (
        "Deze opname is van de handhaver zelf." if fine else "Alleen wie de camera droeg, kan om deze opname vragen."
    )
    return Verdict(allowed=fine, rule="purpose.self-reflection", reason=reason)


@rule("request.identity")
def may_note_identity(*, document: str) -> Verdict:
    """May it be written down that somebody's identity was seen? With the kind of document only: no copy, no number."""
    fine = document in IDENTITY_DOCUMENTS
    reason = "Vastgelegd zonder kopie en zonder nummer." if fine else "Kies welk document u hebt gezien."
    return Verdict(allowed=fine, rule="request.identity", reason=reason)


IDENTITY_DOCUMENTS = {
    "passport": "paspoort",
    "identity_card": "identiteitskaart",
    "driving_licence": "rijbewijs",
    "residence_permit": "verblijfsdocument",
    "known": "persoonlijk bekend",
}
