"""What the screen says of a copy while its footage is open: how far it is, and what can be asked now."""

from beeldkluis.protocol.redaction import RedactionState
from beeldkluis.redaction import queries
from beeldkluis.redaction.models import Redaction

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
