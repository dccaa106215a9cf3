"""Navigation by post."""


def page(request):
    """Template context every page needs."""
    return {}
