"""The steps that erase personal data of a case when its term expired. The program takes them, no person."""

from datetime import datetime

from beeldkluis.cases import erasing_queries, events
from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case, CaseDocument, Decision, Giving, Letter, Remedy, Suspension
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.emptied import emptied
from beeldkluis.protocol import personal

# What stays names nobody; every other column is emptied, one that is added later too.
CASE = frozenset(
    {
        "id", "reference", "kind", "state", "regime", "received_at", "received_by_channel", "decide_by", "extended_at",
        "about_team_manager", "identity_document", "identity_seen_at", "identity_seen_by", "received_from",
        "forwarded_at", "withdrawn_at", "final_at", "closed_at", "erased_at", "has_data",
    }
)  # fmt: skip
DECISION = frozenset({"id", "case", "outcome", "exception", "form", "choices", "decided_at", "decided_by"})
REMEDY = frozenset({"id", "case", "kind", "received_at", "undecided", "outcome", "settled_at"})
LETTER = frozenset({"id", "case", "kind", "protocol", "made_at", "sha256", "how", "posted_at", "message"})
SUSPENSION = frozenset({"id", "case", "asked_at", "until", "ended_at", "missing", "third_party"})
GIVING = frozenset({"id", "case", "since", "until", "ended_at", "how"})
SOMEBODY = "een derde"  # in place of the name of a third party
DOCUMENT = frozenset({"id", "case", "content_type", "sha256", "received_at", "erased_at"})


def erase_case(case: Case, *, viewings: int, actor: Actor, now: datetime) -> Case:
    """Erase what a case says of people: who asked, in which words, why was decided so, letters and papers. Refused while anything
    runs on it or its term is not over. Other rooms erase what is theirs in the same step; `viewings` is how many are open there.
    """
    with step("cases.erase", actor=actor, about=about(case)) as record:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        until = erasing_queries.kept_until(locked)
        require(personal.may_erase(erasing_queries.running(locked, viewings=viewings), until=until, now=now))
        Case.objects.filter(pk=locked.pk).update(**emptied(Case, CASE), erased_at=now, has_data=False)
        papers = _erase_papers(locked, now)
        Letter.objects.filter(case=locked, how="").delete()  # never left the house, and says nothing any more
        letters = Letter.objects.filter(case=locked).update(**emptied(Letter, LETTER))
        Decision.objects.filter(case=locked).update(**emptied(Decision, DECISION))
        Remedy.objects.filter(case=locked).update(**emptied(Remedy, REMEDY))
        Giving.objects.filter(case=locked).update(**emptied(Giving, GIVING))
        _erase_pauses(locked)
        record(events.CaseErased(case=locked.reference, letters=letters, papers=papers))
    locked.refresh_from_db()
    return locked


def _erase_pauses(case: Case) -> None:
    """Why the term stood still stays, as a pause for a third party counts otherwise; who that was goes."""
    pauses = Suspension.objects.filter(case=case)
    pauses.exclude(third_party="").update(third_party=SOMEBODY)
    pauses.update(**emptied(Suspension, SUSPENSION))


def _erase_papers(case: Case, now: datetime) -> int:
    found = CaseDocument.objects.filter(case=case, erased_at__isnull=True)
    return found.update(**emptied(CaseDocument, DOCUMENT), erased_at=now)


def erase_papers(case: Case, *, actor: Actor, now: datetime) -> int:
    """Erase the papers that came in with a closed case, whose own term is over; the case itself stays longer. How many. Refused
    while anything runs on the case, or before.
    """
    with step("cases.erase_papers", actor=actor, about=about(case)) as record:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        until = personal.papers_kept_until(locked.closed_at, in_force()) if locked.closed_at else None
        require(personal.may_erase(erasing_queries.running(locked, viewings=0), until=until, now=now))
        papers = _erase_papers(locked, now)
        record(events.PapersErased(case=locked.reference, papers=papers))
    return papers
