"""What each provider makes of a workflow: what all of them share (a JobSpec without commands), and
its own parameters, become the JobSpec of one job. Pure."""

from webapp.engine.providers.curl import curl
from webapp.engine.providers.python import python
from webapp.engine.providers.shell import bash, docker

__all__ = ["bash", "curl", "docker", "python"]
