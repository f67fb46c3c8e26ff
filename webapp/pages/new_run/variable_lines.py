"""Variables as lines of text, for files that the page does not know beforehand."""


class BadLine(ValueError):
    """One sentence that names the line."""


def read_lines(text: str | None) -> dict[str, str]:
    """NAME=value, one a line; raises BadLine. Whether the names and values are good ones, whoever
    reads the workflow says."""
    found: dict[str, str] = {}
    for number, line in enumerate((text or "").splitlines(), start=1):
        name, equals, value = line.partition("=")
        if not line.strip():
            continue
        if not equals or not name.strip():
            raise BadLine(f"Line {number}: expected NAME=value.")
        if name.strip() in found:
            raise BadLine(f"Line {number}: {name.strip()[:60]} stands here twice.")
        found[name.strip()] = value
    return found
