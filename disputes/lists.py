"""How disputes are listed."""

from casework.lists import Listing

LISTING = Listing("dispute", "dispute.view", line="case__dispute__line", sensitive="case__dispute__sensitive")
