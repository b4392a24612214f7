"""Outside any community: find yours, sign in, look and language, health."""

from django.urls import include, path

from weiyifang.core import care
from weiyifang.portal import find

urlpatterns = [
    path("", find.find, name="find"),
    path("health/", find.health, name="health"),
    path("look/", care.look, name="look"),
    path("accounts/", include("allauth.urls")),
]
