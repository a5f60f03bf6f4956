from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol import requests
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol

MOMENT = datetime(2026, 11, 24, 9, tzinfo=UTC)
FULL = {
    "requester_name": "J. de Vries",
    "requester_address": "Hoofdstraat 1",
    "requester_place": "Zuidhorn",
    "requester_phone": "0594 000 000",
    "requester_email": "j@example.nl",
    "requester_organisation": "Een verzekeraar",
    "demonstrable_interest": "Een klacht.",
    "moment_from": MOMENT,
    "moment_until": MOMENT,
    "place": "De Gast",
    "formal_reference": "PL-1",
    "formal_article": "126nda Sv",
    "officer": 1,
}


@pytest.mark.rule("request.required-fields")
@pytest.mark.parametrize("kind", CaseKind)
def test_a_full_request_lacks_nothing_and_each_required_field_is_missed(kind: CaseKind) -> None:
    assert requests.missing_fields(kind, FULL) == ()
    for name in kind.facts.required:
        without = FULL | {name: " " if isinstance(FULL.get(name), str) else None}
        if name == "requester_reach":
            without |= {"requester_phone": "", "requester_email": "", "requester_place": ""}
        if name == "requester_phone":
            without |= {"requester_email": ""}
        assert requests.missing_fields(kind, without) == (name,)
        found_by_time = kind is CaseKind.ACCESS and name == "place"  # I-51
        assert requests.may_forward(kind, without).allowed == found_by_time
        assert requests.FIELD_NAMES[name]


@pytest.mark.rule("request.required-fields")
@pytest.mark.parametrize("way", [("requester_phone",), ("requester_email",), ("requester_address", "requester_place")])
def test_one_way_to_be_reached_is_enough_for_a_filmed_person(way: tuple[str, ...]) -> None:
    ways = ("requester_phone", "requester_email", "requester_address", "requester_place")
    only = FULL | {name: FULL[name] if name in way else "" for name in ways}
    assert requests.missing_fields(CaseKind.ACCESS, only) == ()


@pytest.mark.rule("request.required-fields")
def test_only_others_must_show_an_interest() -> None:
    silent = FULL | {"demonstrable_interest": ""}
    assert requests.missing_fields(CaseKind.ACCESS, silent) == ()
    assert requests.missing_fields(CaseKind.INTEREST, silent) == ("demonstrable_interest",)


@pytest.mark.rule("request.completion")
def test_what_was_asked_in_vain_goes_on_after_its_day(protocol: Protocol) -> None:
    until = requests.completion_until(MOMENT, protocol)
    assert until - MOMENT == timedelta(days=14)
    incomplete = FULL | {"moment_from": None}
    for now, allowed in ((until, False), (until + timedelta(seconds=1), True)):
        verdict = requests.may_forward(CaseKind.ACCESS, incomplete, asked_until=until, now=now)
        assert verdict.allowed == allowed
    assert not requests.may_ask(()).allowed
    assert requests.may_ask(("place",)).allowed


def test_a_general_letter_is_recognised() -> None:
    general = FULL | {"moment_from": None, "moment_until": None, "place": ""}
    assert requests.is_general(CaseKind.ACCESS, general)
    assert not requests.is_general(CaseKind.INTEREST, general)
    assert not requests.is_general(CaseKind.ACCESS, general | {"place": "De Gast"})


@pytest.mark.parametrize(
    "text", ["Dit is een Woo-verzoek.", "Op grond van de WET OPEN OVERHEID vraag ik", "mijn Wob-verzoek"]
)
def test_a_request_for_public_records_is_recognised(text: str) -> None:
    assert requests.looks_like_records_request(text)
    assert not requests.looks_like_records_request("Ik woon in Woold en wil mijn beelden zien.")


@pytest.mark.rule("request.search-window")
def test_an_hour_on_both_sides_and_a_day_more_without_a_clock(protocol: Protocol) -> None:
    start, end = requests.search_window(MOMENT, MOMENT, protocol)
    assert (MOMENT - start, end - MOMENT) == (timedelta(hours=1), timedelta(hours=1))
    start, end = requests.search_window(MOMENT, MOMENT, protocol, clock_known=False)
    assert (MOMENT - start, end - MOMENT) == (timedelta(hours=25), timedelta(hours=25))


def test_nothing_comes_in_tomorrow() -> None:
    assert requests.may_have_come_in(received_at=MOMENT, now=MOMENT).allowed
    assert not requests.may_have_come_in(received_at=MOMENT + timedelta(seconds=1), now=MOMENT).allowed


@pytest.mark.rule("purpose.self-reflection")
@given(wearer=st.sampled_from([None, 1, 2]), asks=st.sampled_from([None, 1, 2]))
def test_only_the_wearer_reflects_on_a_recording(wearer: int | None, asks: int | None) -> None:
    assert requests.may_reflect(wearer=wearer, asks=asks).allowed == (wearer is not None and wearer == asks)


@pytest.mark.rule("request.identity")
def test_of_an_identity_only_the_kind_of_document_is_kept() -> None:
    assert all(requests.may_note_identity(document=one).allowed for one in requests.IDENTITY_DOCUMENTS)
    assert not requests.may_note_identity(document="NW1234567").allowed
