"""Changing the tree of places: open, move, split, merge, end, rename, correct; planned, carried out, taken back."""
