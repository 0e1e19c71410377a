from __future__ import annotations

import pytest
from findings.answers.answer_parts import story


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return story(tmp_path_factory.mktemp("refused"), "mdm_enrollment_refused")
