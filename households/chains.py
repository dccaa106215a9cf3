"""The levels of party organisations as the towns have them, highest first; a level may be left out below another."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from grids import access
from grids.models import Area
from households.models import LinkRule, PartyOrg

L = PartyOrg.Level
CHAINS = {  # name: what it is called, and its levels with their own words; the last link is the linked household
    "branch": (_("committee, village branch (故城镇, 泾明乡)"), [(L.COMMITTEE, "镇党委"), (L.BRANCH, "村党支部")]),
    "grid": (
        _("committee, village branch, grid group (禹王镇)"),
        [(L.COMMITTEE, "镇党委"), (L.BRANCH, "行政村党支部"), (L.GROUP, "网格党小组")],
    ),
    "general": (
        _("general branch, grid branch, group (下洼镇)"),
        [(L.GENERAL_BRANCH, "党总支"), (L.BRANCH, "网格党支部"), (L.GROUP, "村居党小组")],
    ),
    "community": (
        _("working committee, committee, grid branch, building group (民乐县)"),
        [(L.WORK_COMMITTEE, "社区党工委"), (L.COMMITTEE, "社区党委"), (L.BRANCH, "网格党支部"),
         (L.GROUP, "楼栋党小组")],
    ),
    "village": (
        _("committee, general branch, branch, group"),
        [(L.COMMITTEE, "党委"), (L.GENERAL_BRANCH, "党总支"), (L.BRANCH, "党支部"), (L.GROUP, "党小组")],
    ),
}  # fmt: skip


def rule_of(town_id) -> LinkRule:
    """The town's own rule, or the defaults."""
    return LinkRule.objects.filter(pk=town_id).first() or LinkRule(town_id=town_id)


def levels(rule: LinkRule) -> list[tuple[str, str]]:
    """(level, the town's word for it), the highest first."""
    return CHAINS.get(rule.chain, CHAINS["branch"])[1]


def below(rule: LinkRule, parent: PartyOrg | None) -> list[tuple[str, str]]:
    """The levels an organisation under another may have; without one, the town's highest."""
    found = levels(rule)
    if parent is None:
        return found[:1]
    rank = [level for level, _word in found]
    return found[rank.index(parent.level) + 1 :] if parent.level in rank else []


@transaction.atomic
def set_rule(*, town: Area, by, **said) -> LinkRule:
    """The town's limits and levels from now on; links that are there stay."""
    access.require(by, "link.change", town)
    rule, _made = LinkRule.objects.update_or_create(town=town, defaults=said)
    audit.record(by, "link_rule", row=rule, area_code=town.code)
    return rule
