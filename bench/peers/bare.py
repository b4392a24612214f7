"""The least a Django page can do: one query and one template, no middleware; it counts nothing. Served by granian."""

import json
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

PAGE = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><main><h1>{{ title }}</h1><p>{{ author }} · {{ at|date:"Y-m-d H:i" }}</p><article>{{ html|safe }}</article></main>
<footer>{% for link in links %}<a href="/{{ link }}/">{{ link }}</a>{% endfor %}</footer></body></html>"""

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",  # noqa: S106 - it signs nothing
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": None,
            **json.loads(os.environ["PEER_DATABASE"]),
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page.html": PAGE})]},
        }
    ],
)


def page(request: HttpRequest, number: int) -> HttpResponse:
    """An article by its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, html, published_at FROM news_article WHERE number = %s", [number])
        title, html, at = cursor.fetchone()
    context = {"title": title, "html": html, "at": at, "author": "南湖社区", "links": range(6)}
    return render(request, "page.html", context)


urlpatterns = [path("news/<int:number>/", page)]
application = get_wsgi_application()
