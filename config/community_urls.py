"""Inside `/c/<slug>/`: one line per package."""

from django.contrib import admin
from django.urls import path

from config.api import api

urlpatterns = [
    path("workbench/registers/", admin.site.urls),
    path("api/", api.urls),
]
