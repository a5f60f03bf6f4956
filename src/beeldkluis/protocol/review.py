"""Reviews of who may do what: when the next one is due."""

from datetime import datetime

from beeldkluis.protocol.register import Protocol, rule

RULES = {"quarter": "access.review-quarter", "year": "access.review-year"}


@rule("access.review-quarter", "access.review-year")
def due_at(*, kind: str, last: datetime | None, began: datetime, protocol: Protocol) -> datetime:
    """When the next review of this kind (quarter or year) is due: so many days after the last one, or after the beginning."""
    return (last or began) + protocol.days(RULES[kind])
