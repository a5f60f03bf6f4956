"""Cases of which most readers of the journal may not know: the line keeps its place and its proof, and says nothing."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.module_loading import import_string

from beeldkluis.journal.queries import Line

WORDS = "Deze regel is afgeschermd. Alleen de functionaris gegevensbescherming leest haar."
Shield = Callable[[Collection[str]], Collection[str]]


def shielded(cases: Collection[str]) -> frozenset[str]:
    """Which of these cases, by their reference, nobody but the data protection officer may know of. As many questions for a page
    as packages that shield something (the setting `SHIELDS`: names of functions like this one).
    """
    wanted = {one for one in cases if one}
    found: set[str] = set()
    for name in settings.SHIELDS if wanted else ():
        shield: Shield = import_string(name)
        found.update(shield(wanted))
    return frozenset(found)


def hidden(lines: Sequence[Line]) -> list[Line]:
    """Lines as most people read them: of a shielded case only number and moment."""
    secret = shielded({line.case for line in lines})
    return [
        replace(line, act="", sentence=WORDS, actor="", recording=None, case="") if line.case in secret else line
        for line in lines
    ]
