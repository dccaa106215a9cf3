"""What the five towns published about themselves, as numbers (domain handbook 2.7). Kept as printed, also where two of
them do not quite agree; those given as "more than" are lower bounds and named in `AT_LEAST`."""

FIGURES = {
    "gucheng": {
        "villages": 25, "households": 5_969, "people": 18_526, "living_there": 9_600, "grids": 31, "grid_workers": 31,
        "micro_grids": 550, "party_members": 747, "linked_members": 411, "households_per_member": 15,
        "halls_and_rooms_per_centre": 5, "disputes_found": 52, "disputes_settled": 52,
    },
    "minle": {
        "grid_workers": 3_752, "property_requests_settled": 600, "party_levels": 5, "consultation_levels": 3,
    },
    "yuwang": {
        "grids": 41, "small_grids": 139, "micro_grids": 431, "lectures": 32, "lecture_attendance": 1_000,
        "cadre_min_grids": 1, "cadre_min_households": 10, "enforcement_drives": 10, "legal_consultations": 70,
        "legal_matters": 6, "lawyer_joined_disputes": 25, "loss_recovered_yuan": 60_000,
        "patrol_loss_prevented_yuan": 300_000,
    },
    "xiawa": {
        "grids": 68, "village_grids": 67, "dedicated_grids": 1, "grid_workers": 340, "full_time": 68, "part_time": 272,
        "mediators": 5, "mediated": 370, "written": 43, "oral_or_phone": 327, "pilot_villages": 10,
        "reasoners_per_room": 5, "pilot_drop_percent": 65, "video_mediated": 80, "video_consultations": 210,
        "grid_mediated": 120, "policy_explained": 30_000, "law_sessions": 600, "opinions": 3_900,
        "problems_solved": 2_600, "corrections": 20, "resettlement": 139, "villages_with_cameras": 62,
    },
    "jingming": {
        "villages": 12, "groups": 71, "households": 3_433, "people": 14_000, "area_km2": 61.5, "km_to_county": 26,
        "township_posts": 1, "village_posts": 12, "group_posts": 71, "windows": 12, "hall_heads": 1, "hall_staff": 12,
        "emergency_staff": 3, "mediation_centres": 1, "village_committees": 13, "mediators": 41, "businesses": 12,
        "visits_served": 3_000, "matters": 2_000, "screenings": 25, "leaflets": 3_000, "disputes_mediated": 198,
        "cameras": 240,
    },
}  # fmt: skip
AT_LEAST = {
    "minle": {"property_requests_settled"},
    "yuwang": {
        "lecture_attendance", "cadre_min_grids", "cadre_min_households", "enforcement_drives", "legal_consultations",
        "loss_recovered_yuan", "patrol_loss_prevented_yuan",
    },
    "xiawa": {
        "pilot_villages", "pilot_drop_percent", "video_mediated", "video_consultations", "grid_mediated",
        "policy_explained", "opinions", "problems_solved",
    },
    "jingming": {"visits_served", "matters", "leaflets"},
}  # fmt: skip
# totals that belong to other bodies: a town may type in the number, the platform keeps no list behind it (handbook 7)
NUMBER_ONLY = {"xiawa": {"corrections", "resettlement", "villages_with_cameras"}, "jingming": {"cameras"}}
