"""Merkle tree hashes and proofs (RFC 6962, section 2.1), over any store of finished subtrees.

A node (level, index) is the root of the 2**level leaves from index * 2**level on. `get(level, index)` gives its hash.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from beeldkluis.sealed.errors import SealError

Get = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def appended(number: int, leaf: bytes, get: Get) -> list[tuple[int, int, bytes]]:
    """The nodes that leaf `number` finishes: (level, index, hash), the leaf itself first."""
    level, index, current = 0, number, leaf
    made = [(0, number, leaf)]
    while index & 1:
        current = node_hash(get(level, index - 1), current)
        level, index = level + 1, index >> 1
        made.append((level, index, current))
    return made


class Growing:
    """A tree that grows leaf by leaf and keeps only the roots of its largest finished subtrees: 32 bytes for each bit of its
    size that is set, the largest subtree first.
    """

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size, self.roots = size, list(roots)
        if len(self.roots) != size.bit_count():
            raise SealError(f"a tree of {size} leaves has {size.bit_count()} finished subtrees")

    @classmethod
    def at(cls, size: int, get: Get) -> "Growing":
        """The tree of `size` leaves, of which a store has the finished subtrees."""
        roots, low = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                roots.append(get(level, low >> level))
                low += 1 << level
        return cls(size, roots)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add the hash of the next leaf. The nodes that it finishes: (level, index, hash), the leaf itself first."""
        level, index, current = 0, self.size, leaf
        made = [(0, index, leaf)]
        while index & 1:
            current = node_hash(self.roots.pop(), current)
            level, index = level + 1, index >> 1
            made.append((level, index, current))
        self.roots.append(current)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The tree hash over the leaves so far."""
        if not self.roots:
            return hashlib.sha256(b"").digest()
        *parts, current = self.roots
        while parts:
            current = node_hash(parts.pop(), current)
        return current


def subtree(low: int, high: int, get: Get) -> bytes:
    """The root over leaves [low, high), where `low` is a multiple of the largest power of two not over the width."""
    if low == high:
        return hashlib.sha256(b"").digest()
    parts: list[bytes] = []
    while low < high:
        level = 0
        while low % (2 << level) == 0 and low + (2 << level) <= high:
            level += 1
        parts.append(get(level, low >> level))
        low += 1 << level
    current = parts.pop()
    while parts:
        current = node_hash(parts.pop(), current)
    return current


def root(size: int, get: Get) -> bytes:
    """The tree hash over the first `size` leaves."""
    return subtree(0, size, get)


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def inclusion(number: int, size: int, get: Get) -> list[bytes]:
    """The audit path of leaf `number` in the tree of `size` leaves, lowest first."""
    if not 0 <= number < size:
        raise SealError(f"leaf {number} is not in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if number < middle:
            path.append(subtree(middle, high, get))
            high = middle
        else:
            path.append(subtree(low, middle, get))
            low = middle
    return path[::-1]


def check_inclusion(leaf: bytes, number: int, size: int, path: Sequence[bytes], expected: bytes) -> None:
    """SealError when the path does not lead from the leaf's hash to the root `expected`."""
    if not 0 <= number < size:
        raise SealError(f"leaf {number} is not in a tree of {size}")
    current, index, last = leaf, number, size - 1
    for sibling in path:
        if last == 0:
            raise SealError("the inclusion proof is too long")
        if index & 1 or index == last:
            current = node_hash(sibling, current)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        index, last = index >> 1, last >> 1
    if last != 0 or current != expected:
        raise SealError("the inclusion proof does not lead to this root")


def consistency(first: int, second: int, get: Get) -> list[bytes]:
    """The proof that the tree of `second` leaves begins with the tree of `first`."""
    if not 0 < first <= second:
        raise SealError(f"no tree of {second} begins with one of {first}")
    path: list[bytes] = []
    low, high, known = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(subtree(middle, high, get))
            high = middle
        else:
            path.append(subtree(low, middle, get))
            low, known = middle, False
    if not known:
        path.append(subtree(low, high, get))
    return path[::-1]


def check_consistency(first: int, second: int, old: bytes, new: bytes, path: Iterable[bytes]) -> None:
    """SealError when `new` (root of `second` leaves) is not shown to begin with `old` (root of `first`)."""
    if not 0 < first <= second:
        raise SealError(f"no tree of {second} begins with one of {first}")
    proof = list(path)
    try:
        roots = _joined(first, second, old, proof, known=True)
    except IndexError:
        raise SealError("the consistency proof is too short") from None
    if proof:
        raise SealError("the consistency proof is too long")
    if roots != (old, new):
        raise SealError("the consistency proof does not join these roots")


def _joined(first: int, size: int, old: bytes, proof: list[bytes], *, known: bool) -> tuple[bytes, bytes]:
    """Roots of `first` and of `size` leaves that the proof leads to; takes its hashes from the end (RFC 9162 2.1.4.1)."""
    if first == size:
        root = old if known else proof.pop()
        return root, root
    middle = _split(size)
    sibling = proof.pop()
    if first <= middle:
        before, after = _joined(first, middle, old, proof, known=known)
        return before, node_hash(after, sibling)
    before, after = _joined(first - middle, size - middle, old, proof, known=False)
    return node_hash(sibling, before), node_hash(sibling, after)
