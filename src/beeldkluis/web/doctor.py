"""What is wrong with this installation, in words for its administrator. Reads only."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from beeldkluis.documents.words import ZONE, day
from beeldkluis.governance import registers
from beeldkluis.governance.queries import in_force
from beeldkluis.governance.registers import base
from beeldkluis.journal import anchor, clock, remembered, triggers
from beeldkluis.journal.queries import newest_moment
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.people.municipality_queries import contact
from beeldkluis.people.queries import active_key
from beeldkluis.protocol.brake import node_clock_holds
from beeldkluis.protocol.decree_days import known
from beeldkluis.protocol.legal import lacking
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.register import RegisterError
from beeldkluis.protocol.roles import Role
from beeldkluis.redaction import own_detector_queries
from beeldkluis.retention.queries import to_destroy
from beeldkluis.vault import checks as vault
from beeldkluis.web import belongings, journal_watch, looked_over
from beeldkluis.web.installation import OTHERS, open_among_few, open_among_many

LEAST_FREE = 10 * 1024**3  # bytes: below this a full camera may not fit
SHOWN = 10  # files with wrong rights that are named; then a number
PATIENCE = timedelta(hours=1)
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
NEEDED = (Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR)


def findings() -> list[str]:
    """Sentences, one per fault; empty when nothing is wrong. A part that cannot be looked at is a fault as well."""
    seen = _on_disks()
    parts: tuple[Callable[[], Iterator[str]], ...] = (
        secrets,
        partial(rights, seen),
        address,
        screens,
        protocol,
        decree,
        database,
        clock_at_hand,
        disks,
        detector,
    )
    found = [own_words(sentence) for part in parts for sentence in part()]
    if not database_answers():
        return [*found, "De database antwoordt niet. Wat daarin hoort te staan, is niet bekeken."]
    rest = (
        *belonging(),
        *pragmas(),
        *migrations(),
        *people_and_keys(),
        *told(),
        *erasure(),
        *vault.findings(looked_over.key_counts(seen) if seen else None),
        *journal(),
    )
    return [*found, *(own_words(sentence) for sentence in rest)]


def secrets() -> Iterator[str]:
    """The secret and the signing key are there, and for nobody else."""
    if settings.SECRET_KEY == settings.NO_SECRET:
        yield "De installatie heeft geen geheim. Doe: beeldkluis setup"
    if not Path(settings.SIGNING_KEY_FILE).exists():
        yield (
            "De ondertekensleutel van de kluis ontbreekt. Nieuwe installatie? Doe: beeldkluis setup. "
            "Was hij er eerder? Zet hem dan terug uit de kluis: docks vertrouwen geen andere."
        )
    for path in (Path(settings.SECRET_FILE), Path(settings.SIGNING_KEY_FILE), anchor.path(), remembered.path()):
        if path.exists() and path.stat().st_mode & OTHERS:
            yield f"{path} is ook voor anderen leesbaar; zet de rechten op 0600."


def _on_disks() -> list[looked_over.Part]:
    """What was found among the sealed files and the keys; nothing when the database does not say how many there are."""
    try:
        return looked_over.found(clock.now())
    except (DatabaseError, ImproperlyConfigured):
        return []


def rights(seen: Sequence[looked_over.Part] = ()) -> Iterator[str]:
    """Database, keys, film and what lies beside them are for the program's own user only. `seen`: what was found among the many
    files; without it each of them is looked at.
    """
    named = (Path(settings.SECRET_FILE), Path(settings.SIGNING_KEY_FILE))
    found = [path for path in open_among_few() if path not in named]
    found += [path for part in seen for path in part.open] if seen else open_among_many("")
    count = len(found) + sum(part.number_open - len(part.open) for part in seen)
    for path in found[:SHOWN]:
        yield f"{path} is ook voor anderen op deze machine open. Doe: beeldkluis setup"
    if count > SHOWN:
        yield f"En nog {count - SHOWN} bestanden en mappen zijn ook voor anderen open. Doe: beeldkluis setup"


def address() -> Iterator[str]:
    """Browsers get https, except on this machine itself."""
    host = (
        settings.ADDRESS.partition("://")[2].partition("/")[0].rpartition(":")[0]
        or settings.ADDRESS.partition("://")[2]
    )
    if not settings.HTTPS and host not in {"localhost", "127.0.0.1", "[::1]"}:
        yield f"Het adres {settings.ADDRESS} is zonder https: browsers openen daar geen beelden en maken geen passkeys."
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield f"BEELDKLUIS_HOSTS noemt {host} niet; de server weigert dat adres."
    if settings.HTTPS and settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0:
        yield (
            "Er staat https voor, maar BEELDKLUIS_PROXIES is 0: alle bezoekers lijken dan van één adres te komen "
            "en wachten op elkaar bij het inloggen. De server weet ook niet dat de lijn https is: browsers onthouden het niet "
            "(HSTS), en docks krijgen een adres met http."
        )
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and not settings.HTTPS:
        yield "BEELDKLUIS_PROXIES noemt een proxy, maar BEELDKLUIS_ADDRESS is zonder https. Zet daar het adres van de proxy."


def screens() -> Iterator[str]:
    """The built style sheet and scripts are there, also where the web server looks."""
    if finders.find("built/beeldkluis.css") is None:
        yield "De opmaak is niet gebouwd. Doe: cd frontend && npm ci && npm run build, en daarna: beeldkluis setup"
    elif not (Path(settings.STATIC_ROOT) / "built" / "beeldkluis.css").exists():
        yield "De opmaak staat nog niet klaar voor de webserver. Doe: beeldkluis setup"


def protocol() -> Iterator[str]:
    """The municipality's protocol file can be read and understood, and says nothing that the program does not know: a number
    that was misspelled leaves the program's own in force.
    """
    try:
        in_force()
        registers.check(registers.base_path().read_bytes(), registers.base_path().name)
    except OSError as error:
        yield f"Het protocolbestand is niet te lezen: {error}"
    except (RegisterError, ValueError) as error:
        yield f"Het protocolbestand klopt niet: {error}"


def decree(now: datetime | None = None) -> Iterator[str]:
    """The days that a decree makes equal to holidays are known for a year at least: terms of the law are counted with them."""
    try:
        days = known()
    except (OSError, RegisterError) as error:
        yield f"De gelijkgestelde dagen zijn niet te lezen; geen termijn voor bezwaar is te bepalen: {error}"
        return
    if days.runs_out((now or clock.now()).astimezone(ZONE).date()):
        yield f"Na {day(datetime.combine(days.known_until, time(12), ZONE))} zijn de gelijkgestelde feestdagen niet bekend"


def database_answers() -> bool:
    """Can anything be asked of the database?"""
    try:
        connection.ensure_connection()
    except (DatabaseError, ImproperlyConfigured):
        return False
    return True


def database() -> Iterator[str]:
    """SQLite lies on a disk of this machine; PostgreSQL is used with a role that is no superuser."""
    if connection.vendor == "postgresql" and database_answers():
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            row = cursor.fetchone()
        if row and row[0]:
            yield "De databasegebruiker is superuser en kan de grendels op het logboek weghalen. Gebruik een gewone gebruiker."


def belonging() -> Iterator[str]:
    """This machine has the same key, secret, journal and municipality as the others on this database."""
    yield from belongings.differing()


def pragmas() -> Iterator[str]:
    """SQLite is set up so that what was accepted survives a power cut and what was deleted is overwritten."""
    if connection.vendor != "sqlite" or connection.settings_dict["NAME"] == ":memory:":
        return
    if connection.settings_dict.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        yield "SQLite: transaction_mode staat niet op IMMEDIATE; onder druk mislukken stappen."
    with connection.cursor() as cursor:
        for name, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            value = cursor.fetchone()[0]
            if value != wanted:
                yield f"SQLite: {name} staat op {value} en hoort op {wanted} te staan."


def migrations() -> Iterator[str]:
    """The database has the shape this version expects."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "De database is van een andere versie. Doe: beeldkluis setup"


def people_and_keys() -> Iterator[str]:
    """Somebody for each role, and keys to seal for."""
    there = set(Person.objects.filter(is_active=True).values_list("role", flat=True))
    for role in NEEDED:
        if role.value not in there:
            yield f"Er is niemand met de rol {role.dutch}."
    for kind in (TeamKey.Kind.TEAM, TeamKey.Kind.RECOVERY):
        if active_key(kind) is None:
            yield f"Er is geen {kind.label}. De teammanager maakt de sleutels op de pagina Sleutels."


def told() -> Iterator[str]:
    """What letters and the public page must tell is filled in."""
    with suppress(OSError, RegisterError, ValueError):  # `protocol` says so
        yield from lacking(in_force(), contact())


def erasure() -> Iterator[str]:
    """What is due goes within the minute. Something that is still there an hour later waits for somebody."""
    if next(protocol(), None) is not None:
        return  # named already, and without it nobody knows what is due
    if late := len(to_destroy(clock.now() - PATIENCE)):
        yield (
            f"{late} opnames hadden al vernietigd moeten zijn. Draait 'beeldkluis serve'? Of wacht een grote vernietiging "
            "op twee mensen: zie Vernietigen."
        )


def clock_at_hand() -> Iterator[str]:
    """The clock does not run behind what was already written, and is the database's clock."""
    if database_answers():
        with suppress(OSError, RegisterError, ValueError):  # the protocol file that does not answer is named above
            if not (node := node_clock_holds(ahead=clock.ahead_of_database(), protocol=base())).allowed:
                yield node.reason
        newest = newest_moment()
        if newest and newest > clock.now():
            when = f"{newest:%d-%m-%Y %H:%M}"
            yield f"De klok van deze machine loopt achter: de laatste regel in het logboek is van {when} (UTC)."


def journal() -> Iterator[str]:
    """The journal begins with what was signed, nothing was found wrong with it, and the database refuses to change it."""
    yield from triggers.findings()
    if Path(settings.SIGNING_KEY_FILE).exists():
        yield from journal_watch.findings(clock.now())


def detector() -> Iterator[str]:
    """The detector that the municipality added is whole. Whether its network runs, only the command looks."""
    if problem := own_detector_queries.wrong():
        yield problem


def disks() -> Iterator[str]:
    """Room for what cameras bring."""
    seen: set[int] = set()
    for folder in (Path(settings.DATA_FOLDER), Path(settings.STORE_FOLDER), Path(settings.STAGING_FOLDER)):
        if not folder.is_dir() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE:
            yield f"Op de schijf van {folder} is nog {free / 1024**3:.1f} GiB vrij. Docks laten camera's vol als het niet past."
