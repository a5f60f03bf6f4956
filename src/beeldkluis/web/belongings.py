"""What there may be only one of in an installation, and whether this machine has the same as the others (record 0138).

Two machines on one database must sign with one key, trust one session secret, keep one journal and go by one municipality.
The first that is set up notes its own; whatever differs on another is named, and `serve` and `tick` refuse to start there.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from beeldkluis.governance.registers import base
from beeldkluis.journal.queries import newest_checkpoint
from beeldkluis.journal.signer import signer
from beeldkluis.protocol.register import RegisterError
from beeldkluis.sealed.errors import SealError
from beeldkluis.web.models import Belonging
from beeldkluis.web.queries import is_empty

SECRET, SIGNING_KEY, ORIGIN, TOWN, KIND = "secret", "signing-key", "origin", "municipality", "kind"
DIFFERS = {
    SIGNING_KEY: (
        "De ondertekensleutel van deze machine is een andere dan die bij de database hoort: docks en ontvangstbewijzen "
        "vertrouwen hem niet. Zet de sleutel van de eerste machine in {signing_key}."
    ),
    SECRET: (
        "Het geheim van deze machine is een ander dan dat van de andere machines aan deze database: wie hier inlogt, is dat "
        "daar niet. Zet hetzelfde geheim in {secret} of in BEELDKLUIS_SECRET_KEY. Is het met opzet vernieuwd? Doe dan: "
        "beeldkluis setup --accept secret"
    ),
    ORIGIN: (
        "BEELDKLUIS_JOURNAL_ORIGIN is hier {origin}, en bij deze database hoort een andere naam van het logboek. Die naam "
        "verandert nooit."
    ),
    TOWN: (
        "Het protocolbestand van deze machine is van {town}; de database hoort bij een andere gemeente. Wijs het goede bestand "
        "aan met BEELDKLUIS_PROTOCOL."
    ),
    KIND: (
        "De database en deze machine zijn niet van dezelfde soort: de een is een demonstratie en de ander niet. Zet "
        "BEELDKLUIS_DEMONSTRATION of BEELDKLUIS_DATABASE goed."
    ),
}


def here() -> dict[str, str]:
    """The marks of this machine, by name. What cannot be read is left out: the doctor says so in other words."""
    found = {ORIGIN: settings.JOURNAL_ORIGIN, KIND: "demonstration" if settings.DEMONSTRATION else "real"}
    if settings.SECRET_KEY != settings.NO_SECRET:
        found[SECRET] = hmac.new(settings.SECRET_KEY.encode(), b"beeldkluis: which secret", hashlib.sha256).hexdigest()
    with suppress(OSError, SealError):
        found[SIGNING_KEY] = hashlib.sha256(signer().vkey.encode()).hexdigest()
    with suppress(OSError, RegisterError, ValueError):
        if not is_empty():  # until there are people, set-up may still choose another protocol file
            found[TOWN] = base().municipality
    return found


def noted() -> dict[str, str]:
    """The marks that belong to the database; none before it was set up."""
    try:
        return dict(Belonging.objects.values_list("name", "mark"))
    except DatabaseError:
        return {}


def differing() -> Iterator[str]:
    """A sentence (Dutch) for each thing of this machine that is another than the database's."""
    mine, words = here(), _words()
    for name, mark in noted().items():
        if name in mine and not hmac.compare_digest(mine[name].encode(), mark.encode()):
            yield DIFFERS[name].format(**words)


def _words() -> dict[str, str]:
    town = here().get(TOWN, "")
    return {
        "signing_key": str(Path(settings.SIGNING_KEY_FILE)),
        "secret": str(Path(settings.SECRET_FILE)),
        "origin": settings.JOURNAL_ORIGIN,
        "town": town,
    }


def signed_by_another() -> str:
    """A sentence when the newest checkpoint in the database does not verify under this machine's signing key; else empty."""
    newest = newest_checkpoint()
    if newest is None:
        return ""
    try:
        signer().verifier.verify(newest.note)
    except (OSError, SealError):
        return DIFFERS[SIGNING_KEY].format(**_words())
    return ""
