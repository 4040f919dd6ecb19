"""What browsers and proxies may keep: nothing that a person had to sign in for, and no error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers

Answering = Callable[[HttpRequest], HttpResponseBase]


class NeverStored:
    """Middleware: answers to signed-in people, to forms, and errors are never stored anywhere."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.user.is_authenticated or request.method != "GET" or response.status_code >= 400:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store"
        return response
