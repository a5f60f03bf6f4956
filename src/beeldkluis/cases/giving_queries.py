"""Reading which access is owed: by when a filmed person must have seen the footage."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from beeldkluis.cases import queries
from beeldkluis.cases.models import Case, Decision, Giving, Letter, Suspension
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.giving import give_by
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import last_moment
from beeldkluis.protocol.legal import Regime

INVITATIONS = ("invitation", "moved")


def owed(case: Case) -> Giving | None:
    """The access that is still owed under this case."""
    return Giving.objects.filter(case=case, ended_at__isnull=True).first()


def all_owed() -> Sequence[Giving]:
    """Every access that is still owed, the first to be given on top."""
    return list(Giving.objects.select_related("case").filter(ended_at__isnull=True).order_by("until", "pk"))


def was_invited(case: Case) -> bool:
    """Did an invitation leave?"""
    letters = Letter.objects.select_related("message").defer("pdf").filter(case=case, kind__in=INVITATIONS)
    return any(one.sent_at is not None for one in letters)


def until(case: Case) -> datetime:
    """The end of the last day to give access when it is granted now: from the receipt, with what the term stood still. After an
    earlier decision, or a withdrawal that was taken back, from when the term that runs now began.
    """
    regime = Regime(case.regime)
    if regime is Regime.WPG:  # that law has one term: the answer is the access (Wpg 25)
        return case.decide_by + timedelta(seconds=1)
    earlier = Decision.objects.filter(case=case).order_by("-decided_at").first()
    again = case.letters.filter(kind="withdrawn").exists()
    since = case.extended_at
    extended = since is not None and (earlier is None or since > earlier.decided_at)
    if earlier is None and not again:
        pauses = Suspension.objects.filter(case=case)
        stood = sum((queries.as_pause(one).length(one.until) for one in pauses), timedelta(0))
        return give_by(case.received_at + stood, in_force(), extended=extended)
    began = case.received_at
    period = last_moment(CaseKind(case.kind), regime, began, in_force(), extended=extended) - began
    return give_by(max(began, case.decide_by - period), in_force(), extended=extended)
