"""Friendly answers when something is not there, not allowed or broken; the last one needs no database."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponseServerError
from django.shortcuts import redirect, render
from django.template import loader

from governance.pages import leading_on


def bad_request(request, exception):
    return render(request, "400.html", {"too_large": isinstance(exception, RequestDataTooBig)}, status=400)


def forbidden(request, exception):
    return render(request, "403.html", status=403)


def not_found(request, exception):
    """A former code leads on to the place that bore it; of everything else we say that it is not there."""
    if address := leading_on.address_now(request):
        return redirect(address)
    return render(request, "404.html", status=404)


def server_error(request):
    """Rendered without the request, so that neither session nor database is asked a second time."""
    return HttpResponseServerError(loader.render_to_string("500.html"))


def csrf_failure(request, reason=""):
    """A form that stood open too long, or a browser that keeps no cookies."""
    return render(request, "403_csrf.html", status=403)
