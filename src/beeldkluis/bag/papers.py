"""The papers of a package that need its facts: the certificate, and the paragraph for the proces-verbaal."""

from datetime import datetime

from beeldkluis.bag import said
from beeldkluis.bag.contents import Package
from beeldkluis.bag.evidence import evidence
from beeldkluis.bag.names import Placed, placed
from beeldkluis.bag.writing import Fingerprint
from beeldkluis.documents.facts import Certificate
from beeldkluis.documents.render import certificate as rendered
from beeldkluis.documents.words import span

CERTIFICATE = "verklaring.pdf"
NOT_VIEWED = "De beelden zijn voor de overhandiging niet bekeken."


def certificate(package: Package, fingerprint: Fingerprint, *, signer: str) -> bytes:
    """The certificate as PDF/A-3 with `evidence.json` inside. `signer`: the function of who signs it, never a name."""
    clips = placed(package)
    words = Certificate(
        municipality=package.municipality,
        package=package.name,
        receiver=package.receiver,
        ground=package.ground,
        state=said.state(package),
        made=said.moment(package.made_at),
        words=fingerprint.words,
        sha256=fingerprint.sha256,
        clips=tuple(_clip(one) for one in clips),
        handling=tuple(
            f"{recording.number}, {said.moment(line.at)}: {line.what}. Door: {line.by}."
            for recording in package.recordings
            for line in sorted(recording.custody, key=lambda line: line.at)
        ),
        signer=signer,
    )
    return rendered(words, evidence(package, clips), made_at=package.made_at)


def _clip(one: Placed) -> tuple[str, str, str, str, str, str]:
    clip = one.clip
    return (
        one.recording.number,
        one.path.rpartition("/")[2],
        f"{said.moment(clip.starts_at)}. {said.clock(clip.clock_error_ms)}",
        ("onbekend" if clip.duration_ms is None else said.length(clip.duration_ms)) + said.part(clip.part_of),
        "niet geteld" if clip.frames is None else str(clip.frames),
        clip.sha256,
    )


def paragraph(package: Package, fingerprint: Fingerprint, *, viewed_by: tuple[str, ...]) -> str:
    """The paragraph for the proces-verbaal, ready to copy: which recordings, of when, how to know them again, and who looked.

    `viewed_by`: functions or desks, never names; empty when nobody looked, which it then says. Film that the proces-verbaal does
    not mention is not found later.
    """
    numbers = [one.number for one in package.recordings]
    begins = [clip.starts_at for one in package.recordings for clip in one.clips]
    ends = [_end(clip.starts_at, clip.duration_ms) for one in package.recordings for clip in one.clips]
    recordings = f"opname {numbers[0]}" if len(numbers) == 1 else f"opnames {_listed(numbers)}"
    period = f"{span(min(begins), max(ends))}. " if begins else ""
    looked = f"De beelden zijn bekeken door {_listed(list(viewed_by))}." if viewed_by else NOT_VIEWED
    return (
        f"Van dit voorval zijn beelden van een bodycam van gemeente {package.municipality}: {recordings}. "
        f"De beelden gaan over {period or 'een periode die niet bekend is. '}"
        f"Gemeente {package.municipality} ({package.desk}) heeft ze overhandigd aan {package.receiver} "
        f"als pakket {package.name}. "
        f"Grond: {package.ground.rstrip('.')}. "
        f"De acht controlewoorden van het pakket zijn: {fingerprint.words}. SHA-256: {fingerprint.sha256}. {looked}"
    )


def _end(begin: datetime, duration_ms: int | None) -> datetime:
    return datetime.fromtimestamp(begin.timestamp() + (duration_ms or 0) / 1000, tz=begin.tzinfo)


def _listed(names: list[str]) -> str:
    """One; one and two; one, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"
