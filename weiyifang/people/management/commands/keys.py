"""Say which keys are in use, and exchange one that has become known.

keys status               the keys by their fingerprints, and how many values each opens
keys rotate               a new data key; everything is sealed anew while the program runs, and the old key destroyed
keys rotate --sessions    a new signing key; what the old one signed is still taken until `--end`
keys rotate --sessions --end    the old signing keys are destroyed: what they signed is not taken any more
keys new                  print a new key, for an environment that you keep yourself
"""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from weiyifang.core.keys import Keys, Ring, fingerprint, locked, new_key
from weiyifang.people import rotation

RESTART = "Start the program again now (`weiyifang up`): what runs goes on signing with the old one until then."


class Command(BaseCommand):
    help = "Say which keys are in use, and exchange one that has become known."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog, parser.formatter_class = __doc__.partition("\n\n")[2], RawDescriptionHelpFormatter
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("status", help="the keys by their fingerprints, and how many values each opens")
        rotate = verbs.add_parser("rotate", help="exchange the data key, or go on where an exchange was interrupted")
        rotate.add_argument("--sessions", action="store_true", help="the signing key instead")
        rotate.add_argument("--end", action="store_true", help="with --sessions: destroy the old signing keys")
        verbs.add_parser("new", help="print a new key")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "new":
            self.stdout.write(new_key())
        elif options["verb"] == "status":
            self.status()
        elif options["sessions"]:
            self.rotate_signing(settings.SECRET_KEYS, end=options["end"])
        elif options["end"]:
            raise CommandError("--end goes with --sessions: the exchange of a data key ends by itself.")
        else:
            self.rotate_data(settings.DATA_KEYS)

    # --- what there is ------------------------------------------------------------------------------------------

    def status(self) -> None:
        found, ring = rotation.survey(), settings.DATA_KEYS.ring
        self.stdout.write(f"Data keys, from {_source(settings.DATA_KEYS)}")
        for key in ring.keys:
            does = "seals" if key == ring.keys[0] else "opens"
            note = ", to remain" if key == ring.target else ", not in use" if not found.under(key) else ""
            self.tell(f"{fingerprint(key)}  {does}{note}", rotation.used_by(found, key))
        if found.under(""):
            self.tell("No key here opens or finds", rotation.used_by(found, ""))
        if ring.target:
            self.stdout.write("An exchange is under way: `weiyifang keys rotate` goes on with it.")
        self.stdout.write(f"Signing keys, from {_source(settings.SECRET_KEYS)}")
        for number, key in enumerate(settings.SECRET_KEYS):
            self.tell(f"{fingerprint(key)}  {'is still taken' if number else 'signs'}", [])

    def tell(self, line: str, more: Any) -> None:
        self.stdout.write(f"  {line}")
        for one in more:
            self.stdout.write(f"      {one}")

    # --- exchanging ---------------------------------------------------------------------------------------------

    def rotate_data(self, keys: Keys) -> None:
        try:
            if keys.from_environment:
                self.rotate_in_environment(keys)
                return
            with locked(keys.file.parent, ".exchange", wait=False):
                rotation.rotate(keys, self.stdout.write)
        except BlockingIOError as error:
            raise CommandError("An exchange is under way in another terminal.") from error
        except rotation.NotFinished as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            "Backups made before now still need the old key and hold it: make a new backup, and destroy the old ones. "
            "If the signing key may be known too: weiyifang keys rotate --sessions"
        )

    def rotate_in_environment(self, keys: Keys) -> None:
        """We cannot change a variable. We say what its owner has to, and do what lies with us."""
        found, name = rotation.survey(), keys.variable
        first, *others = keys.ring.keys
        if not others:
            raise CommandError(
                f"The key comes from {name}, which only you can change. In this order:\n"
                f"  1. Put a new key (`weiyifang keys new`) behind the one there is: {name}=OLD,NEW\n"
                "     Stop and start every process. Now all open with both, and still seal with the old one.\n"
                f"  2. Put the new one first: {name}=NEW,OLD\n"
                "     Stop every process before the first one starts again.\n"
                "  3. Run `weiyifang keys rotate` again: it seals everything anew and says when OLD may go."
            )
        if not found.under(first) and found.besides(first):
            self.stdout.write(
                f"{fingerprint(first)} stands first in {name}, and everything else is brought under it. "
                "(A process that still runs without it cannot open what is sealed from now on.)"
            )
        elif idle := [key for key in others if not found.under(key)]:
            self.stdout.write(
                f"Nothing is sealed by {', '.join(map(fingerprint, idle))}. If it is new: once every process was "
                f"started again, put it first in {name}, stop and start them all, and run this again. "
                f"If it is old: take it out of {name}."
            )
            if len(idle) == len(others):
                return
        rotation.renew(self.stdout.write)
        self.stdout.write(
            f"Everything opens with {fingerprint(first)} alone. Take the others out of {name} and destroy them "
            f"({', '.join(map(fingerprint, others))}), then stop and start every process."
        )

    def rotate_signing(self, keys: Keys, *, end: bool) -> None:
        ring = keys.ring
        if keys.from_environment:
            raise CommandError(
                f"The signing key comes from {keys.variable}, which only you can change. Put a new one "
                f"(`weiyifang keys new`) before the one there is ({keys.variable}=NEW,OLD) and start every process "
                "again; take the old one out when tickets and posters at doors are printed anew, and start them again."
            )
        if end:
            keys.change(Ring(ring.keys[:1]), destroy=True)
            self.stdout.write(f"Only {fingerprint(ring.keys[0])} signs and is taken. {RESTART}")
            return
        new = new_key()
        keys.change(Ring((new, *ring.keys)))
        self.stdout.write(
            f"{fingerprint(new)} signs. What the old one signed is still taken: who is signed in, tickets, posters at "
            "doors. When those are printed anew, destroy it: weiyifang keys rotate --sessions --end"
        )
        self.stdout.write(RESTART)


def _source(keys: Keys) -> str:
    return keys.variable if keys.from_environment else str(keys.file)
