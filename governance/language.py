"""Chinese unless the person has chosen otherwise: what the browser happens to prefer does not count."""

from django.conf import settings
from django.utils import translation


class ChosenLanguageMiddleware:
    """Serves the page in the language of the cookie that the language switch sets, else in the default one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
