"""All workflows of a file with their variables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webapp.engine.variables import in_environment, twins
from webapp.workflow_files.draft import Draft
from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.providers import ProviderPart
from webapp.workflow_files.variables import Definitions, Variable

Name = str | None  # None: the only workflow of a file, without a name
Given = Mapping[str, str]  # what was typed at submission


@dataclass
class Book:
    """`checked`: what the workflows are while nothing is given."""

    drafts: dict[Name, Draft]
    definitions: Definitions
    checked: dict[Name, ProviderPart] = field(default_factory=dict)
    _known: dict[Name, Mapping[str, Variable]] = field(default_factory=dict, repr=False)

    def known(self, name: Name) -> Mapping[str, Variable]:
        """Every variable that a workflow has or uses."""
        if name not in self._known:
            known = self.definitions.of(name)
            used = [word for word in self.drafts[name].uses if word not in known]
            self._known[name] = known | {word: Variable(word, None, None) for word in used}
        return self._known[name]

    def values(self, name: Name, given: Given) -> dict[str, str]:
        """What its variables are; `given` counts most, as far as the workflow knows them."""
        known = self.known(name)
        values = {word: item.value for word, item in known.items() if item.value is not None}
        return values | {word: value for word, value in given.items() if word in known}

    def is_complete(self, name: Name) -> bool:
        """Whether it can run without anything being given."""
        return all(item.value is not None for item in self.known(name).values())

    def part(self, name: Name, given: Given) -> ProviderPart:
        """The checked workflow; raises WorkflowErrors."""
        draft = self.drafts[name]
        if name in self.checked and not draft.uses.keys() & given.keys():
            return self.checked[name]
        values = self.values(name, given)
        problems = [*self._without_value(name, values), *self._twins(name, values)]
        if problems:
            raise WorkflowErrors(problems)
        part = draft.part(values)
        self._find_needs(draft, part)
        if not given:
            self.checked[name] = part
        return part

    def _without_value(self, name: Name, values: Given) -> Iterator[Problem]:
        """What is declared and has no value; what is only used is told where it is used."""
        for item in self.known(name).values():
            if item.source is not None and item.name not in values:
                sentence = f"`{item.name}` has no value here: give it one at submission."
                yield self.definitions.problem(item, sentence)

    def _twins(self, name: Name, values: Given) -> Iterator[Problem]:
        pair = twins(values)
        if pair:
            known = self.known(name)
            item = next((known[word] for word in pair if known[word].source), known[pair[0]])
            sentence = "`{}` and `{}` would both be {} in the environment: rename one.".format(
                *pair, in_environment(pair[0])
            )
            yield self.definitions.problem(item, sentence)

    def _find_needs(self, draft: Draft, part: ProviderPart) -> None:
        """Raise WorkflowErrors for workflows that are not there; a tag's may be long gone."""
        there = f"the file has {', '.join(filter(None, self.drafts)) or 'none with a name'}."
        wrong = [
            draft.problem(draft.need(number), f"There is no workflow {need.workflow}; {there}")
            for number, need in enumerate(part.needs)
            if need.tag is None and need.workflow not in self.drafts
        ]
        if wrong:
            raise WorkflowErrors(wrong)
