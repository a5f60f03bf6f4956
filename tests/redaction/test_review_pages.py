"""What the screen where a copy is reviewed asks of the server: what is missing, the copy itself, and the steps."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.redaction.conftest import FREED, Copying
from tests.redaction.test_life import lines
from tests.redaction.test_pages import browser as browser  # noqa: PLC0414 - its fixture is ours too
from tests.redaction.test_pages import read

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Change, Draft, Key, Mode
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.redaction.exemption_queries import between
from beeldkluis.redaction.models import Look, Rendering
from beeldkluis.sealed.age import open_header
from beeldkluis.viewing import actions as viewing
from beeldkluis.viewing.models import Attendance


def test_what_is_played_before_the_copy_is_made_is_no_look_at_it(browser: Client, copying: Copying) -> None:
    copying.analysed()
    copying.save()
    opened = copying.opened()
    address = f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/"
    spans = {"version": 2, "spans": [{"start_ms": 0, "end_ms": 4_000, "heard": True}]}

    def tell() -> dict[str, Any]:
        found: dict[str, Any] = browser.post(
            f"{address}gespeeld/", json.dumps(spans), content_type="application/json"
        ).json()
        return found

    assert tell() == {"kept": False, "missing": ["Laat de kopie maken van wat er nu staat."]}
    assert not Look.objects.exists()
    Look.objects.create(
        redaction=copying.one, version=2, person=copying.manager, start_ms=0, end_ms=4_000, heard=True,
        reported_at=copying.now - timedelta(seconds=1),
    )  # fmt: skip
    copying.ask_copy()
    copying.work()
    assert browser.get(address).json()["missing"] == ["Speel nog 4 seconden van de kopie af die u nog niet zag."]
    assert tell() == {"kept": True, "missing": []}


def test_the_screen_where_it_is_open_knows_what_is_missing_and_takes_its_steps(
    browser: Client, copying: Copying
) -> None:
    copying.analysed()
    address = f"/inzien/{copying.opened().opening.pk}/onherkenbaar/{copying.clip}/"

    def take(step: str, status: int = 200) -> dict[str, Any]:
        answer = browser.post(f"{address}stap/", json.dumps({"step": step}), content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json() if status == 200 else {}

    told = browser.get(address).json()
    assert (told["steps"], told["leaves"], told["second"], told["checked_by"]) == (
        ["withdraw", "leaves"],
        False,
        False,
        "",
    )
    assert "rendering" not in told
    assert told["log"] == f"/verzoeken/{copying.case.reference}/onherkenbaar/{copying.clip}/uitzonderingen/"
    copying.save()
    copying.ask_copy()
    assert browser.get(address).json()["steps"] == ["cancel"]
    copying.work()
    told = take("leaves")
    assert (told["leaves"], told["second"], told["steps"]) == (True, True, ["withdraw", "stays"])
    assert take("stays")["steps"] == ["withdraw", "leaves"], "not seen yet"
    take("check", 403)
    copying.play((0, 4_000, False))
    told = browser.get(address).json()
    assert (told["missing"], told["looked"]) == ([], {"played": [[0, 4_000]], "heard": []})
    assert told["steps"] == ["check", "withdraw", "leaves"]
    told = take("check")
    assert (told["state"], told["checked_by"], told["steps"]) == (
        "checked",
        copying.manager.name,
        ["approve", "withdraw"],
    )
    assert take("approve")["state"] == "approved"
    take("something", 400)


def test_a_copy_that_was_made_meanwhile_opens_without_opening_the_film_again(browser: Client, copying: Copying) -> None:
    copying.analysed()
    opened = copying.opened()
    address = f"/inzien/{opened.opening.pk}/onherkenbaar/{copying.clip}/"
    assert browser.post(f"{address}kopie/").status_code == 404, "there is none"
    copying.save()
    copying.ask_copy()
    copying.work()
    made = Rendering.objects.get()
    told = browser.get(address).json()["rendering"]
    given = browser.post(f"{address}kopie/").json()
    assert told == {
        "source": str(made.object),
        "sealed_size": given["sealed_size"],
        "content_type": "video/mp4",
        "version": made.version,
    }
    open_header(base64.b64decode(given["header"]), [copying.scene.world.identity])
    assert (given["source"], given["version"]) == (str(made.object), made.version)
    assert lines("viewing.redacted_copy_opened") == [
        f"Onherkenbare kopie geopend om te controleren, onder zaak {copying.case.reference}"
    ]
    Attendance.objects.filter(present="officer").update(left_at=copying.now)
    assert browser.post(f"{address}kopie/").status_code == 403, "who must be there left"
    viewing.close(opened.opening, actor=copying.manager.as_actor, now=copying.now)
    assert browser.post(f"{address}kopie/").status_code == 404
    seen = copying.opened(Purpose.VIEW_WITH_OFFICER)
    assert browser.post(f"/inzien/{seen.opening.pk}/onherkenbaar/{copying.clip}/kopie/").status_code == 404


def test_the_log_is_read_page_by_page(browser: Client, copying: Copying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("beeldkluis.redaction.exemption_queries.PER_PAGE", 2)
    copying.analysed()
    copying.save()
    copying.save(replace(FREED, audible=((1_000, 2_500),)))
    copying.save(replace(FREED, mode=Mode.COVERED))
    address = f"/verzoeken/{copying.case.reference}/onherkenbaar/{copying.clip}/uitzonderingen/"
    newest, oldest = read(browser, address), read(browser, f"{address}?pagina=2")
    assert "Bladzijde 1 van 2" in newest
    assert "Vrijgegeven" not in newest
    assert "Vrijgegeven" in oldest
    assert "Geluid blijft" in oldest


def test_the_log_calls_a_box_that_lasts_longer_no_new_one_and_a_split_no_undoing() -> None:
    drawn, longer = Change(track=1001, end=75, keys=(Key(0, Box(0, 0, 1, 1)),)), Change(track=1001, end=99)
    freed = Change(track=1, free=True)
    halves = (replace(freed, end=79), Change(track=1, begin=80))

    def told(old: tuple[Change, ...], new: tuple[Change, ...]) -> list[tuple[str, int | None]]:
        lines_of = between(Draft(Mode.COVERED, old), Draft(Mode.COVERED, new))
        return [(line.what.dutch, line.frames[0]) for line in lines_of]

    assert told((), (drawn,)) == [("Vak getekend", None)]
    assert told((drawn,), (longer,)) == [("Vak langer of korter in beeld", None)]
    assert told((drawn,), ()) == [("Wijziging teruggedraaid", None)]
    assert told((freed,), halves) == [("Spoor gesplitst of weer één", None), ("Weer onherkenbaar", 80)]
    assert told(halves, (freed,)) == [("Spoor gesplitst of weer één", None)]
    assert told(halves, halves) == []
