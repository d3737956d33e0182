"""Components of Kubernetes: OSV-like records by CVE (aquasecurity/vuln-list-k8s); its first line may be a time."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from tidewaiter.core.vuln.advisory import Feed, Record
from tidewaiter.ports.advisories import DocumentError, Notes
from tidewaiter.scan.advisories.osv_records import osv_records
from tidewaiter.scan.advisories.osv_text import is_osv
from tidewaiter.scan.json_stream import JsonStreamError

_LARGEST = 64 << 20
_MARK = re.compile(rb'"ecosystem"\s*:\s*"kubernetes"')
_TIME = re.compile(rb'\s*\{"k8s-vulndb"\s*:\s*"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8})[^\n]*\n')


class KubernetesFeed:
    """`k8s.io/kubelet` and others in versions of Kubernetes; the ecosystem is written in lower case."""

    id = "kubernetes-feed"
    tags = frozenset({"advisories", "Kubernetes"})
    is_snapshot = False
    feed = Feed(
        id="kubernetes-feed",
        name="Vulnerabilities of Kubernetes components",
        url="https://github.com/aquasecurity/vuln-list-k8s",
        licence="Apache-2.0",
        precedence=1,
    )

    def accepts(self, head: bytes) -> bool:
        """Recognise records of Kubernetes components."""
        return _MARK.search(head) is not None and is_osv(head)

    def read(self, stream: BinaryIO, notes: Notes) -> Iterator[Record]:
        """Yield one record per advisory; DocumentError when the stream itself is damaged."""
        data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise DocumentError(f"it is larger than {_LARGEST} bytes")
        time = _TIME.match(data)
        if time is not None:
            notes.newest(time[1].decode() + "Z")
            data = data[time.end() :]
        try:
            yield from osv_records(BytesIO(data), feed=self.id, listener=notes)
        except JsonStreamError as error:
            raise DocumentError(str(error)) from error
