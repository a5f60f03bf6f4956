"""The vectors that the pages of the specification point to, and the fields that those pages name."""

import base64
import hashlib
import io
import json
import os
import re
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from beeldkluis.journal.actor import ActorKind
from beeldkluis.journal.events import canonical, detail_hash
from beeldkluis.journal.verify import NotTrueError, verify
from beeldkluis.sealed import age, axis, bech32, header, merkle, passphrase, statement, wrap
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.receipt import Receipt
from beeldkluis.sealed.tlog import bundle, checkpoint_text, read_checkpoint, tile_path, unbundle

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "docs" / "spec"


def vectors(name: str) -> Any:
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


SEALED, AXIS, JOURNAL, STATEMENTS = (vectors(name) for name in ("sealed", "axis", "journal", "statements"))
FILE_KEY, PAYLOAD = bytes.fromhex(SEALED["file_key"]), bytes.fromhex(SEALED["payload"])
HEADER = base64.b64decode(SEALED["header"])
TEAM = age.Identity.parse(SEALED["team_identity"])


def drawn(monkeypatch: pytest.MonkeyPatch, *draws: bytes) -> None:
    """From now on the system's random source gives these, one after the other."""
    left = list(draws)

    def urandom(size: int) -> bytes:
        draw = left.pop(0)
        assert len(draw) == size
        return draw

    monkeypatch.setattr(os, "urandom", urandom)


def opened(payload: bytes) -> bytes:
    reader = age.PayloadReader(lambda at, length: payload[at : at + length], len(payload), FILE_KEY)
    return b"".join(reader.read(0, reader.size))


def sealed_again(film: bytes) -> bytes:
    return b"".join(bytes(part) for part in age.Sealer(FILE_KEY, PAYLOAD[:16]).chunks([film]))


class TestSealedObject:
    def test_the_payload_is_made_and_opened(self) -> None:
        film = bytes.fromhex(SEALED["film"])
        assert sealed_again(film) == PAYLOAD
        assert opened(PAYLOAD) == film
        assert age.open_bytes(HEADER + PAYLOAD, [TEAM]) == film

    def test_a_header_for_another_team_key_keeps_the_recovery_keys_part(self) -> None:
        anew, recovery = SEALED["anew"], age.Identity.parse(SEALED["recovery_identity"])
        header_anew, spoilt = base64.b64decode(anew["header"]), base64.b64decode(anew["spoilt"])
        for one in (header_anew, spoilt):
            age.check_anew(HEADER, one)
            assert age.recovered_key(one, recovery) == FILE_KEY
            assert age.open_bytes(age.mend(one, recovery) + PAYLOAD, [recovery]) == bytes.fromhex(SEALED["film"])
        assert age.open_header(header_anew, [age.Identity.parse(anew["new_identity"])]) == FILE_KEY
        with pytest.raises(SealError):
            age.open_header(spoilt, [recovery])
        for refused in anew["refused"].values():
            with pytest.raises(SealError):
                age.check_anew(HEADER, base64.b64decode(refused))

    def test_a_one_time_key_shows_whose_film_it_is(self) -> None:
        proof = bytes.fromhex(SEALED["proof"])
        assert age.prove(FILE_KEY, PAYLOAD[:16], len(PAYLOAD)) == proof
        assert age.proves(proof, PAYLOAD[16:])
        assert not age.proves(proof, PAYLOAD[16:-1] + bytes([PAYLOAD[-1] ^ 1]))

    @pytest.mark.parametrize("one", SEALED["streams"], ids=lambda one: str(one["film_size"]))
    def test_films_around_the_border_of_a_chunk(self, one: dict[str, Any]) -> None:
        film = bytes(at % 251 for at in range(one["film_size"]))
        payload = sealed_again(film)
        assert hashlib.sha256(payload).hexdigest() == one["payload_sha256"]
        assert len(payload) == age.payload_length(len(film)) == one["payload_size"]
        assert age.plain_length(len(payload)) == len(film)
        assert opened(payload) == film

    def test_the_header_opens_for_team_and_recovery_key_and_is_written_again(self) -> None:
        for name in ("team_identity", "recovery_identity"):
            assert age.open_header(HEADER, [age.Identity.parse(SEALED[name])]) == FILE_KEY
        assert str(TEAM.recipient) == SEALED["team_recipient"]
        assert bech32.encode("age", TEAM.recipient.public) == SEALED["team_recipient"]
        assert header.write(FILE_KEY, header.parse(HEADER).stanzas) == HEADER
        assert age.read_header(io.BytesIO(HEADER + PAYLOAD)) == HEADER

    def test_a_hybrid_header_opens(self) -> None:
        one = SEALED["hybrid"]
        identity = age.Identity.parse(one["identity"])
        assert str(identity.recipient) == one["recipient"]
        assert age.open_header(base64.b64decode(one["header"]), [identity]) == FILE_KEY
        with pytest.raises(SealError):
            age.build_header(FILE_KEY, [identity.recipient, TEAM.recipient])

    @pytest.mark.parametrize("why", SEALED["refused_payloads"])
    def test_a_payload_is_refused(self, why: str) -> None:
        with pytest.raises(SealError):
            opened(bytes.fromhex(SEALED["refused_payloads"][why]))

    @pytest.mark.parametrize("why", SEALED["refused_headers"])
    def test_a_header_is_refused(self, why: str) -> None:
        with pytest.raises(SealError):
            age.open_header(base64.b64decode(SEALED["refused_headers"][why]), [TEAM])

    def test_an_identity_under_a_passphrase_is_opened_and_sealed_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sealed, phrase = base64.b64decode(SEALED["sealed_identity"]), SEALED["passphrase"]
        assert age.open_identity(sealed, phrase) == TEAM
        head = header.parse(age.read_header(io.BytesIO(sealed)))
        salt, factor = head.stanzas[0].words[1:]
        drawn(
            monkeypatch,
            passphrase.open_scrypt(head, phrase),
            header.from_base64(salt),
            sealed[-age.payload_length(len(str(TEAM))) :][:16],
        )
        assert age.seal_identity(TEAM, phrase, int(factor)) == sealed

    def test_the_wrapped_header_is_made_and_opened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one = SEALED["wrapped_header"]
        shred_key, wrapped = bytes.fromhex(one["shred_key"]), bytes.fromhex(one["wrapped"])
        place = UUID(one["recording"]), UUID(one["object"])
        assert wrap.unwrap_header(shred_key, wrapped, *place) == HEADER
        with pytest.raises(SealError):
            wrap.unwrap_header(shred_key, wrapped, place[1], place[0])
        drawn(monkeypatch, wrapped[:12])
        assert wrap.wrap_header(shred_key, HEADER, *place) == wrapped

    def test_content_of_an_axis_camera_is_made_and_opened(self) -> None:
        told, private = AXIS["key_object"], base64.b64decode(AXIS["private_key"])
        key, iv = bytes.fromhex(AXIS["content_key"]), base64.b64decode(told["ContentEncryptionIV"])
        film, content = bytes.fromhex(AXIS["film"]), bytes.fromhex(AXIS["content"])
        assert age.fingerprint(AXIS["public_key"])[:32] == told["PublicKeyId"]
        assert axis.unwrap_key(base64.b64decode(told["EncryptedKey"]), private) == key
        assert axis.unwrap_key(axis.wrap_key(key, AXIS["public_key"]), private) == key
        assert b"".join(axis.encrypt([film], key, iv)) == content
        found = axis.Film(lambda at, length: content[at : at + length], len(content), key, iv)
        assert found.read(0, found.size) == film
        assert found.read(20, 40) == film[20:40]


class TestJournal:
    nodes: dict[tuple[int, int], bytes]

    @pytest.fixture(autouse=True)
    def tree(self) -> None:
        self.nodes = {}
        for number, leaf in enumerate(JOURNAL["leaves"]):
            for level, index, node in merkle.appended(number, merkle.leaf_hash(leaf.encode()), self.get):
                self.nodes[level, index] = node

    def get(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def test_leaves_are_canonical_and_hash_to_what_is_said(self) -> None:
        for number, leaf in enumerate(JOURNAL["leaves"]):
            assert canonical(json.loads(leaf)) == leaf.encode()
            assert merkle.leaf_hash(leaf.encode()).hex() == JOURNAL["leaf_hashes"][number]
        one = JOURNAL["canonical"]
        assert canonical(one["value"]).hex() == one["bytes"]
        assert json.loads(bytes.fromhex(one["bytes"])) == one["value"]

    def test_roots_and_proofs(self) -> None:
        size = len(JOURNAL["leaves"])
        roots = [bytes.fromhex(one) for one in JOURNAL["roots"]]
        assert [merkle.root(number + 1, self.get) for number in range(size)] == roots
        for number, path in enumerate(JOURNAL["inclusion"]):
            proof = [bytes.fromhex(one) for one in path]
            assert merkle.inclusion(number, size, self.get) == proof
            merkle.check_inclusion(bytes.fromhex(JOURNAL["leaf_hashes"][number]), number, size, proof, roots[-1])
        for first, path in enumerate(JOURNAL["consistency"], 1):
            proof = [bytes.fromhex(one) for one in path]
            assert merkle.consistency(first, size, self.get) == proof
            merkle.check_consistency(first, size, roots[first - 1], roots[-1], proof)

    def test_the_checkpoint_is_signed_again_and_read(self) -> None:
        signer, size = Signer.parse(JOURNAL["signing_key"]), len(JOURNAL["leaves"])
        assert signer.vkey == JOURNAL["verifier_key"]
        root = bytes.fromhex(JOURNAL["roots"][-1])
        assert signer.sign(checkpoint_text(signer.name, size, root)) == JOURNAL["checkpoint"]
        facts = read_checkpoint(JOURNAL["checkpoint"], JOURNAL["verifier_key"])
        assert (facts.origin, facts.size, facts.root) == (signer.name, size, root)

    def test_details_are_what_their_leaf_promised(self) -> None:
        told = JOURNAL["details"]
        assert detail_hash(bytes.fromhex(told["salt"]), told["payload"].encode()) == told["hash"]
        assert json.loads(JOURNAL["leaves"][told["n"]])["details"] == told["hash"]

    def test_the_files_of_an_export(self) -> None:
        for one in JOURNAL["paths"]:
            assert tile_path(one["level"], one["index"], one["width"]) == one["path"]
        leaves = [leaf.encode() for leaf in JOURNAL["leaves"]]
        entries = bytes.fromhex(JOURNAL["export"][tile_path("entries", 0, len(leaves))])
        assert bundle(leaves) == entries
        assert unbundle(entries) == leaves
        assert JOURNAL["export"][tile_path(0, 0, len(leaves))] == "".join(JOURNAL["leaf_hashes"])

    def test_the_export_is_found_true_and_with_one_letter_changed_untrue(self, tmp_path: Path) -> None:
        for path, content in JOURNAL["export"].items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(bytes.fromhex(content))
        (tmp_path / "checkpoint").write_text(JOURNAL["checkpoint"], encoding="utf-8")
        (tmp_path / "details.jsonl").write_text(JOURNAL["details_line"] + "\n", encoding="utf-8")
        found = verify(tmp_path, JOURNAL["verifier_key"], [JOURNAL["checkpoint"]])
        assert (found.entries, found.root.hex(), found.details) == (5, JOURNAL["roots"][-1], 1)
        changed = tmp_path / tile_path("entries", 0, 5)
        changed.write_bytes(changed.read_bytes().replace(b"dpo", b"dpp", 1))
        with pytest.raises(NotTrueError):
            verify(tmp_path, JOURNAL["verifier_key"])


def test_manifest_and_receipt_are_verified_and_signed_again() -> None:
    manifest = Manifest.verify(STATEMENTS["manifest"], STATEMENTS["dock_verifier_key"])
    assert manifest.sign(Signer.parse(STATEMENTS["dock_signing_key"])) == STATEMENTS["manifest"]
    receipt = Receipt.verify(STATEMENTS["receipt"], STATEMENTS["vault_verifier_key"])
    assert receipt.sign(Signer.parse(STATEMENTS["vault_signing_key"])) == STATEMENTS["receipt"]
    assert receipt.source_sha256 == manifest.source_sha256
    assert receipt.leaf.hex() == JOURNAL["leaf_hashes"][receipt.index]
    assert receipt.root.hex() == JOURNAL["roots"][receipt.tree_size - 1]


def test_a_statement_by_another_key_of_another_kind_or_changed_is_refused() -> None:
    note, key = STATEMENTS["receipt"], STATEMENTS["vault_verifier_key"]
    for kind, text, vkey in (
        ("beeldkluis.nl/receipt/v1", note, STATEMENTS["dock_verifier_key"]),
        ("beeldkluis.nl/manifest/v1", note, key),
        ("beeldkluis.nl/receipt/v1", note.replace('"index":1', '"index":2'), key),
    ):
        with pytest.raises(SealError):
            statement.verify(kind, text, vkey)


def section(page: str, heading: str) -> str:
    text = (SPEC / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}")[2].partition("\n## ")[0]


def first_column(text: str) -> set[str]:
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(("heading", "shape"), [("2.", Manifest), ("3.", Receipt)])
def test_the_specification_names_every_field(heading: str, shape: type[Any]) -> None:
    named = first_column(section("receipt-and-manifest.md", heading))
    assert named == {one.name for one in fields(shape)}


def test_the_specification_names_every_key_of_a_leaf_and_every_kind_of_actor() -> None:
    entry = section("journal.md", "1.")
    assert first_column(entry) == set(json.loads(JOURNAL["leaves"][0]))
    assert all(f"`{kind.value}`" in entry for kind in ActorKind)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("sealed-object.md", "sealed"),
        ("sealed-object.md", "axis"),
        ("journal.md", "journal"),
        ("receipt-and-manifest.md", "statements"),
    ],
)
def test_a_page_points_to_its_vectors(page: str, name: str) -> None:
    assert f"tests/vectors/{name}.json" in (SPEC / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipients": [["age1"]]},
        {"recipients": "age1"},
        {"serial": "a\0b"},
        {"name": "half a letter \ud800"},
        {"source_size": 2**63},
        {"clock_offset_ms": -(2**64)},
        {"ended_at": "9999-12-31T23:59:59.000Z"},
    ],
)
def test_a_manifest_that_no_database_could_hold_is_refused(wrong: dict[str, Any]) -> None:
    one = vectors("statements")
    content = statement.verify("beeldkluis.nl/manifest/v1", one["manifest"], one["dock_verifier_key"]) | wrong
    line = json.dumps(content, sort_keys=True, separators=(",", ":"))
    note = Signer.parse(one["dock_signing_key"]).sign(f"beeldkluis.nl/manifest/v1\n{line}\n")
    with pytest.raises(SealError):
        Manifest.verify(note, one["dock_verifier_key"])


def test_a_statement_that_is_nested_without_end_is_refused() -> None:
    one = vectors("statements")
    note = Signer.parse(one["dock_signing_key"]).sign(f"kind\n{'[' * 30_000}\n")
    with pytest.raises(SealError):
        statement.verify("kind", note, one["dock_verifier_key"])
