"""Sealed objects against other programs, and against everything that can be done to them."""

import hashlib
import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.house.source import PACKAGE

from beeldkluis.sealed import age, axis, bech32, passphrase, wrap
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.stream import NONCE, SEALED_CHUNK

CHUNK = 65_536
KEY = bytes(range(16))
SIZES = [0, 1, 15, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 16 * CHUNK, 16 * CHUNK + 1, 35 * CHUNK - 3]
FRONTEND = PACKAGE.parents[1] / "frontend"


def film(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def seal(data: bytes, nonce: bytes | None = None) -> bytes:
    return b"".join(bytes(piece) for piece in age.Sealer(KEY, nonce).chunks(io.BytesIO(data)))


def reader(sealed: bytes) -> age.PayloadReader:
    return age.PayloadReader(lambda at, length: sealed[at : at + length], len(sealed), KEY)


def everything(sealed: bytes) -> bytes:
    found = reader(sealed)
    return b"".join(found.read(0, found.size))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_sealed_opens_with_two_other_programs_and_the_other_way_round(tmp_path: Path, size: int) -> None:
    data, identity = film(size), age.Identity.generate()
    sealed = age.seal_bytes(data, [identity.recipient, age.Identity.generate().recipient])
    theirs = pyrage.x25519.Identity.from_str(str(identity))
    assert pyrage.decrypt(sealed, [theirs]) == data
    assert age.open_bytes(pyrage.encrypt(data, [theirs.to_public()]), [identity]) == data
    key, file = tmp_path / "key", tmp_path / "film.age"
    key.write_text(str(identity))
    file.write_bytes(sealed)
    done = subprocess.run(["age", "-d", "-i", key, file], capture_output=True, check=True)
    assert done.stdout == data
    done = subprocess.run(["age", "-r", str(identity.recipient)], input=data, capture_output=True, check=True)
    assert age.open_bytes(done.stdout, [identity]) == data


def test_header_and_payload_kept_apart_are_joined_by_cat_and_opened_by_age(tmp_path: Path) -> None:
    data, team, deputy = film(200_000), age.Identity.generate(), age.Identity.generate()
    sealed = age.seal_bytes(data, [team.recipient])
    source = io.BytesIO(sealed)
    head, payload = age.read_header(source), source.read()
    (tmp_path / "key").write_text(str(deputy))
    again = age.build_header(age.open_header(head, [team]), [deputy.recipient])
    done = subprocess.run(["age", "-d", "-i", tmp_path / "key"], input=again + payload, capture_output=True, check=True)
    assert done.stdout == data
    with pytest.raises(SealError):
        age.open_header(again, [team])


@pytest.mark.slow
def test_a_hybrid_identity_opens_here_and_in_the_browsers_library() -> None:
    identity = age.Identity.generate(hybrid=True)
    assert str(identity.recipient).startswith("age1pq1")
    head = age.build_header(KEY, [identity.recipient])
    assert age.open_header(head, [identity]) == KEY
    script = """
import { Decrypter } from "age-encryption";
const { header, identity } = JSON.parse(process.argv[1]);
const d = new Decrypter(); d.addIdentity(identity);
console.log(Buffer.from(await d.decryptHeader(Buffer.from(header, "hex"))).toString("hex"));
"""
    for one in (identity, age.Identity.generate()):
        made = age.build_header(KEY, [one.recipient])
        asked = json.dumps({"header": made.hex(), "identity": str(one)})
        done = subprocess.run(
            ["node", "--input-type=module", "-e", script, asked],
            cwd=FRONTEND,
            capture_output=True,
            text=True,
            check=True,
        )
        assert bytes.fromhex(done.stdout.strip()) == KEY


def test_hybrid_and_ordinary_recipients_are_never_mixed() -> None:
    with pytest.raises(SealError):
        age.build_header(KEY, [age.Identity.generate().recipient, age.Identity.generate(hybrid=True).recipient])
    with pytest.raises(SealError):
        age.build_header(KEY, [])


@pytest.mark.parametrize("size", SIZES)
def test_lengths_follow_from_each_other(size: int) -> None:
    sealed = seal(film(size))
    assert len(sealed) == age.payload_length(size)
    assert age.plain_length(len(sealed)) == size


@given(st.integers(0, 3 * SEALED_CHUNK))
def test_a_length_that_no_payload_has_is_refused(length: int) -> None:
    try:
        assert age.payload_length(age.plain_length(length)) == length
    except SealError:
        assert all(age.payload_length(size) != length for size in range(max(0, length - 100), length + 1))


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 4 * CHUNK), st.data())
def test_every_range_is_exactly_the_film(size: int, data: st.DataObject) -> None:
    whole, found = film(size), reader(seal(film(size)))
    start = data.draw(st.integers(0, size))
    stop = data.draw(st.integers(start, size + 10))
    assert b"".join(found.read(start, stop)) == whole[start:stop]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3 * CHUNK), st.data())
def test_one_changed_bit_is_refused_before_its_chunk_is_given_out(size: int, data: st.DataObject) -> None:
    whole, sealed = film(size), bytearray(seal(film(size)))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    given_out = b""
    with pytest.raises(SealError):
        for piece in (found := reader(bytes(sealed))).read(0, found.size):
            given_out += piece
    assert whole.startswith(given_out)
    assert len(given_out) <= max(0, place // 8 - NONCE) // SEALED_CHUNK * CHUNK


def test_what_was_cut_lengthened_swapped_or_taken_out_is_refused() -> None:
    sealed = seal(film(3 * CHUNK + 9))
    first, second = NONCE + SEALED_CHUNK, NONCE + 2 * SEALED_CHUNK
    wrong = {
        "nothing": b"",
        "only a nonce": sealed[:NONCE],
        "cut at a byte": sealed[:-1],
        "cut in a chunk": sealed[: first + 100],
        "cut at a chunk": sealed[: NONCE + 3 * SEALED_CHUNK],
        "lengthened": sealed + b"\0",
        "an empty last chunk": sealed + bytes(16),
        "a chunk taken out": sealed[:NONCE] + sealed[first:],
        "chunks swapped": sealed[:NONCE] + sealed[first:second] + sealed[NONCE:first] + sealed[second:],
        "another film's end": sealed[: NONCE + 3 * SEALED_CHUNK]
        + seal(film(3 * CHUNK + 9, 1))[NONCE + 3 * SEALED_CHUNK :],
    }
    for what, bad in wrong.items():
        with pytest.raises(SealError):
            everything(bad)
            pytest.fail(what)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_header_does_not_open(data: st.DataObject) -> None:
    identity = age.Identity.generate()
    head = bytearray(age.build_header(KEY, [identity.recipient]))
    place = data.draw(st.integers(0, len(head) * 8 - 1))
    head[place // 8] ^= 1 << place % 8
    with pytest.raises(SealError):
        age.open_header(bytes(head), [identity])


@given(st.binary(max_size=400))
def test_nonsense_is_no_header(data: bytes) -> None:
    for bad in (data, b"age-encryption.org/v1\n" + data):
        with pytest.raises(SealError):
            age.read_header(io.BytesIO(bad))


def test_a_header_without_end_is_not_read_for_ever() -> None:
    endless = io.BytesIO(b"age-encryption.org/v1\n" + b"-> X25519 a\n\n" * 1_000_000)
    with pytest.raises(SealError):
        age.read_header(endless)
    assert endless.tell() < 200_000


def test_a_sealed_identity_opens_with_its_passphrase_alone() -> None:
    identity = age.Identity.generate()
    sealed = age.seal_identity(identity, "juiste-woorden", work_factor=10)
    assert age.open_identity(sealed, "juiste-woorden") == identity
    assert pyrage.passphrase.decrypt(sealed, "juiste-woorden").decode() == str(identity)
    with pytest.raises(SealError):
        age.open_identity(sealed, "andere-woorden")
    with pytest.raises(SealError):
        age.open_identity(sealed, "juiste-woorden", max_work_factor=9)
    assert str(identity) not in repr(identity)


def test_passphrases_are_drawn_from_many_different_words() -> None:
    words = passphrase.words()
    assert len(words) == len(set(words)) == 8192
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
    drawn = [passphrase.generate_passphrase() for _ in range(200)]
    assert len(set(drawn)) == 200
    assert all(len(one.split("-")) == 6 for one in drawn)
    assert len({word for one in drawn for word in one.split("-")}) > 1000


@given(st.binary(max_size=80))
def test_bech32_gives_back_what_was_written_and_sees_a_typing_error(data: bytes) -> None:
    text = bech32.encode("age", data)
    assert bech32.decode(text) == ("age", data)
    assert bech32.decode(text.upper()) == ("age", data)
    at = len(text) - 3
    wrong = text[:at] + ("q" if text[at] != "q" else "p") + text[at + 1 :]
    with pytest.raises(SealError):
        bech32.decode(wrong)


def test_a_wrapped_header_opens_only_in_its_own_place() -> None:
    key, recording, clip = os.urandom(32), uuid4(), uuid4()
    wrapped = wrap.wrap_header(key, b"header", recording, clip)
    assert wrap.unwrap_header(key, wrapped, recording, clip) == b"header"
    for wrong in (
        (os.urandom(32), wrapped, recording, clip),
        (key, wrapped, uuid4(), clip),
        (key, wrapped, recording, uuid4()),
        (key, wrapped[:-1], recording, clip),
        (key, b"", recording, clip),
    ):
        with pytest.raises(SealError):
            wrap.unwrap_header(*wrong)


@pytest.mark.slow
def test_axis_content_is_what_openssl_makes_and_opens(tmp_path: Path) -> None:
    public, private = axis.generate_rsa()
    key, iv = axis.new_content_key()
    data = film(100_003)
    (tmp_path / "film").write_bytes(data)
    (tmp_path / "private.der").write_bytes(private)
    command = ["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", iv.hex(), "-in", tmp_path / "film"]
    theirs = subprocess.run(command, capture_output=True, check=True).stdout
    assert b"".join(axis.encrypt([data[:7], data[7:]], key, iv)) == theirs
    found = axis.Film(lambda at, length: theirs[at : at + length], len(theirs), key, iv)
    assert found.read(0, found.size + 99) == data
    assert found.read(12_345, 23_456) == data[12_345:23_456]
    (tmp_path / "wrapped").write_bytes(axis.wrap_key(key, public))
    command = ["openssl", "pkeyutl", "-decrypt", "-inkey", tmp_path / "private.der", "-keyform", "DER"]
    command += ["-pkeyopt", "rsa_padding_mode:oaep", "-in", tmp_path / "wrapped"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == key
    assert axis.unwrap_key(axis.wrap_key(key, public), private) == key
    with pytest.raises(SealError):
        axis.unwrap_key(axis.wrap_key(key, public), axis.generate_rsa()[1])


MEMORY = """
import io, resource, sys
from beeldkluis.sealed import age
class Zeros(io.RawIOBase):
    def __init__(self, size): self.left = size
    def readable(self): return True
    def readinto(self, buffer):
        count = min(len(buffer), self.left); self.left -= count; buffer[:count] = bytes(count); return count
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sealed = 0
for piece in age.Sealer(bytes(16)).chunks(Zeros(256 * 1024 * 1024)):
    sealed += len(piece)
assert sealed == age.payload_length(256 * 1024 * 1024)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_sealing_a_long_film_takes_no_more_memory_than_a_short_one() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, env=os.environ)
    assert int(done.stdout) < 16_384, "kilobytes"


def test_a_fingerprint_is_the_hash_of_the_text() -> None:
    recipient = str(age.Identity.generate().recipient)
    assert age.fingerprint(recipient) == hashlib.sha256(recipient.encode()).hexdigest()
