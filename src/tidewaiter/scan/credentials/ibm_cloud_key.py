"""IBM Cloud API keys (cloud.ibm.com/docs: user API keys)."""

from typing import Final

from tidewaiter.scan.token_format import TokenFormat, assigned, looks_random

FORMAT: Final = TokenFormat(
    id="ibm-cloud-key",
    title="IBM Cloud API key",
    tags=frozenset({"vendor", "cloud"}),
    keywords=(b"IBMCLOUD_", b"ibmcloud_", b"IBM_CLOUD_", b"ibm_cloud_", b"BLUEMIX_API_KEY"),
    pattern=assigned(rb"(?:ibm_?cloud|bluemix)_?api_?key", rb"[A-Za-z0-9_-]{44}"),
    before=0,
    after=256,
    accept=looks_random,
)
