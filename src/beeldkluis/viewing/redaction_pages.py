"""What the screen says of a copy while its footage is open: how far it is, what is missing, and what can be asked now."""

from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Person
from beeldkluis.protocol import redaction as rules
from beeldkluis.protocol.redaction import RedactionState
from beeldkluis.protocol.watching import union
from beeldkluis.redaction import queries
from beeldkluis.redaction.models import Redaction
from beeldkluis.redaction.pages import may_choose, steps_of
from beeldkluis.vault.queries import payload_size

S = RedactionState
SEARCH, RENDER = "Zoek wie en wat onherkenbaar moet", "Maak de kopie"
NONE = "Er is nog niet gezocht wie en wat onherkenbaar moet."
TURN = "Dit is aan de beurt zodra het vorige werk klaar is. U hoeft niet te wachten."
FAR = "{done} procent is klaar. U hoeft niet te wachten."
_ASKS = {S.FAILED: SEARCH, S.WITHDRAWN: SEARCH, S.ANALYSED: RENDER, S.DRAFTED: RENDER}


def standing(one: Redaction | None) -> dict[str, object]:
    """`asks`: the words of the button, empty when nothing can be asked; `version`: of what a copy is asked, None: a search."""
    if one is None:
        return {"state": "", "said": NONE, "asks": SEARCH, "version": None, "changed_in": None}
    state = S(one.state)
    asks, said = _ASKS.get(state, ""), _said(one)
    if asks == RENDER and not (may := queries.may_render(one)).allowed:
        asks, said = "", f"{said} {may.reason}"
    return {
        "state": one.state,
        "said": said,
        "asks": asks,
        "version": one.version if asks == RENDER else None,
        "changed_in": one.changed_in,
    }


def _said(one: Redaction) -> str:
    if one.state in (S.ASKED, S.RENDERING):
        far = queries.progress(one)
        return TURN if far is None else FAR.format(done=int(far.progress * 100))
    return " ".join(part for part in (f"{S(one.state).dutch}.", one.reason) if part)


def review(one: Redaction | None, person: Person) -> dict[str, object]:
    """What this person saw and heard of the copy (milliseconds), what is missing before it can be called good, and the steps that
    this person can take now; `second`: another person must look at all of it too. Nothing before it is searched.
    """
    if one is None:
        return {}
    had, made = queries.reviewed(one, person), queries.rendering_of(one)
    first = queries.checked_by(made) if made is not None else None
    told = {
        "missing": rules.missing(had),
        "looked": {"played": union(had.played), "heard": union(had.heard)},
        "steps": _steps(one, person),
        "leaves": one.leaves,
        "second": rules.wants_second(leaves=one.leaves, protocol=in_force()),
        "checked_by": first.person.name if first is not None else "",
    }
    if made is None or one.state == S.WITHDRAWN:
        return told
    return told | {
        "rendering": {
            "source": str(made.object),
            "sealed_size": payload_size(made.object),
            "content_type": "video/mp4",
            "version": made.version,
        }
    }


def _steps(one: Redaction, person: Person) -> list[str]:
    state = S(one.state)
    allowed = {
        "check": lambda: rules.may_check(queries.reviewed(one, person)).allowed,
        "approve": lambda: queries.may_approve(one, person).allowed,
    }
    can = [name for name in steps_of(state) if name not in allowed or allowed[name]()]
    return can + (["stays" if one.leaves else "leaves"] if may_choose(state) else [])
