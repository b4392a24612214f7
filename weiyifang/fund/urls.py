from django.urls import path

from weiyifang.fund import views, workbench

app_name = "fund"

urlpatterns = [
    path("fund/", views.overview, name="overview"),
    path("fund/transfers/", views.transfers, name="transfers"),
    path("fund/transfers/<uuid:pk>/", views.transfer, name="transfer"),
    path("fund/months/", views.months, name="months"),
    path("fund/mine/", views.mine, name="mine"),
    path("fund/mine/<uuid:pk>/", views.acknowledgement, name="acknowledgement"),
    path("workbench/fund/", workbench.bench, name="bench"),
    path("workbench/fund/opening/", workbench.opening, name="opening"),
    path("workbench/fund/payments/new/", workbench.new_payment, name="new_payment"),
    path("workbench/fund/payments/<uuid:pk>/", workbench.payment, name="payment"),
    path("workbench/fund/payments/<uuid:pk>/edit/", workbench.edit_payment, name="edit_payment"),
    path("workbench/fund/payments/<uuid:pk>/approval/", workbench.approval, name="approval"),
    path("workbench/fund/payments/<uuid:pk>/return/", workbench.sending_back, name="sending_back"),
    path("workbench/fund/payments/<uuid:pk>/refusal/", workbench.refusal, name="refusal"),
    path("workbench/fund/payments/<uuid:pk>/withdrawal/", workbench.withdrawal, name="withdrawal"),
    path("workbench/fund/payments/<uuid:pk>/payout/", workbench.payout, name="payout"),
    path("workbench/fund/income/", workbench.income, name="income"),
    path("workbench/fund/income/<uuid:pk>/correction/", workbench.correction, name="correction"),
    path("workbench/fund/books/", workbench.books, name="books"),
]
