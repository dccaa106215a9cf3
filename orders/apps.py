"""The app configuration of orders; enters its table of actions with the engine below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from casework import responsible, workflow
        from grids import handing_over
        from orders.workflow import TABLE

        workflow.enter("order", TABLE)
        work = responsible.as_open_work("order", _("Service orders"), "orders:list", "order.view")
        handing_over.enter("orders", work)
