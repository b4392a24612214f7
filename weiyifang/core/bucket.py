"""What people brought in an S3-compatible store (阿里云 OSS, 腾讯云 COS, MinIO, Ceph …) instead of a folder.

The names in the bucket are those of the folder, so either becomes the other by copying. Nobody is ever led to the
bucket: the program fetches and hands out, after it asked who may see. What goes wrong is an `OSError`, as on a disk.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

MISSING = ("NoSuchKey", "404")  # a bucket that is missing says NoSuchBucket, and that is no missing file


class Bucket(S3Storage):
    """One bucket. A name that is there is refused: nothing is written over. A file is read and written in one piece."""

    page = 1_000  # names in one answer; no store gives more

    def __init__(self, *, style: str, **options: Any) -> None:
        config = Config(
            s3={"addressing_style": style},
            signature_version="s3v4",
            connect_timeout=3,
            read_timeout=20,
            retries={"total_max_attempts": 2, "mode": "standard"},
            # what AWS alone understands; the signature covers what is sent, and `verify` reads it again
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        alone = {"file_overwrite": False, "default_acl": None, "security_token": None, "session_profile": None}
        super().__init__(**options, **alone, client_config=config)

    def names(self, folder: str = "") -> Iterator[str]:
        """Every name, or those under a folder, in order. Raises OSError."""
        with _as_on_a_disk():
            before = f"{folder}/" if folder else ""
            yield from (one.key for one in self.bucket.objects.filter(Prefix=before).page_size(self.page))

    def exists(self, name: str) -> bool:
        with _as_on_a_disk():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _as_on_a_disk():
            super().delete(name)

    def get_modified_time(self, name: str) -> datetime:
        with _as_on_a_disk():
            when: datetime = super().get_modified_time(name)
            return when

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        if self.exists(name):
            raise FileExistsError(errno.EEXIST, f"{name} is there already, and nothing is written over")
        return name

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """There is none: whoever has one would be asked by nobody."""
        raise NotImplementedError

    def _save(self, name: str, content: Any) -> str:
        with _as_on_a_disk():
            content.seek(0)
            self.connection.meta.client.put_object(Bucket=self.bucket_name, Key=name, Body=content.read())
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with _as_on_a_disk():
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=name)
            return File(BytesIO(answer["Body"].read()), name)


@contextmanager
def _as_on_a_disk() -> Iterator[None]:
    """Raises OSError for whatever the store or the way to it says; FileNotFoundError for a name that is not there."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in MISSING:
            raise FileNotFoundError(errno.ENOENT, "The bucket has no such file") from error
        raise OSError(errno.EHOSTUNREACH, f"The store of files answers {code}") from error
    except BotoCoreError as error:
        raise OSError(errno.EHOSTUNREACH, f"The store of files gives no answer ({type(error).__name__})") from error
