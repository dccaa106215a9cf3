"""Every address of the platform, one include per app."""

from django.urls import path

from governance import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
