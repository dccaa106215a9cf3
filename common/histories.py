"""The history that triggers write (pghistory): append-only, and opened only to erase what the law says must go."""

from contextlib import contextmanager

import pgtrigger


@contextmanager
def open_for(*models):
    """Inside the block, rows of the history of these models may be emptied or taken out. For erasing alone."""
    names = [f"{model.pgh_event_model._meta.label}:append_only" for model in models]
    with pgtrigger.ignore(*names):
        yield


def silent_for(*models):
    """A block in which changes of these models' rows leave no new history: what is erased must not be written anew."""
    names = [
        f"{model._meta.label}:{trigger.name}" for model in models for trigger in model._meta.triggers
        if trigger.name in {"insert_insert", "update_update", "delete_delete"}
    ]  # fmt: skip
    return pgtrigger.ignore(*names)


def opened(*triggers: str):
    """The same for other append-only tables, by the names of their triggers."""
    return pgtrigger.ignore(*triggers)
