"""The public form, asked ten times at the same moment on PostgreSQL with the cache in files; prints what came of it.

Run by tests/processes.py: `tests.web.public_at_once FOLDER`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from tests.template import make_tables

from beeldkluis.cases.models import Case
from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry

AT_ONCE = 10
FORM, SIGN_IN = "/over-bodycams/verzoek/", "/accounts/login/"


def together(ask: Callable[[int], int]) -> dict[str, int]:
    """How often each status was answered when all ask at the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> int:
        start.wait()
        try:
            return ask(number)
        finally:
            connections.close_all()  # those of the limits too

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, range(AT_ONCE)))
    return {str(status): found.count(status) for status in sorted(set(found))}


def send(address: str, once: str) -> int:
    moment = f"{clock.now() - timedelta(days=3):%Y-%m-%dT%H:%M}"
    told = {
        "kind": "access", "requester_name": "J. de Vries", "requester_email": "j@example.nl", "moment_from": moment,
        "place": "De Gast", "once": once,
    }  # fmt: skip
    return Client().post(FORM, told, REMOTE_ADDR=address).status_code


def sign_in(address: str) -> int:
    typed = {"login": "beheerder@example.nl", "password": "dit is het niet"}
    return Client().post(SIGN_IN, typed, REMOTE_ADDR=address).status_code


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    make_tables()
    outcome = {
        "from_one": together(lambda number: send("10.0.0.1", f"a{number}")),
        "cases_of_one": Case.objects.count(),
    }
    outcome["the_same"] = together(lambda number: send(f"10.0.1.{number}", "once"))
    outcome["cases_of_the_same"] = Case.objects.count() - int(str(outcome["cases_of_one"]))
    limits = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = limits | {"public_requests": "3/h/key"}
    cache.clear()
    before = Case.objects.count()
    outcome["from_all"] = together(lambda number: send(f"10.0.2.{number}", f"b{number}"))
    outcome["cases_of_all"] = Case.objects.count() - before
    outcome["told"] = Finding.objects.filter(rule="public.information").count()
    settings.ACCOUNT_RATE_LIMITS = limits | {"stranger_entries": "4/h/key"}
    cache.clear()
    together(lambda number: sign_in(f"10.0.3.{number}"))
    outcome["noted"] = Entry.objects.filter(act="web.sign_in_failed").count()
    sys.stdout.write(json.dumps(outcome) + "\n")
    connections.close_all()


main()
