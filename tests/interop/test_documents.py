"""Every document of the catalogue is valid OpenAPI 3.1 for a validator that knows nothing of our extensions."""

from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

FOLDER = Path(__file__).resolve().parents[2] / "apis"
DOCUMENTS = sorted(FOLDER.glob("*.yaml"))


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_there_are_documents():
    assert len(DOCUMENTS) >= 6


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_is_valid_openapi(path):
    assert [str(error) for error in OpenAPIV31SpecValidator(read(path)).iter_errors()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_broken_document_is_noticed(path):
    """The validator looks at what we rely on: without this, a silent one would pass the test above."""
    document = read(path)
    item = next(iter(document["paths"].values()))
    operation = next(iter(item.values()))
    operation["operationId"] = 5
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) != []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_extension_is_documented(path):
    documented = (FOLDER / "README.md").read_text(encoding="utf-8")

    def extensions(value):
        if isinstance(value, dict):
            for key, member in value.items():
                # Members of `properties` and examples are names of the vendor.
                if isinstance(key, str) and key.startswith("x-"):
                    yield key
                yield from extensions(member)
        elif isinstance(value, list):
            for item in value:
                yield from extensions(item)

    missing = {name for name in extensions(read(path)) if f"`{name}`" not in documented}
    assert missing == set()
