from itertools import product

import pytest

from beeldkluis.protocol.brake import is_released, may_confirm, may_destroy_at_once
from beeldkluis.protocol.intake import Ground, Reason, may_accept, may_change, may_wipe, reasons_apart, why_not
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
    verdict = may_accept(why_not(dock_retired=False, sealed_for=sealed_for, current=KEYS))
    assert verdict.allowed == allowed
    assert ("andere sleutels dan die nu gelden" in verdict.reason) == (not allowed)
    retired = may_accept(why_not(dock_retired=True, sealed_for=sealed_for, current=KEYS))
    assert (retired.allowed, retired.reason) == (False, "Dit dockingstation is buiten gebruik gesteld.")


def test_before_the_key_ceremony_nothing_comes_in() -> None:
    verdict = may_accept(why_not(dock_retired=False, sealed_for=frozenset(), current=frozenset()))
    assert (verdict.allowed, verdict.reason) == (False, "Er zijn nog geen sleutels. Maak ze eerst.")


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
    broken = Reason(Ground.FILM, "Kapot.", "a.mp4")
    assert reasons_apart(known=True, blocked=False, said=[]) == []
    assert "niet bekend" in reasons_apart(known=False, blocked=False, said=[])[0].text
    assert "geblokkeerd" in reasons_apart(known=True, blocked=True, said=[])[0].text
    assert [one.text for one in reasons_apart(known=True, blocked=True, said=[broken])] == [
        "De camera is geblokkeerd.",
        "Kapot.",
    ]


@pytest.mark.rule("retention.brake")
def test_the_brake_stops_beyond_its_number_until_two_different_people_confirmed(protocol: Protocol) -> None:
    assert may_destroy_at_once(recordings=200, protocol=protocol).allowed
    assert not may_destroy_at_once(recordings=201, protocol=protocol).allowed
    assert may_confirm(waiting=True, confirmed_by=set(), person="a").allowed
    assert not may_confirm(waiting=True, confirmed_by={"a"}, person="a").allowed
    assert not may_confirm(waiting=False, confirmed_by=set(), person="a").allowed
    assert not is_released({"a"})
    assert is_released({"a", "b"})


@pytest.mark.rule("camera.blocked")
@pytest.mark.parametrize(
    ("apart", "take_back", "destroyed", "because", "allowed"),
    [
        (True, True, False, "Zij speelt af.", True),
        (True, True, False, "  ", False),
        (True, True, True, "Zij speelt af.", False),
        (False, True, False, "Zij speelt af.", False),
        (False, False, False, "Zij speelt niet af.", True),
        (True, False, False, "Zij speelt niet af.", True),
        (False, False, False, "", False),
        (False, False, True, "Zij speelt niet af.", False),
    ],
)
def test_a_person_changes_it_with_a_reason_alone(
    apart: bool, take_back: bool, destroyed: bool, because: str, allowed: bool
) -> None:
    asked = may_change(apart=apart, take_back=take_back, destroyed=destroyed, because=because)
    assert asked.allowed is allowed
