"""Routes: `sharing/…` for everyone, `workbench/sharing/…` for whoever lends. A URL is a noun."""

from __future__ import annotations

from django.urls import path

from weiyifang.sharing import views, views_rounds, workbench, workbench_rounds

app_name = "sharing"

urlpatterns = [
    path("sharing/", views.listing, name="list"),
    path("sharing/bookings/", views.mine, name="mine"),
    path("sharing/bookings/<uuid:pk>/", views.booking, name="booking"),
    path("sharing/bookings/<uuid:pk>/time/", views.time, name="time"),
    path("sharing/bookings/<uuid:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("sharing/rounds/", views_rounds.rounds, name="rounds"),
    path("sharing/rounds/<number:number>/", views_rounds.round_, name="round"),
    path("sharing/rounds/<number:number>/slots.json", views_rounds.round_file, name="round_file"),
    path("sharing/rounds/<number:number>/application/", views_rounds.application, name="round_application"),
    path("sharing/rounds/applications/<uuid:pk>/withdrawal/", views_rounds.withdrawal, name="round_withdrawal"),
    path("sharing/<number:number>/", views.detail, name="detail"),
    path("sharing/<number:number>/week/", views.week, name="week"),
    path("sharing/<number:number>/calendar.ics", views.calendar, name="calendar"),
    path("sharing/<number:number>/bookings/", views.bookings, name="bookings"),
    path("workbench/sharing/", workbench.bench, name="bench"),
    path("workbench/sharing/new/", workbench.new, name="new"),
    path("workbench/sharing/bookings/<uuid:pk>/", workbench.booking, name="bench_booking"),
    path("workbench/sharing/bookings/<uuid:pk>/approval/", workbench.approval, name="approval"),
    path("workbench/sharing/bookings/<uuid:pk>/refusal/", workbench.refusal, name="refusal"),
    path("workbench/sharing/bookings/<uuid:pk>/handover/", workbench.handover, name="handover"),
    path("workbench/sharing/bookings/<uuid:pk>/return/", workbench.taking_back, name="return"),
    path("workbench/sharing/rounds/", workbench_rounds.bench_rounds, name="bench_rounds"),
    path("workbench/sharing/rounds/new/", workbench_rounds.new_round, name="new_round"),
    path("workbench/sharing/rounds/<number:number>/", workbench_rounds.bench_round, name="bench_round"),
    path("workbench/sharing/rounds/<number:number>/sharing-out/", workbench_rounds.sharing_out, name="sharing_out"),
    path("workbench/sharing/rounds/<number:number>/bookings/", workbench_rounds.round_bookings, name="round_bookings"),
    path("workbench/sharing/rounds/<number:number>/end/", workbench_rounds.round_end, name="round_end"),
    path("workbench/sharing/rounds/slots/<uuid:pk>/objection/", workbench_rounds.objection, name="objection"),
    path("workbench/sharing/usage/", workbench.usage, name="usage"),
    path("workbench/sharing/closures/<uuid:pk>/end/", workbench.end_closure, name="end_closure"),
    path("workbench/sharing/<number:number>/", workbench.manage, name="manage"),
    path("workbench/sharing/<number:number>/edit/", workbench.edit, name="edit"),
    path("workbench/sharing/<number:number>/closures/", workbench.closures, name="closures"),
    path("workbench/sharing/<number:number>/lending/", workbench.lending, name="lending"),
    path("workbench/sharing/<number:number>/found/", workbench.found, name="found"),
]
