"""What a statement says must be possible: its moments in order and in UTC, its proof leading to its root, its content kept."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from beeldkluis.sealed import age, header, merkle, statement, tlog
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.receipt import Receipt

STATEMENTS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "statements.json").read_text())
DOCK, VAULT = STATEMENTS["dock_verifier_key"], STATEMENTS["vault_verifier_key"]


def test_a_moment_is_written_in_utc_whatever_zone_it_has() -> None:
    summer = datetime(2026, 7, 1, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert statement.write_time(summer) == "2026-07-01T12:30:00.000Z"
    assert statement.read_time("2026-07-01T14:30:00+02:00") == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "moves"),
    [("ended_at", timedelta(days=-1)), ("activated_at", timedelta(days=-1)), ("started_at", timedelta(days=1))],
)
def test_a_manifest_of_which_the_moments_are_not_in_order_is_refused(name: str, moves: timedelta) -> None:
    told = Manifest.verify(STATEMENTS["manifest"], DOCK)
    wrong = replace(told, **{name: getattr(told, name) + moves})
    with pytest.raises(SealError, match="times are not in order"):
        Manifest.verify(wrong.sign(Signer.parse(STATEMENTS["dock_signing_key"])), DOCK)


def test_a_receipt_of_which_the_proof_leads_to_another_root_is_refused() -> None:
    given = Receipt.verify(STATEMENTS["receipt"], VAULT)
    wrong = replace(given, root=bytes(32)).sign(Signer.parse(STATEMENTS["vault_signing_key"]))
    with pytest.raises(SealError, match="does not lead to this root"):
        Receipt.verify(wrong, VAULT)


def test_a_key_that_is_sealed_anew_keeps_its_content_to_the_byte() -> None:
    old, new, recovery = (age.Identity.generate() for _ in range(3))
    sealed = age.seal_bytes(b"private half", [old.recipient, recovery.recipient])
    end = sealed.index(b"\n", sealed.index(b"\n--- ") + 1) + 1
    anew = age.seal_anew(sealed[:end], old, new.recipient)
    age.check_sealed_anew(sealed, anew + sealed[end:])
    assert age.open_bytes(anew + sealed[end:], [new]) == b"private half"
    other = bytes([sealed[-1] ^ 1])
    with pytest.raises(SealError, match="sealed anew, not only its header"):
        age.check_sealed_anew(sealed, anew + sealed[end:-1] + other)


def test_a_proof_that_stops_before_the_root_of_so_many_leaves_is_refused() -> None:
    leaves = [merkle.leaf_hash(bytes([one])) for one in range(4)]
    two = merkle.node_hash(leaves[0], leaves[1])
    merkle.check_inclusion(leaves[0], 0, 2, [leaves[1]], two)
    with pytest.raises(SealError, match="does not lead to this root"):
        merkle.check_inclusion(leaves[0], 0, 4, [leaves[1]], two)


def test_the_thousandth_tile_has_a_folder_of_its_own() -> None:
    paths = [tlog.tile_path(0, index, tlog.TILE_WIDTH) for index in (999, 1000, 1001, 1_234_067)]
    assert paths == ["tile/0/999", "tile/0/x001/000", "tile/0/x001/001", "tile/0/x001/x234/067"]
    assert tlog.tile_path("entries", 0, 7) == "tile/entries/000.p/7"


def test_a_recipient_of_another_kind_takes_no_place_before_the_recovery_key() -> None:
    old, recovery = age.Identity.generate(), age.Identity.generate()
    key = age.new_file_key()
    before = age.build_header(key, [old.recipient, recovery.recipient])
    kept = header.parse(before).stanzas[-1]
    for new, fine in ((age.Identity.generate(), True), (age.Identity.generate(hybrid=True), False)):
        after = header.write(key, [new.recipient.wrap(key), kept])
        if fine:
            age.check_anew(before, after)
            continue
        with pytest.raises(SealError, match="of another kind than the recovery key"):
            age.check_anew(before, after)
