"""The one door of this package: make everything that goes along, write it, seal it for the receiver (docs/spec/bag.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.bag import papers, view
from beeldkluis.bag.contents import Package
from beeldkluis.bag.instructions import instructions
from beeldkluis.bag.writing import Around, Fingerprint, Writing, seal_into
from beeldkluis.sealed.age import Recipient
from beeldkluis.sealed.note import Signer

LETTER = "brief.pdf"


@dataclass(frozen=True, slots=True)
class Packed:
    """A package that is whole: its fingerprint, its bytes when sealed, and the paragraph for the proces-verbaal."""

    fingerprint: Fingerprint
    size: int
    paragraph: str


def pack(
    package: Package,
    out: BinaryIO,
    receiver: Recipient | str,
    *,
    signer: Signer,
    signed_by: str,
    letter: Callable[[Fingerprint], bytes],
    viewed_by: tuple[str, ...],
    largest: int | None = None,
) -> Packed:
    """Write the sealed package to `out`. `receiver`: the receiver's age key, or a passphrase (sealed.passphrase) that is told
    separately. `signed_by`: the function of who signs the certificate. `letter` makes the covering letter once the fingerprint is
    known that it prints. `viewed_by`: who saw the film before, by function; empty: nobody. `largest`: bytes that the receiver
    takes in one file; ask `parts.in_parts` first.

    BagError when no whole package was made; what stands in `out` then opens nowhere and must go. What reading a clip raises goes
    on.
    """

    def made(fingerprint: Fingerprint) -> dict[str, bytes]:
        certificate = papers.certificate(package, fingerprint, signer=signed_by)
        return {LETTER: letter(fingerprint), papers.CERTIFICATE: certificate}

    around = Around(view=view.page(package), instructions=instructions(package), papers=made)
    writing = Writing(package, around, signer)
    size = seal_into(out, writing, receiver, largest=largest)
    paragraph = papers.paragraph(package, writing.fingerprint, viewed_by=viewed_by)
    return Packed(writing.fingerprint, size, paragraph)
