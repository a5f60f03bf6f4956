"""Answers that hang on one fact each: the words of the no, the yes, and under which rule."""

from datetime import UTC, datetime, timedelta

import pytest

from beeldkluis.protocol import (
    access,
    accounts,
    acknowledgement,
    codes,
    finding,
    governance,
    handover,
    incident,
    intake,
    links,
    recording,
    succession,
    verdict,
    viewing,
)
from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict

NOW = datetime(2026, 10, 1, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
SHEET = {"role": Role.DEPUTY, "active": True}
DRAFT = {"number": "2", "municipality": "A", "own": "A", "fault": "", "state": ""}
LINK = {"by_program": True, "invitation": False, "demonstration": False, "in_demonstration": False}

ASKED: list[tuple[Verdict, Verdict, str, str]] = [  # no, yes, rule, words of the no
    (governance.may_choose_base(set_by_server=True), governance.may_choose_base(set_by_server=False),
     "governance.version", "De instellingen van de server zeggen al welk protocolbestand geldt"),
    (governance.may_replace_base(has_version=True), governance.may_replace_base(has_version=False),
     "governance.version", "Hier geldt al een protocol."),
    (governance.may_draft(**DRAFT | {"municipality": "B"}), governance.may_draft(**DRAFT),
     "governance.version", "Dit register is van B, niet van A."),
    (governance.may_draft(**DRAFT | {"fault": "regel x"}), governance.may_draft(**DRAFT | {"state": "draft"}),
     "governance.version", "Het register is niet volledig: regel x."),
    (governance.may_draft(**DRAFT | {"state": "in_force"}), governance.may_draft(**DRAFT),
     "governance.version", "Versie 2 bestaat al."),
    (governance.may_add_text(state="in_force", has_text=True, sections=1),
     governance.may_add_text(state="in_force", has_text=False, sections=1),
     "governance.version", "De tekst van een versie die geldt, verandert niet."),
    (governance.may_add_text(state="in_force", has_text=False, sections=0),
     governance.may_add_text(state="in_force", has_text=False, sections=1), "governance.version", "Er is geen tekst."),
    (governance.may_withdraw(state="in_force"), governance.may_withdraw(state="published"),
     "governance.version", "Deze versie geldt of is vervallen"),
    (links.may_make_link(**LINK | {"by_program": False}), links.may_make_link(**LINK),
     "web.link-once", "Zo'n link maakt alleen het programma zelf"),
    (links.may_make_link(**LINK | {"invitation": True}), links.may_make_link(**LINK), "web.link-once", "Zo'n link"),
    (links.may_make_link(**LINK | {"demonstration": True}),
     links.may_make_link(**LINK | {"demonstration": True, "in_demonstration": True}), "web.link-once", "Zo'n link"),
    (links.may_make_screen(retired=True), links.may_make_screen(retired=False),
     "web.screen-at-dock", "Dit dockingstation is buiten gebruik."),
    (links.may_open_screen(unused=False), links.may_open_screen(unused=True),
     "web.screen-at-dock", "Deze link is net al gebruikt."),
    (incident.may_accept_restored(because=" ", doubted=True), incident.may_accept_restored(because="x", doubted=True),
     "journal.holds", "Schrijf op waarom."),
    (incident.may_accept_restored(because="x", doubted=False), incident.may_accept_restored(because="x", doubted=True),
     "journal.holds", "Er is niets om te aanvaarden"),
    (incident.may_change(closed=True), incident.may_change(closed=False),
     "camera.loss-is-incident", "Dit incident is gesloten en verandert niet meer."),
    (incident.may_decide(" "), incident.may_decide("x"), "camera.loss-is-incident", "Schrijf op waarom wel of niet."),
    (incident.may_note_informed(at=LATER, aware_at=NOW, now=NOW), incident.may_note_informed(at=NOW, aware_at=NOW, now=NOW),
     "camera.loss-is-incident", "Het moment ligt tussen het bekend worden en nu."),
    (incident.may_note_informed(at=NOW, aware_at=LATER, now=LATER), incident.may_note_informed(at=NOW, aware_at=NOW, now=LATER),
     "camera.loss-is-incident", "Het moment ligt tussen het bekend worden en nu."),
    (incident.is_of_camera(known=False), incident.is_of_camera(known=True),
     "camera.loss-is-incident", "Dit incident gaat niet over een camera."),
    (recording.may_add_bodycam(taken=True), recording.may_add_bodycam(taken=False),
     "camera.issue", "Er is al een bodycam met dit serienummer"),
    (recording.has_come(LATER, NOW), recording.has_come(NOW, NOW), "camera.issue", "Dit moment moet nog komen."),
    (recording.may_add_officer(number="7", taken=True), recording.may_add_officer(number="7", taken=False),
     "recording.officer-known", "Nummer 7 is al in gebruik."),
    (finding.is_explained(" "), finding.is_explained("x"), "access.roles", "Schrijf op wat u hebt gedaan."),
    (intake.may_enrol(code_used=True, name_taken=True, key_readable=False),
     intake.may_enrol(code_used=False, name_taken=False, key_readable=True), "intake.automatic", "Deze code is al gebruikt."),
    (intake.may_enrol(code_used=False, name_taken=True, key_readable=False),
     intake.may_enrol(code_used=False, name_taken=False, key_readable=True),
     "intake.automatic", "Er is al een dockingstation met deze naam."),
    (intake.may_enrol(code_used=False, name_taken=False, key_readable=False),
     intake.may_enrol(code_used=False, name_taken=False, key_readable=True), "intake.automatic", "De sleutel is niet leesbaar."),
    (accounts.may_add_person(role=Role.DPO, address_taken=True, has_manager=True),
     accounts.may_add_person(role=Role.DPO, address_taken=False, has_manager=True),
     "access.roles", "Er is al iemand met dit e-mailadres."),
    (accounts.may_add_person(role=Role.TEAM_MANAGER, address_taken=False, has_manager=True),
     accounts.may_add_person(role=Role.TEAM_MANAGER, address_taken=False, has_manager=False),
     "access.roles", "Er is al een teammanager."),
    (accounts.may_see_change(is_subject=False), accounts.may_see_change(is_subject=True),
     "access.account-change", "Dit gaat over iemand anders."),
    (accounts.may_show_sheet(waits=False), accounts.may_show_sheet(waits=True), "access.account-change", "Dit wacht niet meer."),
    (accounts.may_use_link(works=False, why_not="Al gebruikt."), accounts.may_use_link(works=True, why_not="x"),
     "access.account-change", "Al gebruikt."),
    (handover.may_make_keys(has_keys=True), handover.may_make_keys(has_keys=False), "storage.sealed", "Er zijn al sleutels."),
    (codes.is_same_code(same=False), codes.is_same_code(same=True), "web.code-at-dock", codes.WRONG),
    (codes.is_same_at_viewing(same=False), codes.is_same_at_viewing(same=True), "access.own-code", "De code is net veranderd."),
    (codes.may_confirm_by_link(usable=False), codes.may_confirm_by_link(usable=True),
     "access.own-code", "Deze link werkt niet meer."),
    (codes.may_have_code(number="7", gone=True), codes.may_have_code(number="7", gone=False),
     "web.code-at-dock", "Handhaver 7 is uit dienst."),
    (codes.may_try(timedelta(milliseconds=1)), codes.may_try(timedelta(0)), "web.code-at-dock", "Wacht nog 1 seconde en"),
    (codes.may_try(timedelta(seconds=4.5)), codes.may_try(timedelta(0)), "web.code-at-dock", "Wacht nog 5 seconden en"),
    (acknowledgement.may_keep_scan(known_kind=False, small_enough=True),
     acknowledgement.may_keep_scan(known_kind=True, small_enough=True), "governance.acknowledgement", "Een scan is een PDF"),
    (acknowledgement.may_keep_scan(known_kind=True, small_enough=False),
     acknowledgement.may_keep_scan(known_kind=True, small_enough=True), "governance.acknowledgement", "Een scan is een PDF"),
    (acknowledgement.may_use_signing_link(usable=False), acknowledgement.may_use_signing_link(usable=True),
     "governance.acknowledgement", "Deze link is al gebruikt of verlopen."),
    (succession.has_end(None), succession.has_end(NOW), "access.deputy", "Zeg tot wanneer."),
    (succession.may_stand_for(has_manager=False), succession.may_stand_for(has_manager=True),
     "access.deputy", "Er is geen teammanager om voor waar te nemen."),
    (succession.may_have_copy(has_key=False, **SHEET), succession.may_have_copy(has_key=True, **SHEET),
     "access.deputy", "Een kopie is voor iemand met een account"),
    (succession.may_have_copy(has_key=True, role=Role.DPO, active=True), succession.may_have_copy(has_key=True, **SHEET),
     "access.deputy", "Een kopie is voor iemand met een account"),
    (succession.may_have_copy(has_key=True, role=Role.DEPUTY, active=False), succession.may_have_copy(has_key=True, **SHEET),
     "access.deputy", "Een kopie is voor iemand met een account"),
    (viewing.has_place(" "), viewing.has_place("x"), "access.presence", "Schrijf op waar u kijkt."),
    (viewing.goes_on(over=True), viewing.goes_on(over=False), "access.presence", "Deze inzage is voorbij. Begin een nieuwe."),
    (viewing.is_own(own=False), viewing.is_own(own=True), "access.presence", "Dit is de inzage van een ander."),
    (viewing.may_come_along(" "), viewing.may_come_along("x"), "access.presence", "Schrijf op wie er meekwam."),
    (viewing.may_leave(Present.TEAM_MANAGER), viewing.may_leave(Present.OFFICER),
     "access.presence", "Wie de inzage begon, gaat niet weg maar beëindigt de inzage."),
    (viewing.may_open_in(lasts=False), viewing.may_open_in(lasts=True), "access.opening-ends", "Deze inzage is voorbij."),
    (viewing.has_viewing(known=False), viewing.has_viewing(known=True),
     "access.opening-ends", "Deze opening hoort bij geen inzage die nog loopt."),
    (viewing.may_mark(in_recording=False, at_ms=0), viewing.may_mark(in_recording=True, at_ms=0),
     "access.case-required", "Deze plek hoort niet bij de opname die open is."),
    (viewing.may_mark(in_recording=True, at_ms=-1), viewing.may_mark(in_recording=True, at_ms=0),
     "access.case-required", "Deze plek hoort niet bij de opname die open is."),
    (viewing.is_of_recording(in_recording=False), viewing.is_of_recording(in_recording=True),
     "access.case-required", "Dit bestand hoort niet bij de opname die open is."),
    (access.has_unanswered(0), access.has_unanswered(1),
     "access.check-once", "Er zijn geen zegels waarvan de uitkomst ontbreekt."),
]  # fmt: skip
ALWAYS_NO = [
    (governance.unreadable_register("x"), "governance.version", "Het register is niet te lezen: x"),
    (governance.unusable_base("x."), "governance.version", "Dit bestand kan niet worden gebruikt. x."),
    (links.spent(), "web.link-once", "Deze link of code is al gebruikt, verlopen of niet goed overgenomen."),
    (links.set_up_already(), "web.set-up-once", "Deze installatie is al ingericht."),
    (links.unknown_screen(), "web.screen-at-dock", "Deze link werkt niet of niet meer."),
    (intake.unusable_code(), "intake.automatic", "Deze code is onbekend, gebruikt of verlopen."),
    (handover.broken_keys(), "storage.sealed", "De sleutels zijn niet goed aangekomen."),
    (handover.broken_new_keys(), "access.handover", "De nieuwe sleutels zijn niet goed aangekomen."),
    (handover.broken_headers(), "access.handover", "De nieuwe zegels zijn niet goed aangekomen."),
    (codes.wrong_code(), "web.code-at-dock", "Dit nummer en deze code horen niet bij elkaar."),
    (verdict.refuse("access.roles", "Nee."), "access.roles", "Nee."),
]


@pytest.mark.parametrize(
    ("refused", "granted", "rule", "words"), ASKED, ids=[f"{row[3]}-{n}" for n, row in enumerate(ASKED)]
)
def test_a_fact_decides(refused: Verdict, granted: Verdict, rule: str, words: str) -> None:
    assert (refused.allowed, refused.rule) == (False, rule)
    assert refused.reason.startswith(words)
    assert (granted.allowed, granted.rule) == (True, rule)
    assert not granted.reason.startswith(words)


@pytest.mark.parametrize(("refused", "rule", "words"), ALWAYS_NO)
def test_a_refusal_says_why(refused: Verdict, rule: str, words: str) -> None:
    assert (refused.allowed, refused.rule) == (False, rule)
    assert refused.reason.startswith(words)
