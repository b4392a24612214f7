"""What of this package stands on the stage on which every address is opened. See `tests/stage.py`."""

from __future__ import annotations

from tests.stage import TODAY, Act, Acts, Cast, Paths
from weiyifang.core.actors import Actor
from weiyifang.core.tenancy import source_of
from weiyifang.news import services
from weiyifang.news.models import Article
from weiyifang.news.tests import make
from weiyifang.organizations.models import Organization


def add(cast: Cast, led: Organization, paths: Paths, acts: Acts) -> None:
    bench = "workbench/news/<number>/"
    for variant, writes, source in (("", "staff", ""), (" @own", "leader", source_of(led))):
        writer, secretary = cast[writes], cast["secretary"]

        def in_state(state: str, writer: Actor = writer, source: str = source) -> Article:
            article = make.draft(by=writer, organization_source=source)
            if state != "draft":
                article = services.submit(article=article, by=writer)
            if state == "published":
                article = services.publish(article=article, by=cast["secretary"])
            return article

        draft, review, public = in_state("draft"), in_state("in_review"), in_state("published")
        gone = services.withdraw(article=in_state("published"), reason="过时", by=secretary)
        article = {
            "title": "路灯",
            "column": str(draft.column_id),
            "organization_source": source,
            "text": "今晚亮。",
            "digest": "亮了。",
        }
        paths[f"workbench/news/{variant}"] = paths[f"news/{variant}"] = {"number": public.number}
        paths[f"api/news/articles/{variant}"] = {"number": public.number}
        for step in ("draft/", "submission/"):
            paths[f"{bench}{step}{variant}"] = {"number": draft.number}
        for step in ("submission/end/", "publication/", "return/"):
            paths[f"{bench}{step}{variant}"] = {"number": review.number}
        paths[f"{bench}reopening/{variant}"] = {"number": gone.number}
        paths["workbench/news/<number>/ @draft"] = paths["news/ @draft"] = {"number": draft.number}
        paths["api/news/articles/ @draft"] = {"number": draft.number}
        acts[f"POST workbench/news/new/{variant}"] = Act(by=writes, body=article, repeats=True)
        acts[f"POST {bench}draft/{variant}"] = Act(by=writes, body=article)
        acts[f"POST {bench}submission/{variant}"] = Act(by=writes)
        acts[f"POST {bench}submission/end/{variant}"] = Act(by=writes)
        acts[f"POST {bench}publication/{variant}"] = Act(by="secretary")
        acts[f"POST {bench}return/{variant}"] = Act(by="secretary", body={"reason": "再写几句"})
        acts[f"POST {bench}correction/{variant}"] = Act(
            by="secretary", body={"title": "路灯", "text": "明晚亮。", "note": "是明晚"}, repeats=True
        )
        acts[f"POST {bench}withdrawal/{variant}"] = Act(by=writes, body={"reason": "过时"})
        acts[f"POST {bench}reopening/{variant}"] = Act(by=writes)
        acts[f"POST {bench}pin/{variant}"] = Act(by="secretary", body={"until": str(TODAY)}, repeats=True)
        program = {**article, "column": "community"}
        acts[f"POST api/news/articles{variant}"] = Act(by=writes, body=program, repeats=True)
    acts["POST workbench/news/columns/"] = Act(by="secretary")
