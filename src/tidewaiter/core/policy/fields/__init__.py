"""The vocabulary: every subject, record and field that expressions may use, one file per subject."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from tidewaiter.core.policy.fields import (
    binding,
    configmap,
    container,
    credential,
    image,
    ingress,
    instruction,
    namespace,
    networkpolicy,
    package,
    raw_object,
    references,
    role,
    secret,
    service,
    serviceaccount,
    tree,
    vulnerability,
    workload,
)
from tidewaiter.core.policy.fields.base import Record, Subject

SUBJECTS: Final = (
    image.SUBJECT,
    package.SUBJECT,
    vulnerability.SUBJECT,
    instruction.SUBJECT,
    credential.SUBJECT,
    workload.SUBJECT,
    container.SUBJECT,
    service.SUBJECT,
    ingress.SUBJECT,
    networkpolicy.SUBJECT,
    secret.SUBJECT,
    configmap.SUBJECT,
    serviceaccount.SUBJECT,
    role.SUBJECT,
    binding.SUBJECT,
    raw_object.SUBJECT,
    namespace.SUBJECT,
    tree.SUBJECT,
)
"""In the order of the documentation."""

RECORDS: Final = (
    *image.RECORDS,
    *package.RECORDS,
    *vulnerability.RECORDS,
    *instruction.RECORDS,
    *credential.RECORDS,
    *workload.RECORDS,
    *container.RECORDS,
    *references.RECORDS,
    *service.RECORDS,
    *ingress.RECORDS,
    *networkpolicy.RECORDS,
    *secret.RECORDS,
    *configmap.RECORDS,
    *serviceaccount.RECORDS,
    *role.RECORDS,
    *binding.RECORDS,
    *raw_object.RECORDS,
    *namespace.RECORDS,
    *tree.RECORDS,
)


@cache
def records() -> Mapping[str, Record]:
    """Return all records by name; refuses a name that is declared twice."""
    found: dict[str, Record] = {}
    for record in RECORDS:
        if record.name in found:
            raise ValueError(f"record `{record.name}` is declared twice")
        found[record.name] = record
    return MappingProxyType(found)


@cache
def subjects() -> Mapping[str, Subject]:
    """Return all subjects by id."""
    return MappingProxyType({subject.id: subject for subject in SUBJECTS})
