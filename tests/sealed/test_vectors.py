"""The vectors that the pages of the specification point to, and the fields that those pages name."""

import base64
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from beeldkluis.journal.events import canonical, detail_hash
from beeldkluis.sealed import age, merkle, statement
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.receipt import Receipt
from beeldkluis.sealed.tlog import checkpoint_text, read_checkpoint

ROOT = Path(__file__).parents[2]


def vectors(name: str) -> Any:
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def test_the_sealed_object_of_the_specification() -> None:
    one = vectors("sealed")
    film, payload, file_key = (bytes.fromhex(one[name]) for name in ("film", "payload", "file_key"))
    assert b"".join(bytes(part) for part in age.Sealer(file_key, payload[:16]).chunks([film])) == payload
    header = base64.b64decode(one["header"])
    for identity in (one["team_identity"], one["recovery_identity"]):
        assert age.open_header(header, [age.Identity.parse(identity)]) == file_key
    assert str(age.Identity.parse(one["team_identity"]).recipient) == one["team_recipient"]
    assert age.open_bytes(header + payload, [age.Identity.parse(one["team_identity"])]) == film
    sealed = base64.b64decode(one["sealed_identity"])
    assert str(age.open_identity(sealed, one["passphrase"])) == one["team_identity"]


def test_the_journal_of_the_specification() -> None:
    one = vectors("journal")
    nodes: dict[tuple[int, int], bytes] = {}

    def get(level: int, index: int) -> bytes:
        return nodes[level, index]

    for number, leaf in enumerate(one["leaves"]):
        assert canonical(json.loads(leaf)) == leaf.encode()
        hashed = merkle.leaf_hash(leaf.encode())
        assert hashed.hex() == one["leaf_hashes"][number]
        for level, index, node in merkle.appended(number, hashed, get):
            nodes[level, index] = node
        assert merkle.root(number + 1, get).hex() == one["roots"][number]
    size = len(one["leaves"])
    for number, path in enumerate(one["inclusion"]):
        assert [node.hex() for node in merkle.inclusion(number, size, get)] == path
    for first, path in enumerate(one["consistency"], 1):
        assert [node.hex() for node in merkle.consistency(first, size, get)] == path
    signer = Signer.parse(one["signing_key"])
    text = checkpoint_text(signer.name, size, bytes.fromhex(one["roots"][-1]))
    assert signer.sign(text) == one["checkpoint"]
    assert read_checkpoint(one["checkpoint"], one["verifier_key"]).size == size
    told = one["details"]
    assert detail_hash(bytes.fromhex(told["salt"]), told["payload"].encode()) == told["hash"]
    assert json.loads(one["leaves"][told["n"]])["details"] == told["hash"]


def test_the_statements_of_the_specification() -> None:
    one = vectors("statements")
    manifest = Manifest.verify(one["manifest"], one["dock_verifier_key"])
    assert manifest.sign(Signer.parse(one["dock_signing_key"])) == one["manifest"]
    receipt = Receipt.verify(one["receipt"], one["vault_verifier_key"])
    assert receipt.sign(Signer.parse(one["vault_signing_key"])) == one["receipt"]
    assert receipt.source_sha256 == manifest.source_sha256
    assert statement.verify("beeldkluis.nl/receipt/v1", one["receipt"], one["vault_verifier_key"])["index"] == 1


@pytest.mark.parametrize(("heading", "shape"), [("2.", Manifest), ("3.", Receipt)])
def test_the_specification_names_every_field(heading: str, shape: type[Any]) -> None:
    page = (ROOT / "docs" / "spec" / "receipt-and-manifest.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {one.name for one in fields(shape)}
