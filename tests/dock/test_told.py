"""What the dock says to whoever stands beside it, and what of it the vault is told: numbers, reasons, states."""

import errno

import pytest

from beeldkluis.camera.port import CameraFile, CameraGoneError, Cleared, Listing, Other
from beeldkluis.dock.agent import RecipientsChangedError, _why, held_by
from beeldkluis.dock.client import NoRoomError, VaultAwayError, VaultRefusesError
from beeldkluis.dock.reading import ChangedWhileReadError
from beeldkluis.dock.remains import Turn, left_after, locked_or_failed, not_wiped, of_others, of_unread, remains
from beeldkluis.dock.slots import Board, Meter, SlotState, SlotStatus
from beeldkluis.dock.state import ToReport, Wiped
from beeldkluis.sealed.errors import SealError

GONE = CameraGoneError("plaats-1: de camera is weg")


def film(name: str, size: int = 3) -> CameraFile:
    return CameraFile(name=name, size=size, changed_ns=10**18)


def test_a_wipe_that_breaks_off_counts_what_went_what_stayed_and_what_is_unsure() -> None:
    turn = Turn(files=5)
    assert turn.broken_off(GONE) == "plaats-1: de camera is weg. Er is niets van gewist."
    turn.cleared(5, Cleared((film("1.mp4"), film("2.mp4")), ((film("3.mp4"), errno.EIO),)))
    assert turn.broken_off(GONE) == (
        "plaats-1: de camera is weg. 2 van de 5 gewist, 1 niet; van 2 is het niet zeker, dat blijkt als de camera weer in dit "
        "dockingstation staat."
    )


@pytest.mark.parametrize(
    ("number", "event", "words"),
    [
        (errno.EROFS, "locked", "De kaart kan niet worden beschreven: zij is op slot of alleen te lezen."),
        (errno.EACCES, "locked", "De kaart kan niet worden beschreven"),
        (errno.EIO, "wipe-failed", "Wissen lukte niet (leesfout)."),
    ],
)
def test_what_cannot_be_wiped_is_told_with_its_reason(number: int, event: str, words: str) -> None:
    assert locked_or_failed(number) == event
    said = not_wiped("p1", 2, [(film("a.mp4"), number)], "leesfout")
    assert said.startswith(f"p1: 2 van de 3 gewist. {words}")
    assert said.endswith("1 opname is opgeslagen maar blijft op de camera.")


def test_what_is_left_is_said_as_it_is() -> None:
    others = (Other("boot.bin", ".bin"),)
    unread = (Other("DCIM", folder=True, unread=True, why="leesfout"),)
    assert left_after(Listing((film("a.mp4"),), others)) == "nog 1 op de camera"
    assert left_after(Listing((), unread)) == "maar niet alles op de camera was te lezen"
    assert left_after(Listing((), others)) == "er staat geen opname meer op de camera"
    assert left_after(Listing(())) == "de camera is leeg"
    assert of_unread(Listing((), unread)) == "map DCIM (leesfout)"
    assert of_others(Listing((), others)) == "1 bestand is geen beeld of geluid en blijft staan: 1 × .bin"


def test_the_vault_is_told_each_film_under_its_own_reason() -> None:
    events = ("unreadable", "changed", "locked", "wipe-failed", "refused", "bad-receipt", "not-wiped", "no-room")
    resting = [(film(f"{number}.mp4"), event) for number, event in enumerate(events)]
    listing = Listing((), (Other("boot.bin", ".bin"), Other("log.txt", ".txt", text=True)))
    told = {(one["why"], one["kind"]): one["count"] for one in remains(listing, resting)}
    assert told == {
        ("unreadable", ".mp4"): 2, ("locked", ".mp4"): 2, ("refused", ".mp4"): 3, ("unrecognised", ".bin"): 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (ChangedWhileReadError("x"), "changed"), (SealError("x"), "bad-receipt"), (CameraGoneError("x"), "unreadable"),
        (NoRoomError("x"), "no-room"), (VaultAwayError("x"), "vault-fails"), (VaultRefusesError("x"), "refused"),
    ],
)  # fmt: skip
def test_each_way_to_fail_has_its_own_event(error: Exception, event: str) -> None:
    assert _why(error)[0] == event


def test_other_keys_than_were_pinned_want_a_person_and_a_vault_that_is_away_does_not() -> None:
    assert held_by(RecipientsChangedError("x")) == held_by(SealError("x")) == SlotState.HELP
    assert held_by(VaultAwayError("x")) == SlotState.FULL


def test_a_reading_is_at_the_part_that_was_read() -> None:
    board = Board()
    meter = Meter(board, "p1", SlotStatus(SlotState.READING), [300, 100])
    shown = []
    for read in (0, 100, 299, 300):
        meter.at(read)
        shown.append(board._told["p1"].percent)
    meter.next(300)
    shown.append(board._told["p1"].percent)
    meter.next(100)
    assert [*shown, board._told["p1"].percent] == [0, 25, 74, 75, 75, 100]


def test_what_could_not_be_removed_is_not_reported_as_wiped() -> None:
    files = tuple(Wiped(clip=name, name=f"{name}.mp4", size=3, changed_ns=10**18) for name in ("one", "two"))
    seen = ToReport(serial="S", volume_id="V", files=files).seen(Listing(()), failed={film("two.mp4").mark})
    assert seen.clips == ("one",)
