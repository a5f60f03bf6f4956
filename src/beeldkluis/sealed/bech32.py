"""Bech32 (BIP 173) without its length limit, as age writes keys."""

from beeldkluis.sealed.errors import SealError

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _checksum(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _regroup(values: bytes | list[int], source: int, target: int, *, pad: bool) -> list[int]:
    held, bits, regrouped = 0, 0, []
    for value in values:
        held, bits = held << source | value, bits + source
        while bits >= target:
            bits -= target
            regrouped.append(held >> bits & (1 << target) - 1)
            held &= (1 << bits) - 1
    if pad and bits:
        regrouped.append(held << target - bits)
    elif not pad and (bits >= source or held):
        raise SealError("a key's text has wrong padding")
    return regrouped


def encode(prefix: str, data: bytes) -> str:
    """`data` as text behind the lower-case `prefix`."""
    values = _regroup(data, 8, 5, pad=True)
    check = _checksum([*_expand(prefix), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join(_LETTERS[value] for value in values)


def decode(text: str) -> tuple[str, bytes]:
    """The lower-case prefix and the data of `text`. SealError when it was mistyped."""
    if text not in (text.lower(), text.upper()):
        raise SealError("a key's text mixes capitals and small letters")
    text = text.lower()
    prefix, separator, rest = text.rpartition("1")
    if not separator or not prefix or len(rest) < 6 or any(letter not in _LETTERS for letter in rest):
        raise SealError("this is no key's text")
    values = [_LETTERS.index(letter) for letter in rest]
    if _checksum(_expand(prefix) + values) != 1:
        raise SealError("a key's text was mistyped: its check does not fit")
    return prefix, bytes(_regroup(values[:-6], 5, 8, pad=False))
