from django.urls import path

from weiyifang.stage import views, workbench, workbench_money

app_name = "stage"
bench, show, answer = "workbench/stage/", "workbench/stage/<number:number>/", "workbench/stage/offers/<uuid:pk>/"

urlpatterns = [
    path("stage/", views.listing, name="list"),
    path("stage/mine/", views.mine, name="mine"),
    path("stage/performances/<uuid:pk>/end/", views.step_back, name="step_back"),
    path("stage/performances/<uuid:pk>/card/", views.card, name="card"),
    path("stage/cards/<str:code>/", views.thanked, name="thanked"),
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}new/", workbench.add, name="add"),
    path(show, workbench.manage, name="manage"),
    path(f"{show}edit/", workbench.edit, name="edit"),
    path(f"{show}phone/", workbench.phone, name="phone"),
    path(f"{show}offers/", workbench.ask, name="ask"),
    path(answer, workbench.answer, name="answer"),
    path(f"{answer}refusal/", workbench.decline, name="decline"),
    path(f"{answer}choice/", workbench.choose, name="choose"),
    path(f"{show}contract/", workbench.contract, name="contract"),
    path(f"{show}people/", workbench.put_in, name="put_in"),
    path(f"{bench}performers/<uuid:pk>/end/", workbench.take_out, name="take_out"),
    path(f"{show}held/", workbench.note_held, name="note_held"),
    path(f"{show}end/", workbench.call_off, name="call_off"),
    path(f"{show}income/", workbench_money.receive, name="receive"),
    path(f"{bench}income/<uuid:pk>/return/", workbench_money.give_back, name="give_back"),
    path(f"{show}statement/", workbench_money.statement, name="statement"),
]
