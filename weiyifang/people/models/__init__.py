from weiyifang.people.models.accounts import Account, Duty, TypedForm, account_of
from weiyifang.people.models.limits import SentCode, Tally
from weiyifang.people.models.privacy import (
    Consent,
    ConsentText,
    ErasureReason,
    ErasureRequest,
    ImportDraft,
    Purpose,
    ReadReason,
    SensitiveField,
    SensitiveRead,
)
from weiyifang.people.models.residents import (
    NEUTRAL_NAME,
    Gender,
    Household,
    Relation,
    RelationKind,
    Resident,
    ResidentQuerySet,
)

__all__ = [
    "NEUTRAL_NAME",
    "Account",
    "Consent",
    "ConsentText",
    "Duty",
    "ErasureReason",
    "ErasureRequest",
    "Gender",
    "Household",
    "ImportDraft",
    "Purpose",
    "ReadReason",
    "Relation",
    "RelationKind",
    "Resident",
    "ResidentQuerySet",
    "SensitiveField",
    "SensitiveRead",
    "SentCode",
    "Tally",
    "TypedForm",
    "account_of",
]
