"""The tree of party organisations: founding, renaming, ending."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from common import clock
from grids import access
from grids.models import Area
from households import chains
from households.models import PartyMember, PartyOrg


@transaction.atomic
def found(*, area: Area, name: str, level: str, by, parent: PartyOrg | None = None) -> PartyOrg:
    """A new organisation under another, of a level the town's chain has there. ValidationError where it has none such,
    where the place is not the one above or in it, or where the name is taken among its sisters."""
    access.require(by, "party.change", area)
    rule = chains.rule_of(area.town_id or area.pk)
    if level not in [one for one, _word in chains.below(rule, parent)]:
        raise ValidationError({"level": _("There is no such level below this organisation.")})
    if parent is not None and not area.path.startswith(parent.area.path):
        raise ValidationError({"area": _("The place must lie in the one of the organisation above.")})
    name = name.strip()
    if PartyOrg.objects.filter(parent=parent, name=name, area__town=area.town_id, ended_on=None).exists():
        raise ValidationError({"name": _("There is an organisation of this name already.")})
    made = PartyOrg.objects.create(parent=parent, name=name, level=level, area=area)
    audit.record(by, "org_found", row=made, area_code=area.code)
    return made


@transaction.atomic
def rename(*, org: PartyOrg, name: str, by) -> None:
    access.require(by, "party.change", org)
    org.name = name.strip()
    org.save(update_fields=["name"])
    audit.record(by, "org_rename", row=org, area_code=org.area.code)


@transaction.atomic
def end(*, org: PartyOrg, by) -> None:
    """From today. ValidationError while members or organisations belong to it."""
    access.require(by, "party.change", org)
    org = PartyOrg.objects.select_for_update(of=["self"]).select_related("area").get(pk=org.pk)
    today = clock.today()
    if PartyMember.objects.present(today).filter(org=org).exists():
        raise ValidationError(_("Members belong to it. Move them to another organisation first."), "members")
    if org.children.filter(ended_on=None).exists():
        raise ValidationError(_("Organisations stand below it. End them first."), "children")
    org.ended_on = today
    org.save(update_fields=["ended_on"])
    audit.record(by, "org_end", row=org, area_code=org.area.code)


def with_below(org: PartyOrg) -> list[int]:
    """The ids of an organisation and all below it."""
    children = {}
    for pk, parent in PartyOrg.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, todo = [], [org.pk]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found
