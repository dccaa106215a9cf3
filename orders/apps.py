"""The app configuration of orders; enters its table of actions with the engine below, and its open cases as work that
hangs on posts and places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from casework import moving, responsible, workflow
        from grids import changes, handing_over
        from households import answering
        from orders import erasing
        from orders.workflow import TABLE

        workflow.enter("order", TABLE)
        work = responsible.as_open_work("order", _("Service orders"), "orders:list", "order.view")
        handing_over.enter("orders", work)
        answering.parts.enter("orders", answering.Part(erasing.tell, erasing.erase, erasing.cases))
        changes.what_hangs_here.enter("orders", moving.hanging("order", _("open service orders"), "orders:list"))
