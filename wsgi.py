"""The application for any WSGI server, and for `flask --app wsgi …`."""

import sys

from webapp import create_app
from webapp.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(f"Not started: {error}")
