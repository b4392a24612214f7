"""Outside any community: find yours, sign in, look and language, health."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
