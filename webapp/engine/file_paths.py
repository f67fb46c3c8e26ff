"""What a path of a file in a job's folder may look like."""

# With user, run and job before it the path is the key of an object of S3, which has 1024 bytes.
LONGEST_BYTES = 800
LONGEST_PART_BYTES = 255


def wrong_with(path: str) -> str | None:
    """What is wrong with it as a path of an artifact; None when it may be kept.

    Everything that a file system of Linux allows inside of a folder may: line ends, backslashes and
    emoji too. Nothing that could lead out of the folder does.
    """
    try:
        raw = path.encode()
    except UnicodeEncodeError:
        return "is not a text"
    parts = path.split("/")
    if "\0" in path or "" in parts:
        return "is empty, begins or ends with a slash, or has an empty part"
    if "." in parts or ".." in parts:
        return "has a part . or .."
    if len(raw) > LONGEST_BYTES:
        return f"is longer than {LONGEST_BYTES} bytes"
    if any(len(part.encode()) > LONGEST_PART_BYTES for part in parts):
        return f"has a part longer than {LONGEST_PART_BYTES} bytes"
    return None
