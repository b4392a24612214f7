"""The API as it is promised: docs/openapi.json, so that a change of it is seen in a review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import resolve

from weiyifang.core import files


def snapshot() -> str:
    """The OpenAPI document as text; addresses begin at the community's own (`/api/…`, without `/c/<slug>`)."""
    found: Any = resolve("/api/openapi.json", urlconf="config.community_urls").func
    schema = found.keywords["api"].get_openapi_schema(path_prefix="/api/")
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


class Command(BaseCommand):
    help = "Write docs/openapi.json; with --check only say whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when it is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = settings.BASE_DIR / "docs" / "openapi.json"
        now = snapshot()
        if options["check"]:
            if not path.exists() or path.read_text("utf-8") != now:
                raise CommandError(
                    "The API is not what docs/openapi.json says. Look at the change, then: make snapshot"
                )
            return
        with files.whole(path, mode=0o644) as out:
            out.write(now.encode())
        self.stdout.write(f"{path.relative_to(settings.BASE_DIR)} written")
