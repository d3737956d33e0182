"""Subject `configmap`: a ConfigMap and its texts."""

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, mapping, text

RECORDS = (
    Record(
        "configmap",
        "A ConfigMap.",
        (
            *common.OBJECT_FIELDS,
            Field(
                "data",
                "map(string, string)",
                "Its texts by key.",
                lambda v: {str(key): text(value) for key, value in mapping(v.fact.raw.get("data")).items()},
                cel="object.?data.orValue({})",
            ),
        ),
        key=lambda v: v.fact.ref,
    ),
)

SUBJECT = common.object_subject("configmap", "Judged once per ConfigMap.", ("ConfigMap",))
