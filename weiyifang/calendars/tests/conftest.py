"""The choir of the organizations' tests, led by the cast's leader."""

from __future__ import annotations

from weiyifang.organizations.tests.conftest import choir, leader_of

__all__ = ["choir", "leader_of"]
