"""Lists for programs come in pages: `limit` rows of one answer, from the row behind the last one of the page before."""

from __future__ import annotations

from typing import Annotated

from ninja import Field

MOST = 100

After = Annotated[int, Field(ge=0, le=2**31 - 1, description="of the last row of the page before; 0: the first page")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="rows of one answer")]
