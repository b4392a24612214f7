"""The verbs; nothing else writes. `importing`: statements come in, and are taken back.

Call them through the package: `banking.services.import_statement(...)`. Refusals stand beside the verb that refuses.
"""

from weiyifang.banking.services.importing import (
    AnotherAccount,
    ClosingDiffers,
    ClosingNeeded,
    DoesNotContinue,
    DraftGone,
    NeededByAnother,
    NotOver,
    NotTheSame,
    OutsideThePeriod,
    Preview,
    SameFile,
    Wanted,
    WrongLines,
    draft_content,
    drop_draft,
    forget_drafts,
    forget_person,
    import_statement,
    keep_draft,
    name_columns,
    preview,
    take_back_statement,
)

__all__ = [
    "AnotherAccount",
    "ClosingDiffers",
    "ClosingNeeded",
    "DoesNotContinue",
    "DraftGone",
    "NeededByAnother",
    "NotOver",
    "NotTheSame",
    "OutsideThePeriod",
    "Preview",
    "SameFile",
    "Wanted",
    "WrongLines",
    "draft_content",
    "drop_draft",
    "forget_drafts",
    "forget_person",
    "import_statement",
    "keep_draft",
    "name_columns",
    "preview",
    "take_back_statement",
]
