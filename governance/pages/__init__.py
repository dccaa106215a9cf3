"""Pages that join the floors: home, and what other floors cannot know of each other."""
