"""What every entry of a case's step carries, a refusal too: the case, its purpose and the protocol in force."""

from beeldkluis.cases.models import Case
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import About


def about(case: Case) -> About:
    """For a step with this case."""
    return of(case.reference, case.kind)


def of(reference: str, kind: str) -> About:
    """For a step with a case that does not exist yet."""
    return About(reference, (("protocol", in_force().version), ("purpose", kind)))
