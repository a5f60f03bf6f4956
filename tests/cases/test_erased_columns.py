"""What a case says of others than the requester, and of how it was asked, goes with it."""

import pytest

from beeldkluis.cases.models import Case, Giving, Suspension
from tests.cases.conftest import NOW
from tests.cases.test_erasing import closed, erase

__all__ = ["closed"]  # a fixture
pytestmark = pytest.mark.usefixtures("vault_folders")


def test_of_who_was_filmed_of_a_third_party_and_of_access_nothing_stays_but_that_it_was(closed: Case) -> None:
    asked = {"case": closed, "asked_at": NOW, "until": NOW, "ended_at": NOW}
    Suspension.objects.create(**asked, third_party="Buurtzorg Noord", views="Liever niet.")
    Suspension.objects.create(**asked, missing=["place"])
    Giving.objects.create(case=closed, since=NOW, until=NOW, ended_at=NOW, how="absent", note="Mw. De Vries was ziek.")
    Case.objects.filter(pk=closed.pk).update(
        on_behalf_of="Kind", on_behalf_of_age=9, authority="parent", authority_proof="court", authority_seen_at=NOW, wish="copy",
        email_agreed_at=NOW, in_doubt=["moment_from"], regime="wpg", regime_because="Een boa zag het.",
    )  # fmt: skip
    erase(closed)
    assert (closed.on_behalf_of, closed.on_behalf_of_age, closed.authority, closed.authority_proof) == (
        "",
        None,
        "",
        "",
    )
    assert (closed.authority_seen_at, closed.authority_seen_by, closed.wish, closed.email_agreed_at) == (
        None,
        None,
        "",
        None,
    )
    assert (closed.in_doubt, closed.regime, closed.regime_because) == ([], "wpg", "")
    assert sorted(Suspension.objects.values_list("third_party", "views")) == [("", ""), ("een derde", "")]
    assert list(Giving.objects.values_list("how", "note")) == [("absent", "")]
