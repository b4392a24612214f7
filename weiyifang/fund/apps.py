from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundConfig(AppConfig):
    name = "weiyifang.fund"
    label = "fund"

    def ready(self) -> None:
        from weiyifang.core import timeline
        from weiyifang.fund.export import held_on
        from weiyifang.fund.models import Donation, PaymentCorrection, PaymentRequest
        from weiyifang.people.privacy import exports_with

        exports_with(
            "fund",
            _("Fund"),
            _("What you gave, and what you asked to be paid. Books are kept by law; your name goes from your gifts."),
            held_on,
        )
        timeline.name_subjects_with(
            {
                PaymentRequest._meta.label_lower: timeline.titled_by(PaymentRequest, "title"),
                PaymentCorrection._meta.label_lower: timeline.titled_by(PaymentCorrection, "payment__title"),
                Donation._meta.label_lower: timeline.titled_by(Donation, "note"),
            }
        )
