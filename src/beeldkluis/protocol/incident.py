"""A camera is lost, stolen or damaged: the clock, what is known and what follows from it, when it may be closed (work-16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

DAMAGE = "damage"
DAYS_IN_YEAR = 365.25


@rule("camera.loss-is-incident")
def deadline(aware_at: datetime, protocol: Protocol) -> datetime:
    """Until when the supervisory authority can be notified without saying why it took so long (GDPR art. 33(1))."""
    return aware_at + timedelta(hours=protocol.number("camera.loss-is-incident", "hours"))


@rule("camera.incident-kept")
def words_kept_until(closed_at: datetime, protocol: Protocol) -> datetime:
    """Until when what was told in words is kept; the incident itself stays."""
    return closed_at + timedelta(days=DAYS_IN_YEAR * protocol.number("camera.incident-kept", "years"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the program knew at the moment of the report. `seals` is whether the model seals its footage; None: unknown."""

    kind: str
    label: str
    model: str
    seals: bool | None
    pre_event_seconds: int
    last_docked: str
    dock: str
    officers: int
    fingerprints: tuple[str, ...]
    contact: str = ""


def prefilled(known: Known) -> dict[str, str]:
    """The four points of GDPR art. 33(3) as far as they follow from what is known, in Dutch, to be read and corrected."""
    since = (
        f"sinds {known.last_docked}"
        if known.last_docked
        else "sinds de uitgifte; de camera stond nog nooit in een dockingstation"
    )
    what = {"loss": "verloren", "theft": "gestolen"}.get(known.kind, "beschadigd")
    nature = (
        f"Bodycam {known.label} ({known.model}) is {what}. Op de camera kunnen beelden staan die zijn gemaakt {since}. "
        f"In die tijd had {_people(known.officers)} de camera. Het gaat om mensen die toen in beeld kwamen. {_before(known)}"
    )
    if known.seals:
        consequences = (
            "De camera versleutelt zelf wat erop staat; de sleutel staat niet op de camera of het dockingstation. "
            "Wie de camera vindt, kan de beelden niet bekijken. "
            "Een risico voor de mensen die in beeld kwamen is niet waarschijnlijk."
        )
    else:
        unknown = "Het is niet bekend of dit model" if known.seals is None else "Dit model versleutelt niet"
        rest = " versleutelt wat erop staat; wij gaan uit van nee." if known.seals is None else " wat erop staat."
        consequences = f"{unknown}{rest} Wie de camera vindt, kan de beelden bekijken en verspreiden."
    if known.kind == DAMAGE:
        consequences = "Niemand anders heeft de camera. Beelden die nog niet waren uitgelezen, kunnen verloren zijn."
    keys = (
        f" Beelden die al waren uitgelezen, zijn verzegeld voor {', '.join(known.fingerprints)}."
        if known.fingerprints
        else ""
    )
    blocked = "" if known.kind == DAMAGE else " De camera is geblokkeerd: wat zij nog aanlevert, wordt apart gezet."
    return {
        "nature": nature,
        "contact": known.contact or "De functionaris gegevensbescherming van de gemeente.",
        "consequences": consequences,
        "measures": f"De melding is vastgelegd.{blocked}{keys}",
    }


@rule("journal.holds")
def newly_wrong(sentences: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """What is wrong with the journal and stands in no incident yet, each once: it becomes one, or is added to the open one."""
    before = set(known)
    return tuple(one for one in dict.fromkeys(sentences) if one not in before)


def prefilled_of_journal(contact: str) -> dict[str, str]:
    """The same four points when the journal is not what was written, to be read and corrected."""
    return {
        "nature": (
            "Het logboek van de bodycams is niet meer wat er werd geschreven. Iemand of iets veranderde de database buiten "
            "het programma om, of er is een oudere kopie teruggezet. Wat er niet klopt, staat bij de melding."
        ),
        "contact": contact or "De functionaris gegevensbescherming van de gemeente.",
        "consequences": (
            "Wat daar stond, bewijst niet meer wie wat deed. Wie de database kan veranderen, kan ook gegevens van mensen "
            "hebben gelezen. Beelden staan er niet in; die zijn verzegeld met sleutels die de server niet heeft."
        ),
        "measures": (
            "De melding is vastgelegd. Zolang het logboek niet begint met wat het laatst is ondertekend, ondertekent de "
            "kluis niets en blijven camera's vol."
        ),
    }


def _before(known: Known) -> str:
    seconds = known.pre_event_seconds
    return f"Een opname bevat ook de laatste {seconds} seconden voor het inschakelen." if seconds else ""


def _people(officers: int) -> str:
    return "één handhaver" if officers == 1 else f"{officers} handhavers" if officers else "geen handhaver"


WANTED = {
    "nature": "wat er is gebeurd en om wie het gaat (artikel 33, lid 3, onder a)",
    "contact": "bij wie men terecht kan (onder b)",
    "consequences": "de waarschijnlijke gevolgen (onder c)",
    "measures": "de maatregelen (onder d)",
    "notify_because": "of het is gemeld bij de Autoriteit Persoonsgegevens, en waarom wel of niet",
    "inform_because": "of de betrokkenen zijn ingelicht, en waarom wel of niet",
    "lessons": "wat de gemeente ervan leert",
}


def lacking(
    told: Mapping[str, str], *, notify: bool | None, notified: bool, inform: bool | None, informed: bool
) -> tuple[str, ...]:
    """What is still to be done before an incident can be closed, in Dutch."""
    found = [text for name, text in WANTED.items() if not told.get(name, "").strip()]
    if notify and not notified:
        found.append("de melding zelf, met haar moment")
    if inform and not informed:
        found.append("het inlichten zelf, met zijn moment")
    return tuple(found)


def may_close(missing: tuple[str, ...]) -> Verdict:
    """May an incident be closed? When nothing lacks (GDPR art. 33(5): everything is documented)."""
    reason = f"Vul eerst in: {'; '.join(missing)}." if missing else "Alles is vastgelegd."
    return Verdict(allowed=not missing, rule="camera.loss-is-incident", reason=reason)


def may_note_notified(
    *, at: datetime, aware_at: datetime, late_because: str, protocol: Protocol, now: datetime
) -> Verdict:
    """May this moment of notification be kept? Not one to come, and after the 72 hours only with the reason (art. 33(1))."""
    reason = ""
    if at > now or at < aware_at:
        reason = "Het moment van de melding ligt tussen het bekend worden en nu."
    elif at > deadline(aware_at, protocol) and not late_because.strip():
        reason = "De melding is na 72 uur gedaan. Schrijf op waarom."
    return Verdict(allowed=not reason, rule="camera.loss-is-incident", reason=reason or "Vastgelegd.")


def may_note_found(*, at: datetime, how: str, now: datetime) -> Verdict:
    """May it be written down that the camera is back? In a few words, and not of a moment to come."""
    fine = bool(how.strip()) and at <= now
    reason = "Vastgelegd." if fine else "Schrijf op wanneer en hoe de camera terugkwam."
    return Verdict(allowed=fine, rule="camera.loss-is-incident", reason=reason)


def may_report(
    *, open_number: str, aware_at: datetime, last_seen_at: datetime | None, told: str, now: datetime
) -> Verdict:
    """May this be reported? Once for each camera at a time, in a few words, and not of a moment to come."""
    reason = ""
    if open_number:
        reason = f"Voor deze camera loopt al incident {open_number}. Vul dat aan."
    elif aware_at > now or (last_seen_at is not None and last_seen_at > now):
        reason = "Dit moment moet nog komen."
    elif not told.strip():
        reason = "Schrijf in een paar woorden op wat er is gebeurd."
    return Verdict(allowed=not reason, rule="camera.loss-is-incident", reason=reason or "Gemeld.")


def may_accept_restored(*, because: str, doubted: bool) -> Verdict:
    """May the journal be accepted as it is after a restoration? With a reason, and only when it does not begin with what was
    signed last (`doubted`): there is nothing to accept otherwise.
    """
    reason = "" if because.strip() else "Schrijf op waarom."
    if not doubted:
        reason = "Er is niets om te aanvaarden: het logboek begint met wat het laatst is ondertekend."
    return Verdict(allowed=not reason, rule="journal.holds", reason=reason or "Vastgelegd.")


def may_change(*, closed: bool) -> Verdict:
    """May an incident still change? Not once it is closed."""
    reason = "Dit incident is gesloten en verandert niet meer."
    return Verdict(allowed=not closed, rule="camera.loss-is-incident", reason=reason if closed else "Dit kan.")


def may_decide(because: str) -> Verdict:
    """May it be decided to notify or to inform, or not to? Only with the reason."""
    fine = bool(because.strip())
    reason = "Vastgelegd." if fine else "Schrijf op waarom wel of niet."
    return Verdict(allowed=fine, rule="camera.loss-is-incident", reason=reason)


def may_note_informed(*, at: datetime, aware_at: datetime, now: datetime) -> Verdict:
    """May this moment of informing be kept? Between when it became known and now (art. 34)."""
    fine = aware_at <= at <= now
    reason = "Vastgelegd." if fine else "Het moment ligt tussen het bekend worden en nu."
    return Verdict(allowed=fine, rule="camera.loss-is-incident", reason=reason)


def is_of_camera(*, known: bool) -> Verdict:
    """Is the incident about a camera (`known`), so that one can come back?"""
    reason = "Dit kan." if known else "Dit incident gaat niet over een camera."
    return Verdict(allowed=known, rule="camera.loss-is-incident", reason=reason)
