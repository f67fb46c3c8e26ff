"""One content of artifacts as stores know it, and what is next on its way in."""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Content:
    """`key` is where it lies in its store, `upload` S3's name of an upload in parts."""

    key: str
    sha256: str
    size: int
    upload: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Whose artifacts: people find them under `<user>/<run>/<job>/`."""

    user: str
    run: str
    job: str


@dataclass(frozen=True, slots=True)
class Put:
    """Bytes of the content to be sent to `url` with these headers."""

    url: str
    headers: dict[str, str]
    offset: int
    size: int

    def as_json(self) -> dict[str, object]:
        """As the agent gets it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Next:
    """All bytes `arrived`; or send from `offset` on; or send `puts` elsewhere.

    `upload` is the name of an upload in parts that was begun just now.
    """

    arrived: bool = False
    offset: int | None = None
    puts: tuple[Put, ...] = field(default=())
    upload: str | None = None


class CannotKeep(Exception):
    """One sentence: why nothing can be stored or read now. `passing`: it may be over soon."""

    def __init__(self, sentence: str, *, passing: bool = False) -> None:
        super().__init__(sentence)
        self.passing = passing
