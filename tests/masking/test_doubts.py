"""The places at which a person is told to look, as that person reads them."""

from dataclasses import replace

from beeldkluis.masking.analysis import Analysis, Hit, Track
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.doubts import doubts
from beeldkluis.masking.draft import Change, Draft, Mode

LEFT, MIDDLE = Box(0.0, 0.2, 0.2, 0.8), Box(0.4, 0.2, 0.6, 0.8)
FRAMES = 200
EMPTY = Analysis(640, 360, tuple(at * 40_000 for at in range(FRAMES)), FRAMES * 40, (), (), (), b"", 100, ())
DRAFT = Draft(Mode.COVERED)


def track(number: int, first: int, last: int, box: Box, *unsure: tuple[int, int], kind: Kind = Kind.PERSON) -> Track:
    hits = (Hit(first, box, 0.9), Hit(last, box, 0.9))
    return Track(number, kind, hits, first, (box,) * (last - first + 1), unsure)


def told(film: Analysis, draft: Draft = DRAFT) -> list[tuple[str, int, int]]:
    return [(one.text, one.begin, one.end) for one in doubts(film, draft)]


def test_who_may_be_somebody_is_one_place_for_as_long_as_it_is_seen_again_within_a_second() -> None:
    def seen(frame: int, box: Box, kind: Kind = Kind.PERSON) -> tuple[int, Found]:
        return frame, Found(box, kind, 0.2)

    there = Box(0.7, 0.2, 0.8, 0.6)
    faint = (
        seen(10, there), seen(12, MIDDLE), seen(13, LEFT, Kind.SCREEN), seen(30, there, Kind.HEAD), seen(55, there),
        seen(81, there), seen(100, LEFT),
    )  # fmt: skip
    film = replace(EMPTY, faint=faint, tracks=(track(1, 0, FRAMES - 1, LEFT),))
    somebody = "Er staat misschien nog iemand in beeld."
    assert told(film) == [(somebody, 10, 55), (somebody, 12, 12), (somebody, 81, 81)]


def test_what_may_be_a_screen_is_one_place_for_as_long_as_it_stands_there() -> None:
    faint = tuple((frame, Found(MIDDLE, Kind.SCREEN, 0.2)) for frame in (10, 130))
    film = replace(EMPTY, faint=(*faint, (140, Found(LEFT, Kind.PAPER, 0.2))), tracks=(track(1, 50, 120, MIDDLE),))
    assert told(film)[-2:] == [
        ("Er staat misschien een beeldscherm in beeld.", 10, 130),
        ("Er staat misschien papier in beeld.", 140, 140),
    ]
    assert told(film)[0][0].startswith("Persoon 1"), "people come first"
    covered = replace(EMPTY, faint=faint, tracks=(track(1, 0, FRAMES - 1, MIDDLE),))
    assert told(covered) == []


def test_who_comes_and_goes_in_the_middle_of_the_picture_is_named_and_at_its_edge_is_not() -> None:
    film = replace(EMPTY, tracks=(track(1, 50, 120, MIDDLE), track(2, 50, 120, LEFT), track(3, 0, 199, MIDDLE)))
    assert told(film) == [
        ("Persoon 1 komt midden in beeld tevoorschijn.", 50, 50),
        ("Persoon 1 verdwijnt midden in beeld.", 120, 120),
    ]


def test_jumps_and_darkness_are_named() -> None:
    film = replace(EMPTY, borders=(70,), dark=((100, 149), (190, 199)))
    assert told(film) == [
        ("Het beeld springt hier. Kijk of iedereen nog bedekt is.", 70, 70),
        ("Het beeld is hier 2 seconden donker. Kijk of er iemand te zien is.", 100, 149),
        ("Het beeld is hier 1 seconde donker. Kijk of er iemand te zien is.", 190, 199),
    ]


def test_two_who_cross_are_one_place_and_a_head_over_a_person_is_said_so() -> None:
    head = track(2, 0, 199, Box(0.45, 0.2, 0.55, 0.4), (80, 90), kind=Kind.HEAD)
    film = replace(EMPTY, tracks=(track(1, 0, 199, MIDDLE, (80, 90)), head, track(3, 0, 199, LEFT)))
    assert told(film) == [("Persoon 1 en hoofd 2 zijn over elkaar te zien.", 80, 90)]


def test_what_is_about_who_was_freed_comes_first() -> None:
    film = replace(EMPTY, tracks=(track(1, 50, 199, MIDDLE), track(2, 0, 199, LEFT, (80, 90))))
    assert told(film)[0] == ("Persoon 2 is 1 seconde niet goed gevolgd.", 80, 90)
    assert told(film, Draft(Mode.COVERED, (Change(1, free=True),)))[0] == (
        "Persoon 1 komt midden in beeld tevoorschijn.", 50, 50
    )  # fmt: skip
