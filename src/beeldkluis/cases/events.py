"""What the journal says of cases. Who asked and why are details that can be erased; the entry itself names nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class CaseReceived(Event):
    """A request was registered; everything around its moment is held from here on."""

    act: ClassVar[str] = "cases.case_received"
    sentence: ClassVar[str] = "Zaak {case} ingeschreven, ontvangen op {received_at}, besluiten vóór {decide_by}"

    kind: str
    channel: str
    received_at: datetime
    decide_by: datetime
    missing: tuple[str, ...]
    by_email: bool | None = (
        None  # whether the requester agreed to letters by e-mail; empty in entries from before it was asked
    )
    requester_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseCompleted(Event):
    """The requester gave what was missing; the old and new words stand in the case, not here."""

    act: ClassVar[str] = "cases.case_completed"
    sentence: ClassVar[str] = "Zaak {case} aangevuld: {changed}"

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    decide_by: datetime


@dataclass(frozen=True, kw_only=True)
class RecordingMatched(Event):
    """A recording lies around the moment that the request names."""

    act: ClassVar[str] = "cases.recording_matched"
    sentence: ClassVar[str] = "Opname gevonden bij zaak {case} op tijd"


@dataclass(frozen=True, kw_only=True)
class RecordingLinked(Event):
    """The team manager says that the recording belongs to the case."""

    act: ClassVar[str] = "cases.recording_linked"
    sentence: ClassVar[str] = "Opname hoort bij zaak {case}"


@dataclass(frozen=True, kw_only=True)
class MatchRejected(Event):
    """The team manager says that the recording does not belong to the case, which ends its hold."""

    act: ClassVar[str] = "cases.match_rejected"
    sentence: ClassVar[str] = "Opname hoort niet bij zaak {case}"


@dataclass(frozen=True, kw_only=True)
class CaseForwarded(Event):
    """The data protection officer passed the request on to the team manager."""

    act: ClassVar[str] = "cases.case_forwarded"
    sentence: ClassVar[str] = "Zaak {case} doorgezet naar de teammanager"

    decide_by: datetime


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """The team manager decided. `answered` names the considerations (a to e) that were answered in writing; `choices` what was
    chosen where protocol and law differ.
    """

    act: ClassVar[str] = "cases.case_decided"
    sentence: ClassVar[str] = "Besluit op zaak {case}: {outcome}"

    outcome: str
    in_time: bool
    answered: tuple[str, ...]
    exception: str
    form: str
    choices: dict[str, str]
    grounds: str = personal()


@dataclass(frozen=True, kw_only=True)
class CompletionAsked(Event):
    """The requester was asked for what is missing; the term stands still."""

    act: ClassVar[str] = "cases.completion_asked"
    sentence: ClassVar[str] = "Zaak {case}: om aanvulling gevraagd, tot {until}"

    missing: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, kw_only=True)
class CaseExtended(Event):
    """The term was extended."""

    act: ClassVar[str] = "cases.case_extended"
    sentence: ClassVar[str] = "Zaak {case}: termijn verlengd tot {decide_by}"

    decide_by: datetime
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseReferred(Event):
    """A request for public records was answered with where it belongs."""

    act: ClassVar[str] = "cases.case_referred"
    sentence: ClassVar[str] = "Zaak {case} verwezen en gesloten"


@dataclass(frozen=True, kw_only=True)
class IdentitySeen(Event):
    """Somebody's identity was seen."""

    act: ClassVar[str] = "cases.identity_seen"
    sentence: ClassVar[str] = "Zaak {case}: identiteit vastgesteld"

    document: str
    proof: str = ""  # of authority to ask for somebody else


@dataclass(frozen=True, kw_only=True)
class EmailAgreed(Event):
    """The requester wants the letters by e-mail."""

    act: ClassVar[str] = "cases.email_agreed"
    sentence: ClassVar[str] = "Zaak {case}: de verzoeker wil de brieven per e-mail"


@dataclass(frozen=True, kw_only=True)
class EmailWithdrawn(Event):
    """The requester does not want the letters by e-mail (any more)."""

    act: ClassVar[str] = "cases.email_withdrawn"
    sentence: ClassVar[str] = "Zaak {case}: de brieven gaan per post"


@dataclass(frozen=True, kw_only=True)
class DocumentAdded(Event):
    """Something that came in was kept with the case."""

    act: ClassVar[str] = "cases.document_added"
    sentence: ClassVar[str] = "Zaak {case}: stuk toegevoegd"

    document: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """There was no footage, and now there is."""

    act: ClassVar[str] = "cases.case_reopened"
    sentence: ClassVar[str] = "Zaak {case} heropend"


@dataclass(frozen=True, kw_only=True)
class RequesterInvited(Event):
    """The requester is invited to come and see."""

    act: ClassVar[str] = "cases.requester_invited"
    sentence: ClassVar[str] = "Zaak {case}: brief over een afspraak gemaakt ({letter_kind})"

    letter_kind: str


@dataclass(frozen=True, kw_only=True)
class CaseReviewed(Event):
    """Somebody looked whether footage must still be kept for the case, and it must."""

    act: ClassVar[str] = "cases.case_reviewed"
    sentence: ClassVar[str] = "Zaak {case} opnieuw bekeken: de beelden blijven nodig"

    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class RemedyRegistered(Event):
    """An objection, an appeal or a complaint came in; footage stays until its outcome."""

    act: ClassVar[str] = "cases.remedy_registered"
    sentence: ClassVar[str] = "Zaak {case}: {remedy_kind} ingeschreven"

    remedy: int
    remedy_kind: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class HeldAgain(Event):
    """Something came in for a closed case: what is still there is held again; `destroyed` is what was gone by then."""

    act: ClassVar[str] = "cases.held_again"
    sentence: ClassVar[str] = "Zaak {case} was gesloten; {recordings} opname(s) weer bewaard, {destroyed} al vernietigd"

    recordings: int
    destroyed: int


@dataclass(frozen=True, kw_only=True)
class RemedySettled(Event):
    """The outcome of an objection, an appeal or a complaint."""

    act: ClassVar[str] = "cases.remedy_settled"
    sentence: ClassVar[str] = "Zaak {case}: uitkomst van {remedy_kind} is {outcome}"

    remedy: int
    remedy_kind: str
    outcome: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LetterMade(Event):
    """A letter was written; it did not leave yet."""

    act: ClassVar[str] = "cases.letter_made"
    sentence: ClassVar[str] = "Zaak {case}: brief gemaakt ({letter_kind})"

    letter: int
    letter_kind: str


@dataclass(frozen=True, kw_only=True)
class LetterSent(Event):
    """A letter left; `sha256` is of the bytes that left and are kept. `in_time`: a decision left before its term was over."""

    act: ClassVar[str] = "cases.letter_sent"
    sentence: ClassVar[str] = "Zaak {case}: brief verstuurd ({letter_kind}, {how})"

    letter: int
    letter_kind: str
    sha256: str
    how: str
    in_time: bool | None = None  # empty for a letter that is no decision


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """Nothing in the case asks to keep footage any more."""

    act: ClassVar[str] = "cases.case_closed"
    sentence: ClassVar[str] = "Zaak {case} gesloten"

    released: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseWithdrawn(Event):
    """The requester wants nothing any more; what is held stays until that was confirmed."""

    act: ClassVar[str] = "cases.case_withdrawn"
    sentence: ClassVar[str] = "Zaak {case} ingetrokken; de beelden blijven nog bewaard"

    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseResumed(Event):
    """The requester did not want to withdraw after all."""

    act: ClassVar[str] = "cases.case_resumed"
    sentence: ClassVar[str] = "Zaak {case} gaat toch door; besluiten uiterlijk {decide_by}"

    decide_by: datetime
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseLapsed(Event):
    """A withdrawn case keeps nothing any more: nobody said that it was not so."""

    act: ClassVar[str] = "cases.case_lapsed"
    sentence: ClassVar[str] = "Zaak {case} is na intrekken vervallen"

    released: int


@dataclass(frozen=True, kw_only=True)
class PreservationEnded(Event):
    """A preservation ended by itself: no demand came."""

    act: ClassVar[str] = "cases.preservation_ended"
    sentence: ClassVar[str] = "Bewaring {case} is vanzelf geëindigd: er kwam geen vordering"

    released: int


@dataclass(frozen=True, kw_only=True)
class RejectedLetGo(Event):
    """The decision is final, so what did not belong to the case is not held for it any more."""

    act: ClassVar[str] = "cases.rejected_let_go"
    sentence: ClassVar[str] = "Zaak {case} houdt {released} opnames die er niet bij horen niet meer vast"

    released: int


@dataclass(frozen=True, kw_only=True)
class LateRecordingsHeld(Event):
    """Recordings came in after the request that waited for them, and are held."""

    act: ClassVar[str] = "cases.late_recordings_held"
    sentence: ClassVar[str] = "{recordings} later uitgelezen opname(s) bewaard voor zaak {case}"

    recordings: int


@dataclass(frozen=True, kw_only=True)
class CaseErased(Event):
    """What a case said of people was erased, as its term is over. Its reference, kind, dates and outcome stay."""

    act: ClassVar[str] = "cases.case_erased"
    sentence: ClassVar[str] = (
        "Gegevens van zaak {case} gewist volgens de bewaartermijn ({letters} brief of brieven, {papers} stuk(ken))"
    )

    letters: int
    papers: int


@dataclass(frozen=True, kw_only=True)
class PapersErased(Event):
    """The papers that came in with a case were erased; the case itself stays longer."""

    act: ClassVar[str] = "cases.papers_erased"
    sentence: ClassVar[str] = "{papers} stuk(ken) van zaak {case} gewist volgens de bewaartermijn"

    papers: int
