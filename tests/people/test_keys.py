import secrets
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from beeldkluis.journal.models import Entry
from beeldkluis.people import queries
from beeldkluis.people.actions import record_key_ceremony
from beeldkluis.people.models import Person, SealedIdentity, TeamKey
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age, axis
from tests.conftest import START


@pytest.fixture(scope="module")
def rsa() -> tuple[str, bytes]:
    return axis.generate_rsa()


@pytest.fixture
def made(rsa: tuple[str, bytes]) -> dict[str, Any]:
    """What the browser sends after the ceremony: public halves, and private ones only sealed."""
    team, recovery = age.Identity.generate(), age.Identity.generate()
    public, private = rsa
    return {
        "team_recipient": str(team.recipient),
        "recovery_recipient": str(recovery.recipient),
        "axis_public": public,
        "axis_sealed_private": age.seal_bytes(private, [team.recipient, recovery.recipient]),
        "sealed_identity": age.seal_identity(team, "zes woorden die niemand raadt", work_factor=4),
    }


def test_after_the_ceremony_everything_is_sealed_for_team_and_recovery(
    team_manager: Person, made: dict[str, Any]
) -> None:
    assert queries.current_recipients() == ()
    record_key_ceremony(**made, actor=team_manager.as_actor, now=START)
    assert queries.current_recipients() == (made["team_recipient"], made["recovery_recipient"])
    copy = queries.sealed_identity_for(team_manager)
    assert copy is not None
    opened = age.open_identity(bytes(copy.sealed), "zes woorden die niemand raadt")
    assert str(opened.recipient) == made["team_recipient"]
    entry = Entry.objects.get(act="people.keys_made")
    assert age.fingerprint(made["team_recipient"]).encode() in bytes(entry.data)


def test_there_is_one_ceremony(team_manager: Person, made: dict[str, Any]) -> None:
    record_key_ceremony(**made, actor=team_manager.as_actor, now=START)
    with pytest.raises(Refused, match="al sleutels"):
        record_key_ceremony(**made, actor=team_manager.as_actor, now=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamKey.objects.create(kind=TeamKey.Kind.TEAM, public="x", fingerprint="x", made_at=START)


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_only_the_team_manager_makes_keys(role: str, request: pytest.FixtureRequest, made: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        record_key_ceremony(**made, actor=request.getfixturevalue(role).as_actor, now=START)
    assert not TeamKey.objects.exists()


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("team_recipient", "age1nothing"),
        ("recovery_recipient", ""),
        ("axis_public", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
        ("sealed_identity", b"AGE-SECRET-KEY-1" + b"Q" * 58),
        ("axis_sealed_private", secrets.token_bytes(300)),
        ("axis_sealed_private", b"age-encryption.org/v1\n" + b"x" * 20_000),
    ],
)
def test_what_is_no_key_or_is_not_sealed_is_refused_and_nothing_is_kept(
    team_manager: Person, made: dict[str, Any], name: str, wrong: object
) -> None:
    with pytest.raises(Refused, match="niets vastgelegd"):
        record_key_ceremony(**(made | {name: wrong}), actor=team_manager.as_actor, now=START)
    assert not TeamKey.objects.exists()
    assert not SealedIdentity.objects.exists()


def test_the_same_key_twice_is_no_recovery(team_manager: Person, made: dict[str, Any]) -> None:
    made["recovery_recipient"] = made["team_recipient"]
    with pytest.raises(Refused):
        record_key_ceremony(**made, actor=team_manager.as_actor, now=START)
