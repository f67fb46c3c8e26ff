"""Workflow files: YAML text -> workflows -> what their jobs are. No database, no request."""

from webapp.workflow_files.alone import workflow_alone
from webapp.workflow_files.altering import altered, provider_workflow
from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.reading import read_workflows
from webapp.workflow_files.schema import variables_schema, workflows_schema
from webapp.workflow_files.variables import Variable
from webapp.workflow_files.workflows import UnknownWorkflow, Workflow, Workflows

__all__ = [
    "Problem",
    "UnknownWorkflow",
    "Variable",
    "Workflow",
    "WorkflowErrors",
    "Workflows",
    "altered",
    "provider_workflow",
    "read_workflows",
    "variables_schema",
    "workflow_alone",
    "workflows_schema",
]
