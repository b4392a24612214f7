from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from weiyifang.communities import register
from weiyifang.communities.models import Community
from weiyifang.core import installation
from weiyifang.core.refusals import Refused


class NotInTheRegister(Refused):
    """No such official code."""

    sentence = _("The register has no community with the code %(code)s. Look it up by name first.")


class AddressTaken(Refused):
    """Another community has this address already."""

    sentence = _("The address %(slug)s already belongs to %(owner)s. Choose another.")


@transaction.atomic
def open_community(
    *,
    code: int,
    slug: str = "",
    platform_name: str = "",
    phone: str = "",
    phone_hours: str = "",
    address: str = "",
) -> Community:
    """Open a place of the official register, or return it when it is open already.

    `slug` is its address under `/c/`; without one the official code serves. Raises `NotInTheRegister`, `AddressTaken`,
    and `WrongDatabase` when the demo would open one among real ones, or the other way round.
    """
    if (open_already := Community.objects.filter(pk=code).first()) is not None:
        return open_already
    place = register.place(code)
    if place is None:
        raise NotInTheRegister(code=code)
    slug = slug or str(code)
    if (owner := Community.objects.filter(slug=slug).first()) is not None:
        raise AddressTaken(slug=slug, owner=owner.short_name)
    community = Community(
        id=code,
        slug=slug,
        name=place.name,
        short_name=place.short_name,
        platform_name=platform_name or f"{place.short_name.removesuffix('社区')}微益坊",
        street_name=place.street,
        district_name=place.district,
        city_name=place.city,
        phone=phone,
        phone_hours=phone_hours,
        address=address,
    )
    community.full_clean()
    installation.settle()
    community.save(force_insert=True)
    return community
