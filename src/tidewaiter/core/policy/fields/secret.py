"""Subject `secret`: the Secret object of a manifest; values are never shown, only their keys."""

from tidewaiter.core.policy.fields import common
from tidewaiter.core.policy.fields.base import Field, Record, View, mapping, text


def _keys(view: View) -> tuple[str, ...]:
    raw = view.fact.raw
    return tuple(
        str(key) for field in ("data", "stringData") for key, value in mapping(raw.get(field)).items() if value
    )


RECORDS = (
    Record(
        "secret",
        "A Secret object.",
        (
            *(field for field in common.OBJECT_FIELDS if field.name != "raw"),
            Field(
                "type",
                "string",
                "`Opaque` when not set.",
                lambda v: text(v.fact.raw.get("type")) or "Opaque",
                cel="object.?type.orValue('Opaque')",
            ),
            Field("keys", "list(string)", "Keys whose value is not empty, of `data` and `stringData`.", _keys),
        ),
        key=lambda v: v.fact.ref,
    ),
)

SUBJECT = common.object_subject("secret", "Judged once per Secret object.", ("Secret",))
