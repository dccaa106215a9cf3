"""Outlines of areas: read from files, checked like a land clerk would, drawn, imported, proposed, shown."""
