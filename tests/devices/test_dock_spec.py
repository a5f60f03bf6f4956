"""docs/spec/dock.md says what is true: its examples are sent, its fields are compared, its vector is signed again."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from django.test import Client

from beeldkluis.devices.models import Bodycam
from beeldkluis.sealed import statement
from beeldkluis.sealed.note import Signer
from tests.devices.conftest import Ask

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "docs" / "spec" / "dock.md").read_text(encoding="utf-8")
APPLICATION, MESSAGE = (json.loads(block) for block in re.findall(r"```json\n(.+?)```", SPEC, re.DOTALL))


def table_after(heading: str) -> set[str]:
    """The names in the first column of the tables under a heading."""
    section = SPEC.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def test_the_application_in_the_spec_lets_a_dock_in(
    client: Client, code: str, dock_key: Signer, keys: tuple[str, str], vault_folders: Path, at_start: datetime
) -> None:
    sent = APPLICATION | {"code": code, "public_key": dock_key.vkey}
    answer = client.post("/dock/v1/enrol", sent, content_type="application/json")
    assert answer.status_code == 201
    assert set(answer.json()) == table_after("2.")


def test_the_message_in_the_spec_is_taken(ask: Ask, bodycam: Bodycam) -> None:
    told = ask("POST", "/dock/v1/docked", MESSAGE).json()
    assert told["label"] == "BC-0007"
    assert set(told) | set(MESSAGE) == table_after("4.")


def test_the_configuration_has_the_fields_of_the_spec(ask: Ask, keys: tuple[str, str]) -> None:
    note = ask("GET", "/dock/v1/configuration").content.decode()
    assert set(json.loads(note.splitlines()[1])) == table_after("3.")
    assert note.splitlines()[0] in SPEC


def test_the_vector_is_signed_again_byte_for_byte() -> None:
    vector: dict[str, Any] = json.loads((ROOT / "tests" / "vectors" / "configuration-v1.json").read_text())
    signer = Signer.parse(vector["signing_key"])
    assert signer.vkey == vector["verifier_key"]
    assert statement.sign(vector["kind"], vector["content"], signer) == vector["note"]
    assert statement.verify(vector["kind"], vector["note"], vector["verifier_key"]) == vector["content"]
