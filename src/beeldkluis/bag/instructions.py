"""LEES-MIJ.txt: how anybody checks a package, with `sha256sum`, `age` and the verifier that goes along."""

from beeldkluis.bag.contents import Package

_TEXT = """\
PAKKET {name} VAN GEMEENTE {municipality}

1. Kijken
Pak de hele ZIP uit en open bekijk.html. U hebt geen internet nodig en hoeft niets te installeren.
Speelt een film daar niet af? Open dan het bestand in de map data, beelden, met een ander programma.

2. Controleren
Daarvoor moet Python 3.8 of nieuwer op de computer staan. Vraag het uw beheerder, of doe stap 3.
Open de map met dit bestand in een opdrachtvenster. In Windows: klik in de adresbalk van de map, typ cmd en druk op Enter.
Typ dan:

    py -I controleer.py          (in Windows)
    python3 -I controleer.py     (op andere computers)

U ziet acht woorden. Vergelijk ze met de acht woorden in de brief op papier.
Zijn ze gelijk en staat er "Alles klopt"? Dan is dit precies wat is overhandigd.
De brief in de map papieren telt daarvoor niet: vergelijk met de brief die u op papier kreeg.
Wie dit pakket verving, kan ook controleer.py hebben vervangen. Neem daarom liever een controleer.py van de gemeente
of uit een eerder pakket, met de map of de ZIP erachter. Of vergelijk ook de code van stap 3.

Staat er "toegevoegd" bij .DS_Store, Thumbs.db of desktop.ini? Dat bestand maakte uw computer zelf.
Haal het weg en controleer opnieuw, of controleer de ZIP.

Wilt u ook weten wie dit pakket ondertekende? Haal de sleutel van de website van de gemeente, niet uit dit pakket, en typ:

    python3 -I controleer.py --sleutel "de sleutel van de website"

3. Controleren zonder dit programma

    sha256sum -c manifest-sha256.txt
    sha256sum -c tagmanifest-sha256.txt
    sha256sum tagmanifest-sha256.txt

Achter elk bestand moet OK staan. De laatste regel is de code die ook in de brief op papier staat, in 64 tekens.
In Windows geeft dit de code van een bestand: certutil -hashfile tagmanifest-sha256.txt SHA256
Zo ziet u niet of er een bestand bij is gekomen, en niet of de map papieren is veranderd.
Dit pakket is een BagIt-pakket (RFC 8493). Elk programma voor BagIt kan het lezen.

4. De ZIP zelf
De ZIP was verzegeld met age (age-encryption.org). Opnieuw openen:

    age -d -i sleutel.txt -o pakket.zip pakket.zip.age     (met uw sleutel)
    age -d -o pakket.zip pakket.zip.age                    (met een wachtzin)

De ZIP heeft een vaste vorm. Wie hem opnieuw inpakt, krijgt een ZIP die controleer.py afkeurt.
Pak hem dan uit en controleer de map.

5. Wat waar staat
data/beelden      de bestanden van de camera
data/herkomst     wat er met elke opname is gebeurd, van camera tot overhandiging
data/logboek      bewijs dat het logboek van de gemeente dat ook zegt
data/evidence.json  alle feiten, om door een programma te laten lezen
papieren          de brief en de verklaring
"""


def instructions(package: Package) -> bytes:
    """The text, in Dutch, with line ends that every editor knows. It names no key: a swapped package would name the thief's."""
    text = _TEXT.format(name=package.name, municipality=package.municipality.upper())
    return text.replace("\n", "\r\n").encode()
