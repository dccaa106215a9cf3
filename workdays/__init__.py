"""Holidays and working-day arithmetic."""
