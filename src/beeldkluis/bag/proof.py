"""Signed notes (c2sp.org/signed-note) and proofs of the journal (c2sp.org/tlog-proof), with Ed25519 (RFC 8032) in plain Python.

Only verifying, of texts and keys that are no secret. The program itself signs and verifies with `sealed/`; this is for who has
Python alone. This module goes along in every package, as part of the verifier: Python 3.8 and its standard library.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import Tuple  # noqa: UP035 - what Python 3.8 has

from beeldkluis.bag.frame import WrongError, shown

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]  # noqa: UP006 - what Python 3.8 has


def _add(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P


def _times(number: int, point: Point) -> Point:
    made = (0, 1, 1, 0)
    while number:
        made, point, number = _add(made, point) if number & 1 else made, _add(point, point), number >> 1
    return made


def _point(raw: bytes) -> Point:
    """The point that 32 bytes stand for. WrongError when it is not on the curve, or written in another way than the one."""
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT % P
    if len(raw) != 32 or y >= P or x * x % P != square or (x == 0 and raw[31] >> 7):
        raise WrongError("een sleutel of handtekening is geen punt van de kromme")
    x = P - x if x & 1 != raw[31] >> 7 else x
    return x, y, 1, x * y % P


@lru_cache(maxsize=64)
def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    """Did the holder of this Ed25519 key sign this text? Strict: one signature has one writing."""
    try:
        key, begin = _point(public), _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    except WrongError:
        return False
    number = int.from_bytes(signature[32:], "little")
    mixed = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    x, y, z, _ = _add(_times(number, begin), _times(mixed, (P - key[0], key[1], 1, P - key[3])))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    written = (y | (x & 1) << 255).to_bytes(32, "little")
    return len(signature) == 64 and number < ORDER and written == signature[:32]


def from_base64(text: str) -> bytes:
    """The bytes of base64 in its one writing. WrongError for any other."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = b""
    if base64.b64encode(data).decode() != text:
        raise WrongError("een handtekening of bewijs is niet te lezen")
    return data


def signed_text(note: bytes, key: str, *, alone: bool) -> str:
    """What the holder of this key ("name+hash+base64") signed. `alone`: nobody else may have signed as well."""
    name, _, rest = key.strip().partition("+")
    public = from_base64(rest.partition("+")[2])
    mark = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    if public[:1] != b"\1" or len(public) != 33 or rest.partition("+")[0] != mark.hex():
        raise WrongError("dit is geen sleutel van een ondertekende tekst")
    try:
        text, gap, lines = note.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise WrongError("een ondertekende tekst is niet te lezen") from None
    begin, signatures = f"\u2014 {name} ", lines.split("\n")
    for line in signatures[:-1]:
        data = from_base64(line[len(begin) :]) if line.startswith(begin) else b""
        if data[:4] == mark and gap and signatures[-1] == "" and (len(signatures) == 2 or not alone):
            if is_signed(public[1:], f"{text}\n".encode(), data[4:]):
                return text + "\n"
            break
    raise WrongError(f"de handtekening van {shown(name)} klopt niet")


def check_proof(data: bytes, key: str) -> tuple[int, int]:
    """The number of a line of the journal, and how many lines the signed checkpoint counts. WrongError when it is not proved."""
    try:
        above, _, checkpoint = data.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise WrongError("het bewijs is niet te lezen") from None
    head = re.fullmatch(r"c2sp\.org/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9][0-9]{0,18})((?:\n\S+){0,63})", above)
    signed = signed_text(checkpoint.encode(), key, alone=False).split("\n")
    if head is None or len(signed) < 4 or not re.fullmatch("[1-9][0-9]{0,18}", signed[1]):
        raise WrongError("het bewijs is niet te lezen")
    extra, number, size = from_base64(head[1]), int(head[2]), int(signed[1])
    # the line of the journal itself, or its hash alone where it has what the receiver should not read
    current = extra if len(extra) == 32 else hashlib.sha256(b"\0" + extra).digest()
    at, last = number, size - 1
    for one in [from_base64(each) for each in head[3].split()]:
        left = at & 1 or at == last
        current = hashlib.sha256(b"\1" + (one + current if left else current + one)).digest()
        while left and not at & 1 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    if number >= size or last != 0 or current != from_base64(signed[2]):
        raise WrongError(f"regel {number} staat niet in het logboek van dit controlepunt")
    return number, size
