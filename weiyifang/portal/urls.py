from django.urls import path

from weiyifang.portal import views, workbench

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("workbench/", workbench.today, name="today"),
    path("workbench/figures/", workbench.figures, name="figures"),
    path("workbench/history/", workbench.history, name="history"),
]
