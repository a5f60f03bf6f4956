"""Opens a recording for a signed-in team manager, in an installation of its own. Run by tests/processes.py, on BEELDKLUIS_DATA:

    tests.web.opened opening              the first recording: {"path", "token", "cookie", "size"}
    tests.web.opened counts               rows and files that uploads left: {"uploads", "staged", "sessions"}
    tests.web.opened findings             the words of what somebody must look into

Who was there and why is other tests' matter: the row of an opening is written as the gate would leave it.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session

from beeldkluis.findings.models import Finding
from beeldkluis.intake.models import Receipt, Upload
from beeldkluis.journal import clock, guard
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.sealed.token import hash_token, new_token
from beeldkluis.vault.models import SealedObject
from beeldkluis.viewing.models import Heartbeat, Opening


def opening() -> dict[str, Any]:
    receipt, manager = Receipt.objects.earliest("given_at"), Person.objects.get(role=Role.TEAM_MANAGER.value)
    now, token = clock.now(), new_token()
    with guard.opened():
        made = Opening.objects.create(
            recording=receipt.recording, case="2026-0001", purpose="assess_request", person=manager, opened_at=now,
            expires_at=now + timedelta(hours=2), token_hash=hash_token(token),
        )  # fmt: skip
        Heartbeat.objects.create(opening=made, at=now)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(manager.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = manager.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": now.timestamp()}]
    session["account_authentication_methods_user"] = str(manager.pk)
    session.save()
    size = SealedObject.objects.get(pk=receipt.clip).payload_size
    path = f"/inzien/verzegeld/{made.pk}/{receipt.clip}"
    return {"path": path, "token": token, "cookie": session.session_key, "size": size}


def counts() -> dict[str, int]:
    staged = list(Path(settings.STAGING_FOLDER).iterdir())
    return {"uploads": Upload.objects.count(), "staged": len(staged), "sessions": Session.objects.count()}


def findings() -> list[str]:
    return list(Finding.objects.values_list("text", flat=True))


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"opening": opening, "counts": counts, "findings": findings}[sys.argv[1]]()))
