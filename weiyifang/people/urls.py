from django.urls import path, re_path

from weiyifang.people import views, workbench, workbench_duties, workbench_erasures, workbench_files
from weiyifang.people.models import Purpose

app_name = "people"
PERSON = "workbench/residents/<number:number>/"

urlpatterns = [
    path("me/details/", views.me, name="me"),
    path("me/claim/", views.claim, name="claim"),
    path("me/consents/", views.consents, name="consents"),
    path("me/consents/<uuid:pk>/of/<uuid:person>/", views.agree, name="agree"),
    path("me/consents/<uuid:pk>/end/", views.disagree, name="disagree"),
    path("me/relations/", views.relations, name="relations"),
    path("me/relations/<uuid:pk>/end/", views.end_relation, name="end_own_relation"),
    path("me/data/", views.export, name="my_data"),
    path("me/data.json", views.export_json, name="my_data_json"),
    path("me/erasure/", views.erasure, name="erasure"),
    path("me/erasure/end/", views.keep_me, name="keep_me"),
    path("workbench/residents/", workbench.residents, name="residents"),
    path("workbench/residents/new/", workbench.add, name="add"),
    path("workbench/residents/import/", workbench_files.upload, name="upload"),
    path("workbench/residents/import/template/", workbench_files.template, name="template"),
    path("workbench/residents/import/<uuid:pk>/", workbench_files.preview, name="preview"),
    path("workbench/residents/import/<uuid:pk>/rest.xlsx", workbench_files.rest, {"form": "xlsx"}, name="rest_xlsx"),
    path("workbench/residents/import/<uuid:pk>/rest.csv", workbench_files.rest, {"form": "csv"}, name="rest_csv"),
    path("workbench/residents/import/<uuid:pk>/end/", workbench_files.drop, name="drop"),
    path("workbench/residents/export/", workbench_files.export, name="export"),
    path(PERSON, workbench.resident, name="resident"),
    path(f"{PERSON}details/", workbench.edit, name="edit"),
    path(f"{PERSON}address/", workbench.move, name="move"),
    path(f"{PERSON}departure/", workbench.leave, name="leave"),
    path(f"{PERSON}return/", workbench.come_back, name="come_back"),
    path(f"{PERSON}numbers/", workbench.look, name="look"),
    path(f"{PERSON}numbers/<uuid:pk>/", workbench.looked, name="looked"),
    path(f"{PERSON}relations/", workbench.relate, name="relate"),
    path(f"{PERSON}relations/<uuid:pk>/end/", workbench.end_relation, name="end_relation"),
    path(f"{PERSON}consents/<uuid:pk>/", workbench.consent, name="consent"),
    path(f"{PERSON}account/", workbench.link, name="link"),
    path(f"{PERSON}account/end/", workbench.unlink, name="unlink"),
    path("workbench/erasures/", workbench_erasures.erasures, name="erasures"),
    path(f"{PERSON}erasure/", workbench_erasures.erasure, name="erase"),
    path(f"{PERSON}erasure/confirmation/", workbench_erasures.confirm, name="confirm_erasure"),
    path(f"{PERSON}erasure/end/", workbench_erasures.keep, name="keep"),
    path("workbench/households/<uuid:pk>/", workbench.household, name="household"),
    path("workbench/duties/", workbench_duties.duties, name="duties"),
    path("workbench/duties/new/", workbench_duties.give, name="give_duty"),
    path("workbench/duties/<uuid:pk>/end/", workbench_duties.end, name="end_duty"),
    path("workbench/duties/<uuid:pk>/invitation/", workbench_duties.invite, name="invite"),
    path("workbench/duties/<uuid:pk>/again/", workbench_duties.again, name="give_back_duty"),
    path("workbench/consents/", workbench_duties.texts, name="texts"),
    re_path(rf"^workbench/consents/(?P<purpose>{'|'.join(Purpose.values)})/$", workbench_duties.text, name="text"),
]
