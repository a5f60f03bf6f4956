"""What does not fit together in a version of the protocol: its text, the register's sentences, and the numbers."""

import re
from collections.abc import Container, Iterator, Sequence
from datetime import timedelta

from beeldkluis.protocol.register import Protocol, RegisterError
from beeldkluis.protocol.retention import kept_under

UNITS = {
    "second": timedelta(seconds=1), "minut": timedelta(minutes=1), "uur": timedelta(hours=1), "uren": timedelta(hours=1),
    "dag": timedelta(days=1), "we": timedelta(weeks=1), "jaar": timedelta(days=365), "jaren": timedelta(days=365),
}  # fmt: skip
NAMES = {
    "seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1),
    "days": timedelta(days=1), "years": timedelta(days=365),
}  # fmt: skip
# A nought that means something: the camera films nothing after it, and nobody is asked to come within some days.
NONE = (("recording.post-event", "seconds"), ("request.cut-off", "days"))
WORDS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "acht": 8, "tien": 10}
SAID = re.compile(
    rf"\b(\d{{1,4}}|{'|'.join(WORDS)})\s+(seconden?|minu(?:ut|ten)|uur|uren|dag(?:en)?|we(?:ek|ken)|jaar|jaren)\b",
    re.IGNORECASE,
)
# Each pair: the first has no meaning unless it is shorter than the second.
SHORTER = (
    (
        "retention.notice",
        "retention.period",
        "Wat binnenkort wordt vernietigd, zou al bij het opslaan worden aangekondigd.",
    ),
    ("recording.observation", "retention.period", "De waarneming zou pas te laat zijn als de opname al weg is."),
    ("retention.late-docking", "retention.period", "Te laat uitgelezen beelden zouden langer blijven dan andere."),
    ("retention.prompt", "retention.period", "Vernietigen mocht langer duren dan het bewaren zelf."),
    ("recording.pre-event", "recording.long", "Elke opname zou meteen ongewoon lang zijn."),
    ("request.search-window", "retention.period", "Een verzoek zou alles bewaren wat er is."),
)


def contradictions(protocol: Protocol, texts: Sequence[str], known: Container[str]) -> tuple[str, ...]:
    """Dutch sentences, each naming one thing that does not fit. `texts` is what the municipality itself wrote, `known` the
    names of the rules that the program has.
    """
    return (
        *_text_without_rule(protocol, texts),
        *_sentences(protocol),
        *_numbers(protocol),
        *_oversight(protocol),
        *_unknown(protocol, known),
        *without_ground(protocol),
    )


def _said(text: str) -> Iterator[tuple[str, timedelta]]:
    """Lengths of time that a text names: as written, and how long."""
    for found in SAID.finditer(text):
        amount, unit = found[1].lower(), found[2].lower()
        length = next(length for name, length in UNITS.items() if unit.startswith(name))
        yield " ".join(found[0].split()), (WORDS.get(amount) or int(amount)) * length


def _lengths(protocol: Protocol, name: str) -> dict[timedelta, str]:
    return {number * NAMES[unit]: unit for unit, number in protocol.rules[name].numbers.items() if unit in NAMES}


def _text_without_rule(protocol: Protocol, texts: Sequence[str]) -> Iterator[str]:
    known = {length for name in protocol.rules for length in _lengths(protocol, name)}
    named = dict(said for text in texts for said in _said(text))
    for words, length in named.items():
        if length not in known:
            yield f"De tekst noemt “{words}”, maar geen enkele regel heeft dat getal."


def _sentences(protocol: Protocol) -> Iterator[str]:
    for one in protocol.rules.values():
        own = _lengths(protocol, one.name)
        for words, length in _said(one.sentence):
            if own and length not in own:
                yield f"De zin bij regel {one.name} noemt “{words}”, maar haar getal is anders."


def _numbers(protocol: Protocol) -> Iterator[str]:
    for short, long, why in SHORTER:
        lengths = [
            min(_lengths(protocol, name), default=None) if name in protocol.rules else None for name in (short, long)
        ]
        if lengths[0] is not None and lengths[1] is not None and lengths[0] >= lengths[1]:
            yield f"Regel {short} is niet korter dan regel {long}. {why}"
    for one in protocol.rules.values():
        for unit, number in one.numbers.items():
            if number == 0 and (one.name, unit) not in NONE:
                yield f"Regel {one.name} heeft het getal nul ({unit})."


def _oversight(protocol: Protocol) -> Iterator[str]:
    """Who looked stays longer than any case: otherwise a name may go while somebody can still ask who it was (I-65)."""
    cases, names = protocol.rules.get("personal.case"), protocol.rules.get("personal.oversight")
    if cases and names and max(cases.numbers.values(), default=0) >= names.numbers.get("years", 0):
        yield (
            "Regel personal.oversight is niet langer dan regel personal.case. Wie keek, zou al weg kunnen zijn als iemand dat "
            "nog mag vragen."
        )


def _unknown(protocol: Protocol, known: Container[str]) -> Iterator[str]:
    for name in protocol.rules:
        if name not in known:
            yield f"Regel {name} staat in het register, maar het programma kent haar niet."


def without_ground(protocol: Protocol) -> tuple[str, ...]:
    """Dutch sentences, each on one thing that a file asks that the law gives no ground for, and what the program does then."""
    return tuple(_without_ground(protocol))


def _without_ground(protocol: Protocol) -> Iterator[str]:
    if days := protocol.number("request.cut-off", "days", 0):
        yield (
            f"Een uiterste dag om beelden te vragen ({days} dagen) heeft geen grond in artikel 15 AVG. Het programma noemt haar "
            "alleen op de openbare pagina en neemt een later verzoek gewoon in behandeling zolang er beelden zijn."
        )
    listed = protocol.listed("request.required-fields", "access", ())
    if "demonstrable_interest" in listed or "requester_organisation" in listed:
        yield (
            "Wie zelf gefilmd is, hoeft niet te zeggen waarom (artikel 15 AVG). Het programma vraagt ernaar, maar een verzoek "
            "zonder reden is compleet."
        )
    if protocol.word_of_law("ground") == "legitimate-interest":
        yield (
            "Een gemeente kan zich bij haar publieke taak niet beroepen op gerechtvaardigd belang (AVG artikel 6, eerste lid, "
            "laatste zin). Het kan alleen voor wat zij als werkgever doet."
        )


def incomplete(register: Protocol, base: Protocol) -> None:
    """RegisterError when a register lacks a rule or number that the municipality's base file has: the program asks for it."""
    for name, one in base.rules.items():
        mine = register.rules.get(name)
        if mine is None:
            raise RegisterError(f"regel {name} ontbreekt")
        if lacking := sorted(one.numbers.keys() - mine.numbers.keys()):
            raise RegisterError(f"regel {name}: {', '.join(lacking)} ontbreekt")
    kept_under(register)
