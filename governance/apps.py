"""The project itself as an app: it holds pages that join the floors, and no models."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
