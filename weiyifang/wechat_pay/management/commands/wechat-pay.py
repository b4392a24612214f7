# ruff: noqa: N999  a command is called by the name of its file
"""WeChat's side as a server, so that a program with a merchant's settings can be tried without an account."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.core.files import whole
from weiyifang.wechat_pay.double.server import Server
from weiyifang.wechat_pay.double.store import Store


class Command(BaseCommand):
    help = "simulate: stand for WeChat Pay on this machine, and say which settings lead a demo there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["simulate"])
        parser.add_argument("--port", type=int, default=9200)
        parser.add_argument("--folder", default=str(settings.WECHAT_PAY_DOUBLE), help="where it keeps what it knows")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, port = Path(options["folder"]).resolve(), options["port"]
        address = f"http://127.0.0.1:{port}"
        for line in self.settings(Store(folder), folder, address):
            self.stdout.write(line)
        try:
            with make_server("127.0.0.1", port, Server(Store(folder), address)) as server:
                server.serve_forever()
        except OSError as error:
            raise CommandError(f"Port {port} cannot be had: {error}") from error
        except KeyboardInterrupt:
            return

    def settings(self, store: Store, folder: Path, address: str) -> list[str]:
        """The keys as files, and what names them."""
        key, public = folder / "merchant.pem", folder / "wechat.pem"
        private = store.merchant_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        of_wechat = store.platform_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        for file, content in ((key, private), (public, of_wechat)):
            with whole(file, mode=0o600) as opened:
                opened.write(content)
        said = {
            "WEIYIFANG_DEMO": "1",
            "WEIYIFANG_WECHAT_PAY": "merchant",
            "WEIYIFANG_WECHAT_PAY_URL": address,
            "WEIYIFANG_WECHAT_PAY_MERCHANT": store.merchant,
            "WEIYIFANG_WECHAT_PAY_APP": store.app,
            "WEIYIFANG_WECHAT_PAY_SERIAL": store.serial,
            "WEIYIFANG_WECHAT_PAY_KEY": str(key),
            "WEIYIFANG_WECHAT_PAY_V3_KEY": store.v3_key.decode(),
            "WEIYIFANG_WECHAT_PAY_PLATFORM": f"{store.platform_serial}={public}",
            "WEIYIFANG_WECHAT_PAY_NOTIFY": "http://127.0.0.1:8000/wechat-pay/notifications/",
        }
        return [f"{name}={value}" for name, value in said.items()]
