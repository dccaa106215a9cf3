"""Residents' service orders."""
