"""Whose turn it is at the web server, and how much each door takes: no sockets, no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.web import doors
from beeldkluis.web.paced import LONGEST_SILENCE, SLOWEST, Paced
from beeldkluis.web.waiting import Share, WaitingRoom

ADDRESSES = st.sampled_from(["a", "b", "c"])


def test_who_waits_longest_goes_and_never_who_just_came() -> None:
    room: WaitingRoom[int] = WaitingRoom(most=10, most_each=3)
    assert [room.enter("a", one) for one in range(5)] == [None, None, None, 0, 1]
    assert room.enter("b", 9) is None
    assert len(room) == 4


@given(st.lists(st.tuples(ADDRESSES, st.booleans()), max_size=60))
def test_a_room_is_never_fuller_than_it_may_be_and_a_newcomer_always_has_a_place(come: list[tuple[str, bool]]) -> None:
    room: WaitingRoom[int] = WaitingRoom(most=8, most_each=4)
    inside: dict[int, str] = {}
    for number, (address, leaves) in enumerate(come):
        if leaves and inside:
            oldest = min(inside)
            room.leave(inside[oldest], oldest)
            room.leave(inside.pop(oldest), oldest)
        gone = room.enter(address, number)
        inside[number] = address
        if gone is not None:
            assert gone != number
            del inside[gone]
        assert set(room) == set(inside)
        assert len(room) == len(inside) <= 8
        assert all(list(inside.values()).count(one) <= 4 for one in "abc")


def test_our_own_proxy_is_no_single_visitor() -> None:
    room: WaitingRoom[int] = WaitingRoom(most=10, most_each=3, crowds=lambda address: not address)
    assert [room.enter("", one) for one in range(9)] == [None] * 9


def test_one_address_never_has_all_threads_and_the_others_come_in_turn() -> None:
    share: Share[str] = Share(4, most_each=3)
    for one in range(200):
        share.join("attacker", f"x{one}")
    first = [share.turn() for _ in range(4)]
    assert first == ["x0", "x1", "x2", None]
    share.join("dock", "d")
    assert share.turn() == "d"
    share.done("attacker")
    share.join("person", "p")
    assert share.turn() in ("x3", "p")
    share.done("attacker")
    assert {share.turn(), share.turn()} <= {"x3", "p", "x4", None}
    assert share.busy.total() <= 4


@given(st.lists(st.tuples(ADDRESSES, st.booleans()), max_size=80))
def test_everybody_who_waits_is_served_in_the_end(come: list[tuple[str, bool]]) -> None:
    share: Share[int] = Share(3, most_each=2)
    served, running = [], []
    for number, (address, _done) in enumerate(come):
        share.join(address, number)
    while share.queue or running:
        while (one := share.turn()) is not None:
            served.append(one)
            running.append(come[one][0])
            assert share.busy.total() <= 3
            assert max(share.busy.values()) <= 2
        share.done(running.pop(0))
    assert sorted(served) == list(range(len(come)))


@pytest.mark.parametrize(
    ("method", "path", "share", "most"),
    [
        ("PATCH", "/intake/v1/uploads/1", "docks", 64 * doors.GIB),
        ("PUT", "/axis/v1/account/container/film/1.mp4", "docks", 64 * doors.GIB),
        ("PUT", "/axis/v1/account/container", "docks", 64 * doors.KIB),
        ("POST", "/intake/v1/uploads/1/manifest", "docks", 64 * doors.KIB),
        ("POST", "/dock/v1/docked", "docks", 64 * doors.KIB),
        ("POST", "/over-bodycams/verzoek/", "people", 128 * doors.KIB),
        ("POST", "/accounts/login/", "people", 128 * doors.KIB),
        ("POST", "/erbij/", "people", 128 * doors.KIB),
        ("POST", "/verzoeken/nieuw/", "people", 16 * doors.MIB),
        ("POST", "/verzoeken/2026-0001/besluit/", "people", 512 * doors.KIB),
        ("POST", "/sleutels/overdragen/1/", "people", 2 * doors.MIB),
        ("PATCH", "/%69ntake/v1/uploads/1", "people", 128 * doors.KIB),  # hidden behind a percent sign: a stranger's
        ("POST", "/intake/v1/uploads/1", "docks", 64 * doors.KIB),
        ("BREW", "/nergens", "people", 128 * doors.KIB),
    ],
)
def test_each_door_takes_what_it_needs_and_no_more(method: str, path: str, share: str, most: int) -> None:
    found = doors.door(method, path)
    assert (found.share, found.most) == (share, most)
    assert found.streamed is (most == 64 * doors.GIB)


@pytest.mark.parametrize(
    ("said", "length"),
    [
        (None, 0), ("0", 0), ("12", 12), ("1000000000000000", 10**15), ("9" * 400, 10**18), ("-1", None), ("1e3", None),
        ("", None), ("٣", None), ("0x10", None),
    ],
)  # fmt: skip
def test_a_length_is_a_number_or_it_is_none(said: str | None, length: int | None) -> None:
    assert doors.announced(said) == length


@pytest.mark.parametrize(
    ("said", "proxies", "address"),
    [
        ("10.0.0.1", 0, "peer"), ("", 1, "peer"), ("10.0.0.1", 1, "10.0.0.1"), ("6.6.6.6, 10.0.0.1", 1, "10.0.0.1"),
        ("6.6.6.6, 10.0.0.1, 10.0.0.2", 2, "10.0.0.1"), ("10.0.0.2", 2, "peer"), (" , ,", 1, "peer"),
    ],
)  # fmt: skip
def test_who_asks_is_what_our_own_proxies_wrote_and_nothing_before_it(said: str, proxies: int, address: str) -> None:
    assert doors.client_address("peer", said, proxies) == address


class Slow:
    """A socket on which every piece takes so many seconds, by a clock of the test's own."""

    def __init__(self, clock: list[float], seconds: float) -> None:
        self.clock, self.seconds = clock, seconds

    def recv(self, size: int) -> bytes:
        self.clock[0] += self.seconds
        return bytes(size)

    def sendall(self, data: bytes) -> None:
        self.clock[0] += self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("beeldkluis.web.paced.time.monotonic", lambda: now[0])
    return now


def test_a_byte_now_and_then_looks_like_a_broken_line(clock: list[float]) -> None:
    line = Paced(Slow(clock, 5.0))  # type: ignore[arg-type] - as much of a socket as is asked for
    read = 0
    while line.recv(1):
        read += 1
    assert clock[0] <= LONGEST_SILENCE + 2 * 5.0
    assert read < 10
    assert line.recv(1) == b""


def test_a_poor_line_that_keeps_its_pace_is_read_for_hours(clock: list[float]) -> None:
    line = Paced(Slow(clock, 2.0))  # type: ignore[arg-type] - likewise
    assert all(line.recv(2 * SLOWEST) for _ in range(5_000))
    assert clock[0] == 10_000


def test_who_reads_too_slowly_loses_the_line(clock: list[float]) -> None:
    line = Paced(Slow(clock, 20.0))  # type: ignore[arg-type] - likewise
    line.sendall(b"x")
    with pytest.raises(BrokenPipeError):
        line.sendall(b"x")
