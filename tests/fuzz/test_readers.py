"""The same damage each time; `make fuzz` does other damage, for longer."""

import pytest

from tests.fuzz.everything import READERS
from tests.fuzz.lengths import FIXED


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
def test_whatever_is_in_a_file_is_read_or_refused_in_words(reader):
    reader(FIXED)
