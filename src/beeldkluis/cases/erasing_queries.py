"""Reading which cases' data are due to be erased, and what still runs on a case."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from beeldkluis.cases.models import Case, CaseDocument, Decision, Letter, Remedy
from beeldkluis.footage.models import Hold
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol import personal
from beeldkluis.protocol.cases import WEIGHED, CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.personal import Running
from beeldkluis.protocol.register import Protocol

CLOSED = CaseState.CLOSED.value


def _unsent() -> Q:
    """A letter that must reach somebody and did not leave: nobody sent it, or the mail server has not taken it and nobody
    withdrew it. An invitation to a viewing of years ago is no such letter.
    """
    waits = Q(message__isnull=False, message__sent_at__isnull=True, message__withdrawn_at__isnull=True)
    return (Q(how="") | waits) & Q(kind__in=personal.OWED)


def _left_after(moment: datetime) -> Q:
    return Q(posted_at__gt=moment) | Q(message__sent_at__gt=moment)


def _to_erase() -> QuerySet[Case]:
    """Closed, and not erased since: a case that came back and was closed again has data anew."""
    return Case.objects.filter(state=CLOSED, has_data=True)


def _decided() -> Exists:
    return Exists(Decision.objects.filter(case=OuterRef("pk")))


def _terms(protocol: Protocol) -> Iterator[tuple[CaseKind, bool | None, int]]:
    """Each kind with its years; a request by whether anything was decided on it."""
    for kind in CaseKind:
        for decided in (True, False) if kind in WEIGHED else (None,):
            yield kind, decided, personal.case_years(kind, decided=decided is not False, protocol=protocol)


def _of(kind: CaseKind, decided: bool | None) -> QuerySet[Case]:
    found = _to_erase().filter(kind=kind.value)
    return found if decided is None else found.filter(_decided() if decided else ~_decided())


def _over(kind: CaseKind, decided: bool | None, before: datetime) -> QuerySet[Case]:
    """Cases of which everything happened before this moment, and on which nothing runs."""
    own, reference = OuterRef("pk"), OuterRef("reference")
    letters = Letter.objects.filter(_unsent() | _left_after(before), case=own)
    remedies = Remedy.objects.filter(case=own).exclude(kind=Remedy.Kind.DEFAULT)
    remedies = remedies.filter(Q(settled_at__isnull=True) | Q(settled_at__gt=before))
    holds = Hold.objects.filter(Q(released_at__isnull=True) | Q(released_at__gt=before), case=reference)
    found = _of(kind, decided).filter(closed_at__lte=before)
    return found.exclude(Exists(letters)).exclude(Exists(remedies)).exclude(Exists(holds))


def due(now: datetime, most: int) -> Sequence[Case]:
    """Cases whose data may go now, at most so many. As many questions whatever there is; the rule itself decides in the step."""
    found: list[Case] = []
    for kind, decided, years in _terms(in_force()):
        if len(found) < most:
            over = _over(kind, decided, personal.earlier(now, years)).order_by("closed_at", "pk")
            found += over[: most - len(found)]
    return found


def erased_since(moment: datetime) -> int:
    """Of how many cases the data went since then."""
    return Case.objects.filter(erased_at__gte=moment).count()


def running(case: Case, *, viewings: int) -> Running:
    """What runs on a case, as the rule asks it. `viewings` is told by who knows them."""
    remedies = Remedy.objects.filter(case=case, settled_at__isnull=True).exclude(kind=Remedy.Kind.DEFAULT)
    return Running(
        state=CaseState(case.state),
        holds=Hold.objects.filter(case=case.reference, released_at__isnull=True).count(),
        remedies=remedies.count(),
        letters=Letter.objects.filter(_unsent(), case=case).count(),
        viewings=viewings,
    )


def kept_until(case: Case) -> datetime | None:
    """Until when the data of this case stay, as it is now; empty while it is open."""
    if case.state != CLOSED or case.closed_at is None:
        return None
    left = Letter.objects.filter(case=case).aggregate(posted=Max("posted_at"), mailed=Max("message__sent_at"))
    ended = Remedy.objects.filter(case=case).aggregate(last=Max("settled_at"))
    released = Hold.objects.filter(case=case.reference).aggregate(last=Max("released_at"))
    moments = [case.closed_at, left["posted"], left["mailed"], ended["last"], released["last"]]
    return personal.kept_until(
        CaseKind(case.kind),
        decided=Decision.objects.filter(case=case).exists(),
        last=[one for one in moments if one is not None],
        protocol=in_force(),
    )


def papers_due(now: datetime, most: int) -> Sequence[CaseDocument]:
    """Papers of closed cases whose own, shorter term expired."""
    before = now - in_force().days("personal.papers")
    held = Hold.objects.filter(case=OuterRef("case__reference"), released_at__isnull=True)
    letters = Letter.objects.filter(_unsent(), case=OuterRef("case"))
    found = CaseDocument.objects.defer("data").select_related("case").filter(erased_at__isnull=True)
    found = found.filter(case__state=CLOSED, case__closed_at__lte=before)
    found = found.exclude(Exists(held)).exclude(Exists(letters))
    return list(found.order_by("case__closed_at", "pk")[:most])


@dataclass(frozen=True, slots=True)
class Coming:
    """What a page says of one kind: its term in years, how many closed cases wait for it, and of how many it ends soon."""

    kind: CaseKind
    decided: bool | None
    years: int
    waiting: int
    soon: int


def coming(now: datetime, within: timedelta) -> Sequence[Coming]:
    """For each kind how much is due. Two questions a kind, whatever there is."""
    found = []
    for kind, decided, years in _terms(in_force()):
        soon = _over(kind, decided, personal.earlier(now + within, years)).count()
        found.append(Coming(kind, decided, years, _of(kind, decided).count(), soon))
    return found


def waiting_for_letter() -> Sequence[Case]:
    """Closed cases that keep their data because a letter did not leave, the oldest first."""
    letters = Letter.objects.filter(_unsent(), case=OuterRef("pk"))
    return list(_to_erase().filter(Exists(letters)).order_by("closed_at")[:25])


def erased_between(since: datetime, until: datetime) -> Sequence[str]:
    """References of the cases whose data went in that time, in order."""
    found = Case.objects.filter(erased_at__gte=since, erased_at__lt=until).order_by("erased_at", "pk")
    return list(found.values_list("reference", flat=True))


def papers_waiting() -> int:
    """How many papers of closed cases wait for their term."""
    found = CaseDocument.objects.filter(erased_at__isnull=True, case__state=CLOSED)
    return int(found.aggregate(count=Count("pk"))["count"])


def unerased() -> QuerySet[Case, str]:
    """References of cases whose data are still there: their entries keep what stands beside them."""
    return Case.objects.filter(has_data=True).values_list("reference", flat=True)
