"""Talking to the vault (docs/spec/dock.md, docs/spec/intake.md). Every answer that matters is signed; the rest is words."""

import base64
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.statement import verify

TUS = {"Tus-Resumable": "1.0.0"}
CONFIGURATION = "beeldkluis.nl/configuration/v1"
PATIENCE = httpx.Timeout(30, read=600)  # seconds; a manifest is answered after the vault has read everything back


class VaultAwayError(Exception):
    """The vault cannot be reached, or cannot take anything in now. The camera stays full; try again later."""


class VaultRefusesError(Exception):
    """The vault says no, with its reason. Trying again changes nothing until a person does something."""


class UploadGoneError(Exception):
    """The vault does not know this upload any more, or what arrived was not what was sent: begin the file anew."""


@dataclass(frozen=True, slots=True)
class Docked:
    """What the vault knows of a camera: is it in the register, is it blocked, what stands on its housing."""

    known: bool
    blocked: bool
    label: str


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"De server antwoordt met {answer.status_code}."


class Vault:
    """One vault, spoken to with one token."""

    def __init__(self, server: str, token: str = "") -> None:
        self.server = server.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(headers=headers, timeout=PATIENCE, verify=ssl.create_default_context())

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        address = path if path.startswith("http") else self.server + path
        try:
            answer = self._http.request(method, address, **more)
        except httpx.HTTPError as error:
            raise VaultAwayError(f"De server is niet bereikbaar ({type(error).__name__}).") from error
        if answer.status_code in (500, 502, 503, 504, 507, 423):
            raise VaultAwayError(_reason(answer))
        if answer.status_code in (400, 401, 403, 413, 415, 422):
            raise VaultRefusesError(_reason(answer))
        return answer

    def enrol(self, code: str, name: str, public_key: str) -> Mapping[str, Any]:
        """Let this dock in with a code: {dock, token, vault_key, recipients, fingerprints}."""
        answer = self._ask("POST", "/dock/v1/enrol", json={"code": code, "name": name, "public_key": public_key})
        if answer.status_code != 201:
            raise VaultRefusesError(_reason(answer))
        content: Mapping[str, Any] = answer.json()
        return content

    def configuration(self, vault_key: str) -> Mapping[str, Any]:
        """What to seal for and what time it is, as the vault signed it. VaultRefusesError when the signature is not by the
        pinned key: then this is not the vault that let us in.
        """
        answer = self._ask("GET", "/dock/v1/configuration")
        try:
            return verify(CONFIGURATION, answer.text, vault_key)
        except SealError as error:
            raise VaultRefusesError("De server heeft niet de sleutel die bij het aanmelden is vastgelegd.") from error

    def docked(self, facts: Mapping[str, Any]) -> Docked:
        """Tell that a camera stands here."""
        content = self._ask("POST", "/dock/v1/docked", json=dict(facts)).json()
        return Docked(content["known"] is True, content["blocked"] is True, str(content["label"]))

    def receipt(self, serial: str, source_sha256: str) -> str | None:
        """The receipt for a file that came in before; None when it did not."""
        answer = self._ask("GET", "/intake/v1/receipts", params={"serial": serial, "source_sha256": source_sha256})
        return answer.text if answer.status_code == 200 else None

    def begin(self, length: int, metadata: Mapping[str, str]) -> str:
        """Begin an upload of `length` bytes; its address."""
        pairs = [f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items()]
        headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": ",".join(pairs)}
        answer = self._ask("POST", "/intake/v1/uploads", headers=headers)
        if answer.status_code != 201:
            raise VaultAwayError(_reason(answer))
        # the path alone: behind a proxy the vault may call itself by another name than we do
        return self.server + httpx.URL(answer.headers["Location"]).path

    def offset(self, upload: str) -> int:
        """How many bytes of the upload are durable. UploadGoneError when there is none."""
        answer = self._ask("HEAD", upload, headers=TUS)
        if answer.status_code != 200:
            raise UploadGoneError(upload)
        return int(answer.headers["Upload-Offset"])

    def send(self, upload: str, offset: int, length: int, pieces: Iterator[bytes]) -> None:
        """Send `length` bytes from `offset` on. VaultAwayError when the line breaks: ask `offset` and go on."""
        headers = TUS | {
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
            "Content-Type": "application/offset+octet-stream",
        }
        answer = self._ask("PATCH", upload, headers=headers, content=pieces)
        if answer.status_code in (404, 410):
            raise UploadGoneError(upload)
        if answer.status_code != 204:
            raise VaultAwayError(_reason(answer))

    def end(self, upload: str) -> None:
        """Give an upload up."""
        self._ask("DELETE", upload, headers=TUS)

    def close(self, upload: str, manifest: str) -> str:
        """Close the upload with the signed manifest; the receipt's note."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        answer = self._ask("POST", f"{upload}/manifest", content=manifest.encode(), headers=headers)
        if answer.status_code in (404, 409, 410, 460):
            raise UploadGoneError(_reason(answer))
        if answer.status_code != 201:
            raise VaultAwayError(_reason(answer))
        return answer.text

    def wiped(self, serial: str, clips: tuple[str, ...], left: int) -> None:
        """Tell that these clips are gone from the camera, and how many files are left on it."""
        self._ask("POST", "/intake/v1/wiped", json={"serial": serial, "clips": list(clips), "left": left})
