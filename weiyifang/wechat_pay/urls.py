"""Routes: `fund/give/…`, `workbench/wechat-pay/…`."""

from __future__ import annotations

from django.urls import path

from weiyifang.wechat_pay import views, workbench

app_name = "wechat_pay"
bench = "workbench/wechat-pay/"

urlpatterns = [
    path("fund/give/", views.give, name="give"),
    path("fund/give/<str:code>/", views.mine, name="mine"),
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}<uuid:pk>/", workbench.order, name="order"),
    path(f"{bench}<uuid:pk>/refund/", workbench.refund, name="refund"),
    path(f"{bench}refunds/<uuid:pk>/confirmation/", workbench.confirmation, name="confirmation"),
    path(f"{bench}refunds/<uuid:pk>/refusal/", workbench.refusal, name="refusal"),
    path(f"{bench}refunds/<uuid:pk>/withdrawal/", workbench.withdrawal, name="withdrawal"),
]
