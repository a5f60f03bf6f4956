"""The page of docks shows which cameras fit, from the list of makes, and where their systems are let in."""

import re

import pytest
from django.test import Client

from beeldkluis.camera import makes
from beeldkluis.people.models import Person
from tests.dock import made_up


def rows(page: str) -> dict[str, str]:
    """What the table says of each make, as it is read."""
    table = page.partition("Camera's die passen</h2>")[2].partition("</table>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[2:]]
    return {words(one[0]): " | ".join(words(cell) for cell in one[1:]) for one in cells}


def words(cell: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", cell).split())


def test_the_page_of_docks_shows_every_make_and_what_differs(
    client: Client, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)
    page = client.get("/docks/").content.decode()
    known = {
        "Camera met een gewone schijf (USB)": "Ons dockingstation leest de camera uit en wist haar."
        " | wordt vergeleken met die van de server | nee",
        "AXIS Body Worn": "Het camerasysteem levert zelf aan. Camerasystemen toelaten: AXIS Body Worn"
        " | wordt niet vergeleken: de bewaartermijn telt vanaf de ontvangst | ja",
    }
    assert rows(page).items() >= known.items()
    assert list(rows(page)) == [make.name for make in makes.MAKES]
    assert '<a href="/docks/axis/">Camerasystemen toelaten' in page
    monkeypatch.setattr(makes, "MAKES", (*makes.MAKES, made_up.MAKE))
    assert "Shield" in rows(client.get("/docks/").content.decode())


def test_every_make_is_let_in_on_a_page_that_is_there(client: Client, administrator: Person) -> None:
    client.force_login(administrator)
    assert {client.get(make.set_up).status_code for make in makes.MAKES} == {200}
