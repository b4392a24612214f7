"""Outside any community: find yours, sign in, look and language, health."""

from django.urls import include, path

from weiyifang.core import care

urlpatterns = [
    path("look/", care.look, name="look"),
    path("accounts/", include("allauth.urls")),
]
