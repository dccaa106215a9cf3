"""Rosters as villages have them, made for the tests, and what taking them over must and must not do."""
