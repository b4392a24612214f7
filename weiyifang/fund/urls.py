from django.urls import path

from weiyifang.fund import bookkeeping, views, workbench

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
    path("workbench/fund/payments/<uuid:pk>/papers/", workbench.papers, name="papers"),
    path("workbench/fund/payments/<uuid:pk>/papers/<uuid:file_pk>/end/", workbench.paper_end, name="paper_end"),
    path("workbench/fund/payments/<uuid:pk>/payout/", workbench.payout, name="payout"),
    path("workbench/fund/payments/<uuid:pk>/correction/", bookkeeping.payment_correction, name="payment_correction"),
    path("workbench/fund/corrections/<uuid:pk>/", bookkeeping.correction_of, name="correction_of"),
    path(
        "workbench/fund/corrections/<uuid:pk>/confirmation/",
        bookkeeping.correction_confirmation,
        name="correction_confirmation",
    ),
    path("workbench/fund/corrections/<uuid:pk>/refusal/", bookkeeping.correction_refusal, name="correction_refusal"),
    path(
        "workbench/fund/corrections/<uuid:pk>/withdrawal/",
        bookkeeping.correction_withdrawal,
        name="correction_withdrawal",
    ),
    path("workbench/fund/moves/", bookkeeping.moves, name="moves"),
    path("workbench/fund/moves/<uuid:pk>/", bookkeeping.move, name="move"),
    path("workbench/fund/moves/<uuid:pk>/confirmation/", bookkeeping.move_confirmation, name="move_confirmation"),
    path("workbench/fund/moves/<uuid:pk>/refusal/", bookkeeping.move_refusal, name="move_refusal"),
    path("workbench/fund/moves/<uuid:pk>/withdrawal/", bookkeeping.move_withdrawal, name="move_withdrawal"),
    path("workbench/fund/statements/file/", bookkeeping.statement_of, name="statement_of"),
    path("workbench/fund/statements/", bookkeeping.statements, name="statements"),
    path("workbench/fund/entries/<uuid:pk>/", bookkeeping.entry, name="entry"),
    path("workbench/fund/books/<str:code>/", bookkeeping.account, name="account"),
    path("workbench/fund/income/", workbench.income, name="income"),
    path("workbench/fund/income/<uuid:pk>/correction/", workbench.correction, name="correction"),
    path("workbench/fund/books/", workbench.books, name="books"),
]
