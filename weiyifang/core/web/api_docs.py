"""The API explained to whoever writes a program: one page in our own look, made from the same schema as openapi.json.

django-ninja's own page speaks English only, is empty without JavaScript and looks like no other page here.
"""

from __future__ import annotations

from itertools import starmap
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

PLACES = {
    "path": pgettext_lazy("part of a request", "in the path"),
    "query": pgettext_lazy("part of a request", "after the ?"),
    "body": pgettext_lazy("part of a request", "in the body"),
}
LIMITS = ("minimum", "exclusiveMinimum", "maximum", "minLength", "maxLength", "pattern", "default")


class Value(NamedTuple):
    """One value that is sent or answered."""

    name: str
    kind: str  # in the words of JSON Schema, which programmers read in every language
    meaning: str
    is_required: bool = True
    place: Any = ""  # of `PLACES`


class Table(NamedTuple):
    """What is sent, or what is answered."""

    caption: str
    meaning: str
    values: list[Value]


class Operation(NamedTuple):
    """What one address does for one method."""

    method: str
    path: str
    meaning: str
    sent: Table
    answered: Table


class Part(NamedTuple):
    """The operations of one package."""

    name: str
    operations: list[Operation]


class ApiDocs(DocsBase):
    """What `NinjaAPI(docs=…)` takes."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page; the addresses on it are those of the community at hand."""
        schema_url = self.get_openapi_url(api, kwargs)
        schema = api.get_openapi_schema(path_prefix=schema_url.removesuffix("openapi.json"))
        return render(request, "api.html", {"parts": parts(schema), "schema_url": schema_url})


def parts(schema: dict[str, Any]) -> list[Part]:
    """Every operation there is, by package, as the schema lists them."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            (name,) = told["tags"]
            found.setdefault(name, []).append(_operation(method, path, told, schema["components"]["schemas"]))
    return list(starmap(Part, found.items()))


def _operation(method: str, path: str, told: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    sent = [
        Value(one["name"], _kind(one["schema"]), _meaning(one), one["required"], PLACES[one["in"]])
        for one in told.get("parameters", [])
    ]
    body = _table(told.get("requestBody", {}), schemas, _("You send"), _("You send a list of"))
    status, answer = min(told["responses"].items())  # the others are errors, which the page explains once
    answered = _table(answer, schemas, _("You get %(status)s and"), _("You get %(status)s and a list of"))
    caption = answered.caption if answered.values else _("You get %(status)s and nothing else.")
    return Operation(
        method.upper(),
        path,
        told.get("description", ""),
        body._replace(values=sent + [value._replace(place=PLACES["body"]) for value in body.values]),
        answered._replace(caption=caption % {"status": status}),
    )


def _table(content: dict[str, Any], schemas: dict[str, Any], of_one: str, of_many: str) -> Table:
    """The fields of a JSON body, inner ones as `seats.free`."""
    found: dict[str, Any] = content.get("content", {}).get("application/json", {}).get("schema", {})
    is_list = found.get("type") == "array"
    schema = _resolved(found["items"] if is_list else found, schemas)
    return Table(of_many if is_list else of_one, _meaning(schema), _fields(schema, schemas))


def _fields(schema: dict[str, Any], schemas: dict[str, Any], before: str = "") -> list[Value]:
    """`schema` is no reference."""
    values: list[Value] = []
    for name, one in schema.get("properties", {}).items():
        inner = _resolved(one["items"] if one.get("type") == "array" else one, schemas)
        mark = "[]" if one.get("type") == "array" and "properties" in inner else ""
        values += (
            _fields(inner, schemas, f"{before}{name}{mark}.")
            if "properties" in inner
            else [Value(before + name, _kind(one), _meaning(one), name in schema.get("required", []))]
        )
    return values


def _resolved(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    name: str = schema.get("format") or schema.get("type", "object")
    return ", ".join([name, *(f"{limit} {schema[limit]}" for limit in LIMITS if schema.get(limit) not in (None, ""))])


def _meaning(schema: dict[str, Any]) -> str:
    return str(schema.get("description", ""))
