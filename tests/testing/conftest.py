"""What the tests of checks share."""

import pytest
from interpreters import bare_python


@pytest.fixture(scope="session")
def their_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an interpreter that finds NumPy, and neither us nor what else is installed here."""
    return bare_python(tmp_path_factory.mktemp("their environment"))
