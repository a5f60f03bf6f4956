"""What the municipality tells everybody about its bodycams, with the terms of the protocol in force (work-8)."""

from dataclasses import dataclass

from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.legal import purposes_named, regime_of
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.never import Never, refusal
from beeldkluis.protocol.options import GROUNDS
from beeldkluis.protocol.presence import Present, purposes_of, required
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol, rule


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """Numbers and lists for the public page; days unless the name says otherwise."""

    municipality: str
    version: str
    kept_days: int
    gone_within_minutes: int
    pre_event_seconds: int
    answer_days: int
    extension_days: int
    completion_days: int
    objection_days: int
    data_years: int
    papers_days: int
    post_event_seconds: int
    cut_off_days: int
    ground: str
    own_form: bool
    reflects: bool
    officer_looks: bool
    officer_comes: bool
    never: tuple[str, ...]
    controller: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    law: str = ""

    @property
    def objection_weeks(self) -> int:
        """The term to object, in weeks."""
        return self.objection_days // 7


@rule("request.cut-off")
def cut_off_days(protocol: Protocol) -> int:
    """Within how many days a municipality asks people to come; 0 when it names none. For the public text alone: as long as there
    is footage, a later request is registered, held and decided like any other (GDPR article 15; I-66).
    """
    return protocol.number("request.cut-off", "days", 0)


@rule("public.information")
def public_facts(protocol: Protocol) -> PublicFacts:
    """Everything that changes with the protocol comes from there: nothing on the page is written twice."""
    number = protocol.number
    return PublicFacts(
        municipality=protocol.municipality,
        version=protocol.version,
        kept_days=number("retention.period", "days"),
        gone_within_minutes=number("retention.prompt", "minutes"),
        pre_event_seconds=number("recording.pre-event", "seconds"),
        answer_days=number("request.decision-period", "days"),
        extension_days=number("request.extension", "days"),
        completion_days=number("request.completion", "days"),
        objection_days=number("request.objection", "days"),
        data_years=number("personal.case", "access_years"),
        papers_days=number("personal.papers", "days"),
        post_event_seconds=number("recording.post-event", "seconds", 0),
        cut_off_days=cut_off_days(protocol),
        ground=GROUNDS.get(protocol.word_of_law("ground"), ""),
        own_form=protocol.choice("public.information", "form", "own") == "own",
        reflects=Purpose.REFLECT in purposes_of(CaseKind.SELF_REFLECTION, protocol),
        officer_looks=Present.OFFICER in required(Purpose.ASSESS_REQUEST, protocol),
        officer_comes=Present.OFFICER in required(Purpose.VIEW_WITH_DATA_SUBJECT, protocol),
        never=tuple(refusal(one).reason for one in Never),
        controller=protocol.legal.get("controller", ()),
        basis=tuple(own_words(one, protocol.names) for one in protocol.legal.get("basis", ())),
        purposes=tuple(own_words(one, protocol.names) for one in purposes_named(protocol)),
        law=regime_of(protocol).dutch,
    )
