"""Signed statements between dock and vault: a first line that says what it is, then one line of canonical JSON, signed as a
note (docs/spec/receipt-and-manifest.md).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer, Verifier

MAX_STATEMENT = 65_536  # bytes


def sign(kind: str, content: Mapping[str, Any], signer: Signer) -> str:
    """A signed note of this kind, such as "beeldkluis.nl/manifest/v1"."""
    line = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return signer.sign(f"{kind}\n{line}\n")


def verify(kind: str, statement: str, vkey: str) -> dict[str, Any]:
    """The content. SealError when it is another kind, was changed, or is not signed with this key."""
    if len(statement.encode("utf-8", "surrogatepass")) > MAX_STATEMENT:
        raise SealError("the statement is too long")
    first, _, rest = Verifier.parse(vkey).verify(statement).partition("\n")
    if first != kind:
        raise SealError(f"this is {first[:80]}, not {kind}")
    try:
        content = json.loads(rest)
    except (ValueError, RecursionError) as error:
        raise SealError("the statement's second line is no JSON") from error
    if not isinstance(content, dict):
        raise SealError("the statement's second line is no JSON object")
    return content


def write_time(moment: datetime) -> str:
    """RFC 3339 in UTC, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(text: object) -> datetime:
    """The moment in UTC. SealError when it is no RFC 3339 time with a zone."""
    try:
        moment = datetime.fromisoformat(str(text))
        if moment.tzinfo is None:
            raise SealError("a time has no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # the year 1 east of Greenwich is before all time
        raise SealError(f"{str(text)[:40]!r} is no time") from error
