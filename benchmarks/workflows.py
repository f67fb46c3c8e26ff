"""Workflow files of one small job."""

import json


def one_job(command: str) -> dict[str, str]:
    """The body of a submission. A tenth of a processor, so that the slots are what limits."""
    # A JSON string is a YAML string too, whatever is in it.
    lines = ["workflows:", "  - name: bench", "    resources: {cpu: 0.1}", "    commands:"]
    return {"workflow_file": "\n".join([*lines, f"      - {json.dumps(command)}"])}
