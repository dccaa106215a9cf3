"""The addresses of party organisations, members and household links."""

from django.urls import path

from households import coverage_views, member_views, proposed_views

app_name = "party"
urlpatterns = [
    path("links/", coverage_views.index, name="coverage"),
    path("links/export.xlsx", coverage_views.export, name="coverage_export"),
    path("links/notice/<str:code>/", coverage_views.notice, name="notice"),
    path("links/rule/<str:code>/", coverage_views.rule, name="rule"),
    path("links/proposals/", proposed_views.index, name="proposals"),
    path("links/proposals/<int:pk>/", proposed_views.proposal, name="proposal"),
    path("links/proposals/<int:pk>/apply/", proposed_views.apply, name="apply"),
    path("links/proposals/<int:pk>/discard/", proposed_views.discard, name="discard"),
    path("links/proposals/<int:pk>/<str:code>/", proposed_views.village, name="proposal_village"),
    path("party/members/", member_views.members, name="members"),
    path("party/members/export.xlsx", member_views.export, name="members_export"),
]
