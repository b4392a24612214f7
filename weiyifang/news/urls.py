from django.urls import path

from weiyifang.news import feeds, views, workbench

app_name = "news"

urlpatterns = [
    path("news/", views.listing, name="list"),
    path("news/notices/", views.notices, name="notices"),
    path("news/feed.rss", feeds.rss, name="rss"),
    path("news/feed.atom", feeds.atom, name="atom"),
    path("news/feed.json", feeds.as_json, name="json"),
    path("news/<number:number>/", views.detail, name="detail"),
    path("workbench/news/", workbench.bench, name="bench"),
    path("workbench/news/published/", workbench.published, name="published"),
    path("workbench/news/columns/", workbench.columns, name="columns"),
    path("workbench/news/new/", workbench.write, name="write"),
    path("workbench/news/<number:number>/", workbench.manage, name="manage"),
    path("workbench/news/<number:number>/draft/", workbench.edit, name="edit"),
    path("workbench/news/<number:number>/submission/", workbench.submit, name="submit"),
    path("workbench/news/<number:number>/submission/end/", workbench.take_back, name="take_back"),
    path("workbench/news/<number:number>/publication/", workbench.publish, name="publish"),
    path("workbench/news/<number:number>/return/", workbench.send_back, name="send_back"),
    path("workbench/news/<number:number>/correction/", workbench.correct, name="correct"),
    path("workbench/news/<number:number>/withdrawal/", workbench.withdraw, name="withdraw"),
    path("workbench/news/<number:number>/reopening/", workbench.reopen, name="reopen"),
    path("workbench/news/<number:number>/pin/", workbench.pin, name="pin"),
]
