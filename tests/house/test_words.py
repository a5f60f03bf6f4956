"""One thing has one name."""

import tomllib

import pytest

from tests.house.source import ROOT, identifiers, modules, parse, words

with (ROOT / "docs" / "glossary.toml").open("rb") as _file:
    GLOSSARY = tomllib.load(_file)


def refused_in(names: set[str], refused: list[str]) -> list[str]:
    return sorted(
        name for name in names for word in refused if word in words(name) or ("_" in word and word in name.lower())
    )


@pytest.mark.parametrize("entry", GLOSSARY)
def test_no_identifier_uses_a_refused_name(entry: str) -> None:
    refused, elsewhere = GLOSSARY[entry]["refused"], GLOSSARY[entry].get("where", [])
    found = {
        module.name: bad
        for module in modules()
        if module.room not in elsewhere and (bad := refused_in(identifiers(module), refused))
    }
    assert not found


def test_a_refused_name_is_found_inside_a_longer_one() -> None:
    planted = parse("cases/planted.py", "class HiredEnforcer:\n    audit_log_size = 1\n")
    assert refused_in(identifiers(planted), ["enforcer", "audit_log"]) == ["HiredEnforcer", "audit_log_size"]
    assert refused_in({"enforcement"}, ["enforcer"]) == []


def test_every_entry_says_its_dutch_word_and_its_identifier() -> None:
    assert all({"dutch", "identifier", "refused"} <= set(entry) for entry in GLOSSARY.values())
