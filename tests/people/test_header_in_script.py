"""The browser's way to seal a header for a file key that exists, against our own module and the age program."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from beeldkluis.sealed import age
from beeldkluis.sealed.header import parse, write

SCRIPT = Path(__file__).with_name("header_check.mjs")
pytestmark = pytest.mark.slow


def in_the_browser(way: str, **asked: object) -> bytes:
    """What the browser's modules make of it; nothing when they refuse."""
    told = {name: value.hex() if isinstance(value, bytes) else value for name, value in asked.items()}
    done = subprocess.run(
        ["node", SCRIPT], input=json.dumps(told | {"way": way}), capture_output=True, text=True, check=True
    )
    return bytes.fromhex(done.stdout)


def sealed_by_the_browser(file_key: bytes, recipients: list[age.Recipient]) -> bytes:
    return in_the_browser("seal", fileKey=file_key, recipients=[str(one) for one in recipients])


def test_a_header_of_the_browser_opens_the_same_film_with_each_key_and_with_no_other(tmp_path: Path) -> None:
    old, new, recovery = (age.Identity.generate() for _ in range(3))
    file_key = age.new_file_key()
    payload = b"".join(bytes(one) for one in age.Sealer(file_key).chunks(io.BytesIO(b"pictures")))
    header = sealed_by_the_browser(file_key, [new.recipient, recovery.recipient])
    age.check_header(header)
    for identity in (new, recovery):
        assert age.open_header(header, [identity]) == file_key
        assert age.open_bytes(header + payload, [identity]) == b"pictures"
    with pytest.raises(age.SealError):
        age.open_header(header, [old])


def test_post_quantum_recipients_work_too() -> None:
    hybrid = age.Identity.generate(hybrid=True)
    file_key = age.new_file_key()
    assert age.open_header(sealed_by_the_browser(file_key, [hybrid.recipient]), [hybrid]) == file_key


@pytest.mark.parametrize("hybrid", [False, True])
def test_a_header_that_the_browser_seals_anew_keeps_the_recovery_keys_part(hybrid: bool) -> None:
    team, new, recovery = (age.Identity.generate(hybrid=hybrid) for _ in range(3))
    file_key = age.new_file_key()
    header = age.build_header(file_key, [team.recipient, recovery.recipient])
    for old in (team, recovery):
        anew = in_the_browser("anew", header=header, identity=str(old), recipient=str(new.recipient))
        age.check_anew(header, anew)
        assert age.open_header(anew, [new]) == age.open_header(anew, [recovery]) == file_key
        assert in_the_browser("key", header=anew, identity=str(new)) == file_key
        assert in_the_browser("key", header=anew, identity=str(team)) == b""
    assert in_the_browser("anew", header=header, identity=str(new), recipient=str(new.recipient)) == b""


def test_the_browser_finds_what_is_not_sealed_as_ours_are_and_what_was_spoilt() -> None:
    team, recovery, other = (age.Identity.generate() for _ in range(3))
    file_key = age.new_file_key()
    good = age.build_header(file_key, [team.recipient, recovery.recipient])
    turned = age.build_header(file_key, [recovery.recipient, team.recipient])
    alone = age.build_header(file_key, [team.recipient])
    kept = parse(good).stanzas[-1]
    spoilt = write(age.new_file_key(), [other.recipient.wrap(file_key), kept])
    for header, ours in ((good, b"\1"), (turned, b"\0"), (alone, b"\0"), (spoilt, b"\0")):
        assert in_the_browser("ours", header=header, identity=str(team)) == ours
    assert in_the_browser("key", header=alone, identity=str(team)) == file_key
    assert in_the_browser("key", header=spoilt, identity=str(other)) == b"", "its MAC is of another key"
    assert in_the_browser("key", header=spoilt, identity=str(recovery)) == file_key, "the rest does not matter to it"


def test_a_small_file_goes_along_and_opens_with_the_recovery_key_whatever_became_of_it() -> None:
    team, new, recovery = (age.Identity.generate() for _ in range(3))
    sealed = age.seal_bytes(b"rsa", [team.recipient, recovery.recipient])
    anew = in_the_browser("file", file=sealed, identity=str(team), recipient=str(new.recipient))
    age.check_sealed_anew(sealed, anew)
    assert age.open_bytes(anew, [new]) == b"rsa"
    source = io.BytesIO(sealed)
    header = age.read_header(source)
    spoilt = write(age.new_file_key(), parse(header).stanzas) + source.read()
    with pytest.raises(age.SealError):
        age.open_bytes(spoilt, [recovery])
    mended = in_the_browser("mended", file=spoilt, identity=str(recovery))
    assert age.open_bytes(mended, [recovery]) == b"rsa"


@pytest.mark.parametrize("size", [0, 8, 65_536, 65_537])
def test_browser_and_vault_agree_on_what_shows_that_a_key_is_the_films(size: int) -> None:
    key = age.new_file_key()
    payload = b"".join(bytes(one) for one in age.Sealer(key).chunks(io.BytesIO(b"p" * size)))
    proof = in_the_browser("proof", fileKey=key, nonce=payload[:16], size=len(payload))
    assert proof == age.prove(key, payload[:16], len(payload))
    last = payload[16 + 65_552 * max(0, -(-size // 65_536) - 1) :]
    assert age.proves(proof, last)
    assert not age.proves(proof, last[:-1] + bytes([last[-1] ^ 1]))
