"""The code tables of a case: categories of the justice line, the seven screening fields, severity, ways to end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """The eighteen kinds of the mediation statistics (domain handbook 3.7). Their order is the order of figures."""

    MARRIAGE_FAMILY = "01", _("marriage and family")
    NEIGHBOURHOOD = "02", _("neighbours")
    HOUSE_SITE = "03", _("houses and house sites")
    CONTRACT = "04", _("contracts")
    PRODUCTION_BUSINESS = "05", _("production and business")
    DAMAGES = "06", _("damages")
    FOREST_LAND = "07", _("forest and land")
    LAND_REQUISITION = "08", _("land requisition")
    ENVIRONMENT = "09", _("environment")
    MIGRANT_WAGES = "10", _("unpaid migrant wages")
    OTHER_LABOUR = "11", _("other labour matters")
    TOURISM = "12", _("tourism")
    E_COMMERCE = "13", _("e-commerce")
    OTHER_CONSUMER = "14", _("other consumer matters")
    MEDICAL = "15", _("medical")
    TRAFFIC_ACCIDENT = "16", _("traffic accidents")
    PROPERTY_MANAGEMENT = "17", _("property management")
    OTHER = "99", _("other")


class Field(models.TextChoices):
    """The seven fields of screening (七个方面排查, 故城镇)."""

    LAND = "1", _("land")
    FINANCE = "2", _("finance")
    GRASSROOTS = "3", _("grassroots disputes")
    PENDING_PETITION = "4", _("unsettled petitions")
    PUBLIC_ORDER = "5", _("public order")
    PUBLIC_SAFETY = "6", _("public safety")
    NEW_BUSINESS = "7", _("new business forms")


class Severity(models.TextChoices):
    """事件级别: severity of the matter, never of a person."""

    ORDINARY = "04", _("ordinary")
    LARGER = "03", _("larger")
    MAJOR = "02", _("major")
    ESPECIALLY_MAJOR = "01", _("especially major")


class Closing(models.TextChoices):
    """How an open spell of a case ended. Only `settled` counts as a success."""

    SETTLED = "settled", _("settled")
    UNSETTLED = "unsettled", _("closed unsettled")
    TRANSFERRED = "transferred", _("transferred")
    DUPLICATE = "duplicate", _("duplicate")


CATEGORIES = [choice.value for choice in Category]
FIELDS = [choice.value for choice in Field]
