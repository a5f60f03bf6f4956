"""A demand by police or prosecutor: what must be known before footage is handed over, and who may know of it (privacy-7,
purpose-1).

Code of Criminal Procedure (Sv) articles 126nda, 126nd and 126nf. The program asks what those articles ask and says what is
missing; whether a demand is lawful a person judges, with the questions that stand here beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict, refuse


class Receiver(StrEnum):
    """Who demands."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    MARECHAUSSEE = "marechaussee"
    SPECIAL = "special"
    OTHER = "other"

    @property
    def dutch(self) -> str:
        """On screen."""
        return _RECEIVERS[self]


_RECEIVERS = {
    Receiver.POLICE: "politie",
    Receiver.PROSECUTION: "Openbaar Ministerie",
    Receiver.MARECHAUSSEE: "Koninklijke Marechaussee",
    Receiver.SPECIAL: "bijzondere opsporingsdienst of Rijksrecherche",
    Receiver.OTHER: "een ander (verzekeraar, journalist, advocaat, bewoner, bedrijf)",
}


class Authoriser(StrEnum):
    """Whose permission a demand rests on."""

    PROSECUTOR = "prosecutor"
    JUDGE = "judge"
    LAW = "law"

    @property
    def dutch(self) -> str:
        """On screen."""
        return _AUTHORISERS[self]


_AUTHORISERS = {
    Authoriser.PROSECUTOR: "officier van justitie",
    Authoriser.JUDGE: "rechter-commissaris",
    Authoriser.LAW: "geen: de wet geeft deze bevoegdheid aan wie vordert",
}


class Article(StrEnum):
    """On which article a demand rests."""

    CAMERA = "126nda"
    STORED = "126nd"
    SENSITIVE = "126nf"
    OTHER = "other"

    @property
    def dutch(self) -> str:
        """On screen."""
        return _ARTICLES[self]


_ARTICLES = {
    Article.CAMERA: "126nda Sv: beelden van een camera die goederen, gebouwen of personen beveiligt",
    Article.STORED: "126nd Sv: vastgelegde gegevens",
    Article.SENSITIVE: "126nf Sv: gevoelige gegevens",
    Article.OTHER: "een ander artikel",
}
# Whose permission each article can rest on.
PERMISSION: Mapping[Article, frozenset[Authoriser]] = {
    Article.CAMERA: frozenset({Authoriser.LAW, Authoriser.PROSECUTOR}),
    Article.STORED: frozenset({Authoriser.PROSECUTOR}),
    Article.SENSITIVE: frozenset({Authoriser.JUDGE}),
    Article.OTHER: frozenset({Authoriser.PROSECUTOR, Authoriser.JUDGE}),
}
DEMANDS = frozenset({CaseKind.DEMAND})  # kinds under which footage may be handed over (purpose-1)
OVER = frozenset({CaseState.WITHDRAWN, CaseState.CLOSED})  # nobody demands any more
WRITTEN, ORAL = "written", "oral"
FORMS = {WRITTEN: "schriftelijk", ORAL: "mondeling, omdat het haast heeft"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """What is known of a demand. Empty texts and None are not known; a yes or no that nobody gave is None."""

    receiver: str = ""
    name: str = ""
    rank: str = ""
    number: str = ""
    unit: str = ""
    reference: str = ""
    prosecutor_number: str = ""
    article: str = ""
    other_article: str = ""
    authoriser: str = ""
    authorised_by: str = ""
    authorised_on: date | None = None
    form: str = ""
    demanded_at: datetime | None = None
    confirmed_at: datetime | None = None
    offence: str = ""
    period_from: datetime | None = None
    period_until: datetime | None = None
    place: str = ""
    persons: str = ""
    deliver_by: datetime | None = None
    secret: bool | None = None
    regime: str = ""
    signature_seen: bool = False
    called_back: bool = False
    called_number: str = ""
    scope_fits: bool = False


NAMES = {
    "receiver": "wie vordert",
    "name": "naam van wie vordert",
    "rank": "rang of functie",
    "number": "dienstnummer",
    "unit": "eenheid of afdeling",
    "reference": "kenmerk",
    "prosecutor_number": "parketnummer of nummer van het proces-verbaal",
    "article": "wetsartikel",
    "other_article": "welk ander artikel",
    "authoriser": "wie toestemming gaf",
    "authorised_by": "naam van wie toestemming gaf",
    "authorised_on": "datum van de toestemming",
    "form": "schriftelijk of mondeling",
    "demanded_at": "wanneer er is gevorderd",
    "offence": "strafbaar feit",
    "period_from": "begin van wat wordt gevorderd",
    "period_until": "einde van wat wordt gevorderd",
    "place": "plaats",
    "persons": "om welke personen het gaat",
    "deliver_by": "wanneer het er moet zijn",
    "secret": "of geheimhouding is gevraagd",
    "regime": "AVG of Wpg",
}
CHECKS = {
    "signature_seen": "de handtekening is gezien",
    "called_back": "er is teruggebeld",
    "called_number": "op welk bekend nummer",
    "scope_fits": "de opnames vallen binnen wat wordt gevorderd",
}
# What somebody looked at when ticking a check: when one of these changes, the check says nothing any more.
LOOKED_AT: Mapping[str, tuple[str, ...]] = {
    "signature_seen": ("receiver", "name", "reference", "form", "confirmed_at"),
    "called_back": ("receiver", "name", "number", "unit", "reference"),
    "scope_fits": ("article", "other_article", "offence", "period_from", "period_until", "place", "persons"),
}


@rule("demand.complete")
def blanks(demanded: Demanded) -> tuple[str, ...]:
    """What is not known yet, by name. What an article does not ask is none: who rests on the law alone names no permission."""
    wanted = set(NAMES)
    if demanded.article != Article.OTHER:
        wanted.discard("other_article")
    if demanded.authoriser == Authoriser.LAW:
        wanted -= {"authorised_by", "authorised_on"}
    found = [name for name in NAMES if name in wanted and _is_blank(getattr(demanded, name))]
    checks = set(CHECKS) - ({"signature_seen"} if demanded.form == ORAL and demanded.confirmed_at is None else set())
    return (*found, *(name for name in CHECKS if name in checks and not getattr(demanded, name)))


def _is_blank(value: object) -> bool:
    return not value.strip() if isinstance(value, str) else value is None


def lapsed(before: Demanded, after: Demanded) -> tuple[str, ...]:
    """The checks, by name, that were ticked before and must be done anew, as this change touches what was looked at."""
    return tuple(
        check for check, names in LOOKED_AT.items()
        if getattr(before, check) and any(getattr(before, name) != getattr(after, name) for name in names)
    )  # fmt: skip


def may_have_been(demanded: Demanded, *, now: datetime) -> Verdict:
    """Can it have been demanded, and have come in writing, when it is said to be? Not in time to come: an oral demand would be
    relied on for as long as somebody likes.
    """
    name = "demand.oral"
    if any(one is not None and one > now for one in (demanded.demanded_at, demanded.confirmed_at)):
        return refuse(name, "De vordering en de bevestiging op schrift kunnen niet in de toekomst liggen.")
    return Verdict(allowed=True, rule=name, reason="Dit kan kloppen.")


@rule("demand.receiver")
def may_demand(receiver: str) -> Verdict:
    """May footage be handed over to whoever asks in this way? Only to who may demand by criminal law (purpose-1, privacy-7)."""
    name = "demand.receiver"
    if receiver == Receiver.OTHER:
        return refuse(
            name,
            "Alleen politie en justitie kunnen vorderen. Een ander vraagt om de beelden te zien, met een belang: "
            "schrijf dat in als verzoek van een ander.",
        )
    return Verdict(allowed=True, rule=name, reason="Politie en justitie kunnen vorderen.")


@rule("demand.permission")
def rests_on(article: str, authoriser: str) -> Verdict:
    """Can a demand on this article rest on this permission? An unknown article or permission rests on nothing."""
    name = "demand.permission"
    known = article in set(Article) and authoriser in set(Authoriser)
    if known and Authoriser(authoriser) in PERMISSION[Article(article)]:
        return Verdict(allowed=True, rule=name, reason="Deze toestemming past bij het artikel.")
    wanted = sorted(one.dutch for one in PERMISSION[Article(article)]) if article in set(Article) else []
    reason = f"Dit artikel vraagt toestemming van: {' of '.join(wanted)}." if wanted else "Kies het wetsartikel."
    return refuse(name, reason)


@rule("demand.oral")
def confirm_by(demanded_at: datetime, protocol: Protocol) -> datetime:
    """Until when a demand by word of mouth must have come in writing."""
    return demanded_at + protocol.days("demand.oral")


def is_in_writing(demanded: Demanded, protocol: Protocol, *, now: datetime) -> Verdict:
    """May somebody rely on the form in which it was demanded? By word of mouth for as long as the confirmation may still come."""
    name = "demand.oral"
    if demanded.form == WRITTEN or demanded.confirmed_at is not None:
        return Verdict(allowed=True, rule=name, reason="De vordering is er op schrift.")
    if demanded.form == ORAL and demanded.demanded_at is not None and now <= confirm_by(demanded.demanded_at, protocol):
        return Verdict(allowed=True, rule=name, reason="De bevestiging op schrift kan nog komen.")
    return refuse(name, "De bevestiging op schrift is niet op tijd gekomen. Verstrek niets meer voordat zij er is.")


@rule("demand.scope")
def asked_part(demanded: Demanded, begin: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """Which part of a recording is asked; None when none is. No more is handed over than is asked."""
    if demanded.period_from is None or demanded.period_until is None:
        return None
    first, last = max(begin, demanded.period_from), min(end, demanded.period_until)
    return (first, last) if first < last else None


@rule("demand.secret")
def may_know(*, secret: bool | None, role: Role | None, handles: bool) -> Verdict:
    """May somebody see that this demand is there? Of a secret one only the data protection officer and who handles it. A demand
    of which nobody said whether it is secret counts as secret.
    """
    fine = secret is False or role is Role.DPO or (role is Role.TEAM_MANAGER and handles)
    reason = "Dit mag u zien." if fine else "Dit is er niet voor u."
    return Verdict(allowed=fine, rule="demand.secret", reason=reason)


def may_save(*, version: int, known: int) -> Verdict:
    """May a change be saved that was made from version `known`, now that what is known stands at `version`?"""
    fine = version == known
    reason = (
        "Dit is intussen gewijzigd, door een ander of door u in een ander venster. Uw wijziging is niet bewaard; wat u typte, "
        "staat er nog. Open deze pagina opnieuw in een ander venster en vul het daar in."
    )
    return Verdict(allowed=fine, rule="demand.complete", reason="Dit kan." if fine else reason)


def may_prepare(kind: CaseKind, state: CaseState) -> Verdict:
    """Can what a demand says be written down with this case?"""
    name = "demand.complete"
    if kind not in DEMANDS:
        return refuse(name, "Dit hoort alleen bij een vordering.")
    if state in OVER:
        return refuse(name, f"De zaak is {state.dutch.lower()}.")
    return Verdict(allowed=True, rule=name, reason="Dit kan.")


def may_honour(demanded: Demanded, protocol: Protocol, *, now: datetime) -> Verdict:
    """Is everything known that must be, before anything is handed over? The first reason why not."""
    for verdict in (
        may_demand(demanded.receiver),
        _is_whole(demanded),
        rests_on(demanded.article, demanded.authoriser),
        is_in_writing(demanded, protocol, now=now),
    ):
        if not verdict.allowed:
            return verdict
    return Verdict(allowed=True, rule="demand.complete", reason="Alles is bekend en nagekeken.")


def _is_whole(demanded: Demanded) -> Verdict:
    lacks = blanks(demanded)
    words = ", ".join((NAMES | CHECKS)[name] for name in lacks)
    reason = f"Er ontbreekt nog: {words}." if lacks else "Alles is bekend."
    return Verdict(allowed=not lacks, rule="demand.complete", reason=reason)


def questions(demanded: Demanded) -> tuple[str, ...]:
    """What a lawyer would ask of this demand. The program judges none of it."""
    found = [
        "Gaat het om een misdrijf, en staat het in de vordering?",
        "Zijn periode, plaats en personen zo nauw als kan? Er wordt niet meer verstrekt dan gevorderd.",
    ]
    if demanded.article == Article.CAMERA:
        found.append("Valt een bodycam van een handhaver hier onder een camera die personen beveiligt?")
    if demanded.article == Article.STORED:
        found.append("Zijn de beelden gevoelige gegevens, zoals gezondheid of geloof? Dan is artikel 126nf Sv nodig.")
    if demanded.article == Article.SENSITIVE:
        found.append("Is de machtiging van de rechter-commissaris bijgevoegd, en noemt zij deze beelden?")
    if demanded.article == Article.OTHER:
        found.append("Geeft dit artikel de bevoegdheid om camerabeelden te vorderen, en aan wie?")
    if demanded.form == ORAL:
        found.append("Was er zo veel haast dat het niet op schrift kon?")
    if demanded.secret:
        found.append("Hoe lang geldt de geheimhouding, en wie in huis moet ervan weten?")
    if demanded.regime == "wpg":
        found.append("Waarom gelden voor deze beelden de regels van de Wet politiegegevens?")
    return tuple(found)
