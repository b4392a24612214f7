"""Routes: `grants/…`, `workbench/grants/…`."""

from __future__ import annotations

from django.urls import path

from weiyifang.grants import views, workbench

app_name = "grants"
bench = "workbench/grants/"
run = f"{bench}<uuid:pk>/"
line = f"{bench}lines/<uuid:pk>/"

urlpatterns = [
    path("grants/", views.listing, name="list"),
    path("grants/<number:year>/", views.run, name="run"),
    path(bench, workbench.bench, name="bench"),
    path(run, workbench.run, name="manage"),
    path(f"{run}table/", workbench.table, name="table"),
    path(f"{run}results/", workbench.result, name="result"),
    path(f"{run}signature/", workbench.signature, name="signature"),
    path(f"{run}withdrawal/", workbench.withdrawal, name="withdrawal"),
    path(f"{run}return/", workbench.sending_back, name="sending_back"),
    path(f"{run}publication/", workbench.publication, name="publication"),
    path(f"{run}payout/", workbench.payout, name="payout"),
    path(f"{run}end/", workbench.end, name="end"),
    path(line, workbench.grant, name="grant"),
    path(f"{line}end/", workbench.line_end, name="line_end"),
    path(f"{line}appeals/", workbench.appeal, name="appeal"),
    path(f"{line}payment/", workbench.payment, name="payment"),
    path(f"{line}appeals/<uuid:appeal_pk>/answer/", workbench.answer, name="answer"),
    path(f"{line}appeals/<uuid:appeal_pk>/withdrawal/", workbench.appeal_withdrawal, name="appeal_withdrawal"),
]
