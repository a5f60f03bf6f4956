"""The film of others that comes with the program: what a camera of a demonstration has made. Whose it is stands wherever it is
shown (CC BY 4.0, section 3a), beside the file (`films/LICENSES.md`) and in the file itself.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("films")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One film, and what its licence asks to be told of it. `seconds`: how long it lasts; `changed`: what was done with it."""

    file: str
    sha256: str
    seconds: int
    title: str
    by: str
    source: str
    licence: str
    terms: str
    changed: str

    @property
    def credit(self) -> str:
        """What its licence asks to be told, without the addresses."""
        return f"Film: ‘{self.title}’, {self.by}, {self.licence}. {self.changed}"

    @property
    def path(self) -> Path:
        """Where it is."""
        return FOLDER / self.file


EXAMPLE = Example(
    file="entering.mp4",
    sha256="55eeb38c8b4498b0696979b07429eeda38ac160bfa1218e2b6ab01470bc8b0b4",
    seconds=40,
    title="one-by-one-person-detection",
    by="Intel Corporation",
    source="https://github.com/intel-iot-devkit/sample-videos",
    licence="CC BY 4.0",
    terms="https://creativecommons.org/licenses/by/4.0/",
    changed="Ingekort tot 40 seconden, kleiner opgeslagen, met nagemaakt geluid: stemmen die niets zeggen.",
)
