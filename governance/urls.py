"""Every address of the platform, one include per app."""

urlpatterns = []
