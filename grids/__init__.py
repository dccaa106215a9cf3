"""Areas and boundaries in time, posts, leave, access, and the list of touched days."""
