"""Periods, the clock, sealed fields, spreadsheets, small widgets. No models, imports no app."""
