"""Somebody's browser, as far as an attacker needs one: cookies, the form token, words of a page, a code app."""

import base64
import hashlib
import hmac
import html
import re
import struct
import time
from typing import Any

import httpx

FORMS = ("/accounts/login/", "/over-bodycams/verzoek/", "/accounts/password/change/", "/accounts/2fa/")
CODE_SECONDS = 30


class Visitor(httpx.Client):
    """An HTTP client of one server that follows no redirect and posts with the form token."""

    def __init__(self, address: str, **named: Any) -> None:
        super().__init__(base_url=address, follow_redirects=False, timeout=60, **named)
        self.address = address

    def token(self) -> str:
        """The token that a form must carry; asked for at the first page that gives one."""
        for path in FORMS:
            if self.cookie("csrftoken"):
                break
            self.get(path)
        return self.cookie("csrftoken")

    def cookie(self, name: str) -> str:
        """The newest cookie of this name; empty without one."""
        return next((str(one.value) for one in reversed(list(self.cookies.jar)) if one.name == name), "")

    def submit(
        self, path: str, data: Any = None, *, headers: dict[str, str] | None = None, **named: Any
    ) -> httpx.Response:
        """Post a form, or with `json` a message of a page's script, as the browser would."""
        own = {"X-CSRFToken": self.token(), "Origin": self.address, "Referer": self.address + path}
        return self.post(path, data=data, headers=own | (headers or {}), **named)

    def again(self) -> "Visitor":
        """Somebody who stole all cookies of this one."""
        thief = Visitor(self.address)
        for cookie in self.cookies.jar:
            thief.cookies.set(cookie.name, cookie.value or "", domain=cookie.domain, path=cookie.path)
        return thief


def words(answer: httpx.Response) -> str:
    """A page as somebody reads it."""
    bare = re.sub(r"<(script|style).*?</\1>", "", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare))).strip()


def code_of(secret: str, at: float | None = None) -> str:
    """What a code app shows for this secret (RFC 6238, SHA-1, six digits, half a minute)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    turn = struct.pack(">Q", int((time.time() if at is None else at) // CODE_SECONDS))
    digest = hmac.new(key, turn, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def add_code_app(visitor: Visitor) -> str:
    """Set up a code app as whoever is signed in; its secret. Empty when the page gives none."""
    page = visitor.get("/accounts/2fa/totp/activate/")
    found = re.search(r"secret=([A-Z2-7]{16,64})", html.unescape(page.text)) or re.search(
        r"\b([A-Z2-7]{32})\b", page.text
    )
    if found is None:
        return ""
    done = visitor.submit("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    return found[1] if done.status_code == 302 else ""
