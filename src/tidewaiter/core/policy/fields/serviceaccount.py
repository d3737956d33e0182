"""Subject `serviceaccount`: a ServiceAccount."""

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record

RECORDS = (
    Record(
        "serviceaccount",
        "A ServiceAccount.",
        (
            *common.OBJECT_FIELDS,
            Field(
                "automountToken",
                "bool",
                "Whether its pods get a token unless they say otherwise; true by default.",
                lambda v: v.fact.raw.get("automountServiceAccountToken") is not False,
                cel="object.?automountServiceAccountToken.orValue(true)",
            ),
            Field(
                "roleBindings",
                "list(binding)",
                "Bindings of the tree that name it.",
                lambda v: common.bindings_of(v.world, v.fact.namespace, v.fact.name),
            ),
        ),
        key=lambda v: v.fact.ref,
    ),
)

SUBJECT = common.object_subject("serviceaccount", "Judged once per ServiceAccount.", ("ServiceAccount",))
