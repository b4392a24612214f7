"""Routes: `me/messages/…` for everybody, `workbench/messages/…` for who calls and knocks."""

from __future__ import annotations

from django.urls import path

from weiyifang.notices import views, workbench

app_name = "notices"

urlpatterns = [
    path("me/messages/", views.inbox, name="inbox"),
    path("me/messages/reading/", views.read_all, name="read_all"),
    path("me/messages/<uuid:pk>/", views.open_notice, name="open"),
    path("me/messages/<uuid:pk>/end/", views.put_away, name="put_away"),
    path("me/messages/<uuid:pk>/return/", views.take_out, name="take_out"),
    path("workbench/messages/", workbench.listing, name="bench"),
    path("workbench/messages/<slug:route>/", workbench.listing, name="list"),
    path("workbench/messages/<slug:route>/log/", workbench.log, name="log"),
    path("workbench/messages/deliveries/<uuid:pk>/telling/", workbench.tick, name="tick"),
    path("workbench/messages/deliveries/<uuid:pk>/telling/end/", workbench.put_back, name="put_back"),
]
