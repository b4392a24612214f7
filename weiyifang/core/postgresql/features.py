"""What PostgreSQL can do, where a key is (community, id) as a sharded database wants it."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import features
from django.db.models import Model


class DatabaseFeatures(features.DatabaseFeatures):
    """As Django's, but for one promise that does not hold on every shape of our tables."""

    def allows_group_by_selected_pks_on_model(self, model: type[Model]) -> Any:
        """Whether the id stands for all columns in a GROUP BY: not where it is only a part of the key."""
        from weiyifang.core.tenancy import CommunityModel  # models are read after the backend

        return not issubclass(model, CommunityModel) and super().allows_group_by_selected_pks_on_model(model)
