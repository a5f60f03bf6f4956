"""Where each rule is kept: one function for a rule, known by the rule's name."""

from collections.abc import Callable
from typing import TypeVar


class RegisterError(Exception):
    """The protocol file is incomplete or says something the program does not understand."""


_Function = TypeVar("_Function", bound=Callable[..., object])
HOMES: dict[str, Callable[..., object]] = {}


def rule(*names: str) -> Callable[[_Function], _Function]:
    """Mark the one function that keeps these rules. A second home for a rule is an error at import."""

    def mark(function: _Function) -> _Function:
        for name in names:
            if name in HOMES:
                raise RegisterError(
                    f"rule {name} has two homes: {HOMES[name].__qualname__} and {function.__qualname__}"
                )
            HOMES[name] = function
        return function

    return mark
