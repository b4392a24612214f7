"""pretix 2026.8.0, run by a Python of its own (see the package's docstring): `orders 40`, `checkouts 8`, `pages 40`.

Its own server (granian, two processes, as ours) answers one free order a request over its REST API (one hot quota, no
mail, an API token), or a guest's whole way through its pages, from the shop to the order, or the public page of that
event. The database is kept from run to run: migrating takes minutes.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

CONNECTIONS = 8  # the count at which it gave most
folder = tempfile.TemporaryDirectory()
PORT = os.environ["PEER_PORT"]
said = json.loads(os.environ["PEER_DATABASE"])
config = Path(folder.name, "pretix.cfg")
config.write_text(f"""
[pretix]
instance_name=bench
url=http://127.0.0.1:{PORT}
datadir={folder.name}/data
registration=off
[database]
backend=postgresql
name={said["NAME"]}
user={said["USER"]}
password={said["PASSWORD"]}
host={said["HOST"]}
port={said["PORT"]}
[mail]
from=a@example.org
[django]
debug=off
secret=benchbenchbenchbenchbenchbenchbenchbenchbenchbench
""")
Path(folder.name, "bench_settings.py").write_text(
    "from pretix.settings import *\n"
    "EMAIL_BACKEND = EMAIL_CUSTOM_SMTP_BACKEND = 'django.core.mail.backends.dummy.EmailBackend'\n"
    "ALLOW_HTTP_TO_PRIVATE_NETWORKS = True\n"  # its guests' way through the pages asks itself, on this machine
)
sys.path.insert(0, folder.name)
os.environ |= {
    "PRETIX_CONFIG_FILE": str(config),
    "DJANGO_SETTINGS_MODULE": "bench_settings",
    "PYTHONPATH": folder.name,
}
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402  after the settings
import requests  # noqa: E402  it comes with pretix

django.setup()

from django.core.management import call_command  # noqa: E402  after the settings
from django.utils.timezone import now  # noqa: E402  after the settings
from django_scopes import scopes_disabled  # noqa: E402  after the settings
from pretix.base.models import Organizer, Team  # noqa: E402  after the settings


def stage() -> tuple[int, str]:
    """An event with one free item on one quota that never runs out; the item's number and a token for the API."""
    organizer, _new = Organizer.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    event = organizer.events.filter(slug="flash").first()
    if event is None:
        event = organizer.events.create(
            name="Flash sign-up", slug="flash", date_from=now() + timedelta(days=300), live=True, currency="EUR"
        )
        event.settings.timezone = "UTC"
        event.settings.attendee_names_asked = False
        seat = event.items.create(name="Seat", default_price=0, admission=True, active=True)
        event.quotas.create(name="seats", size=10_000_000).items.add(seat)
    team, _new = Team.objects.get_or_create(
        organizer=organizer,
        name="bench",
        defaults={"all_events": True, "all_event_permissions": True, "all_organizer_permissions": True},
    )
    token = team.tokens.first() or team.tokens.create(name="bench")
    return event.items.get().pk, token.token


with Path(os.devnull).open("w") as nothing:
    call_command("migrate", verbosity=0, interactive=False, stdout=nothing)
with scopes_disabled():
    item, token = stage()

ORDER = json.dumps(
    {
        "email": "a@example.org",
        "locale": "en",
        "sales_channel": "web",
        "payment_provider": "free",
        "status": "p",
        "send_email": False,
        "positions": [
            {"item": item, "variation": None, "price": "0.00", "attendee_name_parts": {"full_name": "A"}},
        ],
    }
)
PROGRAM = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
WISHES = {
    "orders": ("POST", "/api/v1/organizers/bench/events/flash/orders/", ORDER, PROGRAM, 201),
    "pages": ("GET", "/bench/flash/", None, {}, 200),
}


def fields(page: str) -> dict[str, str]:
    """What the inputs of a page hold as it comes."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        said = dict(re.findall(r'(name|type|value)="([^"]*)"', tag))
        if "name" in said and (said.get("type") not in {"checkbox", "radio"} or "checked" in tag):
            found[said["name"]] = said.get("value", "")
    return found


def check_out(times: int) -> None:
    """A guest: the shop's page, one seat into the cart, every step that is asked, the order's page."""
    shop = f"http://127.0.0.1:{PORT}/bench/flash"
    for _time in range(times):
        guest = requests.Session()
        token = fields(guest.get(f"{shop}/").text)["csrfmiddlewaretoken"]
        seat = {"csrfmiddlewaretoken": token, f"item_{item}": "1"}
        guest.post(f"{shop}/cart/add", data=seat, headers={"Referer": f"{shop}/"})
        answer = guest.get(f"{shop}/checkout/start")
        for _step in range(6):
            if "/order/" in answer.url:
                break
            said = {name: value for name, value in fields(answer.text).items() if name != "next"}
            said |= {"email": "u@example.org"} if "questions" in answer.url else {}
            answer = guest.post(answer.url.partition("#")[0], data=said, headers={"Referer": answer.url})
        if "/order/" not in answer.url:
            raise ConnectionError(answer.status_code, answer.url)


def ask(verb: str, count: int) -> None:
    """So many requests, or checkouts, shared by the connections."""
    method, path, body, headers, expected = WISHES.get(verb, WISHES["pages"])

    def visitor(times: int) -> None:
        if verb == "checkouts":
            try:
                check_out(times)
            except OSError as error:  # as those of requests are
                strange.append(error)
            return
        link = HTTPConnection("127.0.0.1", int(PORT), timeout=300)
        try:
            for _time in range(times):
                link.request(method, path, body, headers)
                answer = link.getresponse()
                told = answer.read()
                if answer.status != expected:
                    raise ConnectionError(answer.status, told[:300])
        except OSError as error:
            strange.append(error)

    strange: list[OSError] = []
    shares = [len(range(one, count, CONNECTIONS)) for one in range(CONNECTIONS)]
    visitors = [threading.Thread(target=visitor, args=(share,)) for share in shares]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    if strange:
        raise strange[0]


arguments = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "critical"]
server = subprocess.Popen(
    [sys.executable, "-m", "granian", *arguments, "--port", PORT, "pretix.wsgi:application"],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
try:
    until = time.monotonic() + 120
    while True:
        try:
            ask("pages", 1)
            break
        except OSError:
            if time.monotonic() > until or server.poll() is not None:
                raise
            time.sleep(0.3)
    for line in sys.stdin:
        verb, number = line.split()
        began = time.perf_counter()
        ask(verb, int(number))
        print((time.perf_counter() - began) * 1000, flush=True)
finally:
    server.terminate()
    server.wait()
    folder.cleanup()
