"""Builds a town to look at: real village names, published figures, everything else invented and marked as such."""
