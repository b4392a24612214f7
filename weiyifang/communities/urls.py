from django.urls import path

from weiyifang.communities import workbench

app_name = "communities"

urlpatterns = [
    path("workbench/rules/", workbench.every, name="rules"),
    path("workbench/rules/<str:name>/", workbench.rule, name="rule"),
    path("workbench/rules/own/<uuid:pk>/end/", workbench.take_back, name="take_back_rule"),
]
