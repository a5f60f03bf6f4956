"""Who may be lent the file key of an object for a job."""

from beeldkluis.protocol.verdict import Verdict


def may_lend(*, runs: bool, no_worker: str) -> Verdict:
    """A file key is lent only to a worker that runs now, by what it signed. `no_worker` says so in the words of the job."""
    return Verdict(allowed=runs, rule="access.case-required", reason="Er is een werker." if runs else no_worker)
