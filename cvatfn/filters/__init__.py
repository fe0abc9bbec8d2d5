"""Which of the listed objects are wanted, and in which order: values for `filter` and `sort`.

Fields stand in one class for each listing, such as `Tasks`; comparing one makes a `Filter`, which
`&` and `|` join and `~` denies. `F` has fields of any name.

Rule: a listing takes filters of its own fields, and a field values of its own type, or type
checkers object. Importing this package imports none of it: names are found at their first use (PEP
562).

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.filters.fields import AnyField as AnyField
    from cvatfn.filters.fields import F as F
    from cvatfn.filters.fields import Field as Field
    from cvatfn.filters.fields import Moment as Moment
    from cvatfn.filters.fields import Number as Number
    from cvatfn.filters.fields import Text as Text
    from cvatfn.filters.filter import Filter as Filter
    from cvatfn.filters.listings import AccessTokens as AccessTokens
    from cvatfn.filters.listings import CloudStorages as CloudStorages
    from cvatfn.filters.listings import Comments as Comments
    from cvatfn.filters.listings import ConsensusSettings as ConsensusSettings
    from cvatfn.filters.listings import Growth as Growth
    from cvatfn.filters.listings import Invitations as Invitations
    from cvatfn.filters.listings import Issues as Issues
    from cvatfn.filters.listings import Jobs as Jobs
    from cvatfn.filters.listings import Labels as Labels
    from cvatfn.filters.listings import Memberships as Memberships
    from cvatfn.filters.listings import Organizations as Organizations
    from cvatfn.filters.listings import Projects as Projects
    from cvatfn.filters.listings import QualityConflicts as QualityConflicts
    from cvatfn.filters.listings import QualityReports as QualityReports
    from cvatfn.filters.listings import QualityRequirements as QualityRequirements
    from cvatfn.filters.listings import QualitySettings as QualitySettings
    from cvatfn.filters.listings import Requests as Requests
    from cvatfn.filters.listings import Tasks as Tasks
    from cvatfn.filters.listings import Users as Users
    from cvatfn.filters.listings import Webhooks as Webhooks
    from cvatfn.filters.order import Key as Key
    from cvatfn.filters.order import Order as Order
    from cvatfn.filters.order import Unsortable as Unsortable
    from cvatfn.filters.order import ordered as ordered
    from cvatfn.filters.parsing import parsed as parsed
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.filters.fields": """
                AnyField F Field Moment Number Text
            """,
            "cvatfn.filters.filter": """
                Filter
            """,
            "cvatfn.filters.listings": """
                AccessTokens CloudStorages Comments ConsensusSettings Growth Invitations Issues Jobs
                Labels Memberships Organizations Projects QualityConflicts QualityReports
                QualityRequirements QualitySettings Requests Tasks Users Webhooks
            """,
            "cvatfn.filters.order": """
                Key Order Unsortable ordered
            """,
            "cvatfn.filters.parsing": """
                parsed
            """,
        },
    )
