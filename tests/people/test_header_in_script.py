"""The browser's way to seal a header for a file key that exists, against our own module and the age program."""

import io
import json
import subprocess
from pathlib import Path

import pytest

from beeldkluis.sealed import age

SCRIPT = Path(__file__).with_name("header_check.mjs")


def sealed_by_the_browser(file_key: bytes, recipients: list[age.Recipient]) -> bytes:
    question = {"fileKey": file_key.hex(), "recipients": [str(one) for one in recipients]}
    done = subprocess.run(["node", SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    return bytes.fromhex(done.stdout)


@pytest.mark.slow
def test_a_header_sealed_anew_opens_the_same_film_with_each_new_key_and_not_with_the_old(tmp_path: Path) -> None:
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


@pytest.mark.slow
def test_post_quantum_recipients_work_too() -> None:
    hybrid = age.Identity.generate(hybrid=True)
    file_key = age.new_file_key()
    assert age.open_header(sealed_by_the_browser(file_key, [hybrid.recipient]), [hybrid]) == file_key
