"""What may become of an appointment, and of a room for it: each no with its reason."""

import pytest

from beeldkluis.protocol import appointments
from beeldkluis.protocol.verdict import Verdict

CHOICE = {"fixed": False, "proposed": True, "room_in_use": True}


@pytest.mark.rule("access.appointment")
@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (appointments.may_make_another(stands=True), "Er is al een afspraak. Verzet die, of zeg haar af."),
        (appointments.may_change(stands=False), "Er staat geen afspraak meer."),
        (
            appointments.may_choose(**CHOICE | {"fixed": True}),
            "Er is al een moment gekozen. Moet het anders? Verzet dan de afspraak.",
        ),
        (appointments.may_choose(**CHOICE | {"proposed": False}), "Kies een van de momenten die zijn voorgesteld."),
        (
            appointments.may_choose(**CHOICE | {"room_in_use": False}),
            "De ruimte is niet meer in gebruik. Trek het voorstel in en maak een nieuw.",
        ),
        (
            appointments.may_move(fixed=False, changes=True),
            "Er is nog geen moment gekozen, dus valt er niets te verzetten.",
        ),
        (
            appointments.may_move(fixed=True, changes=False),
            "Dit is al het moment en de ruimte van de afspraak. Kies iets anders.",
        ),
        (appointments.may_add_room(named=False, name_is_free=True), "Geef de ruimte een eigen naam en een adres."),
        (appointments.may_add_room(named=True, name_is_free=False), "Geef de ruimte een eigen naam en een adres."),
    ],
)
def test_each_no_says_why_under_the_rule_of_appointments(verdict: Verdict, reason: str) -> None:
    assert (verdict.allowed, verdict.rule, verdict.reason) == (False, "access.appointment", reason)


@pytest.mark.rule("access.appointment")
def test_what_nothing_stands_in_the_way_of_goes_on() -> None:
    assert appointments.may_make_another(stands=False).allowed
    assert appointments.may_change(stands=True).allowed
    assert appointments.may_choose(**CHOICE).allowed
    assert appointments.may_move(fixed=True, changes=True).allowed
    assert appointments.may_add_room(named=True, name_is_free=True).allowed
