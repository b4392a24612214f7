"""Routes: one file in one size, and the papers of one row. There is no list of all."""

from __future__ import annotations

from django.urls import path

from weiyifang.files import views, workbench

app_name = "files"

urlpatterns = [
    path("files/<uuid:pk>/<slug:size>/", views.file, name="file"),
    path("workbench/papers/<str:kind>/<uuid:pk>/", workbench.papers, name="papers"),
    path("workbench/papers/<str:kind>/<uuid:pk>/look/", workbench.look, name="look"),
    path("workbench/papers/<str:kind>/<uuid:pk>/<uuid:file_pk>/end/", workbench.end, name="end"),
]
