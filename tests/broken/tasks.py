from __future__ import annotations

from weiyifang.core.server.jobs import job


@job(outside=True)
def break_down(word: str) -> None:
    """Fails with all it was told."""
    raise ValueError(f"nobody expected {word}")
