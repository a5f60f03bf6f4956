"""What may come in, and when a camera may be emptied (work-9, privacy-2, work-16)."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from beeldkluis.protocol.finding import Doubt
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse


class NotAccepted(StrEnum):
    """Why a sealed file is not accepted."""

    RETIRED = "retired"  # the dock is out of use
    NO_KEYS = "none"  # before the key ceremony
    OTHER_KEYS = "keys"  # sealed for others than those in use


_NOT_ACCEPTED = {
    NotAccepted.RETIRED: "Dit dockingstation is buiten gebruik gesteld.",
    NotAccepted.NO_KEYS: "Er zijn nog geen sleutels. Maak ze eerst.",
    NotAccepted.OTHER_KEYS: "Het dockingstation verzegelde voor andere sleutels dan die nu gelden.",
}


def why_not(*, dock_retired: bool, sealed_for: AbstractSet[str], current: AbstractSet[str]) -> NotAccepted | None:
    """What keeps this sealed file out; None when nothing does. See `may_accept`."""
    if dock_retired:
        return NotAccepted.RETIRED
    if not current:
        return NotAccepted.NO_KEYS
    return NotAccepted.OTHER_KEYS if sealed_for != current else None


@rule("intake.automatic", "storage.sealed")
def may_accept(why: NotAccepted | None) -> Verdict:
    """May this sealed file be accepted, by what `why_not` says of it? It must be sealed for exactly the team and recovery keys in
    use (age recipients), because the server cannot try them: a wrong key would only be found when somebody needs the footage.
    """
    if why is not None:
        return refuse("intake.automatic", _NOT_ACCEPTED[why])
    return Verdict(allowed=True, rule="intake.automatic", reason="Verzegeld voor de sleutels die nu gelden.")


def may_let_in(*, has_keys: bool) -> Verdict:
    """May a camera system be let in? Not before the key ceremony: without our public key its cameras would not encrypt."""
    name = "intake.automatic"
    if not has_keys:
        return refuse(name, "Er zijn nog geen sleutels. Maak ze eerst; anders versleutelen de camera's niet.")
    return Verdict(allowed=True, rule=name, reason="De camera's versleutelen met de sleutels van de gemeente.")


class Ground(StrEnum):
    """What a recording may be set apart for. Each reason goes when its ground goes, or when a person takes the recording back."""

    UNKNOWN = "unknown"  # the camera is not in the register
    BLOCKED = "blocked"  # the camera was blocked when it delivered
    FILM = "film"  # the dock saw that a file does not play
    UNFINISHED = "unfinished"  # the camera system did not complete the delivery
    KEY = "key"  # a film came without the key of its camera
    TIMES = "times"  # nothing says when it was made
    REJECTED = "rejected"  # the camera system delivered it as refused elsewhere
    PERSON = "person"  # somebody saw that it does not play

    @property
    def dutch(self) -> str:
        """In the words of a journal entry: of our own, nothing that somebody else wrote."""
        return _GROUNDS[self]


_GROUNDS = {
    Ground.UNKNOWN: "De camera is niet bekend in het register.",
    Ground.BLOCKED: "De camera is geblokkeerd.",
    Ground.FILM: "Volgens het dockingstation speelt een bestand niet af.",
    Ground.UNFINISHED: "Het camerasysteem heeft deze opname niet afgemaakt.",
    Ground.KEY: "Bij een bestand ontbreekt de sleutel van de camera.",
    Ground.TIMES: "Het camerasysteem zegt niet wanneer deze opname is gemaakt.",
    Ground.REJECTED: "Het camerasysteem leverde dit aan als eerder geweigerd materiaal.",
    Ground.PERSON: "De teammanager zette haar apart.",
}
OF_SYSTEM = frozenset({Ground.UNFINISHED, Ground.KEY, Ground.TIMES, Ground.REJECTED})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a recording is set apart: a Dutch sentence, and the file it is about (empty: the whole recording)."""

    ground: Ground
    text: str
    part: str = ""

    @classmethod
    def of(cls, ground: Ground, part: str = "") -> "Reason":
        """With the ground's own words."""
        return cls(ground, ground.dutch, part)


@rule("camera.blocked")
def reasons_apart(*, known: bool, blocked: bool, said: Sequence[Reason]) -> list[Reason]:
    """Why a file is set apart, by what the register knows of its camera and by what its sender said of it. It is kept in any
    case.
    """
    of_camera = [] if known else [Reason.of(Ground.UNKNOWN)]
    return [*of_camera, *([Reason.of(Ground.BLOCKED)] if blocked else []), *said]


def may_change(*, apart: bool, take_back: bool, destroyed: bool, because: str) -> Verdict:
    """May a person take back a recording that is set apart, or set one apart? With a reason, and only what is still there. A
    recording that is apart already can be set apart for this too: then it stays so when other grounds go.
    """
    name = "camera.blocked"
    if destroyed:
        return Verdict(allowed=False, rule=name, reason="Deze opname is al vernietigd.")
    if take_back and not apart:
        return Verdict(allowed=False, rule=name, reason="Deze opname is niet apart gezet.")
    if not because.strip():
        return Verdict(allowed=False, rule=name, reason="Schrijf op waarom.")
    return Verdict(allowed=True, rule=name, reason="Er is gezegd waarom.")


@rule("intake.wipe-after-receipt")
def may_wipe(*, receipt_verified: bool, own_hash: str, receipt_hash: str, still_same: bool) -> Verdict:
    """May this file be removed from the camera? Only when the vault's receipt verifies under the pinned key, is about this
    very file (SHA-256 of the file on the camera), and the file did not change since.
    """
    if not receipt_verified:
        return Verdict(allowed=False, rule="intake.wipe-after-receipt", reason="Er is geen geldig ontvangstbewijs.")
    if own_hash != receipt_hash:
        return Verdict(
            allowed=False, rule="intake.wipe-after-receipt", reason="Het ontvangstbewijs is van een ander bestand."
        )
    if not still_same:
        return Verdict(
            allowed=False, rule="intake.wipe-after-receipt", reason="Het bestand is na het uitlezen veranderd."
        )
    return Verdict(allowed=True, rule="intake.wipe-after-receipt", reason="De opname is veilig opgeslagen.")


class Why(StrEnum):
    """Why something stays on a camera after its turn in the dock."""

    UNREADABLE = "unreadable"  # a folder or file that cannot be looked at, or not to its end
    LOCKED = "locked"  # the vault has it, and it cannot be wiped
    REFUSED = "refused"  # the vault did not take it, or its receipt does not hold
    UNRECOGNISED = "unrecognised"  # neither film nor text: firmware, or the camera's own bookkeeping


FOLDER = "folder"  # the kind of what is no file
_SENTENCES = {
    Why.UNREADABLE: "Op {camera} is iets niet te lezen: {what}. Daar kan beeld in staan. Kijk ernaar en maak de camera leeg.",
    Why.LOCKED: "Op {camera} staan opnames die wel zijn opgeslagen maar niet gewist kunnen worden: {what}."
    " Haal de kaart van het slot of vervang haar, en maak haar leeg.",
    Why.REFUSED: "Op {camera} blijven opnames staan die de server niet aanneemt: {what}. Vraag de beheerder waarom.",
    Why.UNRECOGNISED: "Op {camera} blijven bestanden staan die het dockingstation niet als beeld herkent: {what}."
    " Kijk of er beeld in zit.",
}


@dataclass(frozen=True, slots=True)
class Left:
    """So many files of one kind that stay on a camera. `kind` is how their names end, or FOLDER; empty when that says
    nothing.
    """

    why: Why
    kind: str
    count: int


@rule("intake.nothing-left")
def left_behind(*, camera: str, left: Sequence[Left]) -> dict[Why, Doubt]:
    """What a person must look at of what stays on a camera: how many and of which kind, one doubt for each reason."""
    found: dict[Why, Doubt] = {}
    for why in Why:
        stays = [one for one in sorted(left, key=lambda one: one.kind) if one.why is why]
        if stays:
            text = _SENTENCES[why].format(camera=camera, what=", ".join(_counted(one) for one in stays))
            counts = ",".join(f"{one.kind}={one.count}" for one in stays)
            found[why] = Doubt("intake.nothing-left", f"{why}:{camera}:{counts}", text)
    return found


def _counted(one: Left) -> str:
    if one.kind == FOLDER:
        return "1 map" if one.count == 1 else f"{one.count} mappen"
    words = "1 bestand" if one.count == 1 else f"{one.count} bestanden"
    return f"{words} ({one.kind})" if one.kind else f"{words} zonder soort"


def tells_again(*, why: Why, settled_at: datetime | None, protocol: Protocol, now: datetime) -> bool:
    """Is what a person settled told once more when it still is there? Not while it is open. What belongs to the camera itself
    is looked at once; what may be footage once in each term.
    """
    if settled_at is None or why is Why.UNRECOGNISED:
        return False
    return now - settled_at >= protocol.days("retention.period")


def unusable_code() -> Verdict:
    """An enrolment code that lets nobody in: nobody learns why."""
    return refuse("intake.automatic", "Deze code is onbekend, gebruikt of verlopen.")


def may_enrol(*, code_used: bool, name_taken: bool, key_readable: bool) -> Verdict:
    """May this dock come in with this code, name and key? A code lets one dock in; a name belongs to one dock."""
    reason = ""
    if code_used:
        reason = "Deze code is al gebruikt."
    elif name_taken:
        reason = "Er is al een dockingstation met deze naam."
    elif not key_readable:
        reason = "De sleutel is niet leesbaar."
    return Verdict(allowed=not reason, rule="intake.automatic", reason=reason or "Dit station mag binnenkomen.")
