"""The verifier as the one file that goes along in a package: our own modules one behind the other, with the list of words.

It is the code that we check packages with ourselves (`verify.py` and what it uses), so no second writing of it can differ.
"""

import ast
from functools import cache
from importlib import resources

HEAD = "#!/usr/bin/env python3\n"
MODULES = ("frame", "opened", "proof", "verify")  # each uses only those before it
_PER_LINE = 12  # words


@cache
def source() -> bytes:
    """The file, in UTF-8. It uses the standard library of Python 3.8 or later and nothing else."""
    texts = {name: _read(f"{name}.py") for name in MODULES}
    documentation = ast.get_docstring(ast.parse(texts["verify"]), clean=False)
    imports = sorted({line for text in texts.values() for line in _imports(text)}, key=lambda line: line.split()[1])
    parts = [f'{HEAD}"""{documentation}"""', "from __future__ import annotations", "\n".join(imports)]
    return ("\n\n".join([*parts, *map(_body, texts.values())]).replace('WORDS = ""', _list(), 1) + "\n").encode()


@cache
def words() -> tuple[str, ...]:
    """The 2,048 words that a hash is said in."""
    return tuple(_read("words.txt").split())


def _read(name: str) -> str:
    return resources.files("beeldkluis.bag").joinpath(name).read_text(encoding="utf-8")


def _imports(text: str) -> list[str]:
    """The lines that import something of the standard library, each on its own."""
    found = [one for one in ast.parse(text).body if isinstance(one, ast.Import | ast.ImportFrom)]
    ours = [one for one in found if isinstance(one, ast.ImportFrom) and (one.module or "").split(".")[0] in _NOT_THERE]
    return [ast.unparse(one) for one in found if one not in ours]


_NOT_THERE = ("beeldkluis", "__future__")  # the first is all in this file, the second stands at its top


def _body(text: str) -> str:
    """What stands behind the imports of a module."""
    last = [one for one in ast.parse(text).body if isinstance(one, ast.Import | ast.ImportFrom)][-1]
    return "\n".join(text.splitlines()[last.end_lineno or 0 :]).strip("\n")


def _list() -> str:
    lines = [" ".join(words()[at : at + _PER_LINE]) for at in range(0, len(words()), _PER_LINE)]
    return 'WORDS = """\n' + "\n".join(lines) + '\n"""'
