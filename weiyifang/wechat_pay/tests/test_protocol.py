"""What is signed and encrypted, beside an implementation of the command line, and what is no message of theirs."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from weiyifang.wechat_pay import protocol
from weiyifang.wechat_pay.protocol import NotTrue, Signed

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
BODY = '{"id":"1","名":"捐"}'.encode()
NOW = 1_800_000_000
V3_KEY = b"0123456789abcdef0123456789abcdef"


def why(signed: Signed, body: bytes = BODY, *, now: int = NOW) -> str:
    with pytest.raises(NotTrue) as refused:
        protocol.check(signed, body, keys={"S": KEY.public_key()}, now=now)
    return refused.value.why


def test_another_program_finds_the_signature_right(tmp_path: Path) -> None:
    signed = protocol.seal(KEY, "S", BODY, now=NOW)
    (tmp_path / "key").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "sig").write_bytes(base64.b64decode(signed.signature))
    (tmp_path / "said").write_bytes(f"{signed.timestamp}\n{signed.nonce}\n".encode() + BODY + b"\n")
    command = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "sig", "said"]
    found = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert found.stdout.strip() == "Verified OK"


def test_a_message_is_taken_as_it_was_sent_and_no_other() -> None:
    signed = protocol.seal(KEY, "S", BODY, now=NOW)
    protocol.check(signed, BODY, keys={"S": KEY.public_key()}, now=NOW + protocol.FRESH)
    assert why(signed, BODY + b" ") == "signature"
    assert why(protocol.seal(OTHER, "S", BODY, now=NOW)) == "signature"
    assert why(protocol.seal(KEY, "T", BODY, now=NOW)) == "serial"
    moved = {name: getattr(signed, name) for name in protocol.FIELDS}
    assert why(Signed(**{**moved, "nonce": "another"})) == "signature"
    assert why(Signed(**{**moved, "timestamp": str(NOW + 1)})) == "signature"


@pytest.mark.parametrize("text", ["", "WECHATPAY/SIGNTEST/abc", "捐", "AAAA", "%%%"])
def test_what_is_no_signature_is_refused(text: str) -> None:
    signed = protocol.seal(KEY, "S", BODY, now=NOW)
    assert why(Signed(timestamp=signed.timestamp, nonce=signed.nonce, signature=text, serial="S")) == "signature"


@pytest.mark.parametrize("after", [protocol.FRESH + 1, -protocol.FRESH - 1])
def test_an_old_message_counts_no_more_and_one_of_tomorrow_not_yet(after: int) -> None:
    assert why(protocol.seal(KEY, "S", BODY, now=NOW), now=NOW + after) == "stale"


@pytest.mark.parametrize("text", ["", "-5", "1e9", "１８", "9" * 400])
def test_what_is_no_moment_is_refused(text: str) -> None:
    assert why(Signed(timestamp=text, nonce="n", signature="AAAA", serial="S")) == "timestamp"


def test_a_message_without_its_headers_is_unsigned() -> None:
    with pytest.raises(NotTrue, match="unsigned"):
        Signed.of({"Wechatpay-Serial": "S"})


def test_a_resource_is_read_with_the_key_it_was_written_with_alone() -> None:
    resource = protocol.encrypted(V3_KEY, b'{"a": 1}', kind="transaction")
    assert protocol.decrypted(V3_KEY, resource) == {"a": 1}
    for broken in (
        {**resource, "nonce": "000000000000"},
        {**resource, "associated_data": "other"},
        {**resource, "ciphertext": resource["ciphertext"][:-4]},
        {**resource, "algorithm": "none"},
        {},
        None,
        "text",
    ):
        with pytest.raises(NotTrue):
            protocol.decrypted(V3_KEY, broken)
    with pytest.raises(NotTrue):
        protocol.decrypted(bytes(32), resource)
