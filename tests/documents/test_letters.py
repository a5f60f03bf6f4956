"""The letters: every element that a letter cannot be without stands in it, whatever people typed."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from beeldkluis.documents import render
from beeldkluis.documents.facts import Letter, RequestForm
from beeldkluis.documents.letters import KINDS, MissingWordsError, lacking

pytestmark = pytest.mark.slow
MADE = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
COLLEGE = ["Het college van burgemeester en wethouders", "Postbus 100"]
DECISION = {"about": "31 oktober 2026, De Gast", "kind": "access", "objection_address": COLLEGE}
REMEDIES = ("bezwaar", "zes weken", "Postbus 100", "rechtbank", "Autoriteit Persoonsgegevens", "handtekening")
FULL: dict[str, dict[str, Any]] = {
    "acknowledgement": {
        "received_on": "3 november 2026", "last_day": "1 december 2026", "about": "31 oktober 2026", "held": True,
        "questions": ["Hoe oud is het kind?", "Kijken of een kopie?"], "by_post": True,
        "dpo": ["De functionaris", "fg@example.nl"], "decider": "teammanager Veiligheid en Juridische zaken",
    },
    "completion": {
        "missing": [["plaats", "Daarmee weten wij welke opname."]], "until": "17 november 2026", "general": True,
        "dpo": ["De functionaris", "fg@example.nl"],
    },
    "extension": {"old_day": "1 december 2026", "new_day": "30 januari 2027", "because": "Er zijn veel opnames."},
    "granted": DECISION | {
        "form": "viewing", "because": "Het mag.", "purposes": ["bewijs"], "kept_days": 28,
        "considerations": [["Past het doel?", "Ja, want."]],
    },
    "refused": DECISION | {
        "grounds": "Anderen staan erop.", "exception": "de rechten van anderen (artikel 15, lid 4, AVG)",
        "not_by_covering": "Iedereen kent elkaar.", "considerations": [["Past het doel?", "Nee, want."]],
    },
    "no_footage": DECISION | {
        "searched": "31 oktober 2026, tussen 21.00 en 23.00 uur",
        "destroyed": [["28 november 2026", "de bewaartermijn"]],
    },
    "set_aside": {
        "asked_on": "3 november 2026", "until": "17 november 2026", "missing": ["plaats"], "objection_address": COLLEGE,
    },
    "invitation": {
        "at": "8 december 2026 om 14.00 uur", "place": "Gemeentehuis, kamer 3", "minutes": 45,
        "present": ["de teammanager", "de handhaver"], "companion": True,
        "note": "Melden bij de balie.\nEr is een lift.",
    },
    "proposal": {
        "moments": ["8 december 2026 om 14.00 uur", "9 december 2026 om 10.00 uur"], "place": "Gemeentehuis, kamer 3",
        "minutes": 45, "companion": True,
    },
    "moved": {
        "old_at": "8 december 2026 om 14.00 uur", "at": "9 december 2026 om 10.00 uur", "place": "Gemeentehuis, kamer 3",
        "minutes": 45, "present": ["de teammanager", "de handhaver"], "companion": True, "because": "De zaal is bezet.",
        "note": "Melden bij de balie.",
    },
    "proposal_withdrawn": {
        "moments": ["8 december 2026 om 14.00 uur", "9 december 2026 om 10.00 uur"], "because": "De zaal is bezet.",
        "ended": False,
    },
    "cancelled": {"at": "8 december 2026 om 14.00 uur", "because": "De verzoeker kan niet.", "ended": False},
    "seen_by": {
        "about": "31 oktober 2026", "kept_since": "1 oktober 2026",
        "viewings": ["24 november 2026 om 10.00 uur: teammanager, handhaver; 14 seconden."],
    },
    "officer_notice": {
        "about": "opname R-000001", "purpose": "een toegewezen verzoek", "at": "8 december", "place": "kamer 3",
    },
    "officer_moved": {
        "old_at": "8 december 2026 om 14.00 uur", "at": "9 december 2026 om 10.00 uur", "place": "Gemeentehuis, kamer 3",
    },
    "officer_cancelled": {"at": "8 december 2026 om 14.00 uur"},
    "closing": {"outcome": "Afgewezen", "erased": "De beelden worden binnen 60 minuten vernietigd."},
    "withdrawn": {
        "about": "31 oktober 2026, De Gast", "withdrawn_on": "3 november 2026", "days": 14,
        "dpo": ["De functionaris", "fg@example.nl"],
    },
    "elsewhere": {"where": ["Woo-contactpersoon", "woo@example.nl"]},
    "woo_disclosed": DECISION | {
        "kind": "public_records", "law": "woo", "grounds": "Gewogen.", "opened": ["een beschrijving"],
        "closed": [["de beelden", "de persoonlijke levenssfeer (artikel 5.1, lid 2, onder e, Woo)"]],
    },
    "woo_refused": DECISION | {
        "kind": "public_records", "law": "woo", "grounds": "Gewogen.",
        "closed": [["het geluid", "de persoonlijke levenssfeer (artikel 5.1, lid 2, onder e, Woo)"]],
    },
    "views": {"about": "beelden van 31 oktober 2026", "until": "18 november 2026"},
    "views_asked": {"about": "beelden van 31 oktober 2026", "asked_on": "4 november 2026", "until": "18 november 2026"},
    "views_over": {"last_day": "9 december 2026"},
    "law": {
        "law": "Wet politiegegevens (Wpg)", "regime": "wpg", "because": "Er is een proces-verbaal.",
        "last_day": "15 december 2026",
    },
}  # fmt: skip
WANTED: dict[str, tuple[str, ...]] = {
    "proposal": ("9 december 2026 om 10.00 uur", "kamer 3", "45 minuten", "geldig identiteitsbewijs", "iemand meenemen"),
    "proposal_withdrawn": (
        "8 december 2026 om 14.00 uur", "9 december 2026 om 10.00 uur", "vervalt", "De zaal is bezet.", "andere momenten",
    ),
    "moved": (
        "8 december 2026 om 14.00 uur", "9 december 2026 om 10.00 uur", "kamer 3", "De zaal is bezet.", "Melden bij de balie.",
    ),
    "cancelled": ("8 december 2026 om 14.00 uur", "De verzoeker kan niet.", "een ander moment"),
    "seen_by": ("14 seconden", "functies en geen namen", "1 oktober 2026"),
    "acknowledgement": (
        "2026-0042", "3 november 2026", "uiterlijk op 1 december 2026", "bewaren wij die tot er een definitief besluit is",
        "teammanager Veiligheid en Juridische zaken", "fg@example.nl", "Hoe oud is het kind?", "Kijken of een kopie?", "per post",
    ),
    "completion": (
        "plaats", "Daarmee weten wij", "17 november 2026", "staat de termijn", "Wij wijzen uw verzoek niet af", "bewaard",
    ),
    "extension": ("30 januari 2027", "1 december 2026", "Er zijn veel opnames.", "Autoriteit Persoonsgegevens"),
    "granted": (
        "U mag de beelden bekijken.", "31 oktober 2026", "onherkenbaar", "identiteitsbewijs", "bewijs", "28 dagen", "verbeteren",
        "geen computer", "bodycam van de handhaver", "Ja, want.", *REMEDIES,
    ),
    "refused": (
        "U mag de beelden niet bekijken. In deze brief leest u waarom.", "Anderen staan erop.", "artikel 15, lid 4",
        "Iedereen kent elkaar.", "Nee, want.", *REMEDIES,
    ),
    "no_footage": ("geen beelden", "tussen 21.00 en 23.00 uur", "28 november 2026", "de bewaartermijn", *REMEDIES),
    "set_aside": ("niet verder", "plaats", "3 november 2026", "17 november 2026", "nieuw verzoek", *REMEDIES),
    "invitation": (
        "8 december 2026 om 14.00 uur", "kamer 3", "45 minuten", "de handhaver", "identiteitsbewijs", "iemand meenemen",
        "niet filmen", "Melden bij de balie. Er is een lift.",
    ),
    "officer_notice": (
        "opname R-000001", "een toegewezen verzoek", "nooit gebruikt om u te beoordelen",
        "wie naar uw opnames heeft gekeken",
    ),
    "officer_moved": ("van 8 december 2026 om 14.00 uur, is verzet", "9 december 2026 om 10.00 uur", "kamer 3", "U bent erbij."),
    "officer_cancelled": ("8 december 2026 om 14.00 uur", "gaat niet door", "een nieuwe afspraak"),
    "closing": ("gesloten", "afgewezen", "binnen 60 minuten vernietigd"),
    "withdrawn": (
        "Op 3 november 2026 hoorden wij", "31 oktober 2026, De Gast", "binnen 14 dagen", "Tot 14 dagen", "fg@example.nl",
    ),
    "elsewhere": ("Wet open overheid", "woo@example.nl", "inzageverzoek"),
    "woo_disclosed": (
        "een beschrijving", "de beelden, vanwege de persoonlijke levenssfeer", "Gewogen.", "twee weken", *REMEDIES[:4],
    ),
    "woo_refused": ("het geluid, vanwege", "artikel 5.1, lid 2, onder e, Woo", "Gewogen.", *REMEDIES[:4]),
    "views": ("zienswijze", "31 oktober 2026", "18 november 2026", "U hoeft niet te reageren"),
    "views_asked": ("31 oktober 2026", "4 november 2026", "18 november 2026", "staat daarom stil", "artikel 4.4, lid 3"),
    "views_over": ("uiterlijk op 9 december 2026", "artikel 4.4, lid 4"),
    "law": ("Wet politiegegevens (Wpg)", "Er is een proces-verbaal.", "15 december 2026", "artikel 25", "artikel 27"),
}  # fmt: skip


def letter(kind: str, words: dict[str, Any] | None = None, **changed: Any) -> Letter:
    known: dict[str, Any] = {
        "municipality": "Westerkwartier", "sender": ("Postbus 100",), "recipient": ("J. de Vries", "Hoofdstraat 1"),
        "date": "3 november 2026", "reference": "2026-0042", "protocol": "1",
    }  # fmt: skip
    return Letter(kind=kind, words=FULL[kind] if words is None else words, **known | changed)


def pages(told: Letter, **more: Any) -> list[str]:
    made = render.letter(told, made_at=MADE, **more)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


@pytest.mark.rule("request.letter")
@pytest.mark.parametrize("kind", KINDS)
def test_every_element_is_there_and_the_footer_on_every_page(kind: str) -> None:
    read = pages(letter(kind))
    text = " ".join(read)
    for wanted in (KINDS[kind].title, "J. de Vries", "Hoofdstraat 1", "3 november 2026", *WANTED[kind]):
        assert wanted in text, wanted
    for number, page in enumerate(read, start=1):
        assert f"2026-0042 · protocol bodycams versie 1 bladzijde {number} van {len(read)}" in page


@pytest.mark.parametrize("kind", ["cancelled", "proposal_withdrawn"])
def test_who_has_no_right_to_look_any_more_is_not_asked_to_choose_another_moment(kind: str) -> None:
    text = " ".join(pages(letter(kind, FULL[kind] | {"ended": True})))
    assert "U hoort van ons als dat verandert." in text
    assert "nog komen kijken" not in text


@pytest.mark.parametrize("kind", KINDS)
def test_without_what_it_may_have_it_is_still_a_letter(kind: str) -> None:
    bare = {name: FULL[kind][name] for name in FULL[kind] if name not in KINDS[kind].may}
    if kind == "refused":
        bare |= {name: FULL[kind][name] for name in ("exception", "not_by_covering")}
    assert KINDS[kind].title in " ".join(pages(letter(kind, bare)))


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in KINDS[kind].needs])
def test_a_letter_that_lacks_a_word_it_needs_is_not_made(kind: str, name: str) -> None:
    for empty in ("", "  ", [], None):
        assert name in lacking(kind, FULL[kind] | {name: empty})
    with pytest.raises(MissingWordsError, match=name):
        render.letter(letter(kind, FULL[kind] | {name: ""}), made_at=MADE)


@pytest.mark.rule("request.yes-unless")
def test_a_filmed_person_is_not_refused_without_an_exception() -> None:
    assert lacking("refused", FULL["refused"] | {"exception": "", "not_by_covering": " "}) == (
        "exception",
        "not_by_covering",
    )
    assert lacking("refused", FULL["refused"] | {"kind": "interest", "exception": ""}) == ()


@pytest.mark.parametrize(
    "typed",
    ["#strong[vet] *en* _cursief_ $x$ <label> @ref", "Jørgen Ñuñez-Łukasiewicz", "Ωμέγα Иван", "محمد 王", "x" * 300,
     "- a\n- b\n\nEn verder.", '"; #import "/etc/passwd"'],
)  # fmt: skip
def test_what_people_typed_stays_text(typed: str) -> None:
    read = " ".join(
        pages(letter("refused", FULL["refused"] | {"grounds": typed}, recipient=(typed[:90], "Hoofdstraat 1")))
    )
    if typed.startswith("#strong"):
        assert "#strong[vet] *en*" in read
    if "Jørgen" in typed:
        assert typed in read
    assert "zes weken" in read


def test_many_pages_each_have_their_footer() -> None:
    read = pages(letter("refused", FULL["refused"] | {"grounds": "Een lange reden. " * 900}))
    assert len(read) > 3
    assert all(f"bladzijde {number} van {len(read)}" in page for number, page in enumerate(read, start=1))


def test_it_can_be_archived_and_read_aloud() -> None:
    made = render.letter(letter("granted"), made_at=MADE)
    for mark in (b"pdfaid:part", b"pdfuaid:part"):
        assert mark in made
    root = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert render.letter(letter("granted"), made_at=MADE) == made, "the same words on the same day are the same bytes"


def test_a_municipality_changes_one_letter_and_keeps_the_others(tmp_path: Path) -> None:
    own = '#import "letter.typ": *\n#show: letter\n\nOnze eigen woorden, #words.outcome.\n'
    (tmp_path / "closing.typ").write_text(own)
    assert "Onze eigen woorden, Afgewezen." in " ".join(pages(letter("closing"), templates=tmp_path))
    assert "Wet open overheid" in " ".join(pages(letter("elsewhere"), templates=tmp_path))


def test_an_unknown_letter_is_no_letter() -> None:
    with pytest.raises(ValueError, match="no letter"):
        render.letter(Letter(**_plain() | {"kind": "x"}), made_at=MADE)


def _plain() -> dict[str, Any]:
    told = letter("closing")
    return {name: getattr(told, name) for name in Letter.__dataclass_fields__}


def test_the_form_to_print_has_room_to_write() -> None:
    told = RequestForm(municipality="W", protocol="1", address=("FG", "Postbus 100"), answer_days=28, kept_days=28)
    read = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(render.request_form(told, made_at=MADE))).pages
    )
    for wanted in ("Naam", "E-mailadres", "Datum", "Plaats", "Reden", "FG, Postbus 100", "28 dagen"):
        assert wanted in " ".join(read.split())
