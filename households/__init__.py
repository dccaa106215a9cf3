"""Households, residents, party organisations and members, household links."""
