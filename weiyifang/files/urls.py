"""Routes: one file in one size. There is no list: files stand on the page of what they belong to."""

from __future__ import annotations

from django.urls import path

from weiyifang.files import views

app_name = "files"

urlpatterns = [
    path("files/<uuid:pk>/<slug:size>/", views.file, name="file"),
]
