"""LEES-MIJ.txt: how anybody checks a package, with `sha256sum`, `age` and the verifier that goes along."""

from beeldkluis.bag.contents import Package

_TEXT = """\
PAKKET {name} VAN GEMEENTE {municipality}

1. Kijken
Pak de ZIP uit en open bekijk.html. U hebt geen internet nodig en hoeft niets te installeren.

2. Controleren in een minuut
Open een opdrachtvenster in deze map en typ:

    python3 -I controleer.py

U ziet acht woorden. Vergelijk ze met de acht woorden in de brief op papier.
Zijn ze gelijk en staat er "Alles klopt"? Dan is dit precies wat is overhandigd.
De brief in de map papieren telt daarvoor niet: vergelijk met de brief die u op papier kreeg.
Hebt u controleer.py al van een eerder pakket, of van de gemeente? Gebruik dan die, met de map of de ZIP erachter.

De handtekening apart controleren, met de sleutel die de gemeente openbaar maakt:

    python3 -I controleer.py --sleutel "{key}"

3. Controleren zonder dit programma

    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt
    sha256sum tagmanifest-sha256.txt

De laatste regel is de code die ook in de brief staat, in 64 tekens.
Dit pakket is een BagIt-pakket (RFC 8493). Elk programma voor BagIt kan het lezen.

4. De ZIP zelf
De ZIP was verzegeld met age (age-encryption.org). Opnieuw openen:

    age -d -i sleutel.txt -o pakket.zip pakket.zip.age     (met uw sleutel)
    age -d -o pakket.zip pakket.zip.age                    (met een wachtzin)

De ZIP heeft een vaste vorm. Wie hem opnieuw inpakt, krijgt een ZIP die controleer.py afkeurt.
Pak hem dan uit en controleer de map.

5. Wat waar staat
data/beelden      de bestanden van de camera, zoals ze van de camera kwamen
data/herkomst     wat er met elke opname is gebeurd, van camera tot overhandiging
data/logboek      bewijs dat het logboek van de gemeente dat ook zegt
data/evidence.json  alle feiten, om door een programma te laten lezen
papieren          de brief en de verklaring
"""


def instructions(package: Package, key: str) -> bytes:
    """The text, in Dutch, with line ends that every editor knows. `key`: the verifier key of the seal."""
    text = _TEXT.format(name=package.name, municipality=package.municipality.upper(), key=key)
    return text.replace("\n", "\r\n").encode()
