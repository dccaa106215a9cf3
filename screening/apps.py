"""The app configuration of screening."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"
