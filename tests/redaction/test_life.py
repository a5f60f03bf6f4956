"""From a granted request to an approved copy: each step, what undoes it, and what the journal says."""

from dataclasses import replace

import pytest
from tests.lines import lines
from tests.redaction import programs
from tests.redaction.conftest import FREED, Copying, fails

from beeldkluis.footage.models import Recording
from beeldkluis.jobs.models import Job
from beeldkluis.masking.codec import analysis_bytes, draft_bytes
from beeldkluis.masking.draft import Change, Draft, Mode
from beeldkluis.masking.words import OTHER_PARTS
from beeldkluis.people.models import Person
from beeldkluis.protocol.redaction import RedactionState as S
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.redaction import actions, queries
from beeldkluis.redaction.models import Exemption, Look, Redaction, Rendering
from beeldkluis.redaction.reasons import ANALYSIS_REASONS, NEW_KEYS, NO_PART, RENDERING_REASONS
from beeldkluis.sealed.age import PayloadReader, open_header
from beeldkluis.sealed.derived import derived_file_key
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault import actions as vault_actions
from beeldkluis.vault import queries as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.models import Lease
from beeldkluis.web.ticking import JOBS, tick


def plain(object_id: object, key: bytes) -> bytes:
    size = vault.payload_size(object_id)  # type: ignore[arg-type] - a UUID of a row
    sealed = b"".join(vault.payload(object_id, 0, size))  # type: ignore[arg-type] - as above
    reader = PayloadReader(lambda at, length: sealed[at : at + length], size, key)
    return b"".join(reader.read(0, reader.size))


def film_key(copying: Copying) -> bytes:
    return open_header(vault_actions.release_header(copying.clip), [copying.scene.world.identity])


@pytest.mark.rule("redaction.life")
def test_from_a_request_to_an_approved_copy(copying: Copying) -> None:
    asked = copying.ask()
    assert (asked.state, copying.ask().pk) == (S.ASKED, asked.pk), "asking twice is one search"
    assert Job.objects.count() == 1
    assert copying.work() == 1
    found = copying.one
    assert (found.state, found.frames, found.duration_ms, found.tracks) == (S.ANALYSED, 100, 4_000, 2)
    assert not Lease.objects.filter(sealed_file_key__isnull=False).exists()
    copying.save()
    assert not copying.play(), "there is no copy to look at yet"
    assert copying.ask_copy().state == S.RENDERING
    assert not copying.play()
    assert copying.work() == 1
    assert copying.one.state == S.RENDERED
    with pytest.raises(Refused, match="Speel nog 4 seconden van de kopie af"):
        actions.check(copying.one, person=copying.manager, now=copying.now)
    assert copying.play()
    with pytest.raises(Refused, match="Controleer de kopie eerst"):
        actions.approve(copying.one, person=copying.manager, now=copying.now)
    assert not queries.approved(copying.case.reference, copying.one.recording)
    actions.check(copying.one, person=copying.manager, now=copying.now)
    assert not queries.approved(copying.case.reference, copying.one.recording), "checked is not approved"
    actions.approve(copying.one, person=copying.manager, now=copying.now)
    made = Rendering.objects.get()
    assert queries.approved(copying.case.reference, copying.one.recording) == {copying.clip: made.object}
    assert dict(programs.seen)["draft"] == FREED
    assert dict(programs.seen)["mark"] == f"bewerkt · zaak {copying.case.reference} · 03-10-2026"


def test_the_journal_says_each_step(copying: Copying) -> None:
    copying.approved()
    case = copying.case.reference
    assert lines("redaction.analysis_asked") == [
        f"Gevraagd om te zoeken wie en wat onherkenbaar moet, onder zaak {case}"
    ]
    assert lines("redaction.analysis_made") == ["Gezocht wie en wat onherkenbaar moet: 2 gevonden"]
    assert lines("redaction.draft_saved") == ["Onherkenbaar maken bijgewerkt tot versie 2; 1 vrijgegeven"]
    assert lines("redaction.copy_asked") == [f"Onherkenbare kopie gevraagd van versie 2, onder zaak {case}"]
    assert lines("redaction.copy_rendered") == ["Onherkenbare kopie gemaakt van versie 2"]
    assert lines("redaction.stretch_reviewed") == ["Nagekeken: van 0 tot 4000 milliseconden, versie 2"]
    assert lines("redaction.copy_checked") == ["Onherkenbare kopie gecontroleerd, versie 2"]
    assert lines("redaction.copy_approved") == ["Onherkenbare kopie goedgekeurd, versie 2"]
    actions.withdraw(copying.one, person=copying.manager, now=copying.now)
    assert lines("redaction.withdrawn") == ["Onherkenbare kopie ingetrokken"]


def test_what_was_found_opens_with_the_film_and_the_copy_does_not(copying: Copying) -> None:
    copying.rendered()
    one, made, key = copying.one, Rendering.objects.get(), film_key(copying)
    assert one.analysis is not None
    assert plain(one.analysis, derived_file_key(key, one.analysis)) == analysis_bytes(programs.ANALYSIS)
    for wrong in (key, derived_file_key(key, made.object)):
        with pytest.raises(SealError):
            plain(made.object, wrong)
    own = open_header(vault_actions.release_header(made.object), [copying.scene.world.identity])
    assert plain(made.object, own) == b"covered " * 30_000
    copying.scene.world.destroy(one.recording)
    for gone in (one.analysis, made.object):
        with pytest.raises(GoneError):
            vault.payload_size(gone)


@pytest.mark.rule("redaction.life")
@pytest.mark.parametrize(
    "change",
    [
        replace(FREED, changes=(Change(track=2, free=True),)),
        replace(FREED, audible=((1_000, 2_000),)),
        replace(FREED, mode=Mode.COVERED),
    ],
)
def test_a_change_undoes_what_was_approved_and_seen(copying: Copying, change: Draft) -> None:
    copying.approved()
    copying.save(change)
    assert copying.one.state == S.DRAFTED
    assert not queries.approved(copying.case.reference, copying.one.recording)
    assert queries.reviewed(copying.one, copying.manager).played == ()
    copying.save()
    assert not queries.approved(copying.case.reference, copying.one.recording), "also when it is changed back"


def test_looking_where_the_program_is_unsure_changes_no_copy(copying: Copying) -> None:
    programs.doubts.append("crossing-12")
    copying.rendered()
    copying.play()
    with pytest.raises(Refused, match="Kijk nog naar één plek waar het programma twijfelt"):
        actions.check(copying.one, person=copying.manager, now=copying.now)
    copying.save(replace(FREED, checked=("crossing-12",)))
    assert (copying.one.state, copying.one.version, copying.one.changed_in) == (S.RENDERED, 3, 2)
    actions.check(copying.one, person=copying.manager, now=copying.now)


@pytest.mark.rule("redaction.one-at-a-time")
def test_nobody_overwrites_another(copying: Copying) -> None:
    known = copying.analysed().version
    copying.save(known=known)
    other = replace(FREED, mode=Mode.COVERED)
    with pytest.raises(Refused, match="Iemand anders wijzigde dit intussen"):
        copying.save(other, known=known)
    assert queries.draft_of(copying.one) == FREED
    with pytest.raises(Refused, match="Iemand anders wijzigde dit intussen"):
        copying.ask_copy(known=known)
    for broken in (b"", b"{}", draft_bytes(FREED)[:-1], draft_bytes(FREED) + b" "):
        with pytest.raises(ValueError, match=r"."):
            actions.save_draft(copying.one, broken, known=2, person=copying.manager, now=copying.now)


@pytest.mark.rule("redaction.approval")
def test_what_was_played_counts_for_its_version_and_for_whoever_played_it(copying: Copying) -> None:
    copying.rendered(replace(FREED, audible=((1_000, 2_000),)))
    assert not copying.play(version=1), "it was changed since"
    copying.play((0, 3_000, False), (2_500, 4_000, False))
    with pytest.raises(Refused, match="Luister nog naar 1 seconde geluid dat blijft"):
        actions.check(copying.one, person=copying.manager, now=copying.now)
    copying.play((900, 2_100, True))
    assert Look.objects.filter(heard=True).count() == 1
    other = copying.scene.people[Role.DEPUTY]
    assert queries.reviewed(copying.one, other).played == ()
    actions.check(copying.one, person=copying.manager, now=copying.now)


def acting(copying: Copying) -> Person:
    """The deputy acts as team manager, who rests."""
    deputy = copying.scene.people[Role.DEPUTY]
    Person.objects.filter(pk=copying.manager.pk).update(acting=Role.DEPUTY.value)
    Person.objects.filter(pk=deputy.pk).update(acting=Role.TEAM_MANAGER.value)
    return Person.objects.get(pk=deputy.pk)


@pytest.mark.rule("redaction.second-look")
def test_a_copy_that_goes_out_needs_another_who_saw_all_of_it(copying: Copying) -> None:
    copying.rendered()
    actions.choose_use(copying.one, leaves=True, person=copying.manager, now=copying.now)
    copying.play()
    actions.check(copying.one, person=copying.manager, now=copying.now)
    with pytest.raises(Refused, match="Een ander dan wie controleerde"):
        actions.approve(copying.one, person=copying.manager, now=copying.now)
    deputy = acting(copying)
    with pytest.raises(Refused, match="Speel nog 4 seconden van de kopie af"):
        actions.approve(copying.one, person=deputy, now=copying.now)
    copying.play(person=deputy)
    actions.approve(copying.one, person=deputy, now=copying.now)
    assert copying.one.state == S.APPROVED
    with pytest.raises(Refused, match="al gecontroleerd"):
        actions.choose_use(copying.one, leaves=False, person=deputy, now=copying.now)


@pytest.mark.rule("redaction.life")
@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR, Role.DEPUTY])
def test_nobody_works_on_a_copy_but_who_may_open_the_footage(copying: Copying, role: Role) -> None:
    copying.rendered()
    person = copying.scene.people[role]
    for step in (actions.check, actions.approve, actions.withdraw, actions.cancel):
        with pytest.raises(Refused, match=r"[Aa]lleen de teammanager"):
            step(copying.one, person=person, now=copying.now)
    with pytest.raises(Refused):
        copying.save(person=person)
    with pytest.raises(Refused):
        copying.play(person=person)
    with pytest.raises(Refused):
        copying.ask(person=person)


def test_a_case_that_was_not_granted_gets_no_copy(copying: Copying) -> None:
    type(copying.case).objects.update(state="forwarded")
    with pytest.raises(Refused, match="niet in een stand"):
        copying.ask()
    assert not Redaction.objects.exists()


def test_a_search_goes_on_after_the_parts_that_were_kept(copying: Copying) -> None:
    copying.ask()
    programs.goes_wrong.append(RuntimeError("stopped"))
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.FAILED, ANALYSIS_REASONS.broken.format(error="RuntimeError"))
    staging = copying.scene.world.folder / "staging"
    kept = sorted(path.name for path in staging.glob("*-part-*"))
    assert kept == [f"{copying.one.pk}-part-{number}" for number in (1, 2)]
    assert not any(b"part 1 of" in path.read_bytes() for path in staging.glob("*-part-*")), "sealed like the film"
    copying.ask()
    copying.work()
    assert copying.one.state == S.ANALYSED
    begun = [parts for name, parts in programs.seen if name == "parts"]
    assert [len(parts) for parts in begun if isinstance(parts, tuple)] == [0, 2]
    assert not list(staging.glob("*-part-*")), "nothing of them stays"


def test_parts_of_other_pictures_are_thrown_away_and_the_next_search_begins_anew(copying: Copying) -> None:
    copying.ask()
    programs.goes_wrong.append(fails(OTHER_PARTS))  # after two parts
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.FAILED, OTHER_PARTS)
    assert not list((copying.scene.world.folder / "staging").glob("*-part-*"))
    copying.ask()
    copying.work()
    assert copying.one.state == S.ANALYSED
    assert [len(parts) for name, parts in programs.seen if name == "parts" and isinstance(parts, tuple)] == [0, 0]


def test_a_disk_that_takes_nothing_more_is_said_and_loses_nothing(copying: Copying) -> None:
    asked = copying.ask()
    in_the_way = copying.scene.world.folder / "staging" / f"{asked.pk}-part-3"
    in_the_way.mkdir()
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.FAILED, ANALYSIS_REASONS.no_room)
    in_the_way.rmdir()
    copying.ask()
    copying.work()
    assert copying.one.state == S.ANALYSED
    begun = [parts for name, parts in programs.seen if name == "parts"]
    assert begun[-1] == tuple(b"part %d of pictures" % number for number in (1, 2))


def test_what_goes_wrong_is_said_and_what_was_reviewed_stays(copying: Copying) -> None:
    copying.analysed()
    copying.save()
    copying.ask_copy()
    programs.goes_wrong.append(fails("De film klopt niet met wat is gevonden."))
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.DRAFTED, "De film klopt niet met wat is gevonden.")
    assert lines("redaction.copy_lost") == ["Onherkenbare kopie niet gemaakt: De film klopt niet met wat is gevonden."]
    assert queries.draft_of(copying.one) == FREED
    copying.ask_copy()
    assert actions.cancel(copying.one, person=copying.manager, now=copying.now)
    assert (copying.one.state, copying.one.reason) == (S.DRAFTED, RENDERING_REASONS.cancelled)
    assert copying.work() == 0
    assert not actions.cancel(copying.one, person=copying.manager, now=copying.now), "it was over"
    copying.ask_copy()
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.RENDERED, "")


def test_without_the_extra_a_sentence_says_what_is_missing(copying: Copying, settings: object) -> None:
    settings.MASKING_PROGRAMS = {"analyse": "beeldkluis.nowhere.analyse"}  # type: ignore[attr-defined] - pytest-django's
    copying.ask()
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.FAILED, NO_PART)


def test_keys_that_changed_hands_meanwhile_are_said(copying: Copying, monkeypatch: pytest.MonkeyPatch) -> None:
    copying.analysed()
    copying.save()
    copying.ask_copy()
    monkeypatch.setattr("beeldkluis.redaction.keeping_actions.current_recipients", lambda: ("age1other",))
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.DRAFTED, NEW_KEYS)
    assert not Rendering.objects.exists()


def test_a_copy_of_what_was_changed_behind_our_back_is_not_kept(copying: Copying) -> None:
    copying.analysed()
    copying.save()
    copying.ask_copy()

    def change() -> None:
        Redaction.objects.update(version=3, changed_in=3)

    programs.meanwhile.append(change)
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.DRAFTED, RENDERING_REASONS.changed)
    assert not Rendering.objects.exists()


def test_a_draft_of_another_search_makes_no_copy(copying: Copying) -> None:
    copying.analysed()
    copying.save()
    copying.ask_copy()
    programs.goes_wrong.append(ValueError("track 7 is not there"))
    copying.work()
    assert (copying.one.state, copying.one.reason) == (S.DRAFTED, RENDERING_REASONS.changed)


def test_a_film_is_searched_for_one_case_at_a_time(copying: Copying) -> None:
    copying.ask()
    other = copying.scene.ask()
    own, copying.scene.case = copying.scene.case, other
    copying.scene.confirm()
    type(other).objects.filter(pk=other.pk).update(state="granted")
    with pytest.raises(Refused, match=f"Aan deze film wordt nu gewerkt voor zaak {own.reference}"):
        copying.ask(case=other)


def test_what_people_drew_goes_with_the_footage(copying: Copying) -> None:
    copying.approved()
    tick(copying.now, {"bewaartermijn": JOBS["bewaartermijn"]})
    assert queries.draft_of(copying.one) == FREED, "while the film is there"
    copying.scene.world.destroy(copying.one.recording)
    Recording.objects.update(state=Recording.State.DESTROYED)
    for _again in range(2):
        tick(copying.now, {"bewaartermijn": JOBS["bewaartermijn"]})
    assert bytes(copying.one.draft) == b""
    assert lines("redaction.draft_erased") == [
        "Wat mensen aanwezen om onherkenbaar te maken, is gewist: de opname is vernietigd"
    ]
    assert [(one.what, one.reason) for one in Exemption.objects.all()] == [("freed", "De verzoeker.")]
    with pytest.raises(Refused, match="hoort niet bij"):
        copying.save(replace(FREED, mode=Mode.COVERED))
    assert bytes(copying.one.draft) == b""
