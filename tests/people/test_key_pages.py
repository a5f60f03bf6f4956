"""What the key pages take: public halves and sealed copies, from the team manager, once."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from beeldkluis.people.models import Person, SealedIdentity, TeamKey
from beeldkluis.sealed import age, axis

TEAM, RECOVERY = age.Identity.generate(), age.Identity.generate()
PUBLIC, PRIVATE = axis.generate_rsa()


def sent(**changed: str) -> dict[str, str]:
    sealed = age.seal_bytes(PRIVATE, [TEAM.recipient, RECOVERY.recipient])
    return {
        "team_recipient": str(TEAM.recipient),
        "recovery_recipient": str(RECOVERY.recipient),
        "axis_public": PUBLIC,
        "axis_sealed_private": base64.b64encode(sealed).decode(),
        "sealed_identity": base64.b64encode(age.seal_identity(TEAM, "een twee", 10)).decode(),
    } | changed


def post(client: Client, content: object) -> Any:
    return client.post("/sleutels/vastleggen/", json.dumps(content), content_type="application/json")


def test_the_team_manager_records_the_keys_once(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    assert client.get("/sleutels/maken/").status_code == 200
    assert post(client, sent()).json() == {"next": "/sleutels/"}
    assert set(TeamKey.objects.values_list("kind", flat=True)) == {"team", "recovery", "axis"}
    assert client.get("/sleutels/maken/").status_code == 302
    assert post(client, sent()).status_code == 403
    assert SealedIdentity.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"team_recipient": "age1onzin"}, 403),
        ({"recovery_recipient": str(TEAM.recipient)}, 403),
        ({"axis_public": "geen sleutel"}, 403),
        ({"sealed_identity": base64.b64encode(b"onverzegeld").decode()}, 403),
        ({"axis_sealed_private": "%%%"}, 400),
    ],
)
def test_what_is_no_key_or_not_sealed_is_refused_and_nothing_kept(
    client: Client, team_manager: Person, changed: dict[str, str], status: int
) -> None:
    client.force_login(team_manager)
    assert post(client, sent(**changed)).status_code == status
    assert not TeamKey.objects.exists()


def test_nonsense_is_no_ceremony(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    for wrong in ([], "tekst", {"team_recipient": "x"}, {"x": "y" * 70_000}):
        assert post(client, wrong).status_code == 400


def test_nobody_else_makes_keys(client: Client, dpo: Person, administrator: Person) -> None:
    for person in (dpo, administrator):
        client.force_login(person)
        assert client.get("/sleutels/").status_code == 403
        assert client.get("/sleutels/maken/").status_code == 403
        assert post(client, sent()).status_code == 403
    assert not TeamKey.objects.exists()
