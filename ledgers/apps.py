"""The app configuration of ledgers."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"
