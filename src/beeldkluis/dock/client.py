"""Talking to the vault (docs/spec/dock.md, docs/spec/intake.md). Every answer that matters is signed; the rest is words.

Whatever an answer holds, only the errors below come out: a proxy or a captive portal may answer in the vault's place.
"""

import base64
import ipaddress
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import httpx

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.statement import verify

TUS = {"Tus-Resumable": "1.0.0"}
CONFIGURATION = "beeldkluis.nl/configuration/v1"
PATIENCE = httpx.Timeout(30, read=600)  # seconds; a manifest is answered after the vault has read everything back
BRIEFLY = httpx.Timeout(5)  # for what is said again a moment later
CLIPS_AT_ONCE = 1000  # in one report: the vault takes 65,536 bytes
REFUSED = (400, 401, 403, 413, 415, 422)
NO_ROOM = 507
TOO_MANY = 429
LONGEST_WAIT = 120  # seconds that a server may make us wait; whatever it says beyond that is not believed
MAX_WORDS = 300  # characters of somebody else's words that are shown


class VaultAwayError(Exception):
    """The vault cannot be reached, or cannot take anything in now. The camera stays full; try again later."""


class NoRoomError(VaultAwayError):
    """The vault has no room for this file."""


class VaultBusyError(VaultAwayError):
    """We asked too much at once: ask again after `seconds`."""

    def __init__(self, reason: str, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


class VaultRefusesError(Exception):
    """The vault says no, with its reason. Trying again changes nothing until a person does something."""

    def __init__(self, reason: str, *, dock: bool = False) -> None:
        super().__init__(reason)
        self.dock = dock  # it is this dock that is refused, so no other file will fare better


class OtherVaultError(VaultRefusesError):
    """This is not the vault that let us in: its answer is not signed with the pinned key."""


class UploadGoneError(Exception):
    """The vault does not know this upload any more, or what arrived was not what was sent: begin the file anew."""


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that the vault began for us."""

    id: UUID
    address: str


@dataclass(frozen=True, slots=True)
class Docked:
    """What the vault knows of a camera: is it in the register, is it blocked, what stands on its housing."""

    known: bool
    blocked: bool
    label: str


def is_safe(server: str) -> bool:
    """May the dock's token go to this address? Over TLS, or to this very machine."""
    address = httpx.URL(server)
    if address.scheme == "https":
        return True
    try:
        own = address.host == "localhost" or ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        own = False
    return address.scheme == "http" and own


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    """The JSON object in an answer; empty when there is none."""
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _reason(answer: httpx.Response) -> str:
    reason = str(_object(answer).get("detail") or f"De server antwoordt met {answer.status_code}.")[:MAX_WORDS]
    return "".join(one for one in reason if one.isprintable())


def _seconds(answer: httpx.Response) -> int:
    """How long to wait, as the answer says it (RFC 9110, 10.2.3)."""
    said = answer.headers.get("Retry-After", "")
    return min(int(said), LONGEST_WAIT) if said.isascii() and said.isdecimal() else 1


class Vault:
    """One vault, spoken to with one token, for as long as the `with` lasts."""

    def __init__(self, server: str, token: str = "", patience: httpx.Timeout = PATIENCE) -> None:
        self.server = server.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(headers=headers, timeout=patience, verify=ssl.create_default_context())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _ask(self, method: str, path: str, *good: int, **more: Any) -> httpx.Response:
        """The answer when its status is one of `good`."""
        address = path if path.startswith("http") else self.server + path
        try:
            answer = self._http.request(method, address, **more)
        except httpx.HTTPError as error:
            raise VaultAwayError(f"De server is niet bereikbaar ({type(error).__name__}).") from error
        if answer.status_code in good:
            return answer
        if answer.status_code == NO_ROOM:
            raise NoRoomError(_reason(answer))
        if answer.status_code == TOO_MANY:
            raise VaultBusyError(_reason(answer), _seconds(answer))
        if answer.status_code in REFUSED:
            raise VaultRefusesError(_reason(answer), dock=answer.status_code in (401, 403))
        raise VaultAwayError(_reason(answer))

    def enrol(self, code: str, name: str, public_key: str) -> Mapping[str, Any]:
        """Let this dock in with a code: {dock, token, vault_key, recipients, fingerprints}."""
        asked = {"code": code, "name": name, "public_key": public_key}
        answer = self._ask("POST", "/dock/v1/enrol", 201, 409, json=asked)
        if answer.status_code == 409:
            raise VaultRefusesError(_reason(answer))
        return _object(answer)

    def configuration(self, vault_key: str) -> Mapping[str, Any]:
        """What to seal for and what time it is, as the vault signed it. OtherVaultError when the signature is not by the
        pinned key: then this is not the vault that let us in.
        """
        answer = self._ask("GET", "/dock/v1/configuration", 200)
        try:
            return verify(CONFIGURATION, answer.text, vault_key)
        except SealError as error:
            reason = "De server heeft niet de sleutel die bij het aanmelden is vastgelegd."
            raise OtherVaultError(reason, dock=True) from error

    def docked(self, facts: Mapping[str, Any]) -> Docked:
        """Tell that a camera stands here."""
        content = _object(self._ask("POST", "/dock/v1/docked", 200, json=dict(facts)))
        return Docked(
            content.get("known") is True, content.get("blocked") is True, str(content.get("label", ""))[:MAX_WORDS]
        )

    def receipt(self, serial: str, source_sha256: str) -> str | None:
        """The receipt for a file that came in before; None when it did not."""
        asked = {"serial": serial, "source_sha256": source_sha256}
        answer = self._ask("GET", "/intake/v1/receipts", 200, 404, params=asked)
        return answer.text if answer.status_code == 200 else None

    def begin(self, length: int, metadata: Mapping[str, str]) -> Upload:
        """Begin an upload of `length` bytes. VaultBusyError when this dock begins too much at once."""
        pairs = [f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items()]
        headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": ",".join(pairs)}
        answer = self._ask("POST", "/intake/v1/uploads", 201, headers=headers)
        # the path alone: behind a proxy the vault may call itself by another name than we do
        try:
            path = httpx.URL(answer.headers.get("Location", "")).path
            return Upload(UUID(path.rstrip("/").rpartition("/")[2]), self.server + path)
        except (ValueError, httpx.InvalidURL) as error:
            raise VaultAwayError("De server zegt niet waar de aanlevering heen moet.") from error

    def offset(self, upload: Upload) -> int:
        """How many bytes of the upload are durable. UploadGoneError when there is none."""
        answer = self._ask("HEAD", upload.address, 200, 404, 410, headers=TUS)
        offset = answer.headers.get("Upload-Offset", "")
        if answer.status_code != 200 or not offset.isdecimal():
            raise UploadGoneError(upload.address)
        return int(offset)

    def send(self, upload: Upload, offset: int, length: int, pieces: Iterable[bytes | memoryview]) -> None:
        """Send `length` bytes from `offset` on. VaultAwayError when the line breaks: ask `offset` and go on."""
        headers = TUS | {
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
            "Content-Type": "application/offset+octet-stream",
        }
        answer = self._ask("PATCH", upload.address, 204, 404, 410, headers=headers, content=pieces)
        if answer.status_code != 204:
            raise UploadGoneError(upload.address)

    def end(self, upload: Upload) -> None:
        """Give an upload up. When that cannot be told the vault clears it away by itself."""
        try:
            self._ask("DELETE", upload.address, 204, 404, 410, headers=TUS)
        except (VaultAwayError, VaultRefusesError):
            return

    def close(self, upload: Upload, manifest: str) -> str:
        """Close the upload with the signed manifest; the receipt's note. Asked again it is the same one."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        wrong = (404, 409, 410, 460)
        address = f"{upload.address}/manifest"
        answer = self._ask("POST", address, 200, 201, *wrong, content=manifest.encode(), headers=headers)
        if answer.status_code in wrong:
            raise UploadGoneError(_reason(answer))
        return answer.text

    def wiped(self, serial: str, clips: tuple[str, ...], left: int) -> None:
        """Tell that these clips are gone from the camera, and how many films are left on it."""
        for at in range(0, len(clips), CLIPS_AT_ONCE):
            content = {"serial": serial, "clips": list(clips[at : at + CLIPS_AT_ONCE]), "left": left}
            self._ask("POST", "/intake/v1/wiped", 204, json=content)

    def left(self, serial: str, slot: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Tell what stays on a camera after its turn: rows of `why`, `kind` and `count`."""
        content = {"serial": serial, "slot": slot, "left": [dict(one) for one in rows]}
        self._ask("POST", "/dock/v1/left", 204, json=content)

    def slots(self, report: Sequence[Mapping[str, Any]]) -> None:
        """Tell how each slot is doing."""
        self._ask("POST", "/dock/v1/slots", 204, json={"slots": [dict(one) for one in report]})
