"""How a film is searched and its copy made: both in a confined process, sealed, and made durable. The jobs do the rest.

The programs that look at pictures are named by the setting MASKING_PROGRAMS: they need the extra `redaction`, and everything
else works without it.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.module_loading import import_string

from beeldkluis.documents.words import ZONE
from beeldkluis.film.confined import ConfinedError, Patience
from beeldkluis.footage.joining_actions import put_away
from beeldkluis.jobs.errors import JobError
from beeldkluis.jobs.kinds import JobKind
from beeldkluis.jobs.lent_key import Read
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.work import Work
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.codec import analysis_bytes, read_analysis
from beeldkluis.masking.draft import Draft
from beeldkluis.masking.words import OTHER_PARTS
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.access import Act
from beeldkluis.redaction import own_detector_queries, queries
from beeldkluis.redaction.keeping_actions import (
    Found,
    Rendered,
    end_analysis,
    end_rendering,
    keep_analysis,
    keep_copy,
)
from beeldkluis.redaction.models import Redaction
from beeldkluis.redaction.reasons import (
    ANALYSIS,
    ANALYSIS_REASONS,
    CHANGED,
    NO_PART,
    RENDERING,
    RENDERING_REASONS,
)
from beeldkluis.sealed.age import PayloadReader, new_file_key
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival, has_room
from beeldkluis.vault.parts import Parts, discard_parts
from beeldkluis.vault.queries import payload, payload_size

SILENCE = 600.0  # seconds without a word from the process, which goes last on a busy machine
PACE, EXTRA = 20, timedelta(hours=1)  # it takes at most so many times the film, and this: a slow machine is no fault
UNKNOWN, LONGEST = timedelta(hours=24), timedelta(hours=72)  # the same where the film does not say, and for any film
PIECE = 1024 * 1024  # bytes of an analysis sealed at once


class AnalyseFilm(Protocol):
    """Finds what must be covered. `parts` are what attempts before gave to `keep`, in order; `own_folder` has the detector of the
    municipality itself. ConfinedError when it cannot.
    """

    def __call__(
        self,
        read: Read,
        size: int,
        *,
        parts: Sequence[bytes],
        keep: Callable[[bytes], None],
        patience: Patience,
        own_folder: Path | None,
    ) -> Analysis:
        """Search the film of `size` bytes that `read(start, stop)` gives."""


class CoveredFilm(Protocol):
    """A copy that is whole and was looked over. `pieces` gives its bytes in order."""

    @property
    def duration_ms(self) -> int:
        """How long it is, in milliseconds."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def pieces(self) -> Callable[[], Iterator[bytes]]:
        """All of it, in order."""


class Place(Protocol):
    """Somewhere in a film where the program is unsure."""

    @property
    def name(self) -> str:
        """As a draft says that somebody looked there."""


class FindDoubts(Protocol):
    """Where the program is unsure of what is covered."""

    def __call__(self, analysis: Analysis, draft: Draft) -> Iterable[Place]:
        """In an order that a person goes through them."""


class RenderFilm(Protocol):
    """Makes the copy of an analysis and a draft, with `mark` to be read in it. ConfinedError when it cannot,
    ValueError for a draft of another analysis.
    """

    def __call__(
        self,
        read: Read,
        size: int,
        analysis: Analysis,
        draft: Draft,
        *,
        mark: str,
        scratch: BinaryIO,
        patience: Patience,
    ) -> CoveredFilm:
        """Copy the film of `size` bytes that `read(start, stop)` gives."""


def _program(name: str) -> Any:
    """One of the programs that look at pictures. JobError when what it needs is not installed here."""
    try:
        return import_string(settings.MASKING_PROGRAMS[name])
    except ImportError as error:
        raise JobError(NO_PART) from error


def limit_of(job: Job) -> timedelta:
    """How long it may take."""
    told = queries.told_length(job.object)
    return UNKNOWN if told is None else min(LONGEST, EXTRA + PACE * min(told, LONGEST))


def _patience(work: Work, length: timedelta | None) -> Patience:
    def look_up(written: int, done_ms: int) -> None:
        progress = timedelta(milliseconds=done_ms) / length if length else 0.0
        work.look_up(progress=min(progress, 1.0), written=written)

    return Patience(SILENCE, work.limit.total_seconds(), look_up)


def _asked(work: Work) -> Redaction:
    one = queries.of_job(work.job.pk)
    if one is None:
        raise JobError(CHANGED)
    return one


def search(work: Work) -> Found:
    """Find what must be covered, part by part, and put it away durably. JobError when that cannot be done."""
    recipients, one = current_recipients(), _asked(work)
    analyse_film: AnalyseFilm = _program("analyse")
    if not has_room(PIECE):
        raise JobError(ANALYSIS_REASONS.no_room)
    parts = Parts(one.pk, work.derived_key(_by_what(one.pk)))
    known = parts.kept(work.job.parts_done)
    number = len(known)

    def keep(data: bytes) -> None:
        nonlocal number
        number += 1
        try:
            parts.keep(number, data)
        except OSError as error:  # the disk is full, most often
            raise JobError(ANALYSIS_REASONS.no_room) from error
        if number > work.job.parts_done:  # else it was kept before, and lost from the disk since
            work.keep_part(number, lambda: None)

    patience = _patience(work, queries.told_length(one.clip))
    try:
        analysis = analyse_film(
            work.read, work.size, parts=known, keep=keep, patience=patience, own_folder=own_detector_queries.folder()
        )  # fmt: skip
    except ConfinedError as error:
        if error.reason == OTHER_PARTS:
            discard_parts(one.pk)  # nobody can go on after them
        raise JobError(error.reason) from error
    prepared = put_away(
        _pieces(analysis_bytes(analysis)),
        recording=one.recording, object_id=one.object, file_key=work.derived_key(one.object), recipients=recipients,
        look_up=lambda written: work.look_up(written=written),
    )  # fmt: skip
    return Found(
        prepared=prepared, recipients=recipients, frames=len(analysis.times_us), duration_ms=analysis.duration_ms,
        tracks=len(analysis.tracks), models=tuple(found for _name, found in analysis.models),
    )  # fmt: skip


def _by_what(work: UUID) -> UUID:
    """The name of the parts' key: parts that other detectors made do not open, and are made anew."""
    return uuid5(work, " ".join(digest for _name, digest in own_detector_queries.models()))


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


def make(work: Work) -> Rendered:
    """Make the copy of what people reviewed, and put it away durably, under a file key of its own: whoever gets that key has
    nothing of the film itself. JobError when that cannot be done.
    """
    recipients, one = current_recipients(), _asked(work)
    render_film: RenderFilm = _program("render")
    find_doubts: FindDoubts = _program("doubts")
    if not has_room(2 * work.size):
        raise JobError(RENDERING_REASONS.no_room)
    version, draft, analysis = one.changed_in, queries.draft_of(one), _analysis(work, one)
    mark = f"bewerkt · zaak {one.case.reference} · {one.asked_at.astimezone(ZONE):%d-%m-%Y}"
    patience = _patience(work, timedelta(milliseconds=one.duration_ms))
    with tempfile.TemporaryFile(dir=settings.STAGING_FOLDER) as scratch:
        try:
            film = render_film(
                work.read, work.size, analysis, draft, mark=mark, scratch=scratch, patience=patience
            )  # fmt: skip
        except ConfinedError as error:
            raise JobError(error.reason) from error
        except ValueError as error:  # rows that do not belong together
            raise JobError(CHANGED) from error
        digest = sha256()
        prepared = put_away(
            _hashed(film.pieces(), digest.update),
            recording=one.recording, object_id=one.object, file_key=new_file_key(), recipients=recipients,
            look_up=lambda written: work.look_up(written=written),
        )  # fmt: skip
    return Rendered(
        prepared=prepared, recipients=recipients, version=version, plain_sha256=digest.hexdigest(), size=film.size,
        duration_ms=film.duration_ms, doubts=tuple(place.name for place in find_doubts(analysis, draft)),
    )  # fmt: skip


def _hashed(pieces: Iterator[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def _analysis(work: Work, one: Redaction) -> Analysis:
    """What was found, out of the vault. JobError when what lies there is something else."""
    if one.analysis is None:
        raise JobError(CHANGED)
    found, size = one.analysis, payload_size(one.analysis)
    reader = PayloadReader(lambda at, length: b"".join(payload(found, at, at + length)), size, work.derived_key(found))
    try:
        return read_analysis(b"".join(reader.read(0, reader.size)))
    except ValueError as error:
        raise JobError(CHANGED) from error


def _discard_staged(object_id: UUID) -> None:
    """What a stopped worker left in the staging folder; the sweep takes the rest after a day."""
    with suppress(OSError):
        vault.discard_staged(Arrival.of(object_id).path)


def discard_search(job: Job) -> None:
    """Parts stay after a failure: the next attempt goes on after them."""
    one = queries.of_job(job.pk)
    if one is not None:
        _discard_staged(one.object)
        if job.state != Job.State.FAILED:
            discard_parts(one.pk)


def discard_copy(job: Job) -> None:
    """See JobKind.discard."""
    one = queries.of_job(job.pk)
    if one is not None:
        _discard_staged(one.object)


SEARCH = JobKind(
    name=ANALYSIS,
    asked_by=Act.OPEN_RECORDING,
    reasons=ANALYSIS_REASONS,
    limit=limit_of,
    is_as_asked=queries.is_as_asked,
    run=search,
    keep=keep_analysis,
    ended=end_analysis,
    discard=discard_search,
)
COPY = JobKind(
    name=RENDERING,
    asked_by=Act.OPEN_RECORDING,
    reasons=RENDERING_REASONS,
    limit=limit_of,
    is_as_asked=queries.is_as_asked,
    run=make,
    keep=keep_copy,
    ended=end_rendering,
    discard=discard_copy,
)
