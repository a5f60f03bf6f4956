"""How two protocol files differ, in Dutch sentences for whoever must agree with it."""

from collections.abc import Iterator, Mapping

from beeldkluis.protocol.naming import STANDARD, TITLES, title, word
from beeldkluis.protocol.reading import FaultError
from beeldkluis.protocol.register import Protocol, Rule

UNITS: Mapping[str, str] = {
    "days": "dagen", "hours": "uren", "minutes": "minuten", "seconds": "seconden", "years": "jaren",
}  # fmt: skip


def differences(one: Protocol, other: Protocol) -> tuple[str, ...]:
    """What the first says otherwise than the second: numbers, choices, lists, the law and the names. Both complete."""
    return tuple(_differences(one, other))


def _differences(one: Protocol, other: Protocol) -> Iterator[str]:
    for name, mine in one.rules.items():
        theirs = other.rules.get(name)
        if theirs is None:
            yield f"{name} staat alleen hier: {mine.sentence}"
            continue
        for key, told in _said(mine).items():
            known = _said(theirs).get(key, "niets")
            if told != known:
                yield f"{name}: {told}, daar {known}. ({mine.place})"
    for name in other.rules.keys() - one.rules.keys():
        yield f"{name} staat alleen daar: {other.rules[name].sentence}"
    for key in ("regime", "ground", *STANDARD, *TITLES):
        here, there = _called(one, key), _called(other, key)
        if here != there:
            yield f"{key}: {here}, daar {there}."


def _called(protocol: Protocol, key: str) -> str:
    if key in STANDARD:
        return word(key, protocol.names)
    if key in TITLES:
        return title(key.removesuffix("_title"), protocol.names)
    return protocol.regime if key == "regime" else protocol.word_of_law(key) or "niet genoemd"


def _said(rule: Rule) -> dict[str, str]:
    numbers = {key: f"{number} {UNITS.get(key, key)}" for key, number in rule.numbers.items()}
    lists = {key: f"{key} = {', '.join(words) or 'geen'}" for key, words in rule.lists.items()}
    return numbers | {key: f"{key} = {word}" for key, word in rule.choices.items()} | lists


def strange(own: Protocol, shipped: Protocol) -> tuple[FaultError, ...]:
    """Numbers and rules that the program does not know: a slip of the pen here would leave the default in force unseen."""
    return tuple(_strange(own, shipped))


def _strange(own: Protocol, shipped: Protocol) -> Iterator[FaultError]:
    for name, rule in own.rules.items():
        if name not in shipped.rules:
            yield FaultError(name, "", "deze regel kent het programma niet.")
            continue
        known = shipped.rules[name].numbers
        for key in sorted(rule.numbers.keys() - known.keys()):
            may = f"Mogelijk: {', '.join(known)}." if known else "Deze regel heeft geen getallen."
            yield FaultError(name, key, f"dit getal kent het programma niet. {may}")


def used_defaults(own: Protocol, shipped: Protocol) -> tuple[str, ...]:
    """The rules that a file says nothing of."""
    return tuple(name for name in shipped.rules if name not in own.rules)
