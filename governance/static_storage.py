"""Static files under hashed names; a file that is not there costs its looks, never the page."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ForgivingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Without Node the front-end packages are missing: their plain address answers 404 and the page still stands."""

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:  # Django's word for "no such file"
            return name
