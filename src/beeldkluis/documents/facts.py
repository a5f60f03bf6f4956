"""What the documents say. Days and moments come as text in the municipality's own time; nothing here is read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the register: its sentence, its place in the protocol, and its numbers in words."""

    sentence: str
    place: str
    numbers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the protocol. `banner` says on every page what is the matter with it (lapsed, a draft); empty: nothing."""

    municipality: str
    number: str
    takes_effect: str
    banner: str
    sections: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line of the log list; empty texts where somebody has not signed."""

    name: str
    employment: str
    protocol_received: str
    instruction_received: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogList:
    """The log list (loglijst) of one version."""

    municipality: str
    number: str
    takes_effect: str
    banner: str
    made: str
    lines: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A security incident: parts with a heading, each with label and text."""

    municipality: str
    number: str
    protocol: str
    made: str
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter of a case. `kind` is one of documents.letters.KINDS, `words` are what that kind needs and may have. `sender` and
    `recipient` are lines.
    """

    kind: str
    municipality: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    date: str
    reference: str
    protocol: str
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """The form to fill in by hand. `address` is where it goes, in lines."""

    municipality: str
    protocol: str
    address: tuple[str, ...]
    answer_days: int
    kept_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewingReport:
    """What happened when people looked together. `people`: name, as whom, how that was shown, when; `seen`: recording, parts,
    seconds; `reported`: by whom and when the report was made, empty when it was not.
    """

    municipality: str
    protocol: str
    reference: str
    purpose: str
    place: str
    begun: str
    ended: str
    people: tuple[tuple[str, str, str, str], ...]
    seen: tuple[tuple[str, str, str], ...]
    remarks: str
    copy: str
    reported: str
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destructions:
    """What was destroyed in one month. `grounds`: version, ground, selection list, category; `lines`: recording, begin, when it
    went, version; `so_far` is a day when the month is not over.
    """

    municipality: str
    protocol: str
    month: str
    so_far: str
    way: str
    grounds: tuple[tuple[str, str, str, str], ...]
    lines: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What somebody declares of a package of footage. `state`: whether the files are as they came from the camera; `words` and
    `sha256`: its fingerprint; `clips`: recording, file, begin and how far the clock can be off, length, number of pictures,
    SHA-256; `signer`: the function of who signs.
    """

    municipality: str
    package: str
    receiver: str
    ground: str
    state: str
    made: str
    words: str
    sha256: str
    clips: tuple[tuple[str, str, str, str, str, str], ...]
    handling: tuple[str, ...]
    signer: str
