"""Which law a case is judged by, and what follows: its terms and the grounds on which it can be refused.

A filmed person asks under the GDPR (AVG), or, when the footage was made to investigate offences, under the Wet politiegegevens
(Wpg 25 and 27); a request for public records runs under the Wet open overheid (Woo 4.4 and 5.1). Those terms are terms of
a law: counted in days of the calendar from the day after the receipt, to the end of a day that is no Saturday, Sunday or holiday.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from beeldkluis.protocol.kinds import OWN_PERIOD, POLICE, RECORDS, CaseKind, Default
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.terms import ZONE, Pause, decide_by, end_of, extension
from beeldkluis.protocol.verdict import Verdict, refuse

AVG_GROUNDS = {
    "15-4": "de rechten en vrijheden van anderen (artikel 15, lid 4, AVG)",
    "12-5": "het verzoek is kennelijk ongegrond of buitensporig (artikel 12, lid 5, AVG)",
    "41-c": "de openbare veiligheid (artikel 41, lid 1, onder c, UAVG)",
    "41-d": "het voorkomen, onderzoeken of vervolgen van strafbare feiten (artikel 41, lid 1, onder d, UAVG)",
    "41-i": "de bescherming van de betrokkene of van anderen (artikel 41, lid 1, onder i, UAVG)",
}
WPG_GROUNDS = {
    "wpg-27-a": "een onderzoek of procedure bij de rechter wordt anders belemmerd (artikel 27, lid 1, onder a, Wpg)",
    "wpg-27-b": "het voorkomen, onderzoeken of vervolgen van strafbare feiten (artikel 27, lid 1, onder b, Wpg)",
    "wpg-27-c": "de openbare veiligheid (artikel 27, lid 1, onder c, Wpg)",
    "wpg-27-d": "de rechten en vrijheden van anderen (artikel 27, lid 1, onder d, Wpg)",
    "wpg-27-e": "de nationale veiligheid (artikel 27, lid 1, onder e, Wpg)",
    "wpg-27-f": "het verzoek is kennelijk ongegrond of buitensporig (artikel 27, lid 1, onder f, Wpg)",
}
ABSOLUTE = {
    "woo-1-d": "bijzondere of strafrechtelijke persoonsgegevens (artikel 5.1, lid 1, onder d, Woo)",
    "woo-1-e": "nummers waarmee iemand wordt geïdentificeerd (artikel 5.1, lid 1, onder e, Woo)",
}
RELATIVE = {
    "woo-2-c": "het opsporen en vervolgen van strafbare feiten (artikel 5.1, lid 2, onder c, Woo)",
    "woo-2-d": "inspectie, controle en toezicht (artikel 5.1, lid 2, onder d, Woo)",
    "woo-2-e": "de persoonlijke levenssfeer (artikel 5.1, lid 2, onder e, Woo)",
    "woo-2-h": "de beveiliging van personen (artikel 5.1, lid 2, onder h, Woo)",
    "woo-2-i": "het goed functioneren van de gemeente (artikel 5.1, lid 2, onder i, Woo)",
    "woo-5": "onevenredige benadeling (artikel 5.1, lid 5, Woo)",
}
WOO_GROUNDS = ABSOLUTE | RELATIVE
GROUNDS: Mapping[str, str] = AVG_GROUNDS | WPG_GROUNDS | WOO_GROUNDS
PARTS = {"image": "de beelden", "sound": "het geluid", "facts": "een beschrijving van wat er te zien en te horen is"}
OPEN = "open"
_TERMS = {OWN_PERIOD, POLICE, RECORDS}
if _UNKNOWN := [kind.name for kind in CaseKind if not {kind.facts.term.rule, kind.facts.term.police} <= _TERMS]:
    raise LookupError(f"kinds of case with a term that no rule counts: {', '.join(_UNKNOWN)}")


def grounds(kind: CaseKind, regime: Regime) -> Mapping[str, str]:
    """On which grounds a case of this kind can be refused, by code; nothing where no law closes the list."""
    if kind.facts.default is Default.BY_PART:
        return WOO_GROUNDS
    if not kind.facts.by_right:
        return {}
    return WPG_GROUNDS if regime is Regime.WPG else AVG_GROUNDS


def term_rule(kind: CaseKind, regime: Regime) -> str:
    """The rule that sets the term for a decision."""
    return kind.facts.term.police if regime is Regime.WPG else kind.facts.term.rule


@rule(RECORDS, POLICE)
def last_moment(
    kind: CaseKind, regime: Regime, received_at: datetime, protocol: Protocol, *, extended: bool = False
) -> datetime:
    """The last moment for notice of the decision when nothing stood still: of the municipality's own term in exact days, of a
    term of the law the last second of its last day.
    """
    name = term_rule(kind, regime)
    if name == OWN_PERIOD:
        longer = extension(protocol) if extended else timedelta(0)
        return decide_by(received_at, protocol, extended=longer)
    weeks = protocol.number(name, "weeks") + (protocol.number(name, "weeks_extended") if extended else 0)
    return end_of(received_at.astimezone(ZONE).date() + timedelta(weeks=weeks)) - timedelta(seconds=1)


def moved(
    until: datetime,
    received_at: datetime,
    protocol: Protocol,
    *,
    old: tuple[CaseKind, Regime, bool],
    new: tuple[CaseKind, Regime, bool],
) -> datetime:
    """What `until` becomes under another law, or when it is extended, with what it stood still; each of `old` and `new` is kind,
    regime and whether it is extended.
    """
    before = last_moment(old[0], old[1], received_at, protocol, extended=old[2])
    return last_moment(new[0], new[1], received_at, protocol, extended=new[2]) + (until - before)


def views_until(asked_at: datetime, protocol: Protocol) -> datetime:
    """Until when a third party may give its views (Woo 4.4(3)); so long the term stands still."""
    weeks = protocol.number(RECORDS, "weeks_for_views")
    return end_of(asked_at.astimezone(ZONE).date() + timedelta(weeks=weeks)) - timedelta(seconds=1)


def views_pause(asked_at: datetime, until: datetime, ended_at: datetime | None) -> Pause:
    """How the term stands still for a third party: in whole days of the calendar, from the day after it was asked to the day on
    which its views came, or to the end of its own term (Woo 4.4(3)).
    """
    ended = _midnight(ended_at, 0) if ended_at else None
    return Pause(_midnight(asked_at, 1), until + timedelta(seconds=1), ended)


def _midnight(moment: datetime, after: int) -> datetime:
    return datetime.combine(moment.astimezone(ZONE).date() + timedelta(days=after), time(), ZONE)


def has_penalty(kind: CaseKind) -> bool:
    """Does the municipality owe a penalty when it decides too late? Not on a request for public records (Woo 8.2). LookupError
    where nothing is decided.
    """
    return kind.weighing.penalty


def may_change_regime(*, old: Regime, new: Regime, because: str) -> Verdict:
    """May a case be judged under another law? With the reason, which the requester reads."""
    reason = ""
    if old is new:
        reason = f"Deze zaak loopt al onder de {new.dutch}."
    elif not because.strip():
        reason = "Schrijf op waarom die wet geldt. Dat komt in de brief."
    return Verdict(allowed=not reason, rule=POLICE, reason=reason or f"De zaak loopt onder de {new.dutch}.")


def may_refer(*, names_moment: bool) -> Verdict:
    """May a request for public records be sent where it belongs, and closed? Not when it names a moment: then footage is held
    for it, and nobody ends that without a decision.
    """
    if names_moment:
        return refuse(RECORDS, "Dit verzoek noemt een moment en gaat over beelden. Zet het door.")
    return Verdict(allowed=True, rule=RECORDS, reason="Dit verzoek gaat niet over beelden.")


def may_consult(*, third_party: Sequence[str], waiting: bool, until: datetime, now: datetime) -> Verdict:
    """May a third party be asked for its views (Woo 4.4(3), Awb 4:8)? `third_party`: its name and address; `waiting`: the term
    stands still already; `until`: the last moment to decide.
    """
    if not third_party:
        return refuse(RECORDS, "Vul in wie u om een zienswijze vraagt.")
    if waiting:
        return refuse(RECORDS, "Er is al om een zienswijze gevraagd. Leg eerst vast wat daarop kwam.")
    if now > until:
        return refuse(RECORDS, "De termijn is al voorbij en kan niet meer stilstaan.")
    return Verdict(allowed=True, rule=RECORDS, reason="De zienswijze kan worden gevraagd.")


def may_hear(*, views: str, asked_until: datetime | None, now: datetime) -> Verdict:
    """May it be written down what a third party said? `asked_until`: until when it may say something; None: nobody was asked.
    That nothing came can be said once that is over.
    """
    if asked_until is None:
        return refuse(RECORDS, "Er is niet om een zienswijze gevraagd.")
    if not views.strip() and now <= asked_until:
        return refuse(RECORDS, "Schrijf op wat de zienswijze is, of wacht tot de termijn ervoor voorbij is.")
    return Verdict(allowed=True, rule=RECORDS, reason="De zienswijze kan worden vastgelegd.")
