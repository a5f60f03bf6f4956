"""A viewing and what is open in it: whose it is, whether it goes on, and what belongs to it (access-4 to access-6)."""

from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.verdict import Verdict

PRESENCE, ENDS, CASE = "access.presence", "access.opening-ends", "access.case-required"
OVER = "Deze inzage is voorbij. Begin een nieuwe."


def has_place(place: str) -> Verdict:
    """Does whoever begins a viewing say where?"""
    fine = bool(place.strip())
    return Verdict(allowed=fine, rule=PRESENCE, reason="Dit kan." if fine else "Schrijf op waar u kijkt.")


def goes_on(*, over: bool) -> Verdict:
    """Does the viewing go on? `over`: it was ended, or its time is."""
    return Verdict(allowed=not over, rule=PRESENCE, reason=OVER if over else "De inzage loopt.")


def is_own(*, own: bool) -> Verdict:
    """Is it the viewing of whoever acts? Only whoever began it says who is there."""
    return Verdict(allowed=own, rule=PRESENCE, reason="Dit kan." if own else "Dit is de inzage van een ander.")


def may_come_along(name: str) -> Verdict:
    """May somebody come along with the requester? Under a name."""
    fine = bool(name.strip())
    return Verdict(allowed=fine, rule=PRESENCE, reason="Dit kan." if fine else "Schrijf op wie er meekwam.")


def may_leave(present: Present) -> Verdict:
    """May somebody leave while the viewing goes on? Not whoever began it."""
    began = present is Present.TEAM_MANAGER
    reason = "Wie de inzage begon, gaat niet weg maar beëindigt de inzage." if began else "Dit kan."
    return Verdict(allowed=not began, rule=PRESENCE, reason=reason)


def may_open_in(*, lasts: bool) -> Verdict:
    """May anything be open in this viewing? `lasts`: it goes on, and is of whoever opens."""
    return Verdict(allowed=lasts, rule=ENDS, reason="De inzage loopt." if lasts else OVER)


def has_viewing(*, known: bool) -> Verdict:
    """Does what is open belong to a viewing and a recording that are still there?"""
    reason = "De inzage loopt." if known else "Deze opening hoort bij geen inzage die nog loopt."
    return Verdict(allowed=known, rule=ENDS, reason=reason)


def may_mark(*, in_recording: bool, at_ms: int) -> Verdict:
    """May this place, in milliseconds of a clip, be marked? Only in the recording that is open."""
    fine = in_recording and at_ms >= 0
    reason = "Dit kan." if fine else "Deze plek hoort niet bij de opname die open is."
    return Verdict(allowed=fine, rule=CASE, reason=reason)


def is_of_recording(*, in_recording: bool) -> Verdict:
    """May a clip be copied or told to be broken? Only one of the recording that is open."""
    reason = "Dit kan." if in_recording else "Dit bestand hoort niet bij de opname die open is."
    return Verdict(allowed=in_recording, rule=CASE, reason=reason)


def is_what_opened(*, shows_copy: bool, approved: bool) -> Verdict:
    """Do these bytes belong to what was opened? `shows_copy`: it was opened for a requester, who gets the approved copies of this
    case and never the film itself.
    """
    fine = approved or not shows_copy
    reason = "Dit kan." if fine else "Voor een verzoeker gaat alleen de goedgekeurde kopie open, nooit het origineel."
    return Verdict(allowed=fine, rule="access.blurred", reason=reason)
