"""Routes: `sharing/…` for everyone, `workbench/sharing/…` for whoever lends. A URL is a noun."""

from __future__ import annotations

from django.urls import path

from weiyifang.sharing import views, workbench

app_name = "sharing"

urlpatterns = [
    path("sharing/", views.listing, name="list"),
    path("sharing/bookings/", views.mine, name="mine"),
    path("sharing/bookings/<uuid:pk>/", views.booking, name="booking"),
    path("sharing/bookings/<uuid:pk>/time/", views.time, name="time"),
    path("sharing/bookings/<uuid:pk>/cancellation/", views.cancellation, name="cancellation"),
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
    path("workbench/sharing/usage/", workbench.usage, name="usage"),
    path("workbench/sharing/closures/<uuid:pk>/end/", workbench.end_closure, name="end_closure"),
    path("workbench/sharing/<number:number>/", workbench.manage, name="manage"),
    path("workbench/sharing/<number:number>/edit/", workbench.edit, name="edit"),
    path("workbench/sharing/<number:number>/closures/", workbench.closures, name="closures"),
    path("workbench/sharing/<number:number>/lending/", workbench.lending, name="lending"),
    path("workbench/sharing/<number:number>/found/", workbench.found, name="found"),
]
