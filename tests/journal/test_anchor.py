"""What was signed last lies beside the key: nothing is signed that does not begin with it, whatever the database says."""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.journal import attacks
from tests.journal.attacks import build, without_triggers
from tests.journal.conftest import NOW, SOMEBODY

from beeldkluis.journal import actions, anchor, queries
from beeldkluis.journal.actions import begin_anchor, make_checkpoint
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Checkpoint, Entry, Node
from beeldkluis.sealed import merkle
from beeldkluis.sealed.note import Signer

Write = Callable[[int], None]


def test_the_file_is_for_its_owner_alone_and_has_what_was_signed(write: Write, key: Signer) -> None:
    write(3)
    made = make_checkpoint(now=NOW)
    assert made is not None
    assert anchor.path().stat().st_mode & 0o777 == 0o600
    assert anchor.path().name == "key-last"
    known = anchor.last()
    assert known is not None
    assert (known.note, known.size, known.sizes) == (made.note, made.size, (made.size,))
    assert [one.name for one in anchor.path().parent.iterdir() if "." in one.name] == [], "no half file is left"


@pytest.mark.rule("journal.holds")
@pytest.mark.parametrize(
    "kind", ["leaf, every hash and the checkpoints", "cut at the end", "out of the middle", "swapped"]
)
def test_a_past_rewritten_with_every_hash_is_not_signed(kind: str, db: None, key: Signer) -> None:
    """With all rights in the database, the checkpoints rewritten too: the one harm that only the file beside the key shows."""
    build(50)
    before = anchor.path().read_bytes()
    with without_triggers():
        attacks.ATTACKS[kind](Random(1))
        if kind == "swapped":
            attacks._remove(Checkpoint)
    with pytest.raises(anchor.NotSignedError, match=r"herschreven|niet meer allemaal"):
        make_checkpoint(now=NOW)
    with pytest.raises(anchor.NotSignedError):
        anchor.proved()  # what a receipt is signed over
    actions.erase_details([0], actor=Actor.system("terms"))  # life goes on
    with pytest.raises(anchor.NotSignedError):
        make_checkpoint(now=NOW)
    assert anchor.path().read_bytes() == before


def test_what_came_since_is_recomputed_from_the_entries(write: Write, key: Signer) -> None:
    write(20)
    make_checkpoint(now=NOW)
    write(20)
    number = queries.size() - 5
    with without_triggers(), transaction.atomic():
        Entry.objects.filter(pk=number).update(data=b'{"n":0}')
    with pytest.raises(anchor.NotSignedError, match=f"boven regel {number} "):
        make_checkpoint(now=NOW)


def test_a_damaged_node_is_not_signed_over(write: Write, key: Signer) -> None:
    write(40)
    make_checkpoint(now=NOW)
    with without_triggers():
        Node.objects.filter(level=5, index=0).update(hash=bytes(32))
    write(1)
    with pytest.raises(anchor.NotSignedError):
        make_checkpoint(now=NOW)


def test_a_forged_row_is_not_handed_out(write: Write, key: Signer) -> None:
    write(3)
    note = Signer.generate(key.name).sign(f"beeldkluis.local/journal\n3\n{'A' * 43}=\n")
    Checkpoint.objects.create(size=queries.size(), root=bytes(32), note=note, made=NOW)
    with pytest.raises(anchor.NotSignedError):
        make_checkpoint(now=NOW)


def test_a_proof_that_does_not_lead_to_the_root_is_not_given(write: Write, key: Signer) -> None:
    write(9)
    size, root = queries.size(), queries.root(queries.size())
    leaf = bytes(Entry.objects.get(pk=2).leaf_hash)
    assert anchor.inclusion(2, leaf, size, root) == tuple(merkle.inclusion(2, size, queries.node))
    with pytest.raises(anchor.NotSignedError, match="regel 2"):
        anchor.inclusion(2, bytes(32), size, root)


class TestCrash:
    def test_between_the_file_and_the_row(self, write: Write, key: Signer) -> None:
        """The file is one ahead: the row comes back with the same note, and signing goes on."""
        write(3)
        made = make_checkpoint(now=NOW)
        assert made is not None
        with without_triggers():
            attacks._remove(Checkpoint)
        again = make_checkpoint(now=NOW)
        assert again is not None
        assert again.note == made.note
        with without_triggers():
            attacks._remove(Checkpoint)
        write(2)
        later = make_checkpoint(now=NOW)
        assert later is not None
        assert set(Checkpoint.objects.values_list("size", flat=True)) == {made.size, later.size}

    def test_of_a_server_that_lags_behind_another(self, write: Write, key: Signer, tmp_path: Path) -> None:
        """Two servers sign by turns: each knows the other's checkpoints by the tree, and then by name."""
        write(3)
        make_checkpoint(now=NOW)
        other = shutil.copy(anchor.path(), tmp_path / "other")
        write(3)
        make_checkpoint(now=NOW)
        shutil.copy(other, anchor.path())
        write(3)
        last = make_checkpoint(now=NOW)
        known = anchor.last()
        assert last is not None
        assert known is not None
        assert known.sizes == tuple(Checkpoint.objects.order_by("size").values_list("size", flat=True))
        assert len(known.sizes) == 3

    def test_what_a_step_wrote_and_took_back_raises_no_alarm(self, write: Write, key: Signer) -> None:
        write(3)
        make_checkpoint(now=NOW)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write(2)
            anchor.proved()
            raise ZeroDivisionError
        write(5)
        assert anchor.proved() == (queries.size(), queries.root(queries.size()))


class TestLost:
    def test_nothing_is_signed_before_it_is_said(self, write: Write, key: Signer) -> None:
        write(3)
        made = make_checkpoint(now=NOW)
        assert made is not None
        anchor.path().unlink()
        with pytest.raises(anchor.NotSignedError, match="ontbreekt"):
            make_checkpoint(now=NOW)
        begun = begin_anchor(actor=SOMEBODY)
        assert begun is not None
        assert begun.size == made.size
        assert Entry.objects.order_by("-number")[0].act == "journal.anchor_begun"
        assert begin_anchor(actor=SOMEBODY) is None
        assert make_checkpoint(now=NOW) is not None

    def test_it_does_not_begin_with_a_checkpoint_that_does_not_fit(self, db: None, key: Signer) -> None:
        build(50)
        sizes = sorted(Checkpoint.objects.values_list("size", flat=True))
        with without_triggers():
            number, data = sizes[-1] - 2, bytes(Entry.objects.get(pk=sizes[-1] - 2).data)
            Entry.objects.filter(pk=number).update(data=data.replace(b"tests.", b"testx."))
            attacks._grow_anew(number)
        anchor.path().unlink()
        begun = begin_anchor(actor=SOMEBODY)
        assert begun is not None
        assert begun.size == sizes[-2], "the newest that the rewritten tree still has"

    def test_a_file_that_cannot_be_read_signs_nothing(self, write: Write, key: Signer) -> None:
        write(3)
        make_checkpoint(now=NOW)
        for content in ("", "{}", '{"note": "x", "sizes": []}', '{"note": 1, "sizes": "x"}', "[]"):
            anchor.path().write_text(content)
            with pytest.raises(anchor.NotSignedError, match="niet te lezen"):
                make_checkpoint(now=NOW)


def test_signing_looks_at_no_more_than_came_since(write: Write, key: Signer) -> None:
    counts = []
    for _round in range(2):
        write(150)
        make_checkpoint(now=NOW)
        write(1)
        with CaptureQueriesContext(connection) as captured:
            anchor.proved()
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 3, "a node more when the journal doubles"
