"""One foreground process that owns PostgreSQL, Redis, worker, beat and the web server, and leaves nothing behind."""
