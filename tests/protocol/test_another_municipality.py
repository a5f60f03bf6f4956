"""A protocol file of another municipality: what it may say, what it may leave out, and what no file can switch on."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol import options, requests
from beeldkluis.protocol.comparing import differences, strange, used_defaults
from beeldkluis.protocol.completing import SILENT, completed
from beeldkluis.protocol.contradictions import contradictions, without_ground
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.naming import STANDARD, own_words, title
from beeldkluis.protocol.never import Never, refusal, rules_of_never
from beeldkluis.protocol.presence import InTheRoom, Present, is_present, may_ask_for, purposes_of, required
from beeldkluis.protocol.public import public_facts
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.recording import flags
from beeldkluis.protocol.register import Protocol, RegisterError, load, parse, write

FOLDER = Path(__file__).parents[2] / "protocols"
SHIPPED: Mapping[str, object] = tomllib.loads((FOLDER / "shipped.toml").read_text(encoding="utf-8"))
EXAMPLES = ("winterswijk-1.toml", "heerde-1.toml", "hilversum-1.toml")
HEAD = '[protocol]\nmunicipality = "Elders"\nversion = "1"\n'


def of(name: str, protocol: Protocol) -> Protocol:
    return completed(load(FOLDER / name, protocol), protocol)


def own(text: str, protocol: Protocol) -> Protocol:
    return completed(parse(HEAD + text, "elders.toml", protocol), protocol)


# What each file's source says, read by hand: everything else is the program's own.
SAYS: dict[str, dict[tuple[str, str], int]] = {
    "winterswijk-1.toml": {("retention.period", "days"): 10},
    "heerde-1.toml": {("retention.period", "days"): 28, ("request.cut-off", "days"): 21},
    "hilversum-1.toml": {
        ("retention.period", "days"): 28,
        ("recording.pre-event", "seconds"): 60,
        ("recording.post-event", "seconds"): 60,
    },
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_shipped_example_says_what_its_source_says_and_the_rest_is_marked(name: str, protocol: Protocol) -> None:
    told, whole = load(FOLDER / name, protocol), of(name, protocol)
    said = {(one.name, key): number for one in told.rules.values() for key, number in one.numbers.items()}
    assert said == SAYS[name]
    assert set(whole.rules) == set(protocol.rules)
    for rule in whole.rules.values():
        assert (rule.place == SILENT) == (rule.name not in told.rules)
        assert rule.numbers.keys() == protocol.rules[rule.name].numbers.keys()
    assert strange(told, protocol) == ()
    assert len(used_defaults(told, protocol)) + len(told.rules) == len(protocol.rules)
    assert whole.names == told.names
    assert "Westerkwartier" not in write(whole)
    assert "Juridische" not in write(whole)
    assert parse(write(whole), "again") == whole


def test_the_files_that_are_shipped_are_the_files_that_are_there() -> None:
    there = {path.name for path in FOLDER.glob("*-*.toml")} - {"decree-days.toml"}
    assert set(SHIPPED["files"]) == there  # type: ignore[arg-type] # a list of texts
    assert {SHIPPED["first"], SHIPPED["defaults"]} <= there


WAYS = {
    "a table": "\n[never]\n{wish} = 1\n",
    "a rule of its own": '\n[purpose.{wish}]\nclauses = ["purpose-3"]\nplace = "1"\nsentence = "x"\nkept_by = "software"\n',
    "a number in a rule": '\n[access.presence]\nplace = "1"\n{wish} = 1\n',
    "a purpose": '\n[purpose.left-out]\nplace = "1"\npurposes = ["{wish}"]\n',
    "a choice": '\n[public.information]\nplace = "1"\nform = "{wish}"\n',
    "the law": '\n[legal]\nground = "{wish}"\n',
    "the top of the file": "{wish} = true\n",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wish", Never)
@pytest.mark.parametrize("spelled", ["{}", "upper", "hyphens"])
def test_nothing_of_the_never_list_can_be_switched_on_by_a_file(
    wish: Never, way: str, spelled: str, protocol: Protocol
) -> None:
    key = {"upper": wish.value.upper(), "hyphens": wish.value.replace("_", "-")}.get(spelled, wish.value)
    said = WAYS[way].replace("{wish}", key)
    text = said + HEAD if way == "the top of the file" else HEAD + said
    with pytest.raises(RegisterError) as refused:
        parse(text, "elders.toml", protocol)
    assert refusal(wish).reason in str(refused.value)
    assert "Geen protocol kan dit aanzetten" in str(refused.value)
    assert "elders.toml, regel " in str(refused.value)


@pytest.mark.parametrize("name", sorted(set(rules_of_never())))
@pytest.mark.parametrize(
    "loosened", ['kept_by = "people"\nhelp = "x"\n', 'kept_by = "not yet"\n', "days = 1\n", "allowed = true\n"]
)
def test_a_rule_of_the_never_list_is_not_loosened(name: str, loosened: str, protocol: Protocol) -> None:
    table = f'[{name}]\nclauses = ["purpose-3"]\nplace = "1"\nsentence = "x"\n{loosened}'
    with pytest.raises(RegisterError, match=r"Geen protocol kan dit veranderen|geen protocol kan dat uitzetten"):
        parse(HEAD + table, "elders.toml", protocol)


WRONG = (
    ('[legal]\nregime = "gdpr"\n', 'regel 5: [legal] regime: "gdpr" kan hier niet. Kies uit: "avg", "wpg".'),
    (
        '[legal]\nreason = "x"\n',
        "regel 5: [legal] reason: dit kent het programma niet. Hier mag staan: regime, ground, controller,",
    ),
    (
        '[public.information]\nplace = "1"\nform = "shorter"\n',
        'regel 6: [public.information] form: "shorter" is geen keuze.',
    ),
    ('[access.presence]\nplace = "1"\nreflect = ["team_manager"]\n', '"officer" kan niet weg. Altijd nodig'),
    ('[access.presence]\nplace = "1"\nassess_request = ["officer"]\n', '"team_manager" kan niet weg'),
    ('[access.presence]\nplace = "1"\nassess_request = ["dpo"]\n', 'regel 6: [access.presence] assess_request: "dpo"'),
    ('[access.presence]\nplace = "1"\nview_with_data_subject = ["team_manager"]\n', '"requester" kan niet weg'),
    ('[purpose.left-out]\nplace = "1"\npurposes = ["assess_request"]\n', 'Kies uit: "view_with_officer", "reflect".'),
    ('[request.required-fields]\nplace = "1"\naccess = ["age"]\n', '"age" kan hier niet. Kies uit: "requester_name"'),
    ('[request.required-fields]\nplace = "1"\naccess = ["place"]\n', '"requester_name" kan niet weg'),
    ('[request.required-fields]\nplace = "1"\naccess = "place"\n', "dit is geen lijst van woorden"),
    (
        '[retention.period]\nplace = "1"\ndays = "shorter"\n',
        "regel 6: [retention.period] days: dit kan hier niet staan",
    ),
    ('[retention.period]\nplace = "1"\ndays = -1\n', "regel 6: [retention.period] days: dit is geen heel getal"),
    ("[retention.period]\ndays = 10\n", "regel 4: [retention.period]: `place` ontbreekt"),
    ('[names]\nofficer = "boa"\n', "noem dan ook `officers`"),
    ('[names]\nteam_manager = "Beheerder"\n', '"Beheerder" is in dit programma een andere rol dan de teammanager'),
    ('[names]\nteam_manager = "baas"\ndpo = "Baas"\ndpos = "bazen"\n', 'twee rollen heten "baas"'),
    ('[names]\nteam_manager = ""\n', "regel 5: [names] team_manager: dit is geen naam"),
    ('[names]\nteam_manager = "<b>baas"\n', "geen tekens zoals <"),
    ('[names]\nteam_manager = "#baas"\n', "geen tekens zoals #"),
    ('[names]\nmayor = "x"\n', "deze naam kent het programma niet"),
    ("[contact]\nfax = []\n", "[contact]: hier mag staan: postal"),
    ("[contact]\nemail = 3\n", "regel 5: [contact] email"),
)


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_what_cannot_be_is_said_with_file_line_key_and_what_may(text: str, told: str, protocol: Protocol) -> None:
    with pytest.raises(RegisterError) as error:
        parse(HEAD + text, "elders.toml", protocol)
    assert told in str(error.value)
    assert str(error.value).startswith("elders.toml")


def test_a_slip_of_the_pen_in_a_number_is_seen(protocol: Protocol) -> None:
    told = parse(HEAD + '[retention.period]\nplace = "1"\ndagen = 10\n', "elders.toml", protocol)
    (fault,) = strange(told, protocol)
    assert str(fault) == "[retention.period] dagen: dit getal kent het programma niet. Mogelijk: days."


def test_each_word_of_a_file_is_a_word_of_the_program() -> None:
    kinds = {key for rule, key in options.LISTS if rule == "request.required-fields"}
    assert kinds <= set(CaseKind)
    assert {key for rule, key in options.LISTS if rule == "access.presence"} == set(Purpose)
    for (rule, key), known in options.LISTS.items():
        words = {"access.presence": set(Present), "purpose.left-out": set(Purpose)}.get(rule, set(requests.FIELD_NAMES))
        assert set(known.may) <= words, (rule, key)
        assert set(known.must) <= set(known.may), (rule, key)
    assert options.GROUNDS.keys() == set(options.LEGAL["ground"])


RULES = tuple(load(FOLDER / str(SHIPPED["defaults"])).rules.values())
NUMBERS = tuple((one.name, key) for one in RULES for key in one.numbers)


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from([one.name for one in RULES])))
def test_whatever_a_file_drops_is_completed_number_by_number(dropped: set[tuple[str, str]], without: set[str]) -> None:
    whole = load(FOLDER / str(SHIPPED["defaults"]))
    kept = {
        name: replace(
            rule, numbers={key: number + 1 for key, number in rule.numbers.items() if (name, key) not in dropped}
        )
        for name, rule in whole.rules.items()
        if name not in without
    }
    filled = completed(replace(whole, rules=kept), whole)
    for name, key in NUMBERS:
        own_number = name not in without and (name, key) not in dropped
        assert filled.number(name, key) == whole.number(name, key) + own_number


@pytest.mark.rule("recording.post-event")
def test_what_the_camera_films_by_itself_afterwards_does_not_make_it_long(protocol: Protocol) -> None:
    hilversum = of("hilversum-1.toml", protocol)
    longest = protocol.minutes("recording.long").total_seconds() * 1000
    told = {"pre_event_ms": 120_000, "clock_offset_ms": 0, "resolved": True}
    for much, here, there in ((0, (), ()), (1, ("recording.long",), ()), (60_000, ("recording.long",), ())):
        assert flags(duration_ms=int(longest) + much, protocol=protocol, **told) == here  # type: ignore[arg-type]
        assert flags(duration_ms=int(longest) + much, protocol=hilversum, **told) == there  # type: ignore[arg-type]
    assert flags(duration_ms=int(longest) + 60_001, protocol=hilversum, **told) == ("recording.long",)  # type: ignore[arg-type]


@pytest.mark.rule("purpose.left-out")
def test_for_a_purpose_that_is_left_out_nothing_opens_and_nobody_asks(protocol: Protocol) -> None:
    without = own('[purpose.left-out]\nplace = "1"\npurposes = ["reflect", "view_with_officer"]\n', protocol)
    assert purposes_of(CaseKind.SELF_REFLECTION, without) == ()
    assert Purpose.VIEW_WITH_OFFICER not in purposes_of(CaseKind.ACCESS, without)
    assert Purpose.VIEW_WITH_DATA_SUBJECT in purposes_of(CaseKind.ACCESS, without)
    assert not may_ask_for(CaseKind.SELF_REFLECTION, without).allowed
    assert "Elders" in may_ask_for(CaseKind.SELF_REFLECTION, without).reason
    assert all(may_ask_for(kind, protocol).allowed for kind in CaseKind)
    assert not public_facts(without).reflects


@pytest.mark.rule("access.presence")
def test_who_must_be_there_is_a_table_of_the_file(protocol: Protocol) -> None:
    alone = own('[access.presence]\nplace = "1"\nassess_request = ["team_manager"]\n', protocol)
    room = InTheRoom(team_manager=True)
    asked = {"purpose": Purpose.ASSESS_REQUEST, "wearer": "w", "room": room}
    assert is_present(protocol=alone, **asked).allowed  # type: ignore[arg-type]
    assert not is_present(protocol=protocol, **asked).allowed  # type: ignore[arg-type]
    assert not is_present(**asked).allowed  # type: ignore[arg-type] # nobody says which protocol: everybody
    assert required(Purpose.REFLECT, alone) == {Present.TEAM_MANAGER, Present.OFFICER}
    assert not is_present(purpose=Purpose.ASSESS_REQUEST, wearer="w", room=InTheRoom(), protocol=alone).allowed


ASKED = {"requester_name": "J.", "requester_phone": "06", "moment_from": 1, "moment_until": 1}


@pytest.mark.rule("request.required-fields")
def test_what_the_law_does_not_ask_of_a_filmed_person_is_never_missing(protocol: Protocol) -> None:
    winterswijk = of("winterswijk-1.toml", protocol)
    assert "demonstrable_interest" in winterswijk.rules["request.required-fields"].lists["access"]
    missing = requests.missing_fields(CaseKind.ACCESS, ASKED, winterswijk)
    assert missing == ("requester_address", "requester_place", "place")
    assert requests.may_forward(CaseKind.ACCESS, ASKED, winterswijk).allowed
    assert requests.missing_fields(CaseKind.ACCESS, ASKED, protocol) == ("place",)
    assert any("reden" in one for one in without_ground(winterswijk))
    assert "demonstrable_interest" in requests.missing_fields(CaseKind.INTEREST, ASKED, winterswijk)


@pytest.mark.rule("request.cut-off")
def test_a_last_day_to_ask_is_told_and_said_to_have_no_ground(protocol: Protocol) -> None:
    heerde = of("heerde-1.toml", protocol)
    assert public_facts(heerde).cut_off_days == 21
    assert public_facts(protocol).cut_off_days == 0
    (told,) = without_ground(heerde)
    assert "21 dagen" in told
    assert "geen grond in artikel 15 AVG" in told
    assert told in contradictions(heerde, [], heerde.rules)
    assert without_ground(protocol) == ()


def test_the_ground_as_an_employer_is_told_with_its_limit(protocol: Protocol) -> None:
    winterswijk = of("winterswijk-1.toml", protocol)
    assert "artikel 6, eerste lid, onder f" in public_facts(winterswijk).ground
    assert any("als werkgever" in one for one in without_ground(winterswijk))
    assert (protocol.regime, own('[legal]\nregime = "wpg"\n', protocol).regime) == ("avg", "wpg")


def test_a_choice_is_a_word_or_its_number(protocol: Protocol) -> None:
    text = '[retention.new-version]\nclauses = ["work-11"]\nplace = "1"\nsentence = "x"\nkept_by = "software"\nchoice = {}\n'
    for word, number in (('"recorded"', 1), ('"shorter"', 2), ('"current"', 3), ("2", 2)):
        assert own(text.format(word), protocol).number("retention.new-version", "choice") == number
    for wrong in ("0", "4", '"short"', "true", "[1]"):
        with pytest.raises(RegisterError, match=r'regel 9: .* Kies uit: "recorded", "shorter", "current"\.'):
            own(text.format(wrong), protocol)


def test_two_files_are_compared_in_words(protocol: Protocol) -> None:
    told = differences(of("winterswijk-1.toml", protocol), protocol)
    assert any(one.startswith("retention.period: 10 dagen, daar 28 dagen.") for one in told)
    assert "officer: boa, daar handhaver." in told
    assert differences(protocol, protocol) == ()


BOA = {
    "officer": "boa",
    "officers": "boa's",
    "team_manager": "beheerder bodycam",
    "administrator": "technisch beheerder",
}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("De teammanager kijkt met de handhaver.", "De beheerder bodycam kijkt met de boa."),
        ("Handhavers en de beheerder.", "Boa's en de technisch beheerder."),
        ("De plaatsvervangend teammanager", "De plaatsvervangend beheerder bodycam"),
        ("het handhavingssysteem", "het handhavingssysteem"),
        ("Geen rol hier.", "Geen rol hier."),
    ],
)
def test_sentences_are_shown_in_the_words_of_the_municipality(said: str, shown: str) -> None:
    names = BOA | {"administrators": "technisch beheerders"}
    assert own_words(said, names) == shown
    assert own_words(own_words(said, names), names) == shown
    assert own_words(said, {}) == said


NAMES = st.fixed_dictionaries(
    {}, optional={one: st.sampled_from(["boa", "beheerder x", "chef", "fg"]) for one in STANDARD}
)


@given(NAMES, st.lists(st.sampled_from([*STANDARD.values(), "de", "boa", "chef", "x"])))
def test_words_put_in_once_stay_as_they_are(names: dict[str, str], words: list[str]) -> None:
    once = own_words(" ".join(words), names)
    assert own_words(once, names) == once


def test_a_title_follows_the_name_unless_it_is_given(protocol: Protocol) -> None:
    assert title("team_manager", {}) == "teammanager"
    assert title("deputy", BOA) == "plaatsvervangend beheerder bodycam"
    assert title("deputy", protocol.names) == f"plaatsvervangend {protocol.names['team_manager_title']}"
