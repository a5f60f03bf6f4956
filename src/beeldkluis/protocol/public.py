"""What the municipality tells everybody about its bodycams, with the terms of the protocol in force (work-8)."""

from dataclasses import dataclass

from beeldkluis.protocol.legal import regime_of
from beeldkluis.protocol.never import Never, refusal
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
    never: tuple[str, ...]
    controller: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    law: str = ""

    @property
    def objection_weeks(self) -> int:
        """The term to object, in weeks."""
        return self.objection_days // 7


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
        never=tuple(refusal(one).reason for one in Never),
        controller=protocol.legal.get("controller", ()),
        basis=protocol.legal.get("basis", ()),
        purposes=protocol.legal.get("purposes", ()),
        law=regime_of(protocol).dutch,
    )
