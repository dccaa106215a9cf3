"""Template tags of the shared floor."""
