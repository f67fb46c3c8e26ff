"""A workflow file on a real agent of a machine without a container engine."""

import sys

import pytest

from webapp.workflow_files import read_workflows

FILE = """\
variables:
  global: {server: , fetch-to: data/schema.json}
  count: {what: nothing}
workflows:
  - name: fetch
    provider: curl
    url: ${{ server }}/schemas/workflows.json
    output: ${{ fetch-to }}
  - name: script
    provider: bash
    environment: {WHAT: environment}
    artifacts: [count.py]
    commands:
      - echo 'import json, os, sys' > count.py
      - echo 'data = json.load(open(os.environ["FETCH_TO"]))' >> count.py
      - echo 'print(data[sys.argv[1]], os.environ["WHAT"], sys.prefix)' >> count.py
  - name: count
    provider: python
    python_script: count.py ${{ what }}
    environment: {WHAT: environment}
    depends-on: [fetch, script]
"""


@pytest.fixture
def bare_agent(new_agent, tmp_path):
    """An agent that finds a Python, a curl, and no container engine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    tools = {"mkdir": "/bin/mkdir", "curl": "/usr/bin/curl", "python3": sys.executable}
    for name, place in tools.items():
        (folder / name).symlink_to(place)
    return new_agent(PATH=str(folder)).start()


def test_all_that_a_workflow_needs_runs_before_it_and_is_there_with_its_variables(
    house, bare_agent
):
    given = {"server": house.url, "what": "title"}
    jobs = house.submit_all(*read_workflows(FILE).pick("count").jobs(given))
    row = house.final(jobs[-1], 60)
    log = house.log(jobs[-1]).decode()
    assert row.status == "done", [house.log(job) for job in jobs]
    assert row.runs_in.startswith("virtual environment, Python 3.")
    assert "\nWorkflows title " in "\n" + log and "-1/venv" in log
