"""The app configuration of orders; enters its table of actions with the engine below."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from casework import workflow
        from orders.workflow import TABLE

        workflow.enter("order", TABLE)
