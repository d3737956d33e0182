"""The image `shop/orders`, step by step as the last stage of services/orders/Dockerfile says."""

from pathlib import Path

from image import debian, wheels
from image.archive import Image, Layer

ENTRYPOINT = ["/usr/bin/python3.11", "-m", "gunicorn", "--bind", "0.0.0.0:8080", "--worker-tmp-dir", "/tmp", "app:app"]
ENVIRONMENT = ["PYTHONPATH=/app/lib", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"]


def build(services: Path) -> Image:
    """Return the image with its layers filled."""
    source = services / "orders"
    config = {
        "User": "65532:65532",
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", *ENVIRONMENT],
        "Entrypoint": ENTRYPOINT,
        "WorkingDir": "/app",
        "ExposedPorts": {"8080/tcp": {}},
    }
    # A reproducible build: its time says nothing, so that the same source gives the same digest.
    image = Image(tag="shop/orders:2.3.1", config=config, created="1970-01-01T00:00:00Z")
    image.step("bazel build //python3:python3_nonroot_amd64_debian12", debian.distroless(debian.table("distroless")))
    application = Layer()
    for wheel in wheels.fetch(source / "requirements.txt"):
        wheels.unpack(application, wheel, "app/lib", "app/lib/bin", python="/usr/local/bin/python3")
    application.file("app/app.py", (source / "app.py").read_bytes())
    image.step("COPY /app /app # buildkit", application)
    image.step(f"ENV {' '.join(ENVIRONMENT)}")
    workdir = Layer()
    workdir.folder("app")
    image.step("WORKDIR /app", workdir)
    image.step("USER 65532:65532")
    image.step("EXPOSE map[8080/tcp:{}]")
    quoted = " ".join(f'"{word}"' for word in ENTRYPOINT)
    image.step(f"ENTRYPOINT [{quoted}]")
    return image
