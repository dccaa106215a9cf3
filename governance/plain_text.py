"""Refuses addresses with a character that no text in the database can hold, before anything is looked up with it."""

from django.core.exceptions import BadRequest

NUL = "\x00"


class PlainAddressMiddleware:
    """400 for a NUL in the path or the query string: PostgreSQL has no such text, so it can name nothing that exists.
    Forms and the API refuse it by themselves, with a word beside the field."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if NUL in request.path_info or any(NUL in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            raise BadRequest("NUL")
        return self.get_response(request)
