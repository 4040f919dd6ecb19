"""The description of the interface as OpenAPI 3.1: what ninja writes, made exact where ninja cannot know."""

from typing import Any

from ninja import NinjaAPI

PROBLEM_JSON = "application/problem+json"
BINARY = "application/octet-stream"


def describe(api: NinjaAPI) -> dict[str, Any]:
    """Return the document: problems under their own media type, the sealed answer as bytes, links from submit on."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    for path, methods in document["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                content = answer.get("content")
                if content and int(status) >= 400:
                    answer["content"] = {PROBLEM_JSON: content["application/json"]}
            if path.endswith("/response"):
                answered = {"type": "string", "format": "binary"}
                operation["responses"][200]["content"] = {BINARY: {"schema": answered}}
    paths = document["paths"]
    paths["/api/v1/batches"]["post"]["requestBody"] = {
        "required": True,
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
    for path, methods in paths.items():
        for method, operation in methods.items():
            _tell_headers(path, method, operation["responses"])
    for status in (200, 201):
        paths["/api/v1/requests"]["post"]["responses"][status]["links"] = {
            name: {"operationId": operation, "parameters": {"reference": "$response.body#/reference"}}
            for name, operation in (("case", "read_request"), ("response", "response"))
        }
    return document


def _tell_headers(path: str, method: str, responses: dict[Any, Any]) -> None:
    """Say which answers carry which headers of ours."""
    text = {"schema": {"type": "string"}, "required": True}
    number = {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "required": True}
    for status, answer in responses.items():
        headers = answer.setdefault("headers", {})
        if int(status) in (200, 201) and method == "post" and not path.endswith(("/token", "/precheck", "/batches")):
            headers["Privity-Ledger-Index"] = {
                "description": "the number told of the entry of the act",
                **number,
            }
        if method == "get" and 304 in responses and int(status) in (200, 304):
            headers["ETag"] = {"description": "send it as If-None-Match to be told only of changes", **text}
        if int(status) == 401:
            headers["WWW-Authenticate"] = {"description": "how to sign in", **text}
        if int(status) == 503:
            headers["Retry-After"] = {"description": "seconds", **number}
