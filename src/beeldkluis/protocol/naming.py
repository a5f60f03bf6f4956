"""What a municipality calls the roles. The program's own sentences use standard words; the municipality's come in their place
where a sentence is shown, as with a translation. What somebody typed is never changed.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

# The standard word for each name that a file may give ([names] in the protocol file), each after "de" or "een".
STANDARD: Mapping[str, str] = {
    "deputy": "plaatsvervangend teammanager",
    "team_manager": "teammanager",
    "dpo": "functionaris gegevensbescherming",
    "dpos": "functionarissen gegevensbescherming",
    "administrator": "beheerder",
    "administrators": "beheerders",
    "officer": "handhaver",
    "officers": "handhavers",
}
TITLES = ("team_manager_title", "deputy_title")  # under letters: the function in full, such as with its department
PLURALS = {"dpo": "dpos", "administrator": "administrators", "officer": "officers"}
NAMES = (*STANDARD, *TITLES)
LONGEST = 60  # letters; it stands in sentences and on buttons


def no_names() -> Mapping[str, str]:
    """Before a program says which file holds, the standard words do."""
    return {}


_source: list[Callable[[], Mapping[str, str]]] = [no_names]


def take_names_from(source: Callable[[], Mapping[str, str]]) -> None:
    """From now on `source` says what the municipality calls the roles; asked at each sentence, so it must be quick."""
    _source[0] = source


def title(of: str, names: Mapping[str, str]) -> str:
    """The function under a letter, of "team_manager" or "deputy"."""
    if own := names.get(f"{of}_title"):
        return own
    if of == "deputy" and "deputy" not in names:
        return f"plaatsvervangend {title('team_manager', names)}"
    return word(of, names)


def word(of: str, names: Mapping[str, str]) -> str:
    """What this municipality calls a role; a deputy follows the team manager's name."""
    if of in names:
        return names[of]
    if of == "deputy" and "team_manager" in names:
        return f"plaatsvervangend {names['team_manager']}"
    return STANDARD[of]


def own_words(text: str, names: Mapping[str, str] | None = None) -> str:
    """A sentence of the program in the municipality's words. Twice changes nothing more than once."""
    given = _source[0]() if names is None else names
    return _replaced(text, tuple(sorted(given.items()))) if given else text


@lru_cache(maxsize=4096)
def _replaced(text: str, given: tuple[tuple[str, str], ...]) -> str:
    names = dict(given)
    replaced = {standard: word(of, names) for of, standard in STANDARD.items()}
    # What is the municipality's own already stays, so a name with another role's word in it ("beheerder bodycam") is kept.
    replaced |= {own: own for own in (*(word(of, names) for of in STANDARD), *names.values())}
    longest_first = sorted(replaced, key=len, reverse=True)
    pattern = rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])"
    lowered = {one.lower(): own for one, own in replaced.items()}

    def own(found: re.Match[str]) -> str:
        name = lowered[found[0].lower()]
        return name[0].upper() + name[1:] if found[0][0].isupper() else name

    return re.sub(pattern, own, text, flags=re.IGNORECASE)
