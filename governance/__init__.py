"""The project: settings, urls, celery, the supervisor, and the pages that join floors."""
