"""Workflow files of one small job."""

import json


def one_job(command: str, cpu: str = "0.1") -> dict[str, str]:
    """The body of a submission. A tenth of a processor: then it is the slots that limit."""
    # A JSON string is a YAML string too, whatever is in it.
    lines = ["workflows:", "  - name: bench", f"    resources: {{cpu: {cpu}}}", "    commands:"]
    return {"workflow_file": "\n".join([*lines, f"      - {json.dumps(command)}"])}
