"""What must be known of a demand, on whose permission it rests, and who may know of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.demand import (
    CHECKS,
    NAMES,
    ORAL,
    WRITTEN,
    Article,
    Authoriser,
    Demanded,
    Receiver,
    asked_part,
    blanks,
    confirm_by,
    is_in_writing,
    may_demand,
    may_honour,
    may_know,
    may_prepare,
    may_save,
    questions,
    rests_on,
)
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role

AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
WHOLE = Demanded(
    receiver="police", name="A. Bakker", rank="brigadier", number="12345", unit="basisteam Westerkwartier",
    reference="PL0100-2026-1", prosecutor_number="18-123456-26", article="126nd", authoriser="prosecutor",
    authorised_by="mr. C. Jansen", authorised_on=date(2026, 11, 2), form=WRITTEN, demanded_at=AT, offence="mishandeling",
    period_from=AT - timedelta(days=3), period_until=AT - timedelta(days=3) + timedelta(minutes=10), place="De Gast",
    persons="een man in een rode jas", deliver_by=AT + timedelta(days=7), secret=False, regime="avg", signature_seen=True,
    called_back=True, called_number="0900 8844", scope_fits=True,
)  # fmt: skip


@pytest.mark.rule("demand.complete")
@pytest.mark.parametrize("name", sorted((NAMES | CHECKS).keys() - {"other_article"}))
def test_one_blank_stops_it_and_is_named(name: str, protocol: Protocol) -> None:
    known = getattr(WHOLE, name)
    lacking = replace(WHOLE, **{name: "" if isinstance(known, str) else False if name in CHECKS else None})
    assert blanks(lacking) == (name,)
    verdict = may_honour(lacking, protocol, now=AT)
    assert not verdict.allowed
    if name not in ("receiver", "article", "authoriser"):
        assert verdict.reason == f"Er ontbreekt nog: {(NAMES | CHECKS)[name]}."


@pytest.mark.rule("demand.complete")
def test_a_whole_demand_can_be_honoured_and_white_space_is_blank(protocol: Protocol) -> None:
    assert blanks(WHOLE) == ()
    assert may_honour(WHOLE, protocol, now=AT).reason == "Alles is bekend en nagekeken."
    assert blanks(replace(WHOLE, offence="   ")) == ("offence",)
    assert blanks(replace(WHOLE, article="other", authoriser="judge")) == ("other_article",)
    assert set(blanks(Demanded())) == (NAMES | CHECKS).keys() - {"other_article"}


@pytest.mark.rule("demand.complete")
def test_who_rests_on_the_law_alone_names_no_permission(protocol: Protocol) -> None:
    camera = replace(WHOLE, article="126nda", authoriser="law", authorised_by="", authorised_on=None)
    assert may_honour(camera, protocol, now=AT).allowed
    assert blanks(replace(camera, authoriser="prosecutor")) == ("authorised_by", "authorised_on")


@pytest.mark.rule("demand.receiver")
def test_an_insurer_or_journalist_cannot_demand(protocol: Protocol) -> None:
    told = may_demand(Receiver.OTHER)
    assert not told.allowed
    assert "verzoek van een ander" in told.reason
    assert may_honour(replace(WHOLE, receiver="other"), protocol, now=AT) == told
    assert all(may_demand(one).allowed for one in Receiver if one is not Receiver.OTHER)


# Written by hand beside the table.
RESTS = {
    ("126nda", "law"), ("126nda", "prosecutor"), ("126nd", "prosecutor"), ("126nf", "judge"), ("other", "prosecutor"),
    ("other", "judge"),
}  # fmt: skip


@pytest.mark.rule("demand.permission")
def test_each_article_rests_on_the_permissions_written_here(protocol: Protocol) -> None:
    found = {(one.value, by.value) for one in Article for by in Authoriser if rests_on(one, by).allowed}
    assert found == RESTS
    assert rests_on("126nf", "prosecutor").reason == "Dit artikel vraagt toestemming van: rechter-commissaris."
    assert rests_on("", "judge").reason == "Kies het wetsartikel."
    assert not may_honour(replace(WHOLE, article="126nf"), protocol, now=AT).allowed


@pytest.mark.rule("demand.oral")
def test_a_spoken_demand_holds_for_three_days(protocol: Protocol) -> None:
    spoken = replace(WHOLE, form=ORAL, signature_seen=False)
    until = confirm_by(AT, protocol)
    assert until == AT + timedelta(days=3)
    assert may_honour(spoken, protocol, now=until).allowed
    late = may_honour(spoken, protocol, now=until + timedelta(seconds=1))
    assert late.reason == "De bevestiging op schrift is niet op tijd gekomen. Verstrek niets meer voordat zij er is."
    confirmed = replace(spoken, confirmed_at=until + timedelta(days=1))
    assert blanks(confirmed) == ("signature_seen",)
    assert may_honour(replace(confirmed, signature_seen=True), protocol, now=until + timedelta(days=2)).allowed
    assert not is_in_writing(replace(spoken, demanded_at=None), protocol, now=AT).allowed


@pytest.mark.rule("demand.scope")
@given(first=st.integers(-50, 50), length=st.integers(1, 50), begin=st.integers(-50, 50), lasts=st.integers(1, 50))
def test_no_second_outside_what_is_asked_is_part_of_it(first: int, length: int, begin: int, lasts: int) -> None:
    def at(second: int) -> datetime:
        return AT + timedelta(seconds=second)

    asked = replace(WHOLE, period_from=at(first), period_until=at(first + length))
    part = asked_part(asked, at(begin), at(begin + lasts))
    common = {one for one in range(begin, begin + lasts) if first <= one < first + length}
    assert part == ((at(min(common)), at(max(common) + 1)) if common else None)


def test_nothing_is_asked_without_a_period() -> None:
    assert asked_part(replace(WHOLE, period_until=None), AT, AT + timedelta(seconds=1)) is None


@pytest.mark.rule("demand.secret")
def test_a_secret_demand_is_known_to_whoever_handles_it_and_no_other() -> None:
    for secret in (True, None):
        able = {(role, handles) for role in (*Role, None) for handles in (True, False)
                if may_know(secret=secret, role=role, handles=handles).allowed}  # fmt: skip
        assert able == {(Role.DPO, True), (Role.DPO, False), (Role.TEAM_MANAGER, True)}
    assert may_know(secret=False, role=Role.ADMINISTRATOR, handles=False).allowed


def test_only_an_open_demand_is_written_down_and_nobody_overwrites_another() -> None:
    assert may_prepare(CaseKind.DEMAND, CaseState.FORWARDED).allowed
    assert may_prepare(CaseKind.DEMAND, CaseState.CLOSED).reason == "De zaak is gesloten."
    assert may_prepare(CaseKind.DEMAND, CaseState.WITHDRAWN).reason == "De zaak is ingetrokken."
    assert may_prepare(CaseKind.ACCESS, CaseState.FORWARDED).reason == "Dit hoort alleen bij een vordering."
    assert may_save(version=2, known=2).allowed
    assert "Dit is intussen gewijzigd" in may_save(version=3, known=2).reason


def test_a_lawyers_questions_follow_what_was_demanded() -> None:
    assert any("bodycam" in one for one in questions(replace(WHOLE, article="126nda")))
    assert any("rechter-commissaris" in one for one in questions(replace(WHOLE, article="126nf")))
    assert any("geheimhouding" in one for one in questions(replace(WHOLE, secret=True)))
    assert not any("haast" in one for one in questions(WHOLE))
    assert any("haast" in one for one in questions(replace(WHOLE, form=ORAL)))
