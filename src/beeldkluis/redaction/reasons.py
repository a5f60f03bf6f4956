"""What a page says when searching a film, or making its copy, does not work."""

from beeldkluis.jobs.reasons import Reasons

ANALYSIS, RENDERING = "redaction-analysis", "redaction-rendering"
NO_PART = "Op deze server ontbreekt het onderdeel dat mensen en schermen vindt. Het komt met ‘make install’."
NOT_NEEDED = "De opname is er niet meer."
NEW_KEYS = "De sleutels zijn intussen overgedragen. Vraag het nog een keer."
CHANGED = "De kopie is intussen gewijzigd of ingetrokken. Vraag het nog een keer."
_AWAY = (
    "De sleutelmap of de opslag is niet bereikbaar. De opname is daarmee niet vernietigd. Vraag het later nog een keer."
)
_NO_KEY = "De uitgeleende sleutel past niet op dit bestand. Vraag het nog een keer."
_NO_WORKER = "Er is nu geen werker die dit kan doen. Probeer het over een minuut opnieuw."
_TOO_LATE = "Het werk kwam niet op tijd aan de beurt. Vraag het nog een keer."

ANALYSIS_REASONS = Reasons(
    no_worker=_NO_WORKER,
    stopped="De werker is gestopt voordat alles was gezocht. Vraag het nog een keer: het gaat verder waar het was.",
    too_late=_TOO_LATE,
    too_slow="Het zoeken duurde te lang. Vraag het nog een keer: het gaat verder waar het was.",
    no_room="Er is te weinig ruimte op de schijf om te zoeken. Wat al klaar was, is niet verloren.",
    not_needed=NOT_NEEDED,
    changed=CHANGED,
    away=_AWAY,
    no_key=_NO_KEY,
    cancelled="Het zoeken is gestopt.",
    broken="Het zoeken is mislukt ({error}). Vraag het nog een keer.",
)
RENDERING_REASONS = Reasons(
    no_worker=_NO_WORKER,
    stopped="De werker is gestopt voordat de kopie klaar was. Vraag de kopie nog een keer.",
    too_late=_TOO_LATE,
    too_slow="Het maken van de kopie duurde te lang.",
    no_room="Er is te weinig ruimte op de schijf voor de kopie. Wat u nakeek, is niet verloren.",
    not_needed=NOT_NEEDED,
    changed=CHANGED,
    away=_AWAY,
    no_key=_NO_KEY,
    cancelled="Het maken van de kopie is gestopt.",
    broken="Het maken van de kopie is mislukt ({error}). Vraag de kopie nog een keer.",
)
