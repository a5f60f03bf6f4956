"""Templates in the municipality's words: a page says "teammanager", and shows what this municipality calls that role.

The loaders mark the standard words in the program's own templates when they are read, once; the name is put in when a page is
made. What comes in from a variable was not written here and stays as it is.
"""

import re
from pathlib import Path

from django.template.base import Origin
from django.template.loaders.app_directories import Loader as AppDirectories
from django.template.loaders.filesystem import Loader as Filesystem

from beeldkluis.protocol.naming import STANDARD

PACKAGE = str(Path(__file__).resolve().parents[1])
_TAGS = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})")
_WORDS = "|".join(re.escape(one) for one in sorted(STANDARD.values(), key=len, reverse=True))
_IN_TEXT = re.compile(rf"(?<![\w/-])({_WORDS})(?![\w/-])", re.IGNORECASE)
_IN_TAG = re.compile(rf'"([^"]* )?({_WORDS})(?![\w/-])[^"]*"', re.IGNORECASE)
_NO_SHOWING = re.compile(r"\{%-?\s*(if|elif|url|extends|include|load|block|endblock|with)\b")


def marked(source: str) -> str:
    """The source of a template with every standard word for a role marked, in its texts and in the texts of its tags."""
    parts = _TAGS.split(source)
    return "".join(_tag(one) if index % 2 else _text(one) for index, one in enumerate(parts))


def _text(part: str) -> str:
    return _IN_TEXT.sub(lambda found: f'{{{{ "{found[1]}"|own_words }}}}', part)


def _tag(part: str) -> str:
    if not part.startswith("{%") or _NO_SHOWING.match(part):
        return part
    return _IN_TAG.sub(lambda found: f"{found[0]}|own_words", part)


class _Marking:
    """A loader that marks what it reads of ours."""

    def get_contents(self, origin: Origin) -> str:
        """The template's source, marked when it is the program's own."""
        source: str = super().get_contents(origin)  # type: ignore[misc] # the loader beside it has it
        return marked(source) if str(origin.name).startswith(PACKAGE) else source


class FromFolders(_Marking, Filesystem):
    """Templates in the folders of the settings."""


class FromRooms(_Marking, AppDirectories):
    """Templates of each room."""
