"""The step `inputs`."""

from __future__ import annotations

import os
import shutil

from runner_client.inputs.bundles import bundles_of, read_bundle
from runner_client.inputs.listing import Input, inputs_of
from runner_client.inputs.placing import place_for
from runner_client.inputs.reading import read_into, write_new
from runner_client.line import Line
from runner_client.preparation import Preparation
from runner_client.several import Several

_MOST_LINES = 10


def put_inputs(preparation: Preparation) -> None:
    """Put the artifacts of the jobs that this one needs into its folder."""
    Inputs(preparation).run()


class Inputs:
    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation
        self._key = preparation.job.key
        self._work = str(preparation.job.folder.work)
        self._tmp = str(preparation.job.folder.tmp)
        self._replaced: list[str] = []

    def run(self) -> None:
        inputs, largest = inputs_of(self._preparation.line, self._key)
        by_content: dict[str, list[Input]] = {}
        for wanted in self._chosen(inputs).values():
            by_content.setdefault(wanted.sha256, []).append(wanted)
        bundles, rest = bundles_of(list(by_content.values()), largest)
        several = Several(self._preparation.place, self._preparation.job.control, has_run=False)
        try:
            for left in several.each(self._put_bundle, bundles):
                rest += left
            several.each(self._put, rest)
        finally:
            several.close()
        files = sum(len(same) for same in by_content.values())
        self._say_replaced()
        self._preparation.say("Inputs: %s in place." % _count(files))

    def _chosen(self, inputs: list[Input]) -> dict[str, Input]:
        chosen: dict[str, Input] = {}
        for wanted in inputs:
            before = chosen.get(wanted.path)
            if before is not None and before.sha256 != wanted.sha256:
                words = "%s is the one of %s, not of %s"
                self._replaced.append(words % (wanted.path, wanted.origin, before.origin))
            chosen[wanted.path] = wanted
        return chosen

    def _put_bundle(self, line: Line, bundle: list[list[Input]]) -> list[list[Input]]:
        """What of it has to come by itself."""
        found = read_bundle(line, self._key, bundle)
        for same in bundle:
            if same[0].sha256 in found:
                got = self._got(same[0])
                write_new(got, found[same[0].sha256], same[0].mode)
                self._place_all(got, same)
        return [same for same in bundle if same[0].sha256 not in found]

    def _put(self, line: Line, same: list[Input]) -> None:
        """One content, at all paths that have it."""
        got = self._got(same[0])
        read_into(line, self._key, same[0], got)
        self._place_all(got, same)

    def _got(self, wanted: Input) -> str:
        return os.path.join(self._tmp, "input-" + wanted.sha256)

    def _place_all(self, got: str, same: list[Input]) -> None:
        for wanted in same[1:]:
            self._copy(got, wanted)
        self._move(got, same[0])

    def _copy(self, got: str, wanted: Input) -> None:
        # A copy each: the job may write to one of them.
        copy = got + "-copy"
        shutil.copyfile(got, copy)
        os.chmod(copy, wanted.mode | 0o600)
        self._move(copy, wanted)

    def _move(self, file: str, wanted: Input) -> None:
        place = place_for(self._work, wanted.path)
        if os.path.lexists(place):
            words = "%s is the one of %s, not of the code"
            self._replaced.append(words % (wanted.path, wanted.origin))
        os.replace(file, place)

    def _say_replaced(self) -> None:
        for sentence in self._replaced[:_MOST_LINES]:
            self._preparation.say("Inputs: %s." % sentence)
        if len(self._replaced) > _MOST_LINES:
            rest = len(self._replaced) - _MOST_LINES
            self._preparation.say("Inputs: and %d more like that." % rest)


def _count(files: int) -> str:
    return "1 file" if files == 1 else "%d files" % files
