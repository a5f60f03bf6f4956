"""Proofs, checkpoints, export, and an outsider who checks: what is true passes, every forgery is named."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journal.conftest import NOW

from beeldkluis.journal import actions, queries
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import ACTS, Event, canonical
from beeldkluis.journal.export import export
from beeldkluis.journal.models import Checkpoint, Detail, Entry
from beeldkluis.journal.remembered import remembered
from beeldkluis.journal.verify import NotTrueError, verify
from beeldkluis.sealed import merkle, note, statement, tlog
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer, Verifier

Write = Callable[[int], None]


def tree(count: int) -> tuple[list[bytes], merkle.Get]:
    nodes: dict[tuple[int, int], bytes] = {}
    leaves = [merkle.leaf_hash(str(number).encode()) for number in range(count)]
    for number, leaf in enumerate(leaves):
        for level, index, one in merkle.appended(number, leaf, lambda level, index: nodes[level, index]):
            nodes[level, index] = one
    return leaves, lambda level, index: nodes[level, index]


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(by_definition(leaves[:middle]), by_definition(leaves[middle:]))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 90), st.data())
def test_every_proof_holds_and_every_changed_one_does_not(size: int, data: st.DataObject) -> None:
    leaves, get = tree(size)
    top = merkle.root(size, get)
    assert top == by_definition(leaves)
    number, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path = merkle.inclusion(number, size, get)
    merkle.check_inclusion(leaves[number], number, size, path, top)
    for wrong in (path[:-1], [*path, bytes(32)], [bytes(32), *path[1:]]):
        if wrong != path:
            with pytest.raises(SealError):
                merkle.check_inclusion(leaves[number], number, size, wrong, top)
    with pytest.raises(SealError):
        merkle.check_inclusion(bytes(32), number, size, path, top)
    old, joined = merkle.root(first, get), merkle.consistency(first, size, get)
    merkle.check_consistency(first, size, old, top, joined)
    with pytest.raises(SealError):
        merkle.check_consistency(first, size, bytes(32), top, joined)
    with pytest.raises(SealError):
        merkle.check_consistency(first, size, old, bytes(32), joined)


def test_entries_are_proved_by_what_the_database_holds(write: Write) -> None:
    write(11)
    size = queries.size()
    for number in range(size):
        leaf = bytes(Entry.objects.get(pk=number).leaf_hash)
        merkle.check_inclusion(leaf, number, size, merkle.inclusion(number, size, queries.node), queries.root(size))
        proof = merkle.consistency(number + 1, size, queries.node)
        merkle.check_consistency(number + 1, size, queries.root(number + 1), queries.root(size), proof)


def test_a_checkpoint_is_signed_once_for_each_size_and_openssl_agrees(
    write: Write, key: Signer, tmp_path: Path
) -> None:
    assert actions.make_checkpoint(now=NOW) is None
    write(3)
    made = actions.make_checkpoint(now=NOW)
    assert made is not None
    assert actions.make_checkpoint(now=NOW) == made
    facts = tlog.read_checkpoint(made.note, key.vkey)
    assert (facts.size, facts.root) == (queries.size(), queries.root(queries.size()))
    text, _, line = made.note.rpartition("\n\n")
    (tmp_path / "text").write_text(text + "\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(line.split()[-1])[4:])
    head = bytes.fromhex("302a300506032b6570032100")  # an Ed25519 public key in DER begins so (RFC 8410)
    (tmp_path / "key.der").write_bytes(head + key.verifier.public)
    command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", tmp_path / "key.der"]
    command += ["-in", tmp_path / "text", "-sigfile", tmp_path / "signature"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_a_note_says_exactly_what_was_signed(words: str) -> None:
    signer = Signer.generate("proef.example/log")
    signed = signer.sign(f"{words}\n")
    assert Verifier.parse(signer.vkey).verify(signed) == f"{words}\n"
    with pytest.raises(SealError):
        Verifier.parse(signer.vkey).verify(f"x{signed}")
    with pytest.raises(SealError):
        Verifier.parse(Signer.generate("proef.example/log").vkey).verify(signed)
    assert Signer.parse(signer.text) == signer
    assert note.Signer.generate("ander").seed.hex() not in repr(signer)


def test_a_statement_of_another_kind_is_refused() -> None:
    signer = Signer.generate("proef")
    signed = statement.sign("soort/v1", {"a": 1}, signer)
    assert statement.verify("soort/v1", signed, signer.vkey) == {"a": 1}
    with pytest.raises(SealError):
        statement.verify("soort/v2", signed, signer.vkey)


@pytest.fixture
def exported(write: Write, key: Signer, tmp_path: Path) -> Path:
    write(300)  # more than one full tile
    made = actions.make_checkpoint(now=NOW)
    assert made is not None
    folder = tmp_path / "export"
    with remembered() as memory:
        assert export(folder, made, memory, details=True) == made.size
    return folder


@pytest.mark.slow
class TestOutsider:
    def test_an_honest_journal_is_true_also_without_django(self, exported: Path, key: Signer) -> None:
        found = verify(exported, key.vkey)
        assert found.entries == queries.size()
        assert found.details == Detail.objects.count() > 0
        script = "import sys; from beeldkluis.journal.verify import main; sys.exit(main() or 'django' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", script, exported, key.vkey], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "is waar" in done.stdout

    def test_every_forgery_is_found(self, exported: Path, key: Signer) -> None:
        files = [one for one in exported.rglob("*") if one.is_file()]
        assert len(files) >= 6
        for file in files:
            whole = file.read_bytes()
            for at in (0, len(whole) // 2, len(whole) - 2):
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
                with pytest.raises((NotTrueError, ValueError)):
                    verify(exported, key.vkey)
            file.write_bytes(whole[: len(whole) // 2])
            with pytest.raises((NotTrueError, ValueError)):
                verify(exported, key.vkey)
            file.write_bytes(whole)
        verify(exported, key.vkey)
        with pytest.raises(NotTrueError):
            verify(exported, Signer.generate(key.name).vkey)

    def test_a_rewritten_past_does_not_fit_an_earlier_checkpoint(self, exported: Path, key: Signer) -> None:
        earlier = Checkpoint.objects.get().note
        assert verify(exported, key.vkey, [earlier]).entries == queries.size()
        facts = tlog.read_checkpoint(earlier, key.vkey)
        other = key.sign(tlog.checkpoint_text(facts.origin, facts.size - 1, bytes(32)))
        with pytest.raises(NotTrueError, match="niet meer wat ze"):
            verify(exported, key.vkey, [other])

    def test_erased_details_leave_the_journal_true(self, exported: Path, key: Signer, tmp_path: Path) -> None:
        numbers = list(Detail.objects.values_list("entry_id", flat=True)[:5])
        actions.erase_details(numbers, actor=Actor.system("terms"))
        made = actions.make_checkpoint(now=NOW)
        assert made is not None
        with remembered() as memory:
            export(tmp_path / "again", made, memory, details=True)
        assert b"Proefpersoon" not in b"".join(bytes(one.data) for one in Entry.objects.all())
        assert verify(tmp_path / "again", key.vkey, [Checkpoint.objects.order_by("size")[0].note]).entries == made.size


def examples_of(event: type[Event]) -> bytes:
    return canonical({"act": event.act, "sentence": event.sentence})


# An act has one name for ever, because it stands in leaves: these keep that of the package that they stood in before.
MOVED = {
    "appointments": (
        "viewing",
        {"appointment_made", "appointment_moved", "appointment_cancelled", "appointment_over", "moments_proposed", "room_added",
         "room_retired"},
    ),
    "findings": ("devices", {"finding_raised", "finding_settled", "finding_closed"}),
    "jobs": ("viewing", {"impostor_found"}),
}  # fmt: skip


@pytest.mark.parametrize("act", sorted(act for act in ACTS if not act.startswith("tests.")))
def test_every_event_has_a_name_of_its_room_and_a_sentence_of_its_fields(act: str) -> None:
    event = ACTS[act]
    room, _, name = act.partition(".")
    _, package, module = event.__module__.split(".", 2)
    before, names = MOVED.get(package, ("", set()))
    assert room == (before if name in names else package)
    assert module == "events" or module.endswith("_events")
    assert name.replace("_", "").isalpha()
    known = dict.fromkeys(event.__dataclass_fields__, "x") | {"case": "x", "recording": "x"}
    assert event.sentence.format(**known)
    assert json.loads(examples_of(event))["act"] == act
