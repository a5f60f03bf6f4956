"""A copy in which others cannot be recognised: its life, what is missing before it is shown, and to whom (access-5, access-6).

Who may work on one is whoever may open the footage for it: `access.may_look` for `Purpose.REDACT`, with those present whom the
table of presence asks for (I-67). Nothing here says who is in the picture (privacy-9).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse
from beeldkluis.protocol.watching import Span, total, union


class RedactionState(StrEnum):
    """How far the copy of one film under one case is."""

    ASKED = "asked"
    ANALYSED = "analysed"
    DRAFTED = "drafted"
    RENDERING = "rendering"
    RENDERED = "rendered"
    CHECKED = "checked"
    APPROVED = "approved"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"

    @property
    def dutch(self) -> str:
        """The state on screen."""
        return _DUTCH[self]


_S = RedactionState
_DUTCH = {
    _S.ASKED: "Het programma zoekt mensen en schermen",
    _S.ANALYSED: "Klaar om na te kijken",
    _S.DRAFTED: "Wordt nagekeken",
    _S.RENDERING: "De kopie wordt gemaakt",
    _S.RENDERED: "De kopie is klaar om te controleren",
    _S.CHECKED: "Gecontroleerd",
    _S.APPROVED: "Goedgekeurd",
    _S.FAILED: "Mislukt",
    _S.WITHDRAWN: "Ingetrokken",
}


class RedactionStep(StrEnum):
    """What happens to it: by a person, or by a job that ends."""

    ASK = "ask"
    FIND = "find"
    FAIL = "fail"
    SAVE = "save"
    RENDER = "render"
    KEEP = "keep"
    LOSE = "lose"
    CHECK = "check"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a step can be taken, where it leads, and what the screen says when it cannot."""

    states: frozenset[RedactionState]
    to: RedactionState
    otherwise: str


_MADE = frozenset({_S.RENDERED, _S.CHECKED, _S.APPROVED})
_REVIEWED = frozenset({_S.ANALYSED, _S.DRAFTED}) | _MADE
STEPS: Mapping[RedactionStep, Transition] = {
    RedactionStep.ASK: Transition(
        frozenset({_S.FAILED, _S.WITHDRAWN}), _S.ASKED, "In deze film is al gezocht, of dat gebeurt nu."
    ),
    RedactionStep.FIND: Transition(frozenset({_S.ASKED}), _S.ANALYSED, "In deze film wordt niet meer gezocht."),
    RedactionStep.FAIL: Transition(frozenset({_S.ASKED}), _S.FAILED, "In deze film wordt niet meer gezocht."),
    RedactionStep.SAVE: Transition(
        _REVIEWED, _S.DRAFTED, "Er wordt nu aan de kopie gewerkt, of zij is ingetrokken. Uw wijziging is niet bewaard."
    ),
    RedactionStep.RENDER: Transition(
        frozenset({_S.ANALYSED, _S.DRAFTED}), _S.RENDERING, "De kopie kan nu niet worden gemaakt, of zij is er al."
    ),
    RedactionStep.KEEP: Transition(frozenset({_S.RENDERING}), _S.RENDERED, "Deze kopie wordt niet meer gemaakt."),
    RedactionStep.LOSE: Transition(frozenset({_S.RENDERING}), _S.DRAFTED, "Deze kopie wordt niet meer gemaakt."),
    RedactionStep.CHECK: Transition(frozenset({_S.RENDERED}), _S.CHECKED, "Er is geen kopie die op controle wacht."),
    RedactionStep.APPROVE: Transition(frozenset({_S.CHECKED}), _S.APPROVED, "Controleer de kopie eerst."),
    RedactionStep.WITHDRAW: Transition(
        _REVIEWED | {_S.FAILED}, _S.WITHDRAWN, "Stop eerst het werk dat nog loopt, of er is niets meer in te trekken."
    ),
}


@rule("redaction.life")
def may_step(step: RedactionStep, state: RedactionState) -> Verdict:
    """Can this step be taken in this state? `STEPS` says where it leads."""
    row = STEPS[step]
    fine = state in row.states
    return Verdict(allowed=fine, rule="redaction.life", reason="Dit kan." if fine else row.otherwise)


def is_free(*, elsewhere: str) -> Verdict:
    """Can a job be asked for this film? `elsewhere`: the case for which one of this kind runs already; empty when none does."""
    reason = f"Aan deze film wordt nu gewerkt voor zaak {elsewhere}. Probeer het daarna opnieuw."
    return Verdict(allowed=not elsewhere, rule="redaction.life", reason=reason if elsewhere else "Dit kan.")


@rule("redaction.one-at-a-time")
def may_save(*, version: int, known: int) -> Verdict:
    """May a change be saved that was made from version `known`, now that the draft stands at `version`?"""
    fine = version == known
    reason = "Iemand anders wijzigde dit intussen. Uw wijziging is niet bewaard; wat u deed staat nog op uw scherm."
    return Verdict(allowed=fine, rule="redaction.one-at-a-time", reason="Dit kan." if fine else reason)


NOBODY = "Er is nog niemand vrijgegeven. Dan is op de kopie niemand te zien."


def may_render(*, inverted: bool, freed: bool) -> Verdict:
    """May the copy be made? Not where everybody is covered and nobody is freed: nobody could call that copy good."""
    fine = freed or not inverted
    return Verdict(allowed=fine, rule="redaction.approval", reason="Dit kan." if fine else NOBODY)


def may_choose(state: RedactionState) -> Verdict:
    """May it still be said whether the copy is given away? Not of one that was checked for another use."""
    fine = state not in (_S.CHECKED, _S.APPROVED, _S.WITHDRAWN)
    reason = "Deze kopie is al gecontroleerd of ingetrokken. Trek haar in en begin opnieuw."
    return Verdict(allowed=fine, rule="redaction.second-look", reason="Dit kan." if fine else reason)


GRAIN = 250  # milliseconds: a player tells of what it showed in steps of a few pictures, so a gap below this was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What one person did with the copy that was made after the last change. Milliseconds of it. `heard`: played with the sound
    on. `audible`: what stays to be heard. `unchecked`: places where the program is unsure and that nobody looked at. `made`: is
    there such a copy?
    """

    duration_ms: int
    played: tuple[Span, ...] = ()
    heard: tuple[Span, ...] = ()
    audible: tuple[Span, ...] = ()
    unchecked: int = 0
    inverted: bool = True
    freed: bool = False
    made: bool = False


def gaps(wanted: Iterable[Span], had: Iterable[Span]) -> list[Span]:
    """What of `wanted` is not in `had`, in order; a piece shorter than `GRAIN` is none."""
    left: list[Span] = []
    known = union(had)
    for first, last in union(wanted):
        at = first
        for begin, end in known:
            if end <= at or begin >= last:
                continue
            left.append((at, begin))
            at = max(at, end)
        left.append((at, last))
    return [(begin, end) for begin, end in left if end - begin >= GRAIN]


def missing(reviewed: Reviewed) -> tuple[str, ...]:
    """What must still be done before the copy can be called good, a sentence for each."""
    unseen = total(gaps([(0, reviewed.duration_ms)], reviewed.played))
    unheard = total(gaps(reviewed.audible, reviewed.heard))
    told = []
    if reviewed.duration_ms <= 0:
        told.append("Het is niet bekend hoe lang de film is.")
    if not (shows := may_render(inverted=reviewed.inverted, freed=reviewed.freed)).allowed:
        told.append(shows.reason)
    if not reviewed.made:
        return (*told, "Laat de kopie maken van wat er nu staat.")
    if reviewed.unchecked:
        places = "één plek" if reviewed.unchecked == 1 else f"{reviewed.unchecked} plekken"
        told.append(f"Kijk nog naar {places} waar het programma twijfelt.")
    if unseen:
        told.append(f"Speel nog {_seconds(unseen)} van de kopie af die u nog niet zag.")
    if unheard:
        told.append(f"Luister nog naar {_seconds(unheard)} geluid dat blijft.")
    return tuple(told)


def _seconds(milliseconds: int) -> str:
    """Rounded up: what is missing is never nothing."""
    seconds = -(-milliseconds // 1000)
    return "1 seconde" if seconds == 1 else f"{seconds} seconden"


@rule("redaction.approval")
def may_check(reviewed: Reviewed) -> Verdict:
    """May this person say that the copy is good? Only of what this person saw and heard whole."""
    lacks = missing(reviewed)
    return Verdict(
        allowed=not lacks, rule="redaction.approval", reason=" ".join(lacks) or "Alles is gezien en gehoord."
    )


def wants_second(*, leaves: bool, protocol: Protocol) -> bool:
    """Must a second person look at this copy too? `leaves`: it is given away, and not only shown in the room."""
    return leaves or protocol.choice("redaction.second-look", "copies", "leaving") == "every"


@rule("redaction.second-look")
def may_approve(*, leaves: bool, same: bool, reviewed: Reviewed, protocol: Protocol) -> Verdict:
    """May this person approve a copy that was checked? `same`: it is who checked it, which is enough for a copy that stays in the
    room. For one that goes out another person looked at all of it: `reviewed` is what that person did.
    """
    name = "redaction.second-look"
    if not wants_second(leaves=leaves, protocol=protocol):
        return Verdict(allowed=True, rule=name, reason="De kopie blijft in de kamer: één controle is genoeg.")
    if same:
        return refuse(name, "Een ander dan wie controleerde, kijkt deze kopie ook helemaal na en keurt haar goed.")
    lacks = missing(reviewed)
    return Verdict(allowed=not lacks, rule=name, reason=" ".join(lacks) or "Twee mensen zagen en hoorden alles.")


@rule("access.blurred")
def may_show(*, reference: str, approved: bool) -> Verdict:
    """May a requester see it? Only an approved copy of this case in which others cannot be recognised; never the original."""
    if not approved:
        return refuse(
            "access.blurred",
            "Een betrokkene of een ander ziet alleen een goedgekeurde kopie waarin anderen onherkenbaar zijn. Die is er niet.",
        )
    reason = f"Zaak {reference}: de goedgekeurde kopie waarin anderen onherkenbaar zijn."
    return Verdict(allowed=True, rule="access.blurred", reason=reason)


@dataclass(frozen=True, slots=True)
class Estimate:
    """About how long it takes: the server, and whoever looks at it. Rounded up to minutes, and at least one."""

    machine: timedelta = field(default=timedelta())
    person: timedelta = field(default=timedelta())

    @property
    def for_machine(self) -> str:
        """For the screen: "2 minuten"."""
        return in_minutes(self.machine)

    @property
    def for_person(self) -> str:
        """For the screen."""
        return in_minutes(self.person)


def in_minutes(time: timedelta) -> str:
    """A length of time in words, rounded up to whole minutes and at least one."""
    minutes = max(1, -(-time // timedelta(minutes=1)))
    return "één minuut" if minutes == 1 else f"{minutes} minuten"


@rule("redaction.estimate")
def estimate(film: timedelta, protocol: Protocol) -> Estimate:
    """About how long a copy of film of this length takes, before anybody promises one. The numbers of the file are for a minute
    of film: from measurements on two processor cores, where a film of 1080p takes its own length to search and as much to write.
    """
    minutes = film / timedelta(minutes=1)
    name = "redaction.estimate"
    return Estimate(
        machine=minutes * timedelta(seconds=protocol.number(name, "machine_seconds")),
        person=minutes * timedelta(seconds=protocol.number(name, "person_seconds")),
    )
