"""Routes: `workbench/banking/…`."""

from __future__ import annotations

from django.urls import path

from weiyifang.banking import workbench

app_name = "banking"
bench = "workbench/banking/"

urlpatterns = [
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}import/", workbench.upload, name="upload"),
    path(f"{bench}import/<uuid:pk>/", workbench.preview, name="preview"),
    path(f"{bench}import/<uuid:pk>/columns/", workbench.columns, name="columns"),
    path(f"{bench}import/<uuid:pk>/end/", workbench.drop, name="drop"),
    path(f"{bench}statements/<uuid:pk>/", workbench.statement, name="statement"),
    path(f"{bench}statements/<uuid:pk>/end/", workbench.take_back, name="take_back"),
]
