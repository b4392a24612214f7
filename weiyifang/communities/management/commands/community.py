"""Open a community of the official register, or list those that are open."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core.refusals import Refused


class Command(BaseCommand):
    help = "Open a community of the official register, or list those that are open."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        opening = verbs.add_parser("open", help="open the community with this official code")
        opening.add_argument("code", type=int)
        opening.add_argument("--slug", default="", help="its address under /c/ (the code without it)")
        opening.add_argument("--phone", default="", help="the committee's telephone, shown on every page")
        opening.add_argument("--name", default="", help="what the platform calls itself there")
        verbs.add_parser("list", help="list the open communities")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            for community in Community.objects.order_by("pk"):
                self.stdout.write(f"{community.pk}  {community.home_url:<24} {community.name}")
            return
        try:
            community = open_community(
                code=options["code"], slug=options["slug"], phone=options["phone"], platform_name=options["name"]
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{community.name} is open: {community.home_url}")
