"""A site made by `wagtail start` with one kind of news page, run by a Python of its own (see the package's docstring).

`serve 8001` starts granian on that port. Wagtail's page is made for each request and counts nothing.
"""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

SITE = Path(sys.prefix) / "site"
SETTINGS = """
import json, os
from .base import *
DEBUG = False
SECRET_KEY = "bench"
ALLOWED_HOSTS = ["*"]
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None, **json.loads(os.environ["PEER_DATABASE"])}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""
MODELS = """
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

class HomePage(Page):
    pass

class NewsPage(Page):
    intro = RichTextField()
    body = StreamField([("paragraph", RichTextBlock())])
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
"""
TEMPLATE = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<main><h1>{{ page.title }}</h1><p>{{ page.first_published_at|date:"Y-m-d" }}</p>
{{ page.intro|richtext }}<article>{{ page.body }}</article></main>{% endblock %}"""


def make_site() -> None:
    """What a person does who begins with Wagtail."""
    if not SITE.exists():
        SITE.mkdir()
        subprocess.run(
            [Path(sys.prefix) / "bin" / "wagtail", "start", "newspaper", SITE], check=True, stdout=sys.stderr
        )
    (SITE / "newspaper" / "settings" / "bench.py").write_text(SETTINGS)
    (SITE / "home" / "models.py").write_text(MODELS)
    (SITE / "home" / "templates" / "home" / "news_page.html").write_text(TEMPLATE)


def write_pages() -> None:
    """Tables and a few articles."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("makemigrations", "home", verbosity=0)
    call_command("migrate", verbosity=0)
    from home.models import HomePage, NewsPage

    home = HomePage.objects.get()
    body = json.dumps([{"type": "paragraph", "value": f"<p>{os.environ['PEER_PARAGRAPH']}</p>"} for _ in range(8)])
    for number in range(1, 4):
        home.add_child(instance=NewsPage(title=f"第{number}篇", slug=f"news-{number}", intro="<p>…</p>", body=body))


def serve(port: str) -> subprocess.Popen[bytes]:
    """As our own pages are served. What it says is not heard: our own output is for answers."""
    arguments = [*os.environ["PEER_GRANIAN"].split(), "--port", port, "newspaper.wsgi:application"]
    process = subprocess.Popen([sys.executable, "-m", "granian", *arguments], cwd=SITE, stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process


make_site()
sys.path.insert(0, str(SITE))
os.environ["DJANGO_SETTINGS_MODULE"] = "newspaper.settings.bench"
write_pages()
running = []
for line in sys.stdin:
    began = time.perf_counter()
    running.append(serve(line.split()[1]))
    print((time.perf_counter() - began) * 1000, flush=True)
for server in running:
    server.terminate()
    server.wait()
