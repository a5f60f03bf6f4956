"""What a protocol file leaves out comes from another: rule by rule, and within a rule number by number."""

from dataclasses import replace

from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.register import Protocol, Rule

SHARED_LAW = ("regime", "destruction")  # of [legal], what one municipality may have from the program's own file
SILENT = "Staat niet in dit protocol; zo doet het programma het zelf."


def completed(own: Protocol, shipped: Protocol) -> Protocol:
    """A municipality's file with every rule, number, choice and list that it lacks, as the program ships them. A rule that it
    does not name says so in its place; how to reach the municipality and its names are never another's.
    """
    rules = {name: _silent(one, own) for name, one in shipped.rules.items() if name not in own.rules}
    mine = {name: filled(one, shipped.rules.get(name)) for name, one in own.rules.items()}
    ordered = {name: mine.get(name) or rules[name] for name in shipped.rules}
    legal = {name: lines for name, lines in shipped.legal.items() if name in SHARED_LAW} | dict(own.legal)
    return replace(own, rules={**ordered, **mine}, legal=legal)


def filled(one: Rule, other: Rule | None) -> Rule:
    """A rule with the numbers, choices and lists that it lacks and the other has."""
    if other is None:
        return one
    return replace(
        one,
        numbers={**other.numbers, **one.numbers},
        choices={**other.choices, **one.choices},
        lists={**other.lists, **one.lists},
    )


def _silent(one: Rule, own: Protocol) -> Rule:
    return replace(one, place=SILENT, sentence=own_words(one.sentence, own.names))
