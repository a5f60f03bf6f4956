"""The sentences, in Dutch, that people read when an analysis or a redacted copy is not made."""

from beeldkluis.film.talk import NO_FILM, NO_PICTURE, NOT_SAFE

TOO_LONG = "Het bestand zegt dat het langer dan 24 uur duurt. Dat kan niet worden bewerkt."
DIFFERS = "De beelden van deze opname zijn niet dezelfde als bij de analyse. Laat de opname opnieuw analyseren."
NOT_COVERED = "De controle van de bewerkte kopie is mislukt: een plek die onherkenbaar moest zijn, is dat niet."
NOT_MARKED = "De controle van de bewerkte kopie is mislukt: niet op elk beeld staat dat de kopie is bewerkt."
OTHER_PICTURES = "De controle van de bewerkte kopie is mislukt: zij heeft niet dezelfde beelden als de opname."
AUDIBLE = "De controle van de bewerkte kopie is mislukt: er is geluid te horen dat stil moest zijn."
SOMETHING_ELSE = "De controle van de bewerkte kopie is mislukt: er staat meer in dan beeld en geluid."
RENDERING = (NO_FILM, NO_PICTURE, NOT_SAFE, TOO_LONG, DIFFERS)  # all that the process that renders may say
CHECKING = (NO_FILM, NO_PICTURE, NOT_SAFE, NOT_COVERED, NOT_MARKED, OTHER_PICTURES, AUDIBLE, SOMETHING_ELSE)
OWN_DETECTOR = (
    "De eigen detector van deze gemeente werkt niet, en zonder die wordt niet gezocht. "
    "Wat eraan mankeert, zegt ‘beeldkluis doctor’ op de server."
)
OTHER_PARTS = (
    "De beelden van deze opname zijn niet dezelfde als bij de vorige poging. "
    "Vraag het nog een keer: het zoeken begint dan opnieuw."
)
ANALYSING = (NO_FILM, NO_PICTURE, NOT_SAFE, TOO_LONG, OWN_DETECTOR, OTHER_PARTS)

ANALYSING_BROKEN = "Het zoeken in de opname is halverwege gestopt."
ANALYSING_SLOW = "Het zoeken in de opname duurde te lang."
ANALYSING_TOO_BIG = "Er is meer gevonden dan kan worden bewaard."
NOT_INSTALLED = "Op deze server ontbreekt een onderdeel dat beelden bewerkt. Het komt met ‘make install’."
RENDERING_BROKEN = "Het maken van de bewerkte kopie is halverwege gestopt."
RENDERING_SLOW = "Het maken van de bewerkte kopie duurde te lang."
RENDERING_TOO_BIG = "De bewerkte kopie wordt te groot."
CHECKING_BROKEN = "De controle van de bewerkte kopie is halverwege gestopt."
CHECKING_SLOW = "De controle van de bewerkte kopie duurde te lang."
