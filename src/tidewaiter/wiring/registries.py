"""The file with an installation's settings of registries."""

from tidewaiter.adapters.workspace import DiskWorkspace
from tidewaiter.core.configuration import ConfigurationError
from tidewaiter.core.model.location import Location
from tidewaiter.core.registry_options import RegistryOptions
from tidewaiter.core.strict import DocumentError, convert
from tidewaiter.scan.yaml_text import load_documents


def read_registries(path: str) -> RegistryOptions:
    """Return what the file says; raises ConfigurationError."""
    data = DiskWorkspace().read(path)
    if data is None:
        raise ConfigurationError([DocumentError("no such file", location=Location(file=path))])
    documents = [one for one in load_documents(data, path) if one.value is not None or one.error is not None]
    if len(documents) != 1 or documents[0].error is not None:
        raise ConfigurationError([DocumentError("expected one YAML document", location=Location(file=path))])
    try:
        return convert(documents[0].value, RegistryOptions, file=path, positions=documents[0].positions)
    except DocumentError as error:
        raise ConfigurationError([error]) from error
