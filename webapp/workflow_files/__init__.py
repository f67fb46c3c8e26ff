"""Workflow files: YAML text -> workflows -> what their jobs are. No database, no request."""

from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.reading import read_workflows
from webapp.workflow_files.workflows import UnknownWorkflow, Workflow, Workflows

__all__ = [
    "Problem",
    "UnknownWorkflow",
    "Workflow",
    "WorkflowErrors",
    "Workflows",
    "read_workflows",
]
