"""The register comes and goes as a file: preview, import, template, export."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from weiyifang.core import long_work, tables
from weiyifang.core.web.access import PageRequest, page
from weiyifang.core.web.downloads import XLSX, named, workbook
from weiyifang.core.web.pages import refusals_on, show
from weiyifang.people import exporting, in_bulk, queries, rules, services
from weiyifang.people.forms import DoubtsForm, ExportForm, FilterForm, UploadForm
from weiyifang.people.models import ImportDraft, ResidentQuerySet
from weiyifang.people.services import importing

FIRST = 10  # good rows shown in the preview
SHOWN = 200  # rows of each kind shown in the preview


@page(rules.can_manage_residents, methods=("GET", "POST"), files=True)
def upload(request: PageRequest) -> HttpResponseBase:
    """Choose a file; what it holds is shown before anything is written."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "file"):
            content = form.content()
            seen = importing.preview(content)
            draft = services.keep_draft(
                file_name=form.cleaned_data["file"].name, content=content, people=seen.people, by=request.actor
            )
            return redirect("people:preview", pk=draft.pk)
    return show(request, "people/workbench/upload.html", {"form": form}, status=422 if form.errors else 200)


@page(rules.can_manage_residents, methods=("GET", "POST"))
def preview(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """What would happen: counts, the first rows, every row that is wrong or in doubt. The yes imports the good ones and
    whoever is ticked; the others wait as a file of their own.
    """
    draft = _draft(request, pk)
    if request.method == "POST":
        form = DoubtsForm(request.POST)
        if not form.is_valid():
            raise services.RegisterChanged()
        also = form.cleaned_data["also"]
        if long_work.is_long(draft.people):
            wanted = {"draft": str(draft.pk), "also": sorted(also)}
            return redirect(long_work.hand_over(kind="residents_import", arguments=wanted, by=request.actor))
        came = in_bulk.came_of(services.import_draft(draft=draft, also=also, by=request.actor))
        messages.success(request, in_bulk.imported(came))
        return redirect(in_bulk.after_import(came))
    seen = importing.preview(services.draft_content(draft))
    context = {
        "draft": draft,
        "seen": seen,
        "first": seen.good[:FIRST],
        "doubts": seen.doubts[:SHOWN],
        "wrong": seen.wrong[:SHOWN],
        "known": sorted(seen.known, key=lambda row: (not row.differs, row.line))[:SHOWN],
        "beside": seen.beside[:SHOWN],
        "remarked": seen.remarked[:SHOWN],
        "shown": SHOWN,
        "is_long": long_work.is_long(draft.people),
    }
    return show(request, "people/workbench/preview.html", context)


@page(rules.can_manage_residents)
def rest(request: PageRequest, pk: UUID, form: str) -> HttpResponseBase:
    """The rows that are wrong or in doubt, as a file to correct and bring again."""
    content = services.draft_content(_draft(request, pk))
    problems = importing.preview(content).problems()
    if not problems:
        raise Http404
    head, rows = importing.rest(content, problems)
    if form == "csv":
        answer = HttpResponse(b"".join(tables.write_csv(head, rows)), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(importing.as_workbook(head, rows), content_type=XLSX)
    return named(answer, f"residents-to-correct.{form}")


def _draft(request: PageRequest, pk: UUID) -> ImportDraft:
    return get_object_or_404(ImportDraft, pk=pk, made_by_id=request.actor.account_id)


@page(rules.can_manage_residents, methods=("POST",))
def drop(request: PageRequest, pk: UUID) -> HttpResponseBase:
    """Throw the file away."""
    services.drop_draft(draft=_draft(request, pk), by=request.actor)
    messages.success(request, _("The file is thrown away. Nothing was imported."))
    return redirect("people:upload")


@page(rules.can_manage_residents)
def template(request: PageRequest) -> HttpResponseBase:
    """An empty table with the right headings and one example."""
    example = ("张三", "女", "1951-03-08", "199 0000 0000", "", "南湖路三号院", "3", "2", "5-1")
    content = tables.write_xlsx("居民", importing.TEMPLATE_HEAD, [example], widths=(12, 8, 14, 16, 22, 20, 8, 8, 12))
    return workbook(content, "residents-template.xlsx")


@page(rules.can_see_residents, methods=("GET", "POST"))
def export(request: PageRequest) -> HttpResponseBase:
    """The register, as far as the filter goes, as a file. With numbers only for whom may read them, and noted."""
    wishes = FilterForm(request.GET).wishes
    found = queries.find_residents(**wishes)
    form = ExportForm(request.POST or None, initial={"form": "xlsx"})
    if not rules.can_read_sensitive(request.actor):
        del form.fields["sensitive"]
    if request.method == "POST" and form.is_valid():
        sensitive = form.cleaned_data.get("sensitive", False)
        wanted = {"wishes": wishes, "form": form.cleaned_data["form"], "sensitive": sensitive}
        with refusals_on(form):
            if long_work.is_long(found.count()):
                return redirect(long_work.hand_over(kind="residents_export", arguments=wanted, by=request.actor))
            services.note_export(residents=found, sensitive=sensitive, by=request.actor)
            return _table(found, form.cleaned_data["form"], sensitive=sensitive)
    count = found.count()
    context = {"form": form, "count": count, "is_long": long_work.is_long(count)}
    return show(request, "people/workbench/export.html", context, status=422 if form.errors else 200)


def _table(found: ResidentQuerySet, form: str, *, sensitive: bool) -> HttpResponseBase:
    """Streamed: the answer to a form is kept for its repetition, but never one that is streamed."""
    head, rows = exporting.head(sensitive=sensitive), exporting.rows(found, sensitive=sensitive)
    name = in_bulk.file_name(form)
    if form == "csv":
        return named(tables.streamed(head, rows), name)
    content = tables.write_xlsx(_("Residents"), head, rows, widths=exporting.WIDTHS)
    return named(StreamingHttpResponse(iter([content]), content_type=XLSX), name)
