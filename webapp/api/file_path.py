"""The path of a file as the rest of an address: with slashes, and with whatever else is in it."""

from flask.blueprints import BlueprintSetupState
from werkzeug.routing import PathConverter


class FilePath(PathConverter):
    """werkzeug's own ends at a line end, which a name of a file may have."""

    regex = "(?s:[^/].*?)"


def know_file_paths(state: BlueprintSetupState) -> None:
    """Let routes say `<file:path>`."""
    state.app.url_map.converters["file"] = FilePath
