from itertools import product

import pytest

from beeldkluis.protocol.brake import is_released, may_confirm, may_destroy_at_once
from beeldkluis.protocol.intake import may_accept, may_wipe, quarantine_reason
from beeldkluis.protocol.register import Protocol

KEYS = frozenset({"age1team", "age1recovery"})


@pytest.mark.rule("intake.automatic", "storage.sealed")
@pytest.mark.parametrize(
    ("sealed_for", "allowed"),
    [
        (KEYS, True),
        (frozenset({"age1team"}), False),
        (KEYS | {"age1stranger"}, False),
        (frozenset({"age1old", "age1recovery"}), False),
        (frozenset(), False),
    ],
)
def test_footage_comes_in_only_when_sealed_for_exactly_the_keys_in_use(
    sealed_for: frozenset[str], allowed: bool
) -> None:
    assert may_accept(dock_retired=False, sealed_for=sealed_for, current=KEYS).allowed == allowed
    assert not may_accept(dock_retired=True, sealed_for=sealed_for, current=KEYS).allowed


def test_before_the_key_ceremony_nothing_comes_in() -> None:
    assert not may_accept(dock_retired=False, sealed_for=frozenset(), current=frozenset()).allowed


@pytest.mark.rule("intake.wipe-after-receipt")
@pytest.mark.parametrize(("verified", "same_hash", "unchanged"), list(product([True, False], repeat=3)))
def test_a_camera_is_wiped_only_when_everything_is_certain(verified: bool, same_hash: bool, unchanged: bool) -> None:
    verdict = may_wipe(
        receipt_verified=verified,
        own_hash="ab" * 32,
        receipt_hash="ab" * 32 if same_hash else "cd" * 32,
        still_same=unchanged,
    )
    assert verdict.allowed == (verified and same_hash and unchanged)


@pytest.mark.rule("camera.blocked")
def test_unknown_and_blocked_cameras_are_set_apart_with_a_reason() -> None:
    assert quarantine_reason(known=True, blocked=False, said_by_dock="") == ""
    assert "niet bekend" in quarantine_reason(known=False, blocked=False, said_by_dock="")
    assert "geblokkeerd" in quarantine_reason(known=True, blocked=True, said_by_dock="")
    assert quarantine_reason(known=True, blocked=False, said_by_dock="Kapot.") == "Kapot."


@pytest.mark.rule("retention.brake")
def test_the_brake_stops_beyond_its_number_until_two_different_people_confirmed(protocol: Protocol) -> None:
    assert may_destroy_at_once(recordings=200, protocol=protocol).allowed
    assert not may_destroy_at_once(recordings=201, protocol=protocol).allowed
    assert may_confirm(waiting=True, confirmed_by=set(), person="a").allowed
    assert not may_confirm(waiting=True, confirmed_by={"a"}, person="a").allowed
    assert not may_confirm(waiting=False, confirmed_by=set(), person="a").allowed
    assert not is_released({"a"})
    assert is_released({"a", "b"})
