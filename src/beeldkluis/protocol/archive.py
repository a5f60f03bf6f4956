"""On which ground footage is destroyed, as the Archiefwet asks: the category of the selection list, and why the term was over.

Sources: Archiefwet 1995 articles 3 and 5, Archiefbesluit 1995 article 8 (a declaration names what was destroyed, the ground and
the way). Which category that is, is the archivist's word: it stands in the protocol file, and is empty until it is known.
"""

from dataclasses import dataclass

from beeldkluis.protocol.register import Protocol, rule

UNKNOWN = "nog niet ingevuld in het protocolbestand"
WAY = "De sleutel is overschreven en gewist; daarmee is elke kopie onleesbaar. Daarna zijn de versleutelde bestanden verwijderd."


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something was destroyed: the ground, the selection list and the category in it."""

    ground: str
    selection_list: str
    category: str


@rule("retention.archive")
def ground_of(protocol: Protocol) -> Ground:
    """The ground under this version of the protocol; what it does not name is said to be unknown, never made up."""
    names = ("destruction", "selection_list", "category")
    told = {name: " ".join(protocol.legal.get(name, ())) or UNKNOWN for name in names}
    return Ground(told["destruction"], told["selection_list"], told["category"])
