"""The dashboard: how reporting, findings, disputes and links stand in an area, and how its parts compare."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common import clock, periods
from governance.pages import comparing, telling
from governance.pages.choice import Choice, has_own_figures
from governance.pages.lists import Lists
from ledgers import figures, small_places

WEEKS = 12


@require_safe
def dashboard(request):
    """One area and period. Places below the grid have no figures of their own: they are shown on their own page."""
    choice = Choice.of(request)
    if not has_own_figures(choice.area):
        return redirect("grids:area", choice.area.code)
    return render(request, "governance/dashboard.html", compose(choice))


def compose(choice) -> dict:
    """Everything the page shows; all figures in one reading, places below the grid in one more query."""
    area, period, children = choice.area, choice.period, choice.children
    weeks = [periods.week_of(choice.day).shift(-n) for n in reversed(range(WEEKS))]
    year = figures.year_to(choice.day)
    upper = [child for child in children if has_own_figures(child)]
    lower = [child for child in children if not has_own_figures(child)]
    found = figures.read(
        [(area, one) for one in [period, year, *weeks]] + [(child, period) for child in upper]
    )  # fmt: skip
    below = {child.pk: found[child.pk, period] for child in upper} | small_places.read(lower, period)
    lists = Lists(choice.user, clock.today())
    told = telling.Telling(area, period, found[area.pk, period], lists)
    yearly = telling.Telling(area, year, found[area.pk, year], lists)
    return {
        "choice": choice,
        "told": told,
        "year": yearly,
        "flows": [(label, now, then) for (label, now), (_same, then) in zip(told.flows, yearly.flows, strict=True)],
        "weeks": [telling.Telling(area, week, found[area.pk, week], lists) for week in weeks],
        "comparison": comparing.Comparison(choice, children, below, told, lists),
        "framework": framework_of(area),
    }


def framework_of(area) -> dict:
    """The town's own words for its method, {} where it has none."""
    profile = getattr(area.town, "profile", None) if area.town else None
    return profile.framework if profile else {}
