"""Routes: `workbench/errands/…`, each seen by whoever asked for it."""

from __future__ import annotations

from django.urls import path

from weiyifang.errands import workbench

app_name = "errands"

urlpatterns = [
    path("workbench/errands/", workbench.bench, name="bench"),
    path("workbench/errands/<uuid:pk>/", workbench.errand, name="errand"),
    path("workbench/errands/<uuid:pk>/end/", workbench.end, name="end"),
    path("workbench/errands/<uuid:pk>/again/", workbench.again, name="again"),
    path("workbench/errands/<uuid:pk>/file/", workbench.file, name="file"),
]
