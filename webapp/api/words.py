"""Fields that several calls take, as their models name them."""

from typing import Annotated

from pydantic import Field, StringConstraints

Word = Annotated[str, StringConstraints(max_length=200)]
Url = Annotated[str, StringConstraints(max_length=2000)]
RunName = Annotated[Word, Field(examples=["cowardly-goose-1"])]
# Anything may come as the id of a job: the client tries what its user typed.
JobId = Annotated[Word, Field(examples=["5a1f0c3e9b72"])]
Abort = Annotated[
    bool | None, Field(description="End it at once, instead of letting it save what it has.")
]

NO_RUN = {404: "There is no run of that name."}
NO_JOB = {404: "There is no job with that id."}
