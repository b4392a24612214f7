"""Routes: `workbench/banking/…`."""

from __future__ import annotations

from django.urls import path

from weiyifang.banking import workbench, workbench_lines, workbench_months

app_name = "banking"
bench = "workbench/banking/"
line = f"{bench}lines/<uuid:pk>/"

urlpatterns = [
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}import/", workbench.upload, name="upload"),
    path(f"{bench}import/<uuid:pk>/", workbench.preview, name="preview"),
    path(f"{bench}import/<uuid:pk>/columns/", workbench.columns, name="columns"),
    path(f"{bench}import/<uuid:pk>/end/", workbench.drop, name="drop"),
    path(f"{bench}statements/<uuid:pk>/", workbench.statement, name="statement"),
    path(f"{bench}statements/<uuid:pk>/end/", workbench.take_back, name="take_back"),
    path(f"{bench}places/<uuid:pk>/", workbench_lines.lines, name="lines"),
    path(f"{bench}places/<uuid:pk>/sure/", workbench_lines.sure, name="sure"),
    path(f"{bench}places/<uuid:pk>/months/", workbench_months.months, name="months"),
    path(f"{bench}places/<uuid:pk>/months/<number:year>/<number:month>/", workbench_months.month, name="month"),
    path(f"{bench}explanations/<uuid:pk>/confirmation/", workbench_months.confirmation, name="confirmation"),
    path(line, workbench_lines.line, name="line"),
    path(f"{line}match/", workbench_lines.match, name="match"),
    path(f"{line}match/end/", workbench_lines.unmatch, name="unmatch"),
    path(f"{line}aside/", workbench_lines.aside, name="aside"),
    path(f"{line}aside/end/", workbench_lines.take_up, name="take_up"),
    path(f"{line}receipt/", workbench_lines.receipt, name="receipt"),
    path(f"{line}payments/<uuid:payment_pk>/", workbench_lines.payment, name="payment"),
]
