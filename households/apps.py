"""The app configuration of households."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"
