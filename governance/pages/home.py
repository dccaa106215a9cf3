"""Home: everybody is taken to the page their post works with; without a post one reads whom to ask."""

from django.shortcuts import redirect, render

from governance import navigation


def home(request):
    """The first page of the person's navigation, or the friendly page for a person without one."""
    if items := navigation.items_for(request.user):
        return redirect(items[0].url)
    return render(request, "no_post.html")
