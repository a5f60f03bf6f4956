"""Ed25519 in plain Python, signed notes and proofs of the journal: known vectors, and what must be refused."""

import ast
import base64
import sys

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.bag.frame import WrongError
from beeldkluis.bag.proof import ORDER, check_proof, from_base64, is_signed, signed_text
from beeldkluis.bag.tlog_proof import tlog_proof
from beeldkluis.bag.verifier import source
from beeldkluis.sealed import merkle
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.tlog import checkpoint_text
from tests.bag import made

VECTORS = (  # RFC 8032, section 7.1: tests 1, 2 and 3
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("public", "text", "signature"), VECTORS)
def test_the_vectors_of_the_rfc_hold(public: str, text: str, signature: str) -> None:
    key, said, signed = (bytes.fromhex(one) for one in (public, text, signature))
    assert is_signed(key, said, signed)
    assert not is_signed(key, said + b"x", signed)
    for at in (0, 31, 32, 63):
        assert not is_signed(key, said, signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])


def theirs(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511), st.integers(0, 255))
def test_ours_and_another_program_agree(seed: bytes, text: bytes, flip: int, key_flip: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(text)
    assert is_signed(public, text, signature)
    changed = (int.from_bytes(signature, "big") ^ 1 << flip).to_bytes(64, "big")
    other = (int.from_bytes(public, "big") ^ 1 << key_flip).to_bytes(32, "big")
    assert is_signed(public, text, changed) is theirs(public, text, changed) is False
    assert is_signed(other, text, signature) is theirs(other, text, signature) is False


def test_a_signature_has_one_writing() -> None:
    key, _, signed = (bytes.fromhex(one) for one in VECTORS[1])
    larger = signed[:32] + (int.from_bytes(signed[32:], "little") + ORDER).to_bytes(32, "little")
    assert not is_signed(key, b"\x72", larger)
    assert not is_signed(key, b"\x72", signed + b"\0")
    assert not is_signed(key, b"\x72", signed[:-1])
    for wrong in (
        b"",
        bytes(31),
        b"\xff" * 32,
        (2**255 - 19 + 1).to_bytes(32, "little"),
        (2 + (1 << 255)).to_bytes(32, "little"),
    ):
        assert not is_signed(wrong, b"\x72", signed)


def test_a_note_is_of_one_key_and_one_writing() -> None:
    note = made.SIGNER.sign("one\ntwo\n").encode()
    assert signed_text(note, made.SIGNER.vkey, alone=True) == "one\ntwo\n"
    name, mark, rest = made.SIGNER.vkey.split("+", 2)
    wrong_keys = (
        "",
        name,
        f"{name}+{mark}",
        f"{name}+00000000+{rest}",
        f"other+{mark}+{rest}",
        Signer.generate(name).vkey,
    )
    for key in wrong_keys:
        with pytest.raises(WrongError):
            signed_text(note, key, alone=True)
    last = note.decode()
    for text in (
        last[:-1],
        last + "\n",
        last.replace("two", "too"),
        last.replace("\u2014", "-"),
        last.replace("\n\n", "\n"),
        "",
    ):
        with pytest.raises(WrongError):
            signed_text(text.encode(), made.SIGNER.vkey, alone=True)
    with pytest.raises(WrongError):
        signed_text(b"\xff\n\n", made.SIGNER.vkey, alone=True)
    witnessed = note + made.SIGNER.sign("x\n").replace(name, "witness.example").split("\n\n")[1].encode()
    assert signed_text(witnessed, made.SIGNER.vkey, alone=False) == "one\ntwo\n"
    with pytest.raises(WrongError):
        signed_text(witnessed, made.SIGNER.vkey, alone=True)


@pytest.mark.parametrize("text", ["YQ", "YR==", "Y Q==", "YQ==\n", "-_==", "é", "YQ=="[::-1]])
def test_base64_has_one_writing(text: str) -> None:
    assert from_base64("YQ==") == b"a"
    with pytest.raises(WrongError):
        from_base64(text)


@given(st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_the_proof_of_each_entry_holds_and_of_no_other(which: tuple[int, int]) -> None:
    size, number = which
    leaves = tuple(b"entry %d" % one for one in range(size))
    journal = made.journal(leaves, (number,))
    (proof,) = journal.proofs
    assert check_proof(proof.data, journal.key) == (number, size)
    with pytest.raises(WrongError):
        check_proof(proof.data.replace(f"index {number}\n".encode(), f"index {number + 1}\n".encode()), journal.key)
    with pytest.raises(WrongError):
        check_proof(proof.data.replace(base64.b64encode(leaves[number]), base64.b64encode(b"entry")), journal.key)
    with pytest.raises(WrongError):
        check_proof(proof.data, Signer.generate(made.SIGNER.name).vkey)


def test_an_entry_that_the_receiver_may_not_read_is_proved_by_its_hash() -> None:
    leaf = b'{"actor":{"id":"8f0e","kind":"person"}}'
    root = merkle.leaf_hash(leaf)
    note = made.SIGNER.sign(checkpoint_text(made.SIGNER.name, 1, root))
    proof = tlog_proof(0, root, [], note)
    assert check_proof(proof, made.SIGNER.vkey) == (0, 1)
    assert b"8f0e" not in base64.b64decode(proof.split()[2])
    with pytest.raises(WrongError, match="regel 0 staat niet in het logboek"):
        check_proof(tlog_proof(0, bytes(32), [], note), made.SIGNER.vkey)
    for text in (
        b"",
        b"\xff",
        proof.replace(b"@v1", b"@v2"),
        proof.replace(b"index 0", b"index 00"),
        proof.partition(b"\n\n")[0],
    ):
        with pytest.raises(WrongError):
            check_proof(text, made.SIGNER.vkey)


def test_the_file_that_goes_along_needs_python_3_8_and_its_library_alone() -> None:
    tree = ast.parse(source(), feature_version=(3, 8))
    asked = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in [one.name for one in node.names]
    }
    asked |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert asked <= {*sys.stdlib_module_names}
    newer = {"removeprefix", "removesuffix", "bit_count", "batched", "pairwise", "file_digest", "is_relative_to"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg
    }
    assert not used & newer
    assert "strict" not in used, "zip(strict=) is of 3.10"
    assert source().startswith(b"#!/usr/bin/env python3\n")
    assert b"beeldkluis.bag" not in source(), "nothing of ours is imported"
    assert max(map(len, source().decode().splitlines())) <= 130
