from django.urls import path

from weiyifang.outreach import workbench, workbench_grids

app_name = "outreach"
bench = "workbench/outreach/"
grids = f"{bench}grids/"
grid = f"{grids}<number:number>/"

urlpatterns = [
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}in/<number:number>/", workbench.bench, name="bench_grid"),
    path(f"{bench}residents/<number:number>/", workbench.person, name="person"),
    path(f"{bench}residents/<number:number>/needs/", workbench.note_need, name="note_need"),
    path(f"{bench}needs/<uuid:pk>/end/", workbench.end_need, name="end_need"),
    path(f"{bench}figures/", workbench.figures, name="figures"),
    path(f"{bench}figures/people/", workbench.people, name="people"),
    path(grids, workbench_grids.grids, name="grids"),
    path(grid, workbench_grids.grid, name="grid"),
    path(f"{grid}buildings/", workbench_grids.put_in, name="put_in"),
    path(f"{grids}buildings/<uuid:pk>/end/", workbench_grids.take_out, name="take_out"),
    path(f"{grid}workers/", workbench_grids.let_look_after, name="let_look_after"),
    path(f"{grids}workers/<uuid:pk>/end/", workbench_grids.end_looking_after, name="end_looking_after"),
]
