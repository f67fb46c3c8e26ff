"""Delete contents of artifacts that nothing refers to any more."""

import logging

from webapp.models.artifact import leaving_jobs
from webapp.models.artifact_drop import drop_unfinished
from webapp.models.blob import forget_blobs, going_blobs
from webapp.models.transaction import writing
from webapp.storage import artifact_store, store_named
from webapp.storage.content import CannotKeep, Content

log = logging.getLogger(__name__)

_AT_ONCE = 500
_SPARED_SECONDS = 60  # an answer to the last call of an attempt may still be under way


def sweep(now: int) -> int:
    """Contents first, rows then: whatever this dies of, the next sweep knows what is left to do."""
    with writing():
        drop_unfinished(now - _SPARED_SECONDS * 1000)
    swept = 0
    while going := going_blobs(_AT_ONCE):
        gone = [blob.id for blob in going if _delete(blob)]
        with writing():
            forget_blobs(gone)
        swept += len(gone)
        if len(gone) < len(going):
            break  # its store does not answer: at the next sweep
    _hide()
    return swept


def _hide() -> None:
    store = artifact_store()
    shown = store.shown()
    kept = leaving_jobs({place.job for place in shown})
    for place in shown:
        if place.job not in kept:
            store.hide(place)


def _delete(blob) -> bool:
    try:
        store_named(blob.store).delete(Content(blob.key, blob.sha256, blob.size, blob.upload))
    except (CannotKeep, OSError) as error:
        log.warning("%s cannot be deleted, trying again later: %s", blob.key, error)
        return False
    return True
