"""Open a community of the official register, give it its first secretary, or list those that are open."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.communities.models import Community
from weiyifang.communities.services import open_community
from weiyifang.core import actors
from weiyifang.core.refusals import Refused
from weiyifang.core.tenancy import in_community
from weiyifang.people import queries, services
from weiyifang.people.models import Account
from weiyifang.people.numbers import masked_phone


class Command(BaseCommand):
    help = "Open a community of the official register, give it its first secretary, or list those that are open."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        opening = verbs.add_parser("open", help="open the community with this official code")
        opening.add_argument("code", type=int)
        opening.add_argument("--slug", default="", help="its address under /c/ (the code without it)")
        opening.add_argument("--phone", default="", help="the committee's telephone, shown on every page")
        opening.add_argument("--name", default="", help="what the platform calls itself there")
        secretary = verbs.add_parser("secretary", help="give somebody the duty that gives all other duties")
        secretary.add_argument("slug", help="the community's address under /c/, or its official code")
        secretary.add_argument("--name", required=True, help="who it is")
        secretary.add_argument("--phone", required=True, help="the mobile they sign in with")
        secretary.add_argument("--also", action="store_true", help="beside the secretary there is")
        invite = verbs.add_parser("invite", help="a new invitation instead of a lost one, or of a lost second factor")
        invite.add_argument("slug", help="the community's address under /c/, or its official code")
        invite.add_argument("--phone", required=True, help="the mobile they sign in with")
        verbs.add_parser("list", help="list the open communities")

    def handle(self, *args: Any, **options: Any) -> None:
        verbs = {"open": self.open, "secretary": self.secretary, "invite": self.invite, "list": self.list}
        try:
            verbs[options["verb"]](options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused

    def open(self, options: dict[str, Any]) -> None:
        community = open_community(
            code=options["code"], slug=options["slug"], phone=options["phone"], platform_name=options["name"]
        )
        self.stdout.write(f"{community.name} is open: {community.home_url}")

    def secretary(self, options: dict[str, Any]) -> None:
        community = self.community(options["slug"])
        with in_community(community):
            try:
                duty = services.appoint_secretary(
                    name=options["name"], phone=options["phone"], also=options["also"], by=actors.system()
                )
            except services.SecretaryThere as refused:
                raise CommandError(f"{refused} To appoint one more from here, add --also.") from refused
        account = Account.objects.get(pk=duty.account_id)
        self.stdout.write(f"{account.name or options['name']} is secretary of {community.short_name}. To sign in:")
        self.stdout.write(f"  1. open /accounts/login/?next={community.home_url}workbench/ and choose the message")
        self.stdout.write(f"  2. write in the digits that come to {masked_phone(account.phone)}")
        if settings.SMS_SENDER == "weiyifang.people.sms.ConsoleSender":
            self.stdout.write("     (no message is sent yet: they appear where `weiyifang up` runs; see WEIYIFANG_SMS)")
        if settings.STAFF_TOTP:
            if queries.needs_invitation(account.pk):
                self.invitation(account, community)
            self.stdout.write("  3. set up the second factor: the page opens by itself, it takes two minutes")

    def invite(self, options: dict[str, Any]) -> None:
        community = self.community(options["slug"])
        account = services.account_named(options["phone"])
        self.stdout.write(f"{account.name or masked_phone(account.phone)} is asked for it when they sign in:")
        self.invitation(account, community)

    def invitation(self, account: Account, community: Community) -> None:
        with in_community(community):
            code = services.invite(account=account, by=actors.system())
        self.stdout.write(f"     the invitation, good for {services.GOOD_FOR.days} days and shown only here: {code}")
        self.stdout.write("     (hand it over yourself, not by message to the same phone)")

    def list(self, options: dict[str, Any]) -> None:
        for community in Community.objects.order_by("pk"):
            self.stdout.write(f"{community.pk}  {community.home_url:<24} {community.name}")

    def community(self, slug: str) -> Community:
        which = {"pk": int(slug)} if slug.isdecimal() and len(slug) == 12 else {"slug": slug}
        found = Community.objects.filter(**which).first()
        if found is None:
            raise CommandError(f"No community is open at {slug}. See: weiyifang community list")
        return found
