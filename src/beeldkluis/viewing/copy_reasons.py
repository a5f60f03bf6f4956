"""What a page says when there is no viewing copy."""

from beeldkluis.film.copying import SLOW
from beeldkluis.jobs.reasons import Reasons

TASK = "viewing-copy"
NOT_NEEDED = "De kijkkopie is intussen niet meer nodig."
NEW_KEYS = "De sleutels zijn intussen overgedragen. Vraag de kijkkopie nog een keer."
REASONS = Reasons(
    no_worker="Er is nu geen werker die kijkkopieën maakt. Probeer het over een minuut opnieuw.",
    stopped="De werker is gestopt voordat de kijkkopie klaar was. Vraag de kijkkopie nog een keer.",
    too_late="De kijkkopie kwam niet op tijd aan de beurt. Vraag de kijkkopie nog een keer.",
    too_slow=SLOW,
    no_room="Er is te weinig ruimte op de schijf voor een kijkkopie.",
    not_needed=NOT_NEEDED,
    changed="De aanvraag van deze kijkkopie is onderweg veranderd. Vraag de kijkkopie nog een keer.",
    away="De sleutelmap of de opslag is niet bereikbaar. De opname is daarmee niet vernietigd. Vraag hem later nog een keer.",
    no_key="De uitgeleende sleutel past niet op dit bestand. Vraag de kijkkopie nog een keer.",
    cancelled="Het maken van de kijkkopie is gestopt.",
    broken="Het maken van de kijkkopie is mislukt ({error}). Vraag de kijkkopie nog een keer.",
)
