"""The answer of a rule: yes or no, and always why."""

from dataclasses import dataclass

from beeldkluis.protocol.naming import own_words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one step.

    allowed: whether the step may be taken.
    rule: the name of the deciding rule in the register, such as "access.case-required".
    reason: one Dutch sentence for the person at the screen, in the words of this municipality; it goes into the journal's
    details too.
    """

    allowed: bool
    rule: str
    reason: str

    def __post_init__(self) -> None:
        """A rule writes standard words; who reads its answer reads the municipality's."""
        object.__setattr__(self, "reason", own_words(self.reason))


def refuse(rule: str, reason: str) -> Verdict:
    """A no of this rule, with its reason."""
    return Verdict(allowed=False, rule=rule, reason=reason)


class Refused(Exception):  # noqa: N818 - the protocol refuses; nothing went wrong
    """A step that the protocol does not allow. Carries the verdict that says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict
        self.journaled = False


def require(verdict: Verdict) -> None:
    """Go on when the verdict allows it; raise Refused when it does not."""
    if not verdict.allowed:
        raise Refused(verdict)
