"""How service orders are listed."""

from casework import responsible
from casework.lists import Listing

LISTING = Listing("order", "order.view", line="case__order__line", narrowings={"responsible": responsible.NARROWING})
