"""What lies outside changes no answer: not a count, an order, a page number, a search, a figure or an error."""

import pytest
from django.db.models import Count
from django.http import HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.http import condition

from casework.models import Case
from disputes.models import Dispute
from governance import urls
from grids.models import Area, Boundary
from households.models import Household
from screening.models import DailyReport
from tests.access import TABLE, sampling, twins
from tests.access.rows import Row

pytestmark = pytest.mark.django_db
OF_THE_VILLAGE = "WLMPDVXIANBGQjpolE"  # nothing outside their village is theirs
OF_THE_TOWN = "THCSRFUZ"  # nothing outside their town


def nothing(found):
    assert not found, "\n".join([*found, f"GOV_MATRIX_SEED={sampling.SEED}"])


def test_the_sibling_village_and_the_other_town_change_no_answer_to_a_village(world):
    others = [world.sibling, world.elsewhere]

    nothing(twins.differences(world, OF_THE_VILLAGE, others, twins.number_of(90, 3000), sampling.SEED))


def test_the_other_town_changes_no_answer_to_a_town(world):
    nothing(twins.differences(world, OF_THE_TOWN, [world.elsewhere], twins.number_of(60, 2000), sampling.SEED))


# --- planted faults are found -----------------------------------------------------------------


def _own(request):
    return Dispute.objects.visible_to(request.user, "dispute.view")


def counted_among_all(request):
    return HttpResponse(f"{_own(request).count()} of {Dispute.objects.count()}")


def ordered_by_the_hidden(request):
    """One's own rows, in an order that hangs on how many there are elsewhere."""
    elsewhere = Dispute.objects.count() > _own(request).count()
    return JsonResponse({"rows": sorted((row.pk for row in _own(request)), reverse=elsewhere)})


def completed(request):
    """Suggests names from everywhere, as far as they are long."""
    found = Household.objects.filter(name__icontains="家").order_by("-name")[:3]
    return JsonResponse({"names": [len(home.name) for home in found]})


def numbered_pages(request):
    return HttpResponse(f"page 1 of {-(-Dispute.objects.count() // 2)}")


def exists_already(request):
    return HttpResponse(status=409 if Household.objects.filter(code__endswith="105201H").exists() else 200)


@condition(etag_func=lambda request: f'"{Boundary.objects.count()}"')
def marked_by_every_outline(request):
    """The same for everybody, only its mark changes when somebody draws elsewhere."""
    return HttpResponse("map")


def ranked(request):
    """One's own figure, and how many others are larger."""
    own = _own(request).count()
    counts = Dispute.objects.values("case__village").annotate(n=Count("pk")).filter(n__gte=own)
    return HttpResponse(f"{own}, place {counts.count()}")


def compared_with_the_mean(request):
    homes = Household.objects.count() / Area.objects.filter(kind="village").count()
    return HttpResponse(f"{'above' if homes > 2 else 'below'} {homes:.1f}")


def next_number(request):
    """What the next case would be called, where all places count together."""
    return HttpResponse(f"MD-{Case.objects.count() + 1:03}")


def told_in_the_head(request):
    answer = HttpResponse("rows")
    answer["X-Total"] = str(DailyReport.objects.count())
    return answer


def last_changed(request):
    """When anything anywhere was last received."""
    last = DailyReport.objects.order_by("-pk").values_list("pk", flat=True).first()
    return JsonResponse({"rows": _own(request).count(), "last": last})


PLANTED = [
    counted_among_all, ordered_by_the_hidden, completed, numbered_pages, exists_already, marked_by_every_outline,
    ranked, compared_with_the_mean, next_number, told_in_the_head, last_changed,
]  # fmt: skip
urlpatterns = urls.urlpatterns + [path(f"planted/{view.__name__}/", view, name=view.__name__) for view in PLANTED]


def test_planted_faults_are_found(world, monkeypatch):
    for name in list(TABLE):
        monkeypatch.delitem(TABLE, name)
    for view in PLANTED:
        monkeypatch.setitem(TABLE, view.__name__, [Row("D")])
    monkeypatch.setattr(twins.tally, "count", lambda key, n=1: None)

    with override_settings(ROOT_URLCONF=__name__):
        found = twins.differences(world, "D", [world.sibling, world.elsewhere], 80, "planted")

    assert {view.__name__ for view in PLANTED if any(view.__name__ in line for line in found)} == {
        view.__name__ for view in PLANTED
    }


def test_a_word_that_is_left_is_found(world):
    """The taking away itself: a row it does not know of is named."""
    access_of = world.own.desk
    access_of.name = "BRAVO"
    access_of.save()

    with pytest.raises(AssertionError, match="left in accounts_"):
        twins.differences(world, "D", [world.sibling, world.elsewhere], 0, "planted")
    access_of.name = "吴ALFA"
    access_of.save()
