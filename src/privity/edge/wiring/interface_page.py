"""The page that describes the interface for programs, drawn from the document that describes it to programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privity.edge.api.described import describe
from privity.edge.api.routes import api
from privity.edge.web.admission import answered
from privity.edge.web.drawing import draw

SHAPES = "#/components/schemas/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is sent or answered. `shape` names the shape it has, where it has one of its own."""

    name: str
    kind: str
    shape: str
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One shape an operation answers with, and the statuses it comes with; no shape where nothing is answered."""

    statuses: tuple[str, ...]
    shape: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One operation of the interface."""

    method: str
    path: str
    name: str
    words: str
    needs_token: bool
    parameters: tuple[Field, ...]
    body: str
    inline: tuple[Field, ...]
    replies: tuple[Reply, ...]


@require_safe
@answered
def interface(request: HttpRequest) -> HttpResponse:
    """Return the page: every operation, what it takes, what it answers, and the shapes of both."""
    operations, shapes = _described()
    return draw(request, "interface", {"operations": operations, "shapes": shapes, "here": "interface"})


@cache
def _described() -> tuple[tuple[Described, ...], Mapping[str, tuple[Field, ...]]]:
    document = describe(api)
    shapes = {name: tuple(_fields(shape)) for name, shape in sorted(document["components"]["schemas"].items())}
    return tuple(_operations(document["paths"])), shapes


def _operations(paths: Mapping[str, Any]) -> Iterator[Described]:
    for path, methods in paths.items():
        for method, told in methods.items():
            parameters = tuple(
                Field(
                    name=one["name"],
                    kind=_kind(one["schema"]),
                    shape="",
                    is_required=bool(one.get("required")),
                )
                for one in told.get("parameters", ())
            )
            yield Described(
                method=method.upper(),
                path=path,
                name=str(told["operationId"]),
                words=str(told.get("description") or told["summary"]).partition("\n\n")[0],
                needs_token=bool(told.get("security")),
                parameters=parameters,
                body=_sent(told.get("requestBody", {})),
                inline=tuple(_inline(told.get("requestBody", {}))),
                replies=tuple(_replies(told["responses"])),
            )


def _replies(responses: Mapping[Any, Any]) -> Iterator[Reply]:
    shapes: dict[str, list[str]] = {}
    for status, answer in responses.items():
        shapes.setdefault(_sent(answer), []).append(f"{int(status)} {HTTPStatus(int(status)).phrase}")
    for shape, statuses in shapes.items():
        yield Reply(statuses=tuple(statuses), shape=shape)


def _inline(told: Mapping[str, Any]) -> Iterator[Field]:
    """Yield what is sent where it has no shape of its own."""
    for content in told.get("content", {}).values():
        yield from _fields(content.get("schema", {}))


def _fields(shape: Mapping[str, Any]) -> Iterator[Field]:
    required = shape.get("required", ())
    for name, told in shape.get("properties", {}).items():
        yield Field(name=name, kind=_kind(told), shape=_shape(told), is_required=name in required)


def _sent(told: Mapping[str, Any]) -> str:
    """Return the shape that is sent or answered; the media type where it has none, and nothing where nothing is."""
    for media, content in told.get("content", {}).items():
        return _shape(content.get("schema", {})) or str(media)
    return ""


def _shape(schema: Mapping[str, Any]) -> str:
    """Return the name of the shape a schema refers to, itself or in its items, or nothing."""
    inner = (schema, schema.get("items", {}), schema.get("additionalProperties"), *schema.get("anyOf", ()))
    found = (str(one["$ref"]).removeprefix(SHAPES) for one in inner if isinstance(one, Mapping) and "$ref" in one)
    return next(found, "")


def _kind(schema: Mapping[str, Any]) -> str:
    """Return in a few words what a value may be."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"“{value}”" for value in schema["enum"] if value != "")
    if "$ref" in schema:
        return "object"
    kind = str(schema.get("format") or schema.get("type", "any"))
    longest = schema.get("maxLength")
    return f"{kind}, at most {longest} characters" if longest else kind
